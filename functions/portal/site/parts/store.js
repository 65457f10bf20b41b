// What the page knows: who is signed in, their organization, and what was said to them last.
import {useLayoutEffect, useState} from "./html.js";
import {Refused} from "./api.js";
import * as session from "./session.js";

// phase: starting, out (nobody is signed in), in, or failed (who is signed in cannot be told now).
export const state = {phase: "starting", profile: null, org: null, me: null, invitations: [], notice: null};

const watchers = new Set();

export function set(change) {
  Object.assign(state, change);
  for (const watch of watchers) watch({});
}

// useStore draws its component again at every change.
export function useStore() {
  const [, watch] = useState();
  useLayoutEffect(() => { // at once: changes may come before the first picture
    watchers.add(watch);
    return () => watchers.delete(watch);
  }, []);
  return state;
}

// say tells people something in a sentence: what was done, or, with bad, what went wrong.
export function say(text, bad = false) {
  set({notice: text && {text, bad}});
}

// leave forgets who was here.
export function leave(text, bad) {
  session.forget();
  set({phase: "out", profile: null, org: null, me: null, invitations: []});
  say(text, bad);
}

session.onEnd(() => leave("Your session has ended. Sign in again.", true));

// load reads who is signed in, and what everything else depends on.
export async function load() {
  const [profile, {orgs}, {invitations}] = await Promise.all([
    session.authorized("POST", "auth/GetProfile"),
    session.authorized("POST", "orgs:search"),
    session.authorized("POST", "invitations:search"),
  ]);
  const org = orgs[0] ?? null;
  const me = org && (await own(org, profile.email));
  if (!session.remembered()) return; // somebody signed out meanwhile
  set({phase: "in", profile, org: me && org, me, invitations});
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

// call makes a call as whoever is signed in. A refusal for want of rights means that they changed
// elsewhere: what depends on them is read again, so that it is no longer offered.
export async function call(method, path, body) {
  try {
    return await session.authorized(method, path, body);
  } catch (error) {
    if (error instanceof Refused && error.status === 403) await lost(error);
    throw error;
  }
}

async function lost(error) {
  const before = state.org;
  try {
    await load();
  } catch {
    return; // then the refusal itself is all that can be said
  }
  if (!before || state.org) return;
  const kept = !["", "#/"].includes(location.hash); // on the way home
  location.hash = "#/";
  set({notice: {text: `You are no longer a member of ${before.name}. ${error.message}`, bad: true, kept}});
}

export const isAdmin = () => state.me?.role === "Admin";
