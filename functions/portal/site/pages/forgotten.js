// A forgotten password: first a code is mailed, then it opens the way to a new one.
import {send} from "../parts/api.js";
import {html, useState} from "../parts/html.js";
import {go} from "../parts/route.js";
import {Button, Field, Form, Page, Problem} from "../parts/ui.js";
import {useAction} from "../parts/work.js";
import {passwordHint} from "./sign-in.js";

export function Forgotten() {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  return sent
    ? html`<${Choose} email=${email} onBack=${() => setSent(false)} />`
    : html`<${Ask} email=${email} onEmail=${setEmail} onSent=${() => setSent(true)} />`;
}

function Ask({email, onEmail, onSent}) {
  const action = useAction(async () => {
    await send("POST", "auth/ResetPassword", {email});
    onSent();
  });
  return html`<${Page} title="Forgot your password?">
    <article><${Form} onSend=${action.run}>
      <p>We send a code to your address, with which you choose a new password.</p>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${onEmail} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Button} type="submit" busy=${action.busy}>Send the code<//>
    <//></article>
    <p class="also"><a href="#/">Back to sign in</a></p>
  <//>`;
}

function Choose({email, onBack}) {
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    await send("POST", "auth/ConfirmResetPassword", {email, code: code.trim(), password});
    go("/", "Your password is changed. Sign in with the new one.");
  });
  return html`<${Page} title="Choose a new password">
    <article><${Form} onSend=${action.run}>
      <p>If <b class="name">${email}</b> has an account, a code is on its way there.</p>
      <${Field} label="Code" inputmode="numeric" autocomplete="one-time-code" required value=${code} onValue=${setCode} />
      <${Field} label="New password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Button} type="submit" busy=${action.busy}>Change password<//>
    <//></article>
    <p class="also"><button type="button" class="link" onClick=${onBack}>Send another code</button> <a href="#/">Back to sign in</a></p>
  <//>`;
}
