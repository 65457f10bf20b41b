// The activity log as sentences. Events name people by account or row; the log itself tells which is
// whose.
import {html} from "./html.js";
import {Name} from "./ui.js";

// people returns who is meant by an account and by a member's row, as far as these events and members
// tell, and which accounts are known to have joined.
export function people(events, members) {
  const told = events.flatMap((event) => event.objects.map((it) => ({...it, kind: event.action_type})))
    .filter((it) => it.type === "organization_member");
  const accounts = new Map();
  const rows = new Map(told.filter((it) => it.name.includes("@")).map((it) => [it.id, it.name]));
  for (const it of members) rows.set(it.member_id, `${it.first_name} ${it.last_name}`.trim() || it.username);
  for (const {id, name} of told) {
    if (!name.includes("@") && rows.has(id)) accounts.set(name, rows.get(id));
  }
  return {rows, accounts, joined: new Set(told.filter((it) => it.kind !== "DELETE").map((it) => it.name))};
}

// unknown lists the accounts that acted in these events and whose own joining is not among them.
export const unknown = (events, {joined}, me) =>
  [...new Set(events.map((event) => event.okta_user_id))].filter((id) => id && id !== me && !joined.has(id));

// nameless says whether something was done to somebody of whom nothing is known but an account or a row.
export const nameless = (events, {rows, accounts}, me) => events.flatMap((event) => event.objects).some((it) =>
  it.type === "organization_member" && it.name !== me && !it.name.includes("@") && !accounts.has(it.name) && !rows.has(it.id));

const called = (text) => html`<b><${Name}>${text}<//></b>`;

// actor is who did it. Nobody's account is the customers' CRM, which alone adds people, or somebody who runs
// Roster. Who joined before this period and is no member of a known account may be one still.
function actor(event, {accounts}, me) {
  if (event.okta_user_id === me) return html`<b>You</b>`;
  if (!event.okta_user_id) return html`<b>${event.action_type === "CREATE" ? "The Customer Portal" : "The platform"}</b>`;
  const name = accounts.get(event.okta_user_id);
  return name ? called(name) : html`<b title=${event.okta_user_id}>${event.user_role === "Technical" ? "A member" : event.user_role ? "An Admin" : "Somebody"}</b>`;
}

function target(object, {rows, accounts}, me) {
  if (object.name === me) return html`<b>you</b>`;
  const name = accounts.get(object.name) ?? rows.get(object.id) ?? (object.name.includes("@") ? object.name : "");
  return name ? called(name) : html`<b>a former member</b>`;
}

const joined = (role) => html` joined as ${role}`;

function member(event, object, known, me) {
  const {initial_state: was, result_state: is} = object;
  const self = object.name === event.okta_user_id;
  const who = target(object, known, me);
  switch (event.action_type) {
    case "CREATE":
      if (self) return joined(is.role);
      return is.status === "PROVISIONED" ? html` invited ${who} as ${is.role}` : html` added ${who} as ${is.role}`;
    case "UPDATE":
      if (is.status) return self ? " accepted the invitation" : html` confirmed ${who}`;
      return html` changed the role of ${who} from ${was.role} to ${is.role}`;
    default:
      if (self) return known.joined.has(object.name) ? " left the organization" : " left, or declined the invitation";
      if (!object.name.includes("@")) return html` removed ${who}`;
      return html` withdrew the invitation of ${who}`;
  }
}

function organization(event, {name, initial_state: was, result_state: is}) {
  return event.action_type === "CREATE"
    ? html` created the organization ${called(is.name ?? name)}`
    : html` renamed the organization from ${called(was.name)} to ${called(is.name)}`;
}

const verbs = {CREATE: "connected", UPDATE: "connected again", DELETE: "disconnected"};
const alone = {LOG_IN: " signed in", LOG_OUT: " signed out", CHANGE_PASSWORD: " changed the password"};

// Sentence tells one event.
export function Sentence({event, known, me}) {
  const object = event.objects[0];
  const what = {
    organization: () => organization(event, object),
    organization_member: () => member(event, object, known, me),
    inventory: () => html` ${verbs[event.action_type]} the PMM server ${called(object.name)}`,
  }[object?.type];
  return html`${actor(event, known, me)}${what ? what() : alone[event.action_type] ?? ` did ${event.action_type}`}.`;
}
