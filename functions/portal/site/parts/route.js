// Where people are in the page: the part of the address behind #, so that every way back works and no
// server is asked.
import {notice, set, state} from "./store.js";

const path = () => location.hash.replace(/^#/, "").replace(/\?.*$/s, "") || "/";

let next = null; // what is to be said after the way there

// go leads to another part, where the text is said.
export function go(to, text, kind) {
  next = notice(text, kind);
  if ((location.hash || "#/") === `#${to}`) arrive();
  else location.hash = `#${to}`;
}

// arrive begins a visit of the part that the address says.
export function arrive() {
  set({at: path(), visit: state.visit + 1, notice: next});
  next = null;
}

// correct writes another part into the address, which is shown already.
export function correct(to) {
  history.replaceState(history.state, "", `#${to}`);
  set({at: to});
}

// asked returns what somebody asked a part for, which is in the address too, so that it survives loading
// the page again.
export const asked = () => Object.fromEntries(new URLSearchParams(location.hash.split("?")[1]));

export function remember(what) {
  history.replaceState(history.state, "", `#${state.at}?${new URLSearchParams(what)}`);
}

// follow has the page go where the address leads.
export function follow() {
  addEventListener("hashchange", arrive);
  set({at: path()});
}
