// The library, put together: elements are written as html`<b>…</b>`, and whatever stands in ${…} is
// text, never markup.
import {h, render} from "../vendor/preact.js";
import htm from "../vendor/htm.js";

export {render};
export {useEffect, useLayoutEffect, useRef, useState} from "../vendor/hooks.js";
export const html = htm.bind(h);
