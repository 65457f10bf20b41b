// What happened in the organization, for its Admins.
import {html, useState} from "../parts/html.js";
import {accountId} from "../parts/session.js";
import {call, useStore} from "../parts/store.js";
import {Sentence, people, unknown} from "../parts/story.js";
import {Button, Choice, Field, Loaded, Page, When} from "../parts/ui.js";
import {useLoad} from "../parts/work.js";

const size = 20;
const orders = [["timestamp 1", "Newest first"], ["timestamp 0", "Oldest first"], ["action_type 0", "By kind"]];

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
// by what they did first in this period, which may be to join: to look further back is to read the whole log.
async function read(org, {from, to, order, index}) {
  const mine = filter("organization_id", org.id);
  const [field_name, direction] = order.split(" ");
  const [found, {members}] = await Promise.all([
    search({page_params: {page_size: size, index}, filters: [mine, ...period(from, to)], sorting_params: {field_name, order: Number(direction)}}),
    call("POST", `orgs/${org.id}/members:search`),
  ]);
  let known = people(found.events, members);
  const missing = unknown(found.events, known, accountId());
  if (missing.length > 0) {
    const first = await search({
      page_params: {page_size: 100, index: 0}, sorting_params: {field_name: "timestamp", order: 0},
      filters: [mine, ...period(from, to), filter("okta_user_id", missing), filter("action_type", ["CREATE", "UPDATE"])],
    });
    known = people([...found.events, ...first.events], members);
  }
  return {...found, known};
}

export function Activity() {
  const {org} = useStore();
  const [asked, setAsked] = useState({from: day(30), to: day(0), order: orders[0][0], index: 0});
  const log = useLoad(() => read(org, asked), org.id, asked.from, asked.to, asked.order, asked.index);
  const ask = (what) => setAsked({...asked, index: 0, ...what});
  return html`<${Page} title="Activity Log">
    <div class="inline filters">
      <${Field} label="From" type="date" value=${asked.from} max=${asked.to} onValue=${(from) => ask({from})} />
      <${Field} label="To" type="date" value=${asked.to} min=${asked.from} onValue=${(to) => ask({to})} />
      <${Choice} label="Order" options=${orders} value=${asked.order} onValue=${(order) => ask({order})} />
    </div>
    <${Loaded} of=${log} what="the log">${(found) => html`<${Log} found=${found} index=${asked.index} onIndex=${(index) => ask({index})} />`}<//>
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
      <${Button} kind="secondary outline" disabled=${index === 0} onClick=${() => onIndex(index - 1)}>Previous<//>
      <span role="status">Page ${index + 1} of ${pages}, ${items} ${items === 1 ? "entry" : "entries"}</span>
      <${Button} kind="secondary outline" disabled=${index + 1 >= pages} onClick=${() => onIndex(index + 1)}>Next<//>
    </nav>`;
}
