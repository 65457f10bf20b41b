// What happened in the organization, for its Admins.
import {Choice, Field} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call} from "../parts/me.js";
import {asked as kept, remember} from "../parts/route.js";
import {accountId} from "../parts/session.js";
import {useStore} from "../parts/store.js";
import {Sentence, nameless, people, unknown} from "../parts/story.js";
import {Button, Loaded, Page, When} from "../parts/ui.js";
import {useLoad} from "../parts/work.js";

const size = 20;
const orders = [["timestamp 1", "Newest first"], ["timestamp 0", "Oldest first"], ["action_type 0", "By kind"]];

const nothing = {events: [], page_totals: {total_items: 0, total_pages: 0}};

const search = (fsp) => call("POST", "events:search", {fsp});
const filter = (name, value, filter_type = 0) => ({field: {name, value}, filter_type});

// day returns a date as inputs have it, so many days before today.
function day(before) {
  const at = new Date();
  at.setDate(at.getDate() - before);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

// period returns the filters of a time between two days, both whole, by this browser's clock.
function period(from, to) {
  const all = [];
  if (from) all.push(filter("timestamp", new Date(`${from}T00:00:00`).toISOString(), 3));
  if (to) all.push(filter("timestamp", new Date(`${to}T23:59:59.999`).toISOString(), 5));
  return all;
}

// read returns a page of the log, and who is who in it. Who acted and did not join on this page is named
// by what they did first in this period, which may be to join, and whom something was done to by who was
// added last in it: to look further back is to read the whole log.
async function read(org, {from, to, order, index}) {
  const mine = filter("organization_id", org.id);
  const [field_name, direction] = order.split(" ");
  const [found, {members}] = await Promise.all([
    search({page_params: {page_size: size, index}, filters: [mine, ...period(from, to)], sorting_params: {field_name, order: Number(direction)}}),
    call("POST", `orgs/${org.id}/members:search`),
  ]);
  const known = people(found.events, members);
  const more = (order, ...filters) => search({
    page_params: {page_size: 100, index: 0}, sorting_params: {field_name: "timestamp", order}, filters: [mine, ...period(from, to), ...filters],
  });
  const actors = unknown(found.events, known, accountId());
  const told = await Promise.all([
    actors.length > 0 && more(0, filter("okta_user_id", actors), filter("action_type", ["CREATE", "UPDATE"])),
    nameless(found.events, known, accountId()) && more(1, filter("action_type", "CREATE")),
  ]);
  return {...found, known: people([found, ...told].flatMap((it) => it.events ?? []), members)};
}

// first is what is asked for at first: what the address says, as far as it can be asked for.
function first() {
  const {from, to, order, page} = kept();
  return {
    from: from ?? day(30), to: to ?? day(0), order: orders.some(([key]) => key === order) ? order : orders[0][0],
    index: /^[1-9]\d{0,5}$/.test(page) ? page - 1 : 0,
  };
}

const isDay = (text) => text === "" || (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)));

// wrong says what is wrong with the days of a period.
function wrong({from, to}) {
  const bad = "This is no day of a year up to 9999.";
  if (!isDay(from)) return {from: bad};
  if (!isDay(to)) return {to: bad};
  return from && to && from > to ? {to: "This is before the first day."} : null;
}

export function Activity() {
  const {org} = useStore();
  const [asked, setAsked] = useState(first);
  const no = wrong(asked);
  const log = useLoad(() => (no ? nothing : read(org, asked)), org.id, asked.from, asked.to, asked.order, asked.index);
  const ask = (what) => {
    const {index, ...rest} = {...asked, index: 0, ...what};
    setAsked({...rest, index});
    remember({...rest, page: index + 1});
  };
  return html`<${Page} title="Activity Log">
    <div class="inline filters">
      <${Field} label="From" type="date" max="9999-12-31" value=${asked.from} error=${no?.from} onValue=${(from) => ask({from})} />
      <${Field} label="To" type="date" max="9999-12-31" value=${asked.to} error=${no?.to} onValue=${(to) => ask({to})} />
      <${Choice} label="Order" options=${orders} value=${asked.order} onValue=${(order) => ask({order})} />
    </div>
    ${!no && html`<${Loaded} of=${log} what="the log">${(found) => html`<${Log} found=${found} index=${asked.index} onIndex=${(index) => ask({index})} />`}<//>`}
  <//>`;
}

function Log({found, index, onIndex}) {
  const {total_items: items, total_pages: pages} = found.page_totals;
  if (items === 0) return html`<article class="empty"><p>Nothing happened in this period.</p></article>`;
  return html`
    <article class="sheet"><ul class="list log">${found.events.map((event) => html`<li key=${event.id}>
      <span><${Sentence} event=${event} known=${found.known} me=${accountId()} /></span>
      <small><${When} at=${event.timestamp} /></small>
    </li>`)}</ul></article>
    <nav class="more" aria-label="Pages of the log">
      ${pages > 1 && html`<${Button} kind="secondary outline" off=${index === 0} onClick=${() => index > 0 && onIndex(Math.min(index, pages) - 1)}>Previous<//>`}
      <span role="status">${pages > 1 && `Page ${index + 1} of ${pages}, `}${items} ${items === 1 ? "entry" : "entries"}</span>
      ${pages > 1 && html`<${Button} kind="secondary outline" off=${index + 1 >= pages} onClick=${() => index + 1 < pages && onIndex(index + 1)}>Next<//>`}
    </nav>`;
}
