// Inviting colleagues, up to ten at once. Whoever could not be invited stays in the form.
import {Choice, Field, Form} from "../parts/form.js";
import {html, useEffect, useRef, useState} from "../parts/html.js";
import {call} from "../parts/me.js";
import {go} from "../parts/route.js";
import {say, state, useStore} from "../parts/store.js";
import {Button, IconButton, Page, Problem} from "../parts/ui.js";
import {useAction, useFocus} from "../parts/work.js";
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

// useRows are the rows of the form. What is written in them is still there when somebody comes back.
function useRows(org) {
  const begun = state.draft?.org === org.id ? state.draft.rows : [];
  const last = useRef(Math.max(0, ...begun.map((it) => it.id)));
  const row = () => ({id: ++last.current, username: "", role: "Technical", error: ""});
  const [rows, setRows] = useState(() => (begun.length > 0 ? begun : [row()]));
  useEffect(() => {
    state.draft = rows.some((it) => it.username) ? {org: org.id, rows} : null;
  }, [rows]);
  return [rows, setRows, row];
}

const fieldset = (n) => document.querySelectorAll("fieldset")[n];

export function Invite() {
  const {org} = useStore();
  const [rows, setRows, row] = useRows(org);
  const focus = useFocus();
  const change = (id, what) => setRows(rows.map((it) => (it.id === id ? {...it, ...what, error: ""} : it)));
  const add = () => {
    setRows([...rows, row()]);
    focus(() => fieldset(rows.length)?.querySelector("input"));
  };
  const take = (gone) => {
    const left = rows.filter((it) => it.id !== gone.id);
    setRows(left);
    const next = fieldset(Math.min(rows.indexOf(gone) + 1, left.length)) // before this one is gone
    focus(() => (left.length > 1 ? (next.isConnected ? next : fieldset(left.length - 1)).querySelector("button") : fieldset(0).querySelector("input")));
  };
  const action = useAction(async () => {
    say("");
    const users = rows.map(({username, role}) => ({username, role}));
    const {errors} = await call("POST", `orgs/${org.id}/members:bulk`, {users});
    const left = failed(rows, errors).filter((it) => it.error);
    const done = rows.length - left.length;
    const said = done === 1 ? "1 person is invited." : `${done} people are invited.`;
    setRows(left);
    if (left.length === 0) return go("/members", said);
    focus(() => document.querySelector("[aria-invalid]"));
    if (done > 0) say(`${said} The others are still in the form, with the reason.`, "note");
    else say("Nobody is invited. The reasons are in the form.", "bad");
  });
  return html`<${Page} title="Invite Members">
    <article><${Form} action=${action}>
      <p>Everybody gets a mail with a link, which is open for seven days.</p>
      ${rows.map((it, i) => html`<fieldset class="row" key=${it.id}>
        <legend class="unseen">User ${i + 1}</legend>
        <${Field} label="E-mail" type="email" required autocomplete="off" value=${it.username} error=${it.error}
          onValue=${(username) => change(it.id, {username})} />
        <${Choice} label="Role" options=${roles} value=${it.role} onValue=${(role) => change(it.id, {role})} />
        ${rows.length > 1 && html`<${IconButton} icon="close" label="Take user ${i + 1} off the form" onClick=${() => take(it)} />`}
      </fieldset>`)}
      <${Problem} error=${action.error} retry=${action.run} />
      ${rows.length < most
        ? html`<${Button} kind="secondary outline" onClick=${add}>Add another user<//>`
        : html`<p class="soft">These are ten, which is as many as one can invite at once.</p>`}
      <div class="actions">
        <a class="button secondary outline" href="#/members">Back to members</a>
        <${Button} type="submit" busy=${action.busy}>Invite<//>
      </div>
    <//></article>
  <//>`;
}
