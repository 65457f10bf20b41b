// What people fill in, and the questions before a page.
import {html, useLayoutEffect, useRef} from "./html.js";
import {Button, Problem, focused, useId} from "./ui.js";

// refused is what the server says of a field, to be said beside it: its name is the API's.
export const refused = (error, name) => (error?.field === name ? error.what : "");

// Field is an input with its label and what helps to fill it in. One that is first has the focus as soon
// as it is there.
export function Field({label, hint, value, onValue, error, first, ...rest}) {
  const id = useId();
  const about = error || hint;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input id=${id} value=${value} onInput=${(e) => onValue(e.currentTarget.value)} ref=${first ? focused : undefined}
      aria-describedby=${about ? `${id}-about` : undefined} aria-invalid=${error ? "true" : undefined} ...${rest} />
    ${about && html`<small id="${id}-about">${about}</small>`}
  </div>`;
}

export function Area({label, value, onValue, error, ...rest}) {
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <textarea id=${id} value=${value} onInput=${(e) => onValue(e.currentTarget.value)}
      aria-describedby=${error ? `${id}-about` : undefined} aria-invalid=${error ? "true" : undefined} ...${rest}></textarea>
    ${error && html`<small id="${id}-about">${error}</small>`}
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

// Form sends itself off by Enter too, never by itself and never to a server's page. When that is refused
// for one of its fields, that one has the focus.
export function Form({action, blocked, children, ...rest}) {
  const form = useRef();
  useLayoutEffect(() => {
    if (action.error) form.current.querySelector("[aria-invalid]")?.focus();
  }, [action.error]);
  const send = (e) => {
    e.preventDefault();
    if (!blocked) action.run();
  };
  return html`<form ref=${form} onSubmit=${send} ...${rest}>${children}</form>`;
}

// Dialog is a question before the page. Esc and its own buttons close it, unless it is busy, and the
// focus goes back.
function Dialog({title, busy, onClose, children}) {
  const dialog = useRef();
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  const cancel = (e) => {
    e.preventDefault();
    if (!busy) onClose();
  };
  const escape = (e) => e.key === "Escape" && cancel(e);
  const closed = () => (busy ? dialog.current?.showModal() : onClose()); // browsers insist, at times
  return html`<dialog ref=${dialog} aria-labelledby=${id} onKeyDown=${escape} onCancel=${cancel} onClose=${closed}>
    <article><h2 id=${id} tabindex="-1">${title}</h2>${children}</article>
  </dialog>`;
}

// Ask is a dialog that does one thing or nothing.
export function Ask({title, yes, action, onClose, danger, blocked, beside, children}) {
  return html`<${Dialog} title=${title} busy=${action.busy} onClose=${onClose}>
    <${Form} action=${action} blocked=${blocked}>
      ${children}
      <${Problem} error=${action.error} retry=${action.run} beside=${beside} />
      <div class="actions">
        <${Button} kind="secondary outline" off=${action.busy} onClick=${() => action.busy || onClose()}>Cancel<//>
        <${Button} kind=${danger ? "danger" : ""} type="submit" busy=${action.busy} disabled=${blocked}>${yes}<//>
      </div>
    <//>
  <//>`;
}
