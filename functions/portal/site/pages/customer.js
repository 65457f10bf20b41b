// What contacts of a customer account see besides: company, contact, entitlements and tickets.
import {Area, Choice, Field, Form, refused} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call} from "../parts/me.js";
import {say} from "../parts/store.js";
import {Button, Copy, Link, Loaded, Mail, Name, Problem, When} from "../parts/ui.js";
import {useAction, useFocus, useLoad} from "../parts/work.js";

// Customer shows nothing to who is no contact: the company's name is "" then.
export function Customer({org}) {
  const company = useLoad(() => Promise.all([call("POST", "orgs/company:search"), call("GET", `orgs/${org.id}`)]), org.id);
  return html`<${Loaded} of=${company} what="your company">${([{name}, {contacts}]) => name && html`
    <${Contact} company=${name} contacts=${contacts} />
    <${Entitlements} org=${org} />
    <${Tickets} org=${org} at=${contacts.new_ticket_url} />`}<//>`;
}

function Contact({company, contacts: {customer_success: person}}) {
  return html`<article>
    <h2>Your company</h2>
    <dl>
      <dt>Company</dt><dd><b><${Name}>${company}<//></b></dd>
      ${person && html`<dt>Customer success</dt><dd><${Name}>${person.name}<//></dd>
      <dt>E-mail</dt><dd><${Mail} to=${person.email} /> <${Copy} label="Copy e-mail" what="The address" text=${() => person.email} small /></dd>`}
    </dl>
  </article>`;
}

function Entitlements({org}) {
  const all = useLoad(async () => (await call("POST", `orgs/${org.id}/entitlements:search`)).entitlements, org.id);
  return html`<article>
    <h2>Entitlements</h2>
    <${Loaded} of=${all} what="the entitlements">${(them) => them.length === 0 ? html`<p class="soft">There are none.</p>` : html`
      <ul class="list">${them.map((it) => html`<li key=${it.number}>
        <div><b><${Name}>${it.name}<//></b> <span class="soft">${it.number}</span><br />
          <small>${it.summary}${facts(it)}</small></div>
        <small><${When} at=${it.start_date} day utc /> – <${When} at=${it.end_date} day utc /></small>
      </li>`)}</ul>`}<//>
  </article>`;
}

// facts are those that the CRM knows of an entitlement.
function facts({tier, support_level: level, unlimited_units: unlimited, total_units: units, software_families: families, platform}) {
  const all = [
    tier && `${tier} tier`, level, unlimited ? "unlimited units" : units && `${units} units`, families.join(", "),
    platform.security_advisor && `security advisor ${platform.security_advisor}`,
    platform.config_advisor && `configuration advisor ${platform.config_advisor}`,
  ].filter(Boolean);
  return all.map((fact) => ` · ${fact}`).join("");
}

function Tickets({org, at}) {
  const [raising, setRaising] = useState(false);
  const [state, setState] = useState("");
  const all = useLoad(async () => (await call("POST", `orgs/${org.id}/tickets:search`)).tickets, org.id);
  const focus = useFocus();
  const done = async (ticket) => {
    setRaising(false);
    focus(() => document.getElementById("raise"));
    if (!ticket) return;
    say(`The ticket ${ticket.number} is raised.`);
    await all.load();
  };
  return html`<article>
    <h2>Tickets</h2>
    ${raising ? html`<${Raise} org=${org} onDone=${done} />` : html`<div class="actions left spaced">
      <${Button} id="raise" onClick=${() => setRaising(true)}>Raise a ticket<//>
      ${at && html`<${Link} to=${at}>Open the Customer Portal<//>`}
    </div>`}
    <${Loaded} of=${all} what="the tickets">${(them) => them.length === 0 ? html`<p class="soft">There are none.</p>` : html`
      <div class="short"><${Choice} label="State" value=${state} onValue=${setState} options=${states(them)} /></div>
      <ul class="list">${them.filter((it) => !state || it.state === state).map((it) => html`<${Ticket} key=${it.number} it=${it} />`)}</ul>`}<//>
  </article>`;
}

// states are the choices of a state, with how many tickets are in it.
function states(tickets) {
  const names = [...new Set(tickets.map((it) => it.state))].sort();
  const count = (name) => tickets.filter((it) => it.state === name).length;
  return [["", `All states (${tickets.length})`], ...names.map((name) => [name, `${name} (${count(name)})`])];
}

function Ticket({it}) {
  return html`<li>
    <div><${Link} to=${it.url}>${it.number}<//> <b><${Name}>${it.short_description}<//></b><br />
      <small>${[it.priority, it.task_type, it.department, it.requester].filter(Boolean).join(" · ")} · <${When} at=${it.create_time} day /></small></div>
    <span class="badge">${it.state}</span>
  </li>`;
}

const priorities = ["4 - Low", "3 - Moderate", "2 - High", "1 - Critical"].map((it) => [it, it]);

function Raise({org, onDone}) {
  const [short_description, setShort] = useState("");
  const [description, setDescription] = useState("");
  const [priority, setPriority] = useState(priorities[0][0]);
  const action = useAction(async () => {
    const {ticket} = await call("POST", `orgs/${org.id}/tickets`, {short_description, description, priority});
    await onDone(ticket);
  });
  const error = action.error;
  return html`<${Form} action=${action} aria-label="Raise a ticket">
    <${Field} label="What is it about?" required first value=${short_description} onValue=${setShort} error=${refused(error, "ShortDescription")} />
    <${Area} label="Description" rows="4" value=${description} onValue=${setDescription} error=${refused(error, "Description")} />
    <${Choice} label="Priority" options=${priorities} value=${priority} onValue=${setPriority} />
    <${Problem} error=${error} retry=${action.run} beside="ShortDescription Description" />
    <div class="actions left">
      <${Button} type="submit" busy=${action.busy}>Raise<//>
      <${Button} kind="secondary outline" onClick=${() => onDone()}>Cancel<//>
    </div>
  <//>`;
}
