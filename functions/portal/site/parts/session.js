// The tokens of whoever is signed in. The access token lives in memory and for minutes; the refresh
// token lives as long as this tab, so that loading the page again does not sign people out.
import {Refused, send} from "./api.js";

const key = "roster.refresh_token";
const margin = 30_000; // milliseconds before its end in which an access token is no longer used

let access = "";
let end = 0; // of the access token
let refreshing = null;
let ended = () => {};

// onEnd says what happens when the session is over without anybody having asked for it.
export function onEnd(f) {
  ended = f;
}

export const remembered = () => sessionStorage.getItem(key) !== null;

export async function signIn(email, password) {
  keep(await send("POST", "auth/SignIn", {email, password}));
}

export function forget() {
  access = "";
  end = 0;
  sessionStorage.removeItem(key);
}

function keep(session) {
  access = session.access_token;
  end = Date.now() + session.expires_in * 1000;
  sessionStorage.setItem(key, session.refresh_token);
}

function over() {
  forget();
  ended();
}

// refresh gets a new access token, once for all who ask meanwhile. A dead session is over.
function refresh() {
  refreshing ??= renew().finally(() => (refreshing = null));
  return refreshing;
}

async function renew() {
  const token = sessionStorage.getItem(key);
  const left = () => sessionStorage.getItem(key) !== token; // somebody signed out meanwhile
  try {
    const session = await send("POST", "auth/RefreshSession", {refresh_token: token});
    if (left()) throw new Refused(401, {message: "You are signed out."});
    keep(session);
  } catch (error) {
    if (error instanceof Refused && error.status < 500 && error.status !== 429 && !left()) over();
    throw error;
  }
}

// token returns an access token that lives for at least so many milliseconds more.
export async function token(least = margin) {
  if (!access || Date.now() > end - least) await refresh();
  return access;
}

// accountId is who the access token is about.
export const accountId = () => JSON.parse(atob(access.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;

// authorized makes a call as whoever is signed in. A token that the server no longer takes is renewed
// once; when it does not take the new one either, the session is over.
export async function authorized(method, path, body) {
  const used = await token();
  try {
    return await send(method, path, body, used);
  } catch (error) {
    if (error.status !== 401) throw error;
  }
  if (used === access) await refresh();
  try {
    return await send(method, path, body, access);
  } catch (error) {
    if (error.status === 401) over();
    throw error;
  }
}
