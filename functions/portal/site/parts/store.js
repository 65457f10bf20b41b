// What the page knows: where people are in it, who is signed in, their organization, and what was said
// to them last.
import {useLayoutEffect, useState} from "./html.js";
import {again} from "./api.js";

// phase: starting, out (nobody is signed in), in, or failed (who is signed in cannot be told now).
// visit counts arrivals. draft is what somebody began to fill in and left.
export const state = {
  phase: "starting", at: "/", visit: 0, profile: null, org: null, me: null, invitations: [], notice: null, draft: null,
};

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

let said = 0;

// notice makes something that is said, of a kind: good, note or bad. Each is another one, or nobody would
// notice that the same was said twice.
export const notice = (text, kind = "good", retry = null) => (text ? {text, kind, retry, key: ++said} : null);

// say tells people something in a sentence: what was done, or what went wrong.
export function say(text, kind) {
  set({notice: notice(text, kind)});
}

// complain says why something failed, and offers to try again where that may help.
export function complain(error, retry) {
  if (error.said) return; // with what it means for who is here
  const wait = error.after > 1 ? ` Try again in ${lasting(error.after)}.` : "";
  set({notice: notice(error.message + wait, "bad", again(error) && !wait ? retry : null)});
}

// lasting is so many seconds in words.
function lasting(seconds) {
  const [unit, size] = seconds < 100 ? ["second", 1] : seconds < 6000 ? ["minute", 60] : ["hour", 3600];
  return new Intl.NumberFormat("en", {style: "unit", unit, unitDisplay: "long"}).format(Math.ceil(seconds / size));
}
