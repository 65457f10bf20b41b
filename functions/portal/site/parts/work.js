// Work that takes time: what is going on, what came of it, and how to try again.
import {useEffect, useRef, useState} from "./html.js";

// useLoad reads something when its component appears and when one of the keys changes. What comes too
// late for its key is dropped.
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
  useEffect(() => {
    load();
    return () => void latest.current++;
  }, keys);
  return {...seen, load};
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
