// How the tests find things in a page: by what people read and hear.
(() => {
  const middle = (e) => {
    const box = e.getBoundingClientRect();
    return {x: box.x + box.width / 2, y: box.y + box.height / 2};
  };
  const meets = (e, top) => e.contains(top) || top?.closest("label")?.control === e;
  const shown = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const scope = () => document.querySelector("dialog[open]") ?? document;
  const text = (e) => (e.getAttribute("aria-label") ?? e.textContent).replace(/\s+/g, " ").trim();
  const labelled = (name) => [...scope().querySelectorAll("label")].filter((l) => text(l) === name && shown(l)).map((l) => l.control);
  const pressed = (name) => [...scope().querySelectorAll("button, a[href]")].filter((e) => text(e) === name && shown(e));
  return {
    count: (kind, name) => ({field: labelled, press: pressed})[kind](name).length,
    // at scrolls to the nth of them and tells its middle, once nothing stands before it and it stays where
    // it is. From then on, hit tells whether the next click met it.
    at: async (kind, name, n) => {
      const e = ({field: labelled, press: pressed})[kind](name)[n];
      if (!e || document.querySelector(".loaded[aria-busy]")) return null; // it will move
      e.scrollIntoView({block: "center", behavior: "instant"});
      const {x, y} = middle(e);
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const now = middle(e);
      if (!e.isConnected || now.x !== x || now.y !== y || e.ariaDisabled === "true" || !meets(e, document.elementFromPoint(x, y))) return null;
      window.hit = null;
      document.addEventListener("click", (click) => (window.hit = meets(e, click.target)), {capture: true, once: true});
      return {x, y};
    },
    choose: (name, n, value) => {
      const e = labelled(name)[n];
      if (!e || ![...e.options].some((o) => o.value === value)) return false;
      e.focus();
      e.value = value;
      e.dispatchEvent(new Event("change", {bubbles: true}));
      return true;
    },
    pick: (name, day) => {
      const e = labelled(name)[0];
      if (!e) return false;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(e, day);
      e.dispatchEvent(new Event("input", {bubbles: true}));
      return true;
    },
    focused: () => {
      const e = document.activeElement;
      return e.labels?.[0] ? text(e.labels[0]) : text(e);
    },
    value: (name, n) => labelled(name)[n]?.value ?? null,
    sees: (what) => read().includes(what),
    heading: () => document.querySelector("h1")?.textContent ?? "",
    headingHasFocus: () => document.activeElement?.tagName === "H1",
  };
  function read() {
    const e = scope();
    return (e === document ? document.body : e).innerText.replace(/\s+/g, " ");
  }
})()
