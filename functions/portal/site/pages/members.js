// Who is in the organization, and who is invited.
import {Ask, Choice} from "../parts/form.js";
import {html, useRef, useState} from "../parts/html.js";
import {call, isAdmin} from "../parts/me.js";
import {complain, say, useStore} from "../parts/store.js";
import {Button, IconButton, Loaded, Mail, Name, Page, Problem, When} from "../parts/ui.js";
import {neighbour, useAction, useFocus, useLoad, usePoll} from "../parts/work.js";

export const roles = [["Technical", "Technical"], ["Admin", "Admin"]];

const pageSize = 100;

// fullName is what people call a member: an address, as long as nothing else is known.
export const fullName = (member) => `${member.first_name} ${member.last_name}`.trim() || member.username;

const page = (org, token) => call("POST", `orgs/${org.id}/members:search`, {page_size: pageSize, page_token: token || undefined});

// read returns the first pages of the members, and where the next begins.
async function read(org, pages) {
  let rows = [], next = "";
  do {
    const found = await page(org, next);
    rows = [...rows, ...found.members];
    next = found.next_page_token;
  } while (next && --pages > 0);
  return {rows, next};
}

// moving says whether more is to be heard of a member's mail soon.
const moving = ({invitation: it}) => it?.state === "pending"
  && (it.delivery === "queued" || (it.delivery === "sent" && Date.now() - Date.parse(it.sent_at) < 10 * 60_000));

export function Members() {
  const {org, me} = useStore();
  const [doing, setDoing] = useState(null); // {act, member}
  const [changes, count] = useState(0);
  const pages = useRef(1);
  const focus = useFocus();
  const all = useLoad(() => read(org, pages.current), org.id);
  const more = useAction(async () => {
    const found = await page(org, all.data.next);
    pages.current++;
    all.change(({rows}) => ({rows: [...rows, ...found.members], next: found.next_page_token}));
  });
  usePoll(all.data?.rows.some(moving) ?? false, all.look, changes);
  const close = () => setDoing(null);
  const done = async (text, gone) => {
    if (gone) {
      const next = neighbour(all.data.rows.filter((it) => it.member_id !== me.member_id), gone);
      focus(() => document.getElementById(next?.member_id)?.querySelector("button.bad") ?? document.querySelector("h1"));
    }
    close();
    say(text);
    count(changes + 1);
    await all.load();
  };
  return html`<${Page} title="Members" side=${isAdmin() && html`<a class="button" href="#/invite">Invite Members</a>`}>
    <${Loaded} of=${all} what="the members">${({rows, next}) => html`
      <article class="sheet"><${Table} rows=${rows} me=${me} org=${org} onAsk=${setDoing} onDone=${done} /></article>
      <${Problem} error=${more.error} retry=${more.run} />
      ${next && html`<${Button} kind="secondary outline" busy=${more.busy} onClick=${more.run}>Show more<//>`}`}<//>
    ${doing?.act === "edit" && html`<${Edit} org=${org} member=${doing.member} onClose=${close} onDone=${done} />`}
    ${doing?.act === "remove" && html`<${Remove} org=${org} member=${doing.member} onClose=${close} onDone=${done} />`}
  <//>`;
}

function Table({rows, me, org, onAsk, onDone}) {
  return html`<table role="table" class="members">
    <thead role="rowgroup"><tr role="row">
      ${["Name", "E-mail", "Role", "Status"].map((text) => html`<th scope="col" role="columnheader">${text}</th>`)}
      ${isAdmin() && html`<th scope="col" role="columnheader" class="do"><span class="unseen">Actions</span></th>`}
    </tr></thead>
    <tbody role="rowgroup">${rows.map((it) => html`<tr role="row" key=${it.member_id} id=${it.member_id}>
      <th scope="row" role="rowheader">${it.first_name || it.last_name ? html`<${Name}>${fullName(it)}<//>` : html`<span class="soft">Not joined yet</span>`}
        ${it.member_id === me.member_id && html` <span class="badge">You</span>`}</th>
      <td role="cell"><${Mail} to=${it.username} /></td>
      <td role="cell" data-label="Role">${it.role}</td>
      <td role="cell" data-label="Status"><div><${Status} it=${it} /></div></td>
      ${isAdmin() && html`<td role="cell" class="do">${it.member_id !== me.member_id && html`<div>
        ${it.invitation && html`<${Resend} org=${org} it=${it} onDone=${onDone} />`}
        <${IconButton} icon="edit" label="Change the role of ${fullName(it)}" onClick=${() => onAsk({act: "edit", member: it})} />
        <${IconButton} icon="delete" kind="bad" label="Remove ${fullName(it)}" onClick=${() => onAsk({act: "remove", member: it})} /></div>`}</td>`}
    </tr>`)}</tbody>
  </table>`;
}

// What became of an invitation's mail, in the words of people: trouble stands out, what goes well does not.
const well = {queued: "Mail on its way", sent: "Mail sent", delivered: "Mail delivered"};
const trouble = {bounced: "Mail bounced", complained: "Marked as spam", failed: "Mail failed"};

function Status({it}) {
  if (!it.invitation) return html`<span class="badge good">Active</span>`;
  const {state: open, delivery, expires_at} = it.invitation;
  if (open === "expired") return html`<span class="badge bad">Expired</span> <small>on <${When} at=${expires_at} day /></small>`;
  return html`<span class="badge ${trouble[delivery] ? "bad" : ""}">${trouble[delivery] ?? "Invited"}</span>
    ${" "}<small>${well[delivery] && html`<span>${well[delivery]},</span> `}<span>open until <${When} at=${expires_at} day /></span></small>`;
}

function Resend({org, it, onDone}) {
  const action = useAction(async () => {
    say("");
    try {
      await call("POST", `orgs/${org.id}/members/${it.member_id}:reactivate`);
    } catch (error) {
      return complain(error, () => action.run());
    }
    await onDone(`A new invitation is on its way to ${it.username}. The earlier link no longer works.`);
  });
  return html`<${Button} kind="outline small" busy=${action.busy} onClick=${() => action.run()} aria-label="Resend the invitation to ${it.username}">Resend<//>`;
}

function Edit({org, member, onClose, onDone}) {
  const [role, setRole] = useState(member.role);
  const action = useAction(async () => {
    await call("PUT", `orgs/${org.id}/members/${member.member_id}`, {role});
    await onDone(`${fullName(member)} is now ${role}.`);
  });
  return html`<${Ask} title="Change role" yes="Save" action=${action} onClose=${onClose}>
    <p><${Name}>${fullName(member)}<//><br /><span class="soft"><${Mail} to=${member.username} /></span></p>
    <${Choice} label="Role" options=${roles} value=${role} onValue=${setRole} />
    <p><small>Admins manage the organization, its members and servers. Technical members see them.</small></p>
  <//>`;
}

function Remove({org, member, onClose, onDone}) {
  const invited = member.status !== "ACTIVE";
  const action = useAction(async () => {
    await call("DELETE", `orgs/${org.id}/members/${member.member_id}`);
    await onDone(invited ? `The invitation of ${member.username} is withdrawn.` : `${fullName(member)} is removed.`, member);
  });
  return html`<${Ask} title=${invited ? "Withdraw the invitation?" : "Remove from the organization?"} yes=${invited ? "Withdraw" : "Remove"}
    danger action=${action} onClose=${onClose}>
    <p><b><${Name}>${fullName(member)}<//></b>${invited ? " can no longer use the link in the mail." : " loses access at once. The account stays, and can be invited again."}</p>
  <//>`;
}
