// What the link of an invitation opens. Whoever has no account makes one here; whoever has one signs
// in and accepts.
import {Refused, home, send} from "../parts/api.js";
import {Field, Form, refused} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call, leave, load} from "../parts/me.js";
import {go} from "../parts/route.js";
import {state} from "../parts/store.js";
import {Button, Loaded, Mail, Name, Page, Problem} from "../parts/ui.js";
import {useAction, useLoad} from "../parts/work.js";
import {Consents, Names, enter, passwordHint} from "./sign-in.js";

// The token of the link that was followed is a secret: it leaves the address at once, and is kept for
// this tab alone, until it is used or found to be dead.
const key = "roster.link";
const link = () => sessionStorage.getItem(key);
const used = () => sessionStorage.removeItem(key);

// arrive takes the link out of the address, where the page was opened by one.
export function arrive() {
  const token = new URLSearchParams(location.search).get("token");
  if (!/\/activation\/?$/.test(location.pathname)) return;
  if (token) sessionStorage.setItem(key, token);
  else used();
  history.replaceState(null, "", new URL("#/activation", home));
}

const validate = () => send("POST", "auth/ValidateToken", {activation_token: link()});

export function Activation() {
  const invited = useLoad(async () => {
    try {
      return link() ? await validate() : {};
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 3) throw error;
      used();
      return {dead: error.message};
    }
  });
  const title = invited.data?.org_name ? "You are invited" : "Invitation";
  return html`<${Page} key=${title} title=${title}>
    <${Loaded} of=${invited} what="the invitation">${(it) =>
      html`${it.org_name ? html`<${Invited} it=${it} again=${invited.load} />` : html`<${Dead} why=${it.dead} />`}`}<//>
  <//>`;
}

function Dead({why}) {
  const {profile, org, me} = state;
  return html`<article>
    ${why && html`<div class="alert note" role="alert"><p>${why}</p></div>`}
    ${org && html`<p>You are in <b><${Name}>${org.name}<//></b> as <b>${me.role}</b>. If the link was to that organization, all is done.</p>
      <div class="actions left"><a class="button" href="#/">Go home</a></div>`}
    ${!org && html`<p>${why
      ? "A link works once, for seven days, and until a newer mail replaces it."
      : "Open the link in your invitation again: this page has forgotten it."}</p>
    <p>${profile
      ? html`You are signed in as <b><${Mail} to=${profile.email} /></b>: open invitations to that address wait on your <a href="#/">home page</a>.`
      : html`Have you accepted already, or do you have an account? <a href="#/">Sign in</a>: open invitations wait on your home page.`}</p>
    <p>Otherwise ask the person who invited you to send the invitation again.</p>`}
  </article>`;
}

function Invited({it, again}) {
  const mine = state.profile?.email.toLowerCase() === it.email.toLowerCase();
  return html`<article>
    <p>You are to join <b><${Name}>${it.org_name}<//></b> as <b>${it.role}</b>, with the address <b><${Mail} to=${it.email} /></b>.</p>
    ${!state.profile ? (it.account_exists ? html`<${OldAccount} it=${it} />` : html`<${NewAccount} it=${it} again=${again} />`)
      : mine ? html`<${Accept} it=${it} />` : html`<${Foreign} />`}
  </article>`;
}

// Foreign is for who is signed in with another address than the one that is invited.
function Foreign() {
  const {profile, org} = state;
  return html`<p>You are signed in as <b><${Mail} to=${profile.email} /></b>, which is another address${org && html`, and in <b><${Name}>${org.name}<//></b>`}.
      The invitation is not for this account.</p>
    <div class="actions left">
      <${Button} onClick=${() => leave()}>Sign out and go on<//>
      <a href="#/">Go home</a>
    </div>`;
}

async function accept(it) {
  await call("POST", "invitations:accept", {activation_token: link()});
  used();
  await load();
  go("/", `Welcome to ${it.org_name}.`);
}

function Accept({it}) {
  const action = useAction(() => accept(it));
  return html`${state.org && html`<p>You are in <b><${Name}>${state.org.name}<//></b>, and nobody is in two organizations at once:
      to accept, first <a href="#/profile">leave it</a>.</p>`}
    <${Problem} error=${action.error} retry=${action.run} />
    <div class="actions left"><${Button} busy=${action.busy} onClick=${action.run}>Accept the invitation<//></div>`;
}

function OldAccount({it}) {
  const [password, setPassword] = useState("");
  const action = useAction(() => enter(it.email, password));
  return html`<p>You have an account. Sign in to accept.</p>
    <${Form} action=${action}>
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
    used();
    try {
      await enter(it.email, password);
      go("/", `Welcome to ${it.org_name}.`);
    } catch {
      go("/", "Your account is ready. Sign in.");
    }
  });
  return html`<${Form} action=${action}>
    <${Names} first=${first} last=${last} onFirst=${setFirst} onLast=${setLast} error=${action.error} />
    <input type="email" autocomplete="username" value=${it.email} readonly hidden />
    <${Field} label="Choose a password" type="password" autocomplete="new-password" required hint=${passwordHint} value=${password} onValue=${setPassword}
      error=${refused(action.error, "Password")} />
    <${Consents} tos=${tos} marketing=${marketing} onTos=${setTos} onMarketing=${setMarketing} required />
    <${Problem} error=${action.error} retry=${action.run} beside="FirstName LastName Password" />
    <${Button} type="submit" busy=${action.busy}>Join<//>
  <//>`;
}
