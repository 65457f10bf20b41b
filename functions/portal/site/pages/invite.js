// Inviting colleagues, up to ten at once. Whoever could not be invited stays in the form.
import {html, useRef, useState} from "../parts/html.js";
import {go} from "../parts/route.js";
import {call, say, useStore} from "../parts/store.js";
import {Button, Choice, Field, Form, IconButton, Page, Problem} from "../parts/ui.js";
import {useAction} from "../parts/work.js";
import {roles} from "./members.js";

const most = 10;

// failed gives each row its error. Errors come in the order of the rows, and of two rows with the same
// address the later one fails: so they are dealt out from the end.
function failed(rows, errors) {
  const left = [...errors];
  return rows.map((row) => ({...row, error: ""})).reverse().map((row) => {
    if (left.at(-1)?.username !== row.username) return row;
    return {...row, error: left.pop().error};
  }).reverse();
}

export function Invite() {
  const {org} = useStore();
  const last = useRef(0);
  const row = () => ({id: ++last.current, username: "", role: "Technical", error: ""});
  const [rows, setRows] = useState(() => [row()]);
  const change = (id, what) => setRows(rows.map((it) => (it.id === id ? {...it, ...what, error: ""} : it)));
  const action = useAction(async () => {
    say("");
    const users = rows.map(({username, role}) => ({username, role}));
    const {errors} = await call("POST", `orgs/${org.id}/members:bulk`, {users});
    const left = failed(rows, errors).filter((it) => it.error);
    const done = rows.length - left.length;
    const said = done === 1 ? "1 person is invited." : `${done} people are invited.`;
    if (left.length === 0) return go("/members", said);
    setRows(left);
    say(done > 0 ? `${said} The others are still in the form, with the reason.` : "Nobody is invited. The reasons are in the form.", true);
  });
  return html`<${Page} title="Invite Members">
    <article><${Form} onSend=${action.run}>
      <p>Everybody gets a mail with a link, which is open for seven days.</p>
      ${rows.map((it, i) => html`<fieldset class="row" key=${it.id}>
        <legend class="unseen">User ${i + 1}</legend>
        <${Field} label="E-mail" type="email" required autocomplete="off" autofocus=${it.id > 1} value=${it.username} error=${it.error}
          onValue=${(username) => change(it.id, {username})} />
        <${Choice} label="Role" options=${roles} value=${it.role} onValue=${(role) => change(it.id, {role})} />
        ${rows.length > 1 && html`<${IconButton} icon="delete" label="Take user ${i + 1} off the form"
          onClick=${() => setRows(rows.filter((other) => other.id !== it.id))} />`}
      </fieldset>`)}
      <${Problem} error=${action.error} retry=${action.run} />
      ${rows.length < most
        ? html`<${Button} kind="secondary outline" onClick=${() => setRows([...rows, row()])}>Add another user<//>`
        : html`<p class="soft">These are ten, which is as many as one can invite at once.</p>`}
      <div class="actions">
        <a role="button" class="secondary outline" href="#/members">Back to members</a>
        <${Button} type="submit" busy=${action.busy}>Invite<//>
      </div>
    <//></article>
  <//>`;
}
