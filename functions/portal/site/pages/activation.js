// What the link of an invitation opens. Whoever has no account makes one here; whoever has one signs
// in and accepts.
import {Refused, home, send} from "../parts/api.js";
import {html, useState} from "../parts/html.js";
import {go} from "../parts/route.js";
import {call, leave, load, state} from "../parts/store.js";
import {Button, Field, Form, Loaded, Name, Page, Problem, Tick} from "../parts/ui.js";
import {useAction, useLoad} from "../parts/work.js";
import {Names, enter, passwordHint} from "./sign-in.js";

// link is the token of the link that was followed. It is a secret: it leaves the address at once, and
// is kept nowhere.
let link = "";

// arrive takes the link out of the address, where the page was opened by one.
export function arrive() {
  const token = new URLSearchParams(location.search).get("token");
  if (!/\/activation\/?$/.test(location.pathname)) return;
  link = token ?? "";
  history.replaceState(null, "", new URL("#/activation", home));
}

const validate = () => send("POST", "auth/ValidateToken", {activation_token: link});

export function Activation() {
  const invited = useLoad(async () => {
    try {
      return link ? await validate() : {};
    } catch (error) {
      if (error instanceof Refused && error.code === 3) return {dead: error.message};
      throw error;
    }
  });
  return html`<${Page} title=${invited.data?.org_name ? "You are invited" : "Invitation"}>
    <${Loaded} of=${invited} what="the invitation">${(it) =>
      html`${it.org_name ? html`<${Invited} it=${it} again=${invited.load} />` : html`<${Dead} why=${it.dead} />`}`}<//>
  <//>`;
}

function Dead({why}) {
  return html`<article>
    ${why && html`<div class="alert bad" role="alert"><p>${why}</p></div>`}
    <p>${why
      ? "A link works once, for seven days, and until a newer mail replaces it."
      : "Open the link in your invitation again: this page has forgotten it."}</p>
    <p>Have you accepted already, or do you have an account? <a href="#/">Sign in</a>: open invitations wait on your home page.</p>
    <p>Otherwise ask the person who invited you to send the invitation again.</p>
  </article>`;
}

function Invited({it, again}) {
  const mine = state.profile?.email.toLowerCase() === it.email.toLowerCase();
  return html`<article>
    <p>You are to join <b><${Name}>${it.org_name}<//></b> as <b>${it.role}</b>, with the address <b class="name">${it.email}</b>.</p>
    ${!it.account_exists ? html`<${NewAccount} it=${it} again=${again} />`
      : !state.profile ? html`<${OldAccount} it=${it} />`
      : mine ? html`<${Accept} it=${it} />`
      : html`<p>You are signed in as <b class="name">${state.profile.email}</b>, which is another address.</p>
          <${Button} onClick=${() => leave()}>Sign out and go on<//>`}
  </article>`;
}

async function accept(it) {
  await call("POST", "invitations:accept", {activation_token: link});
  link = "";
  await load();
  go("/", `Welcome to ${it.org_name}.`);
}

function Accept({it}) {
  const action = useAction(() => accept(it));
  return html`<${Problem} error=${action.error} retry=${action.run} />
    <div class="actions left"><${Button} busy=${action.busy} onClick=${action.run}>Accept the invitation<//></div>`;
}

function OldAccount({it}) {
  const [password, setPassword] = useState("");
  const action = useAction(() => enter(it.email, password));
  return html`<p>You have an account. Sign in to accept.</p>
    <${Form} onSend=${action.run}>
      <input type="email" autocomplete="username" value=${it.email} readonly hidden />
      <${Field} label="Password" type="password" autocomplete="current-password" required value=${password} onValue=${setPassword} />
      <${Problem} error=${action.error} retry=${action.run} />
      <${Button} type="submit" busy=${action.busy}>Sign in<//>
    <//>
    <p class="also"><a href="#/forgotten">Forgot your password?</a></p>`;
}

function NewAccount({it, again}) {
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const [password, setPassword] = useState("");
  const [tos, setTos] = useState(false);
  const [marketing, setMarketing] = useState(false);
  const action = useAction(async () => {
    const {state_token} = await validate(); // a fresh one: they live for five minutes
    try {
      await send("POST", "auth/ActivateProfile", {profile: {first_name: first, last_name: last, tos, marketing}, password, token: state_token});
    } catch (error) {
      if (error.code === 9) again(); // an account came into being meanwhile
      throw error;
    }
    link = "";
    try {
      await enter(it.email, password);
      go("/", `Welcome to ${it.org_name}.`);
    } catch {
      go("/", "Your account is ready. Sign in.");
    }
  });
  return html`<${Form} onSend=${action.run}>
    <${Names} first=${first} last=${last} onFirst=${setFirst} onLast=${setLast} />
    <input type="email" autocomplete="username" value=${it.email} readonly hidden />
    <${Field} label="Choose a password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword} />
    <${Tick} value=${tos} onValue=${setTos} required>I accept the terms of service<//>
    <${Tick} value=${marketing} onValue=${setMarketing}>Send me news about the product<//>
    <${Problem} error=${action.error} retry=${action.run} />
    <${Button} type="submit" busy=${action.busy}>Join<//>
  <//>`;
}
