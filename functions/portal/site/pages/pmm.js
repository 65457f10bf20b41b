// The organization's PMM servers, and what it takes to connect one.
import {html, useState} from "../parts/html.js";
import {token} from "../parts/session.js";
import {call, isAdmin, say, useStore} from "../parts/store.js";
import {Ask, Button, Copy, Link, Loaded, Name, Page} from "../parts/ui.js";
import {useAction, useLoad} from "../parts/work.js";

export function PMM() {
  const {org} = useStore();
  const [leaving, setLeaving] = useState(null);
  const servers = useLoad(async () => (await call("POST", `orgs/${org.id}/inventory:search`)).inventory, org.id);
  const done = async (text) => {
    setLeaving(null);
    if (!text) return;
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
    ${leaving && html`<${Disconnect} it=${leaving} onDone=${done} />`}
  <//>`;
}

function Table({all, onLeave}) {
  return html`<table role="table">
    <thead role="rowgroup"><tr role="row">
      ${["Name", "Address"].map((text) => html`<th scope="col" role="columnheader">${text}</th>`)}
      <th scope="col" role="columnheader" class="do">Actions</th>
    </tr></thead>
    <tbody role="rowgroup">${all.map((it) => html`<tr role="row" key=${it.pmm_server_id}>
      <th scope="row" role="rowheader"><${Name}>${it.pmm_server_name}<//></th>
      <td role="cell" class="name"><${Link} to=${it.pmm_server_url}>${it.pmm_server_url}<//></td>
      <td role="cell" class="do"><${Button} kind="outline danger" aria-label="Disconnect ${it.pmm_server_name}" onClick=${() => onLeave(it)}>Disconnect<//></td>
    </tr>`)}</tbody>
  </table>`;
}

function Disconnect({it, onDone}) {
  const action = useAction(async () => {
    await call("POST", `orgs/inventory/${encodeURIComponent(it.pmm_server_id)}:disconnect`);
    await onDone(`${it.pmm_server_name} is disconnected.`);
  });
  return html`<${Ask} title="Disconnect the server?" yes="Disconnect" danger action=${action} onClose=${() => onDone()}>
    <p><b><${Name}>${it.pmm_server_name}<//></b> loses its credentials. It can be connected again.</p>
  <//>`;
}
