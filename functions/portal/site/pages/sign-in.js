// Signing in and up, and a forgotten password, for people who come without an invitation.
import {send} from "../parts/api.js";
import {Field, Form, Tick, refused} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {load} from "../parts/me.js";
import {go} from "../parts/route.js";
import {signIn} from "../parts/session.js";
import {say} from "../parts/store.js";
import {Button, Link, Page, Problem} from "../parts/ui.js";
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
      go("/confirm", error.message, "note");
    }
  });
  return html`<${Page} title="Sign in">
    <article><${Form} action=${action}>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} error=${refused(action.error, "Email")} />
      <${Field} label="Password" type="password" autocomplete="current-password" required value=${password} onValue=${setPassword} />
      <${Problem} error=${action.error} retry=${action.run} beside="Email" />
      <${Button} type="submit" busy=${action.busy}>Sign in<//>
    <//></article>
    <p class="also"><a href="#/sign-up">Create an account</a> <a href="#/forgotten">Forgot your password?</a></p>
  <//>`;
}

// Names are the fields for somebody's two names, as which an error of the API knows them.
export function Names({first, last, onFirst, onLast, error}) {
  return html`<div class="pair">
    <${Field} label="First name" autocomplete="given-name" required value=${first} onValue=${onFirst} error=${refused(error, "FirstName")} />
    <${Field} label="Last name" autocomplete="family-name" required value=${last} onValue=${onLast} error=${refused(error, "LastName")} />
  </div>`;
}

const terms = document.querySelector("meta[name=terms]").content;

// Consents are what people accept or want, and what there is to read before.
export function Consents({tos, marketing, onTos, onMarketing, required}) {
  return html`${terms && html`<p><${Link} to=${terms}>Read the terms of service<//></p>`}
    <${Tick} value=${tos} onValue=${onTos} required=${required}>I accept the terms of service<//>
    <${Tick} value=${marketing} onValue=${onMarketing}>Send me news about the product<//>`;
}

export function SignUp() {
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [email, setEmail] = useState(newcomer?.email ?? "");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    await send("POST", "auth/SignUp", {email, first_name: first, last_name: last, password});
    newcomer = {email, password, first, last};
    go("/confirm");
  });
  const error = action.error;
  return html`<${Page} title="Create an account">
    <article><${Form} action=${action}>
      <${Names} first=${first} last=${last} onFirst=${setFirst} onLast=${setLast} error=${error} />
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} error=${refused(error, "Email")} />
      <${Field} label="Password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword}
        error=${refused(error, "Password")} />
      <${Problem} error=${error} retry=${action.run} beside="FirstName LastName Email Password" />
      <${Button} type="submit" busy=${action.busy}>Create account<//>
    <//></article>
    <p class="also"><a href="#/">I have an account</a> <a href="#/confirm">I have a code</a></p>
  <//>`;
}

// Confirm takes the code that was mailed, and signs in with the password that was just chosen. Who has an
// account and signs up again gets a mail without a code; here nobody is told which of both it was.
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
    say(`Another mail is on its way to ${newcomer.email}.`);
  });
  const again = newcomer?.first && newcomer.email === email;
  return html`<${Page} title="Confirm your address">
    <article><${Form} action=${action}>
      <p>A mail is on its way to your address; it may take a minute. Enter the code that is in it. If it says that you have an
        account already, <a href="#/">sign in</a> instead.</p>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} error=${refused(action.error, "Email")} />
      <${Field} label="Code" inputmode="numeric" autocomplete="one-time-code" required value=${code} onValue=${setCode} error=${refused(action.error, "Code")} />
      <${Problem} error=${action.error} retry=${action.run} beside="Email Code" />
      <${Problem} error=${resend.error} retry=${resend.run} />
      <${Button} type="submit" busy=${action.busy}>Confirm<//>
    <//></article>
    ${again
      ? html`<p class="also"><button type="button" class="link" onClick=${resend.run}>Send a new code</button> <a href="#/">Sign in</a></p>`
      : html`<p class="also">No code, or an old one? <a href="#/sign-up">Sign up again</a>: that sends a new one.</p>`}
  <//>`;
}

// A forgotten password: first a code is mailed, then it opens the way to a new one.

let asked = ""; // the address that a code was sent to, until this tab is closed or loaded again

export function Forgotten() {
  const [email, setEmail] = useState(asked);
  const action = useAction(async () => {
    await send("POST", "auth/ResetPassword", {email});
    asked = email;
    go("/reset");
  });
  return html`<${Page} title="Forgot your password?">
    <article><${Form} action=${action}>
      <p>We send a code to your address, with which you choose a new password.</p>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} error=${refused(action.error, "Email")} />
      <${Problem} error=${action.error} retry=${action.run} beside="Email" />
      <${Button} type="submit" busy=${action.busy}>Send the code<//>
    <//></article>
    <p class="also"><a href="#/reset">I have a code</a> <a href="#/">Back to sign in</a></p>
  <//>`;
}

export function Reset() {
  const [email, setEmail] = useState(asked);
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    await send("POST", "auth/ConfirmResetPassword", {email, code: code.trim(), password});
    asked = "";
    go("/", "Your password is changed. Sign in with the new one.");
  });
  const error = action.error;
  return html`<${Page} title="Choose a new password">
    <article><${Form} action=${action}>
      <p>If your address has an account, a code is on its way there.</p>
      <${Field} label="E-mail" type="email" autocomplete="username" required value=${email} onValue=${setEmail} error=${refused(error, "Email")} />
      <${Field} label="Code" inputmode="numeric" autocomplete="one-time-code" required value=${code} onValue=${setCode} error=${refused(error, "Code")} />
      <${Field} label="New password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword}
        error=${refused(error, "Password")} />
      <${Problem} error=${error} retry=${action.run} beside="Email Code Password" />
      <${Button} type="submit" busy=${action.busy}>Change password<//>
    <//></article>
    <p class="also"><a href="#/forgotten">Send another code</a> <a href="#/">Back to sign in</a></p>
  <//>`;
}
