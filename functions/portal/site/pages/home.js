// The first page: the caller's organization, or the way to one, and who invited them.
import {Field, Form, refused} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call, load} from "../parts/me.js";
import {go} from "../parts/route.js";
import {say, state, useStore} from "../parts/store.js";
import {Button, Name, Page, Problem, When} from "../parts/ui.js";
import {useAction, useLoad} from "../parts/work.js";
import {Customer} from "./customer.js";

export function Home() {
  const {org, me, invitations, profile} = useStore();
  return html`<${Page} title=${profile.first_name ? `Hello, ${profile.first_name}` : "Hello"}>
    ${invitations.length > 0 && html`<${Invitations} all=${invitations} />`}
    ${org ? html`<${Mine} org=${org} role=${me.role} />` : html`<${Found} />`}
    ${org?.tier === "PAID" && html`<${Customer} org=${org} />`}
  <//>`;
}

function Mine({org, role}) {
  return html`<article>
    <h2>Your organization</h2>
    <p>You are in <b><${Name}>${org.name}<//></b> as <b>${role}</b>.</p>
    <div class="actions left"><a class="button" href="#/organization">View organization</a></div>
  </article>`;
}

// Found is the way to an organization for who is in none: contacts of a customer account join their
// company's, whose name is not theirs to choose.
function Found() {
  const company = useLoad(async () => (await call("POST", "orgs/company:search")).name);
  if (company.busy) return html`<p class="late" role="status" aria-busy="true">Loading your company …</p>`;
  return company.data ? html`<${JoinCompany} name=${company.data} />` : html`<${Create} />`;
}

function JoinCompany({name}) {
  const action = useAction(async () => {
    await call("POST", "orgs", {name});
    await load();
    say(`Welcome to ${state.org.name}.`);
  });
  return html`<article>
    <h2>Your company</h2>
    <p>You are a contact of <b><${Name}>${name}<//></b>, and not in its organization.</p>
    <${Problem} error=${action.error} retry=${action.run} />
    <div class="actions left"><${Button} busy=${action.busy} onClick=${action.run}>Join the organization<//></div>
  </article>`;
}

function Create() {
  const [name, setName] = useState("");
  const action = useAction(async () => {
    await call("POST", "orgs", {name});
    await load();
    go("/organization", `${state.org.name} is created.`);
  });
  return html`<article>
    <h2>Create your organization</h2>
    <p>You are in no organization yet. Create one and invite your colleagues, or wait for an invitation: it appears here.</p>
    <${Form} action=${action}>
      <${Field} label="Name of the organization" required autocomplete="organization" value=${name} onValue=${setName} error=${refused(action.error, "Name")} />
      <${Problem} error=${action.error} retry=${action.run} beside="Name" />
      <${Button} type="submit" busy=${action.busy}>Save<//>
    <//>
  </article>`;
}

function Invitations({all}) {
  return html`<article>
    <h2>Invitations for you</h2>
    <ul class="list">${all.map((it) => html`<${Invitation} key=${it.id} it=${it} />`)}</ul>
  </article>`;
}

function Invitation({it}) {
  const accept = useAction(async () => {
    await call("POST", `invitations/${it.id}:accept`);
    await load();
    say(`Welcome to ${it.org_name}.`);
  });
  const decline = useAction(async () => {
    await call("POST", `invitations/${it.id}:decline`);
    await load();
    say(`You declined the invitation to ${it.org_name}.`);
  });
  return html`<li>
    <div>
      <b><${Name}>${it.org_name}<//></b> as ${it.role}
      <small class="soft"> · invited by <${Name}>${it.invited_by}<//>, open until <${When} at=${it.expires_at} /></small>
      <${Problem} error=${accept.error ?? decline.error} retry=${accept.error ? accept.run : decline.run} />
    </div>
    <div class="actions">
      <${Button} busy=${accept.busy} onClick=${accept.run} aria-label="Accept the invitation to ${it.org_name}">Accept<//>
      <${Button} kind="secondary outline" busy=${decline.busy} onClick=${decline.run} aria-label="Decline the invitation to ${it.org_name}">Decline<//>
    </div>
  </li>`;
}
