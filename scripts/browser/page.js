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
    tabInView: () => {
      const tab = document.querySelector(".bar nav [aria-current]")?.getBoundingClientRect();
      return !tab || (tab.left >= 0 && tab.right <= innerWidth);
    },
    weak,
    value: (name, n) => labelled(name)[n]?.value ?? null,
    sees: (what) => read().includes(what) && !hidden(what),
    heading: () => document.querySelector("h1")?.textContent ?? "",
    headingHasFocus: () => document.activeElement?.tagName === "H1",
  };
  // hidden says whether a notice says it, and out of sight.
  function hidden(what) {
    const said = document.querySelector(".notices p");
    if (!said?.innerText.includes(what) || scope() !== document) return false;
    const box = said.getBoundingClientRect();
    return box.top < 0 || box.bottom > innerHeight || box.left < 0 || box.right > innerWidth;
  }
  // weak lists controls whose border, or whose mark of the focus, is less than three to one on what is
  // behind it (WCAG 2.2, 1.4.11).
  function weak() {
    const found = [];
    const all = [...scope().querySelectorAll("input:not([hidden]), select, textarea, button, a[href]")].filter(shown);
    const check = (e, what, colour) => {
      const ratio = contrast(parts(colour), behind(e.parentElement));
      if (ratio < 3) found.push(`${what} of ${e.labels?.[0] ? text(e.labels[0]) : text(e)}: ${colour}, ${ratio.toFixed(2)}`);
    };
    document.activeElement.blur();
    for (const e of all.filter((one) => one.labels && one.tagName !== "BUTTON")) check(e, "border", getComputedStyle(e).borderTopColor);
    for (const e of all) {
      e.focus();
      const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(e);
      check(e, "focus", outlineStyle === "solid" && parseFloat(outlineWidth) >= 2 ? outlineColor : "rgba(0, 0, 0, 0)");
    }
    return found;
  }
  function parts(colour) {
    return colour.match(/[\d.]+/g).map(Number);
  }
  // behind is the colour on which an element stands.
  function behind(e) {
    const colour = e ? parts(getComputedStyle(e).backgroundColor) : [255, 255, 255];
    return (colour[3] ?? 1) < 1 ? behind(e.parentElement) : colour;
  }
  function contrast([r, g, b, a = 1], back) {
    const light = (colour) => colour.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0.05);
    const mixed = [r, g, b].map((v, i) => v * a + back[i] * (1 - a));
    const [one, other] = [light(mixed), light(back.slice(0, 3))];
    return Math.max(one, other) / Math.min(one, other);
  }
  function read() {
    const e = scope();
    return ((e === document ? document.body : e)?.innerText ?? "").replace(/\s+/g, " ");
  }
})()
