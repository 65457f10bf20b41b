// The small parts that all pages are made of.
import {again} from "./api.js";
import {html, useLayoutEffect, useRef, useState} from "./html.js";
import {say} from "./store.js";
import {useAction} from "./work.js";

let ids = 0;
export const useId = (ref = useRef("")) => (ref.current ||= `id${++ids}`);

// focused is the ref of what has the focus as soon as it is there.
export const focused = (e) => e?.focus();

let begun = false; // a page was shown already

// Page is a page's frame. Its heading has the focus when people arrive from another one, so that
// whoever does not see the page hears where they are.
export function Page({title, side, children}) {
  const heading = useRef();
  useLayoutEffect(() => {
    if (begun) heading.current.focus();
    begun = true;
  }, []);
  useLayoutEffect(() => void (document.title = `${title} · Roster`), [title]);
  return html`<div class="head"><h1 tabindex="-1" ref=${heading}>${title}</h1>${side}</div>${children}`;
}

// long says whether a text has a word that must be broken for others to have room.
const long = (text) => /[^\s@]{25}/.test(text);

// Name is what people called something, their address too. It keeps to itself which way its letters run.
export const Name = ({children: text}) => (/^\S+@\S+$/.test(text)
  ? html`<${Mail} to=${text} />`
  : html`<bdi class="name ${long(text) ? "long" : ""}">${text}</bdi>`);

// Mail is an address, which is broken before the @ first, and in a table only where it is long.
export function Mail({to}) {
  const at = to.lastIndexOf("@");
  return html`<bdi class="name ${long(to) ? "long" : to.length > 32 ? "" : "whole"}">${to.slice(0, at)}<wbr />${to.slice(at)}</bdi>`;
}

// When is an instant, as this browser's people write it; with utc a date that is the same everywhere.
export function When({at, day, utc}) {
  const style = {dateStyle: "medium", timeStyle: day ? undefined : "short", timeZone: utc ? "UTC" : undefined};
  return html`<time datetime=${at}>${new Intl.DateTimeFormat(undefined, style).format(new Date(at))}</time>`;
}

// Link leads out of the page, and only to where a browser may safely go.
export function Link({to, children}) {
  return /^https?:\/\//i.test(to)
    ? html`<a href=${to} target="_blank" rel="noopener noreferrer">${children}</a>`
    : html`<span>${children}</span>`;
}

// Button says that it is busy. It stays where the focus is, and useAction lets nothing happen twice. So
// does one that is off.
export function Button({busy, off, kind = "", type = "button", children, ...rest}) {
  return html`<button type=${type} class=${kind} aria-busy=${busy ? "true" : undefined}
    aria-disabled=${busy || off ? "true" : undefined} ...${rest}>${children}</button>`;
}

const icons = {
  edit: "M4 20h4L19 9l-4-4L4 16zM13.500 6.500l4 4",
  delete: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500",
  close: "M6 6l12 12M18 6L6 18",
};

// IconButton is a picture to click; what it does, it says to who cannot see it.
export function IconButton({icon, label, kind = "", ...rest}) {
  return html`<button type="button" class="icon ${kind}" aria-label=${label} title=${label} ...${rest}>
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${icons[icon]} /></svg>
  </button>`;
}

// Problem says what went wrong, and offers to try again where that may help. What is said beside one of
// these fields is not said twice.
export function Problem({error, retry, beside = ""}) {
  if (!error || (error.field && beside.split(" ").includes(error.field))) return null;
  const repeat = (e) => { // which takes this button away
    (e.currentTarget.closest("form")?.querySelector("[type=submit]") ?? document.querySelector("h1")).focus();
    retry();
  };
  return html`<div class="alert bad" role="alert">
    <p>${error.message}</p>
    ${retry && again(error) && html`<button type="button" class="outline" onClick=${repeat}>Try again</button>`}
  </div>`;
}

// Loaded shows what useLoad read; meanwhile that it takes a moment, or why it failed.
export function Loaded({of, what, children}) {
  if (of.error) return html`<${Problem} error=${of.error} retry=${of.load} />`;
  if (of.data === null) return html`<p class="late" role="status" aria-busy="true">Loading ${what} …</p>`;
  return html`<div aria-busy=${of.busy ? "true" : undefined} class="loaded">${children(of.data)}</div>`;
}

// Copy puts a text into the clipboard, or shows it to be copied by hand where the browser has none. The
// text is made when it is asked for, and is kept nowhere.
export function Copy({label, what, text, small}) {
  const [shown, show] = useState("");
  const action = useAction(async () => {
    show("");
    const made = await text();
    try {
      await navigator.clipboard.writeText(made);
      say(`${what} is in the clipboard.`);
    } catch {
      show(made);
    }
  });
  const id = useId();
  return html`<${Button} kind=${small ? "outline small" : ""} busy=${action.busy} onClick=${action.run}>${label}<//>
    ${shown && html`<div class="field">
      <label for=${id}>${what}, to be copied by hand</label>
      <input id=${id} value=${shown} readonly ref=${selected} />
    </div>`}
    <${Problem} error=${action.error} retry=${action.run} />`;
}

const selected = (e) => {
  e?.focus();
  e?.select();
};
