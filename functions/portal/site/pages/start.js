// Starts the page: remembers the link that somebody followed, and shows where they are.
import {html, render} from "../parts/html.js";
import {load, refresh} from "../parts/me.js";
import {follow} from "../parts/route.js";
import {remembered} from "../parts/session.js";
import {set, state} from "../parts/store.js";
import {keepFocus} from "../parts/work.js";
import {App} from "./app.js";
import {arrive} from "./activation.js";

// start finds out who is here. A session that is over has said so itself.
async function start() {
  if (!remembered()) return set({phase: "out"});
  set({phase: "starting"});
  try {
    await load();
  } catch (error) {
    if (state.phase !== "out") set({phase: "failed", failure: error});
  }
}

arrive();
follow();
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && state.phase === "in") refresh();
});
const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} start=${start} />`, root);
keepFocus(root);
start();
