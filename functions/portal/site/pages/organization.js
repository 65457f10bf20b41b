// The caller's organization. Its Admins rename and delete it.
import {Ask, Field, Form, refused} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call, isAdmin, load, renew} from "../parts/me.js";
import {go} from "../parts/route.js";
import {say, useStore} from "../parts/store.js";
import {Button, IconButton, Name, Page, Problem, When} from "../parts/ui.js";
import {useAction, useFocus} from "../parts/work.js";

const tiers = {REGISTERED: "Free", PAID: "Paid"};

export function Organization() {
  const {org, me} = useStore();
  const [doing, setDoing] = useState("");
  const focus = useFocus();
  const mayRename = isAdmin() && org.tier !== "PAID";
  const renamed = () => {
    setDoing("");
    focus(() => document.querySelector("dd .icon"));
  };
  return html`<${Page} title="Organization">
    <article>
      ${doing === "rename" && mayRename ? html`<${Rename} org=${org} onDone=${renamed} />` : html`<dl>
        <dt>Name</dt>
        <dd><b><${Name}>${org.name}<//></b>
          ${mayRename && html`<${IconButton} icon="edit" label="Rename the organization" onClick=${() => setDoing("rename")} />`}
          ${isAdmin() && html`<${IconButton} icon="delete" kind="bad" label="Delete the organization" onClick=${() => setDoing("delete")} />`}</dd>
        <dt>Created</dt><dd><${When} at=${org.created_at} day /></dd>
        <dt>Tier</dt><dd>${tiers[org.tier] ?? org.tier}${org.tier === "PAID" && html` <small>The name is managed in the Customer Portal.</small>`}</dd>
        <dt>Your role</dt><dd>${me.role}</dd>
      </dl>`}
    </article>
    ${doing === "delete" && html`<${Delete} org=${org} onDone=${() => setDoing("")} />`}
  <//>`;
}

function Rename({org, onDone}) {
  const [name, setName] = useState(org.name);
  const action = useAction(async () => {
    const changed = await call("PUT", `orgs/${org.id}`, {name});
    renew({org: changed.org});
    say(`The organization is now called ${changed.org.name}.`);
    onDone();
  });
  return html`<${Form} action=${action}>
    <${Field} label="Name of the organization" required first value=${name} onValue=${setName} error=${refused(action.error, "Name")} />
    <${Problem} error=${action.error} retry=${action.run} beside="Name" />
    <div class="actions left">
      <${Button} type="submit" busy=${action.busy}>Save<//>
      <${Button} kind="secondary outline" onClick=${onDone}>Cancel<//>
    </div>
  <//>`;
}

function Delete({org, onDone}) {
  const [typed, setTyped] = useState("");
  const action = useAction(async () => {
    await call("DELETE", `orgs/${org.id}`);
    await load();
    go("/", `${org.name} is deleted.`);
  });
  return html`<${Ask} title="Delete the organization?" yes="Delete for good" danger action=${action} onClose=${onDone}
    blocked=${typed.trim() !== org.name}>
    <p>All members lose access, open invitations end, and its servers and activity log are erased. Accounts stay. <b>This
      cannot be undone.</b></p>
    <p>To go on, type its name: <b><${Name}>${org.name}<//></b></p>
    <${Field} label="Name of the organization" autocomplete="off" value=${typed} onValue=${setTyped} />
  <//>`;
}
