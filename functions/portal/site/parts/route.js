// Where people are in the page: the part of the address behind #, so that every way back works and no
// server is asked.
import {useEffect, useState} from "./html.js";
import {set, state} from "./store.js";

export const path = () => location.hash.replace(/^#/, "") || "/";

let next = null; // what is to be said after the way there

// go leads to another part, where the text is said.
export function go(to, text) {
  next = text ? {text, bad: false} : null;
  if (path() === to) arrive();
  else location.hash = `#${to}`;
}

function arrive() {
  const kept = state.notice?.kept ? {...state.notice, kept: false} : null;
  set({notice: next ?? kept});
  next = null;
}

// useRoute returns the path, and draws its component again when it changes.
export function useRoute() {
  const [at, move] = useState(path());
  useEffect(() => {
    const moved = () => {
      arrive();
      move(path());
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return at;
}
