// The organization's PMM servers, and what it takes to connect one.
import {Ask} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call, isAdmin} from "../parts/me.js";
import {token} from "../parts/session.js";
import {say, useStore} from "../parts/store.js";
import {Button, Copy, Link, Loaded, Name, Page} from "../parts/ui.js";
import {neighbour, useAction, useFocus, useLoad} from "../parts/work.js";

export function PMM() {
  const {org} = useStore();
  const [leaving, setLeaving] = useState(null);
  const servers = useLoad(async () => (await call("POST", `orgs/${org.id}/inventory:search`)).inventory, org.id);
  const focus = useFocus();
  const close = () => setLeaving(null);
  const done = async (text, gone) => {
    const next = neighbour(servers.data, gone);
    focus(() => document.getElementById(next?.pmm_server_id)?.querySelector("button") ?? document.querySelector("h1"));
    close();
    say(text);
    await servers.load();
  };
  return html`<${Page} title="PMM Instances">
    <article>
      <h2>Connect a server</h2>
      <p>Paste an access token into the settings of your PMM server. It works for some minutes, and as you: give it to nobody.</p>
      <${Copy} label="Copy access token" what="The access token" text=${() => token(10 * 60_000)} />
    </article>
    <${Loaded} of=${servers} what="the servers">${(all) => all.length === 0
      ? html`<article class="empty"><p>No PMM server is connected yet.</p></article>`
      : html`<article class="sheet"><${Table} all=${all} onLeave=${setLeaving} /></article>
        ${!isAdmin() && html`<p><small>You can disconnect the servers that you connected; Admins can disconnect all.</small></p>`}`}<//>
    ${leaving && html`<${Disconnect} it=${leaving} onClose=${close} onDone=${done} />`}
  <//>`;
}

function Table({all, onLeave}) {
  return html`<table role="table">
    <thead role="rowgroup"><tr role="row">
      ${["Name", "Address"].map((text) => html`<th scope="col" role="columnheader">${text}</th>`)}
      <th scope="col" role="columnheader" class="do"><span class="unseen">Actions</span></th>
    </tr></thead>
    <tbody role="rowgroup">${all.map((it) => html`<tr role="row" key=${it.pmm_server_id} id=${it.pmm_server_id}>
      <th scope="row" role="rowheader"><${Name}>${it.pmm_server_name}<//></th>
      <td role="cell"><${Link} to=${it.pmm_server_url}><${Name}>${it.pmm_server_url}<//><//></td>
      <td role="cell" class="do"><div><${Button} kind="outline danger small" aria-label="Disconnect ${it.pmm_server_name}" onClick=${() => onLeave(it)}>Disconnect<//></div></td>
    </tr>`)}</tbody>
  </table>`;
}

function Disconnect({it, onClose, onDone}) {
  const action = useAction(async () => {
    await call("POST", `orgs/inventory/${encodeURIComponent(it.pmm_server_id)}:disconnect`);
    await onDone(`${it.pmm_server_name} is disconnected.`, it);
  });
  return html`<${Ask} title="Disconnect the server?" yes="Disconnect" danger action=${action} onClose=${onClose}>
    <p><b><${Name}>${it.pmm_server_name}<//></b> loses its credentials. It can be connected again.</p>
    ${!isAdmin() && html`<p>Only an Admin, or whoever connected it last, can disconnect it.</p>`}
  <//>`;
}
