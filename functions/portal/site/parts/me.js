// Who is signed in, their organization and their place in it, which others may change at any time.
import {Refused} from "./api.js";
import * as session from "./session.js";
import {notice, say, set, state} from "./store.js";

export const isAdmin = () => state.me?.role === "Admin";

let begun = 0; // readings of who is here
let shown = 0; // the latest of which something is shown

// leave forgets who was here.
export function leave(text, kind) {
  session.forget();
  renew({phase: "out", profile: null, org: null, me: null, invitations: [], draft: null});
  say(text, kind);
}

session.onEnd(() => leave("Your session has ended. Sign in again.", "bad"));

// renew shows what a change made of who is here. What was read before it and comes later is dropped.
export function renew(what) {
  shown = ++begun;
  set(what);
}

// load reads who is signed in, and what everything else depends on. told makes something to say of what
// was known and what is now.
export async function load(told = () => null) {
  const turn = ++begun;
  const [profile, {orgs}, {invitations}] = await Promise.all([
    session.authorized("POST", "auth/GetProfile"),
    session.authorized("POST", "orgs:search"),
    session.authorized("POST", "invitations:search"),
  ]);
  const org = orgs[0] ?? null;
  const me = org && (await own(org, profile.email));
  if (!session.remembered() || turn < shown) return; // somebody signed out meanwhile, or knows better
  shown = turn;
  const now = {profile, org: me && org, me, invitations};
  set({phase: "in", notice: told(state, now) ?? state.notice, ...now});
}

// own returns the caller's row; null when they were removed in this very moment.
async function own(org, email) {
  try {
    const found = await session.authorized("POST", `orgs/${org.id}/members:search`, {user: {username: email}});
    return found.members[0] ?? null;
  } catch (error) {
    if (error.status === 403) return null;
    throw error;
  }
}

// refresh reads it again, for what others changed, and returns what it said about that. What is shown
// stays meanwhile, and if it fails.
export async function refresh(refusal) {
  const why = refusal ? ` ${refusal.message}` : "";
  let said = null;
  try {
    await load((was, now) => (said = changed(was, now, why)));
  } catch {
    // then a refusal itself is all that can be said
  }
  return said;
}

function changed(was, now, why) {
  if (!was.org || !was.me) return null;
  if (now.org?.id !== was.org.id) return notice(`You are no longer a member of ${was.org.name}.${why}`, "bad");
  if (now.me.role === was.me.role) return null;
  return notice(`Your role is ${now.me.role} now.${why}`, now.me.role === "Admin" ? "good" : "note");
}

// call makes a call as whoever is signed in. A refusal for want of rights means that they changed
// elsewhere: what depends on them is read again, so that it is no longer offered.
export async function call(method, path, body) {
  try {
    return await session.authorized(method, path, body);
  } catch (error) {
    if (error instanceof Refused && error.status === 403) error.said = await refresh(error);
    throw error;
  }
}
