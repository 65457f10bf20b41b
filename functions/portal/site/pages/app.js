// The frame of all pages: the bar, what was said last, and the page of the address.
import {html} from "../parts/html.js";
import {go, useRoute} from "../parts/route.js";
import {isAdmin, leave, useStore} from "../parts/store.js";
import {Name, Page, Problem} from "../parts/ui.js";
import {Activity} from "./activity.js";
import {Activation} from "./activation.js";
import {Confirm, SignIn, SignUp} from "./sign-in.js";
import {Forgotten} from "./forgotten.js";
import {Home} from "./home.js";
import {Invite} from "./invite.js";
import {Members} from "./members.js";
import {Organization} from "./organization.js";
import {PMM} from "./pmm.js";
import {Profile} from "./profile.js";

const outside = {"/": SignIn, "/sign-up": SignUp, "/confirm": Confirm, "/forgotten": Forgotten, "/activation": Activation};

// inside lists the pages of who is signed in; tab is how the bar calls one.
const inside = [
  {path: "/", tab: "Home", page: Home},
  {path: "/organization", tab: "Organization", page: Organization, member: true},
  {path: "/members", tab: "Members", page: Members, member: true},
  {path: "/invite", page: Invite, member: true, admin: true, under: "/members"},
  {path: "/pmm", tab: "PMM Instances", page: PMM, member: true},
  {path: "/activity", tab: "Activity Log", page: Activity, member: true, admin: true},
  {path: "/profile", page: Profile},
  {path: "/activation", page: Activation},
];

const open = (place, state) => (!place.member || state.org) && (!place.admin || isAdmin());

// whereTo returns the page of a path for who is signed in. Pages of an organization lead home when
// there is none, as do those of who is signed out.
function whereTo(at, state) {
  const place = inside.find((one) => one.path === at);
  if (place ? place.member && !state.org : at in outside) return inside[0];
  return place && open(place, state) ? place : null;
}

const Brand = () => html`<a class="brand" href="#/"><img src=${new URL("../parts/icon.svg", import.meta.url).href} alt="" /> Roster</a>`;

function Bar({state, at}) {
  const here = inside.find((place) => place.path === at)?.under ?? at;
  const current = (path) => (path === here ? "page" : undefined);
  return html`<header class="bar"><div>
    <${Brand} />
    <nav aria-label="Main">
      ${inside.filter((place) => place.tab && open(place, state)).map((place) =>
        html`<a href="#${place.path}" aria-current=${current(place.path)}>${place.tab}</a>`)}
    </nav>
    <div class="mine">
      <a href="#/profile" aria-current=${current("/profile")}><${Name}>${state.profile.first_name || state.profile.email}<//></a>
      <button type="button" class="secondary outline" onClick=${signOut}>Sign out</button>
    </div>
  </div></header>`;
}

function signOut() {
  leave();
  go("/", "You are signed out.");
}

// Notice is there from the beginning, so that screen readers notice what comes into it.
function Notice({notice}) {
  return html`<div class="notices" role="status">
    ${notice && html`<div class="alert ${notice.bad ? "bad" : "good"}"><p>${notice.text}</p></div>`}
  </div>`;
}

function Nowhere() {
  return html`<${Page} title="There is nothing here"><p>This page is gone, or it is not for you. <a href="#/">Go home</a></p><//>`;
}

export function App({start}) {
  const state = useStore();
  const at = useRoute();
  if (state.phase === "starting") return html`<p class="starting late" role="status" aria-busy="true">Roster is loading …</p>`;
  const signedIn = state.phase === "in";
  const place = whereTo(at, state);
  const Shown = signedIn ? place?.page ?? Nowhere : outside[at] ?? SignIn;
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to content</a>
    ${signedIn && html`<${Bar} state=${state} at=${at} />`}
    <main id="main" tabindex="-1" class=${signedIn ? "" : "narrow"}>
      ${!signedIn && html`<${Brand} />`}
      <${Notice} notice=${state.notice} />
      ${state.phase === "failed"
        ? html`<${Page} title="Roster"><${Problem} error=${state.failure} retry=${start} /><//>`
        : html`<${Shown} key=${at} />`}
    </main>`;
}

function skip(e) {
  e.preventDefault();
  document.querySelector("h1").focus();
}

