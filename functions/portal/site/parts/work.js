// Work that takes time: what is going on, what came of it, and how to try again.
import {useEffect, useLayoutEffect, useRef, useState} from "./html.js";

// useLoad reads something when its component appears and when one of the keys changes. What comes too
// late for its key is dropped. look reads again without a sign, and keeps what is there when that fails;
// change makes something else of what was read.
export function useLoad(read, ...keys) {
  const [seen, show] = useState({busy: true, data: null, error: null});
  const latest = useRef(0);
  const load = async () => {
    const turn = ++latest.current;
    show((before) => ({...before, busy: true, error: null}));
    try {
      const data = await read();
      if (turn === latest.current) show({busy: false, data, error: null});
    } catch (error) {
      if (turn === latest.current) show((before) => ({...before, busy: false, error}));
    }
  };
  const look = async () => {
    const turn = latest.current;
    const data = await read().catch(() => null);
    if (data && turn === latest.current) show((before) => ({...before, data}));
  };
  const change = (f) => {
    latest.current++; // what was read before
    show((before) => ({...before, data: f(before.data)}));
  };
  useEffect(() => {
    load();
    return () => void latest.current++;
  }, keys);
  return {...seen, load, look, change};
}

// useAction wraps something that people set off. While it goes on it is not set off again.
export function useAction(act) {
  const [seen, show] = useState({busy: false, error: null});
  const going = useRef(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => void (alive.current = false);
  }, []);
  const run = async (...inputs) => {
    if (going.current) return;
    going.current = true;
    show({busy: true, error: null});
    let error = null;
    try {
      await act(...inputs);
    } catch (failure) {
      error = failure;
    }
    going.current = false;
    if (alive.current) show({busy: false, error});
  };
  return {...seen, run};
}

// usePoll does something again and again while it is wanted and somebody looks: after two seconds, then
// after half as long again each time, as often as tries says. Each other key begins anew.
export function usePoll(wanted, act, key, tries = 12) {
  const latest = useRef();
  latest.current = act;
  useEffect(() => {
    if (!wanted) return;
    let timer, left = tries, wait = 2000;
    const next = () => {
      clearTimeout(timer);
      if (left > 0 && document.visibilityState === "visible") timer = setTimeout(turn, wait);
    };
    const turn = async () => {
      left--;
      wait *= 1.5;
      await latest.current();
      if (left >= 0) next();
    };
    addEventListener("visibilitychange", next);
    next();
    return () => {
      left = -1;
      clearTimeout(timer);
      removeEventListener("visibilitychange", next);
    };
  }, [wanted, key]);
}

// useFocus returns how to move the focus to something that is there only after the next picture, or
// after a later one: it is looked for each time.
export function useFocus() {
  const wanted = useRef(null);
  useLayoutEffect(() => {
    const found = wanted.current?.();
    if (!found) return;
    wanted.current = null;
    found.focus();
  });
  return (find) => void (wanted.current = find);
}

// neighbour returns who stands next to one who goes.
export const neighbour = (all, gone) => all[all.indexOf(gone) + 1] ?? all[all.indexOf(gone) - 1];

// keepFocus gives the focus to the page's heading when what had it is gone, so that whoever works by
// keyboard or ear does not begin from the top.
export function keepFocus(root) {
  let last = null;
  root.addEventListener("focusin", (e) => (last = e.target));
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const heading = root.querySelector("dialog[open] h2, h1");
    if (heading) last = heading;
    heading?.focus();
  }).observe(root, {childList: true, subtree: true});
}
