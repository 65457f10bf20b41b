// Calls of the API, and how they fail.

// Where the API's paths begin. This file is at assets/<version>/parts below it, whatever stands before.
export const home = new URL("../../../", import.meta.url);

const patience = 30_000; // milliseconds; the gateway gives up after 29 s

// Refused is what the server said no to, in its words. One that names a field has the last part of that
// name, and what is wrong with the value.
export class Refused extends Error {
  constructor(status, answer, after) {
    super(answer.message);
    this.status = status;
    this.code = answer.code;
    this.after = Number(after) || 0; // seconds in which the same call may succeed
    const [, field = "", what = ""] = /^invalid field (?:\w+\.)*(\w+): value (?:'.*' )?(.+)$/s.exec(answer.message) ?? [];
    this.field = field;
    this.what = what && `${what[0].toUpperCase()}${what.slice(1)}.`;
  }
}

// Unreachable is a call that got no answer, or none that says anything: it may be made again.
export class Unreachable extends Error {
  constructor() {
    super("Roster cannot be reached at the moment. Check your connection and try again.");
  }
}

// again says whether the same call may well succeed later.
export const again = (error) => error instanceof Unreachable || error.status >= 500 || error.status === 429 || error.code === 10;

// send makes one call and returns the answer's object, or throws one of the above.
export async function send(method, path, body, token) {
  const headers = {"Content-Type": "application/json"};
  if (token) headers.Authorization = `Bearer ${token}`;
  let response, answer;
  try {
    response = await fetch(new URL(`v1/${path}`, home), {
      method, headers, body: body && JSON.stringify(body),
      cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(patience),
    });
    answer = await response.json();
  } catch {
    throw new Unreachable();
  }
  if (response.status === 200) return answer;
  if (!answer?.message) throw new Unreachable();
  throw new Refused(response.status, answer, response.headers.get("Retry-After"));
}
