// The small parts that all pages are made of.
import {again} from "./api.js";
import {html, useLayoutEffect, useRef, useState} from "./html.js";
import {say} from "./store.js";
import {useAction} from "./work.js";

let ids = 0;
const useId = (ref = useRef("")) => (ref.current ||= `id${++ids}`);

let begun = false; // a page was shown already

// Page is a page's frame. Its heading has the focus when people arrive from another one, so that
// whoever does not see the page hears where they are.
export function Page({title, side, children}) {
  const heading = useRef();
  useLayoutEffect(() => {
    document.title = `${title} · Roster`;
    if (begun) heading.current.focus();
    begun = true;
  }, [title]);
  return html`<div class="head"><h1 tabindex="-1" ref=${heading}>${title}</h1>${side}</div>${children}`;
}

// Name is what people called something. It keeps to itself which way its letters run.
export const Name = ({children}) => html`<bdi class="name">${children}</bdi>`;

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

// Field is an input with its label and what helps to fill it in.
export function Field({label, hint, value, onValue, error, ...rest}) {
  const id = useId();
  const about = error || hint;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input id=${id} value=${value} onInput=${(e) => onValue(e.currentTarget.value)}
      aria-describedby=${about ? `${id}-about` : undefined} aria-invalid=${error ? "true" : undefined} ...${rest} />
    ${about && html`<small id="${id}-about">${about}</small>`}
  </div>`;
}

export function Area({label, value, onValue, ...rest}) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <textarea id=${id} value=${value} onInput=${(e) => onValue(e.currentTarget.value)} ...${rest}></textarea>
  </div>`;
}

// Choice is one of a few: options is a list of [value, text].
export function Choice({label, options, value, onValue, ...rest}) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} value=${value} onChange=${(e) => onValue(e.currentTarget.value)} ...${rest}>
      ${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}
    </select>
  </div>`;
}

export function Tick({children, value, onValue, ...rest}) {
  return html`<label class="tick">
    <input type="checkbox" checked=${value} onChange=${(e) => onValue(e.currentTarget.checked)} ...${rest} /> ${children}
  </label>`;
}

// Button says that it is busy. It stays where the focus is, and useAction lets nothing happen twice.
export function Button({busy, kind = "", type = "button", children, ...rest}) {
  return html`<button type=${type} class=${kind} aria-busy=${busy ? "true" : undefined}
    aria-disabled=${busy ? "true" : undefined} ...${rest}>${children}</button>`;
}

// Form sends itself off by Enter too, never by itself and never to a server's page.
export function Form({onSend, children, ...rest}) {
  const send = (e) => {
    e.preventDefault();
    onSend();
  };
  return html`<form onSubmit=${send} ...${rest}>${children}</form>`;
}

// Problem says what went wrong, and offers to try again where that may help.
export function Problem({error, retry}) {
  if (!error) return null;
  return html`<div class="alert bad" role="alert">
    <p>${error.message}</p>
    ${retry && again(error) && html`<button type="button" class="outline" onClick=${() => retry()}>Try again</button>`}
  </div>`;
}

// Loaded shows what useLoad read; meanwhile that it takes a moment, or why it failed.
export function Loaded({of, what, children}) {
  if (of.error) return html`<${Problem} error=${of.error} retry=${of.load} />`;
  if (of.data === null) return html`<p class="late" role="status" aria-busy="true">Loading ${what} …</p>`;
  return html`<div aria-busy=${of.busy ? "true" : undefined} class="loaded">${children(of.data)}</div>`;
}

// Dialog is a question before the page. Esc and its own buttons close it, and the focus goes back.
export function Dialog({title, onClose, children}) {
  const dialog = useRef();
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  const cancel = (e) => {
    e.preventDefault();
    onClose();
  };
  return html`<dialog ref=${dialog} aria-labelledby=${id} onCancel=${cancel}>
    <article><h2 id=${id}>${title}</h2>${children}</article>
  </dialog>`;
}

// Ask is a dialog that does one thing or nothing.
export function Ask({title, yes, action, onClose, danger, blocked, children}) {
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <${Form} onSend=${() => blocked || action.run()}>
      ${children}
      <${Problem} error=${action.error} retry=${action.run} />
      <div class="actions">
        <${Button} kind="secondary outline" onClick=${onClose}>Cancel<//>
        <${Button} kind=${danger ? "danger" : ""} type="submit" busy=${action.busy} disabled=${blocked}>${yes}<//>
      </div>
    <//>
  <//>`;
}

const icons = {
  edit: "M4 20h4L19 9l-4-4L4 16zM13.500 6.500l4 4",
  delete: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500",
};

// IconButton is a picture to click; what it does, it says to who cannot see it.
export function IconButton({icon, label, ...rest}) {
  return html`<button type="button" class="icon" aria-label=${label} title=${label} ...${rest}>
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${icons[icon]} /></svg>
  </button>`;
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
  return html`<${Button} kind=${small ? "outline small" : ""} busy=${action.busy} onClick=${action.run}>${label}<//>
    ${shown && html`<${Field} label="${what}, to be copied by hand" value=${shown} onValue=${() => {}} readonly />`}
    <${Problem} error=${action.error} retry=${action.run} />`;
}
