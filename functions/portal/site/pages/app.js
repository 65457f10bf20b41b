// The frame of all pages: the bar, the page of the address, and what was said last.
import {html, useEffect, useLayoutEffect, useRef} from "../parts/html.js";
import {isAdmin, leave, refresh} from "../parts/me.js";
import {arrive, correct, go} from "../parts/route.js";
import {set, useStore} from "../parts/store.js";
import {IconButton, Name, Page, Problem} from "../parts/ui.js";
import {Activity} from "./activity.js";
import {Activation} from "./activation.js";
import {Confirm, Forgotten, Reset, SignIn, SignUp} from "./sign-in.js";
import {Home} from "./home.js";
import {Invite} from "./invite.js";
import {Members} from "./members.js";
import {Organization} from "./organization.js";
import {PMM} from "./pmm.js";
import {Profile} from "./profile.js";

const outside = {"/": SignIn, "/sign-up": SignUp, "/confirm": Confirm, "/forgotten": Forgotten, "/reset": Reset, "/activation": Activation};

// inside lists the pages of who is signed in. tab is how the bar calls one; under is where it belongs,
// and leads who may no longer see it; shows says that all it shows is who is here.
const inside = [
  {path: "/", tab: "Home", page: Home, shows: true},
  {path: "/organization", tab: "Organization", page: Organization, member: true, shows: true},
  {path: "/members", tab: "Members", page: Members, member: true},
  {path: "/invite", page: Invite, member: true, admin: true, shows: true, under: "/members"},
  {path: "/pmm", tab: "PMM Instances", page: PMM, member: true},
  {path: "/activity", tab: "Activity Log", page: Activity, member: true, admin: true, under: "/"},
  {path: "/profile", page: Profile, shows: true},
  {path: "/activation", page: Activation},
];

const open = (place, state) => (!place.member || state.org) && (!place.admin || isAdmin());
const find = (at) => inside.find((one) => one.path === at);

// whereTo returns the page of a path for who is signed in. Pages of an organization lead home when there
// is none, as do those of who is signed out; one that was held until now leads to where it belongs.
function whereTo(at, state, held) {
  const place = find(at);
  if (place ? place.member && !state.org : at in outside) return find("/");
  if (!place || open(place, state)) return place;
  return held === at ? find(place.under) : null;
}

const Brand = () => html`<a class="brand" href="#/"><img src=${new URL("../parts/icon.svg", import.meta.url).href} alt="" /> Roster</a>`;

// visit begins the page anew when somebody chooses the one where they are: the address stays the same.
const visit = (e) => location.hash.replace(/\?.*/s, "") === e.currentTarget.hash && arrive();

function Bar({state, at}) {
  const nav = useRef();
  const place = find(at);
  const here = place?.tab ? at : place?.under ?? at;
  const current = (path) => (path === here ? "page" : undefined);
  useLayoutEffect(() => {
    const show = () => { // the tab where people are, where not all have room
      const tab = nav.current.querySelector("[aria-current]");
      if (tab) nav.current.scrollLeft = tab.offsetLeft - (nav.current.clientWidth - tab.offsetWidth) / 2;
    };
    show();
    addEventListener("resize", show);
    return () => removeEventListener("resize", show);
  }, [here]);
  return html`<header class="bar"><div>
    <${Brand} />
    <nav aria-label="Main" ref=${nav}>
      ${inside.filter((place) => place.tab && open(place, state)).map((place) =>
        html`<a href="#${place.path}" data-text=${place.tab} aria-current=${current(place.path)} onClick=${visit}>${place.tab}</a>`)}
    </nav>
    <div class="mine">
      <a href="#/profile" aria-current=${current("/profile")} onClick=${visit}><${Name}>${state.profile.first_name || state.profile.email}<//></a>
      <button type="button" class="secondary outline" onClick=${signOut}>Sign out</button>
    </div>
  </div></header>`;
}

function signOut() {
  leave();
  go("/", "You are signed out.");
}

// Notice stays where people see it, wherever they have scrolled to. It is there from the beginning, so
// that screen readers notice what comes into it.
function Notice({notice}) {
  const before = useRef(null);
  const close = (then) => {
    (before.current?.isConnected ? before.current : document.querySelector("h1")).focus();
    set({notice: null});
    then?.();
  };
  const entered = (e) => {
    if (!e.currentTarget.contains(e.relatedTarget)) before.current = e.relatedTarget;
  };
  return html`<div class="notices" onFocusIn=${entered}>
    <div class=${notice ? `alert ${notice.kind}` : ""}>
      <div role="status">${notice && html`<p key=${notice.key}>${notice.text}</p>`}</div>
      ${notice?.retry && html`<button type="button" class="outline" onClick=${() => close(notice.retry)}>Try again</button>`}
      ${notice && html`<${IconButton} icon="close" label="Dismiss" onClick=${() => close()} />`}
    </div>
  </div>`;
}

function Nowhere() {
  return html`<${Page} title="There is nothing here"><p>This page is gone, or it is not for you. <a href="#/">Go home</a></p><//>`;
}

// useShown returns the page to show and under which name, which is another for each visit.
function useShown(state) {
  const signedIn = state.phase === "in";
  const held = useRef(null);
  const was = useRef(false);
  const place = signedIn ? whereTo(state.at, state, held.current) : null;
  const name = `${place?.path ?? state.at} ${state.visit}`;
  useLayoutEffect(() => {
    if (place && place.path !== state.at) correct(place.path);
    held.current = place?.path ?? null;
  });
  useEffect(() => {
    if (was.current && place?.shows) refresh();
    was.current = signedIn;
  }, [signedIn, name]);
  return [signedIn ? place?.page ?? Nowhere : outside[state.at] ?? SignIn, name];
}

export function App({start}) {
  const state = useStore();
  const [Shown, name] = useShown(state);
  if (state.phase === "starting") return html`<p class="starting late" role="status" aria-busy="true">Roster is loading …</p>`;
  const signedIn = state.phase === "in";
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to content</a>
    ${signedIn && html`<${Bar} state=${state} at=${state.at} />`}
    <main id="main" tabindex="-1" class=${signedIn ? "" : "narrow"}>
      ${!signedIn && html`<${Brand} />`}
      ${state.phase === "failed"
        ? html`<${Page} title="Roster"><${Problem} error=${state.failure} retry=${start} /><//>`
        : html`<${Shown} key=${name} />`}
      <${Notice} notice=${state.notice} />
    </main>`;
}

function skip(e) {
  e.preventDefault();
  document.querySelector("h1").focus();
}
