// Who is in the organization, and who is invited.
import {html, useState} from "../parts/html.js";
import {call, isAdmin, say, useStore} from "../parts/store.js";
import {Ask, Button, Choice, IconButton, Loaded, Name, Page, Problem, When} from "../parts/ui.js";
import {useAction, useLoad} from "../parts/work.js";

export const roles = [["Technical", "Technical"], ["Admin", "Admin"]];

const pageSize = 100;

// fullName is what people call a member: an address, as long as nothing else is known.
export const fullName = (member) => `${member.first_name} ${member.last_name}`.trim() || member.username;

export function Members() {
  const {org, me} = useStore();
  const [rest, setRest] = useState({rows: [], next: null});
  const [doing, setDoing] = useState(null); // {act, member}
  const first = useLoad(async () => {
    const found = await page();
    setRest({rows: [], next: found.next_page_token});
    return found.members;
  }, org.id);
  const more = useAction(async () => {
    const found = await page(rest.next);
    setRest({rows: [...rest.rows, ...found.members], next: found.next_page_token});
  });
  const page = (token) => call("POST", `orgs/${org.id}/members:search`, {page_size: pageSize, page_token: token || undefined});
  const done = async (text) => {
    setDoing(null);
    if (!text) return;
    say(text);
    await first.load();
  };
  return html`<${Page} title="Members" side=${isAdmin() && html`<a role="button" href="#/invite">Invite Members</a>`}>
    <${Loaded} of=${first} what="the members">${(rows) => html`
      <article class="sheet"><${Table} rows=${[...rows, ...rest.rows]} me=${me} org=${org} onDo=${setDoing} onDone=${done} /></article>
      <${Problem} error=${more.error} retry=${more.run} />
      ${rest.next && html`<${Button} kind="secondary outline" busy=${more.busy} onClick=${more.run}>Show more<//>`}`}<//>
    ${doing?.act === "edit" && html`<${Edit} org=${org} member=${doing.member} onDone=${done} />`}
    ${doing?.act === "remove" && html`<${Remove} org=${org} member=${doing.member} onDone=${done} />`}
  <//>`;
}

function Table({rows, me, org, onDo, onDone}) {
  return html`<table role="table">
    <thead role="rowgroup"><tr role="row">
      ${["Name", "E-mail", "Role", "Status"].map((text) => html`<th scope="col" role="columnheader">${text}</th>`)}
      ${isAdmin() && html`<th scope="col" role="columnheader" class="do">Actions</th>`}
    </tr></thead>
    <tbody role="rowgroup">${rows.map((it) => html`<tr role="row" key=${it.member_id}>
      <th scope="row" role="rowheader">${it.first_name || it.last_name ? html`<${Name}>${fullName(it)}<//>` : html`<span class="soft">Not joined yet</span>`}
        ${it.member_id === me.member_id && html` <span class="badge">You</span>`}</th>
      <td role="cell" class="name">${it.username}</td>
      <td role="cell" data-label="Role">${it.role}</td>
      <td role="cell" data-label="Status"><${Status} it=${it} /></td>
      ${isAdmin() && html`<td role="cell" class="do">${it.member_id !== me.member_id && html`
        ${it.invitation && html`<${Resend} org=${org} it=${it} onDone=${onDone} />`}
        <${IconButton} icon="edit" label="Change the role of ${fullName(it)}" onClick=${() => onDo({act: "edit", member: it})} />
        <${IconButton} icon="delete" label="Remove ${fullName(it)}" onClick=${() => onDo({act: "remove", member: it})} />`}</td>`}
    </tr>`)}</tbody>
  </table>`;
}

// What became of an invitation's mail, in the words of people.
const deliveries = {
  queued: ["", "Mail on its way"], sent: ["", "Mail sent"], delivered: ["good", "Mail delivered"],
  bounced: ["bad", "Mail bounced"], complained: ["bad", "Marked as spam"], failed: ["bad", "Mail failed"],
};

function Status({it}) {
  if (!it.invitation) return html`<span class="badge good">Active</span>`;
  const {state: open, delivery, sent_at, expires_at} = it.invitation;
  const [kind, text] = deliveries[delivery] ?? ["", delivery];
  if (open === "expired") {
    return html`<span class="badge note">Invited</span> <span class="badge bad">Expired</span>
      <small>on <${When} at=${expires_at} /></small>`;
  }
  return html`<span class="badge note">Invited</span> <span class="badge ${kind}">${text}</span>
    <small>${sent_at && html`sent <${When} at=${sent_at} />, `}open until <${When} at=${expires_at} day /></small>`;
}

function Resend({org, it, onDone}) {
  const action = useAction(async () => {
    await call("POST", `orgs/${org.id}/members/${it.member_id}:reactivate`);
    await onDone(`A new invitation is on its way to ${it.username}. The earlier link no longer works.`);
  });
  const send = async () => {
    say("");
    await action.run();
  };
  return html`<${Button} kind="outline" busy=${action.busy} onClick=${send} aria-label="Resend the invitation to ${it.username}">Resend<//>
    <${Problem} error=${action.error} />`;
}

function Edit({org, member, onDone}) {
  const [role, setRole] = useState(member.role);
  const action = useAction(async () => {
    await call("PUT", `orgs/${org.id}/members/${member.member_id}`, {role});
    await onDone(`${fullName(member)} is now ${role}.`);
  });
  return html`<${Ask} title="Change role" yes="Save" action=${action} onClose=${() => onDone()}>
    <p><${Name}>${fullName(member)}<//><br /><span class="soft name">${member.username}</span></p>
    <${Choice} label="Role" options=${roles} value=${role} onValue=${setRole} />
    <p><small>Admins manage the organization, its members and servers. Technical members see them.</small></p>
  <//>`;
}

function Remove({org, member, onDone}) {
  const invited = member.status !== "ACTIVE";
  const action = useAction(async () => {
    await call("DELETE", `orgs/${org.id}/members/${member.member_id}`);
    await onDone(invited ? `The invitation of ${member.username} is withdrawn.` : `${fullName(member)} is removed.`);
  });
  return html`<${Ask} title=${invited ? "Withdraw the invitation?" : "Remove from the organization?"} yes=${invited ? "Withdraw" : "Remove"}
    danger action=${action} onClose=${() => onDone()}>
    <p><b><${Name}>${fullName(member)}<//></b>${invited ? " can no longer use the link in the mail." : " loses access at once. The account stays, and can be invited again."}</p>
  <//>`;
}
