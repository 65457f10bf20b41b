// Signing in and up, for people who come without an invitation.
import {send} from "../parts/api.js";
import {html, useState} from "../parts/html.js";
import {go} from "../parts/route.js";
import {signIn} from "../parts/session.js";
import {load, say} from "../parts/store.js";
import {Button, Field, Form, Page, Problem} from "../parts/ui.js";
import {useAction} from "../parts/work.js";

export const passwordHint = "At least 10 characters, with a lower-case letter, an upper-case letter and a digit; not your name.";

// newcomer is who signed up and has a code to enter, until this tab is closed or loaded again.
let newcomer = null;

// enter signs somebody in and leaves them where they were going.
export async function enter(email, password) {
  await signIn(email, password);
  await load();
  say("");
}

export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    try {
      await enter(email, password);
    } catch (error) {
      if (error.code !== 9) throw error; // a state that forbids it: the address is not confirmed
      newcomer = {email, password};
      go("/confirm", error.message);
    }
  });
  return html`<${Page} title="Sign in">
    <article><${Form} onSend=${action.run}>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} />
      <${Field} label="Password" type="password" autocomplete="current-password" required value=${password} onValue=${setPassword} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Button} type="submit" busy=${action.busy}>Sign in<//>
    <//></article>
    <p class="also"><a href="#/sign-up">Create an account</a> <a href="#/forgotten">Forgot your password?</a></p>
  <//>`;
}

// Names are the fields for somebody's two names.
export function Names({first, last, onFirst, onLast}) {
  return html`<div class="pair">
    <${Field} label="First name" autocomplete="given-name" required value=${first} onValue=${onFirst} />
    <${Field} label="Last name" autocomplete="family-name" required value=${last} onValue=${onLast} />
  </div>`;
}

export function SignUp() {
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    await send("POST", "auth/SignUp", {email, first_name: first, last_name: last, password});
    newcomer = {email, password, first, last};
    go("/confirm");
  });
  return html`<${Page} title="Create an account">
    <article><${Form} onSend=${action.run}>
      <${Names} first=${first} last=${last} onFirst=${setFirst} onLast=${setLast} />
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} />
      <${Field} label="Password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Button} type="submit" busy=${action.busy}>Create account<//>
    <//></article>
    <p class="also"><a href="#/">I have an account</a></p>
  <//>`;
}

// Confirm takes the code that was mailed, and signs in with the password that was just chosen.
export function Confirm() {
  const [email, setEmail] = useState(newcomer?.email ?? "");
  const [code, setCode] = useState("");
  const action = useAction(async () => {
    await send("POST", "auth/ConfirmSignUp", {email, code: code.trim()});
    const known = newcomer?.email === email && newcomer;
    newcomer = null;
    go("/", "Your address is confirmed. Sign in.");
    if (known) await enter(email, known.password);
  });
  const resend = useAction(async () => {
    const {first, last, password} = newcomer;
    await send("POST", "auth/SignUp", {email: newcomer.email, first_name: first, last_name: last, password});
    say(`A new code is on its way to ${newcomer.email}.`);
  });
  return html`<${Page} title="Confirm your address">
    <article><${Form} onSend=${action.run}>
      <p>We sent a mail with a code. Enter it here; it may take a minute to arrive.</p>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} />
      <${Field} label="Code" inputmode="numeric" autocomplete="one-time-code" required value=${code} onValue=${setCode} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Problem} error=${resend.error} retry=${resend.run} />
      <${Button} type="submit" busy=${action.busy}>Confirm<//>
    <//></article>
    <p class="also">${newcomer?.first
      ? html`<button type="button" class="link" onClick=${resend.run}>Send a new code</button>`
      : html`<a href="#/sign-up">Sign up again for a new code</a>`} <a href="#/">Sign in</a></p>
  <//>`;
}
