"use strict";
// The list of all samples: packed columns, filtered to an array of places; only the rows in sight are elements.
const list = data.list;
const ROW = 30;
const total = list.columns.status.length;
const cellAt = new Int32Array(total);  // which cell a place is in
const problemAt = new Int32Array(total);
{
  const order = {};
  for (const grid of Object.values(data.grid)) for (const number of grid.numbers) order[number] ??= Object.keys(order).length;
  const ranks = new Map(Object.keys(order).map((number) => [number, order[number]]));
  let at = 0;
  list.cells.forEach(([, number, count], cell) => {
    cellAt.fill(cell, at, at + count);
    problemAt.fill(ranks.get(number), at, at + count);
    at += count;
  });
}
const columnNames = [...new Set(list.cells.map(([name]) => name))];
const KEYS = { // title, what it sorts by, what it shows
  problem: ["problem", (at) => problemAt[at], (at) => [list.cells[cellAt[at]][1], data.names[list.cells[cellAt[at]][1]]].filter(Boolean).join(" ")],
  language: ["language", (at) => columnNames.indexOf(list.cells[cellAt[at]][0]), (at) => columnTitle(list.cells[cellAt[at]][0])],
  sample: ["sample", (at) => list.columns.index[at], (at) => String(list.columns.index[at])],
  outcome: ["outcome", (at) => list.columns.status[at], (at) => plain(list.words.status[list.columns.status[at]])],
  read: ["read as", (at) => list.columns.read_as[at], (at) => list.words.read_as[list.columns.read_as[at]]],
  cpu: ["CPU s", (at) => list.columns.cpu[at], (at) => (list.columns.cpu[at] / 100).toFixed(2)],
  memory: ["MiB", (at) => list.columns.memory[at], (at) => String(list.columns.memory[at])],
  reason: ["reason", (at) => list.columns.reason[at], (at) => list.words.reason[list.columns.reason[at]]],
};
const used = Object.keys(KEYS).filter((key) => (key !== "read" || list.words.read_as.some(Boolean)) && (key !== "reason" || list.words.reason.some(Boolean)));
const FILTERS = ["language", "outcome", "read", "text", "within", "time", "memory"];
const filterBox = (name) => byId(`filter-${name}`);
let places = [], active = 0, sortKey = "problem", sortDown = false, hits = null, search = 0;

function choices(name, values, words) {
  filterBox(name).replaceChildren(make("option", { value: "" }, "any"), ...values.map((value) => make("option", { value }, words(value))));
  filterBox(name).closest("label").hidden = values.length < 2;
}
choices("language", columnNames, columnTitle);
choices("outcome", [...list.words.status].sort(), plain);
choices("read", [...list.words.read_as].filter(Boolean).sort(), String);

function select() {
  const value = Object.fromEntries(FILTERS.map((name) => [name, filterBox(name).value]));
  const words = value.text.toLowerCase();
  const status = list.words.status.indexOf(value.outcome), read = list.words.read_as.indexOf(value.read);
  const inCell = list.cells.map(([name, number]) => (!value.language || name === value.language));
  const named = list.cells.map(([, number]) => `${number} ${data.names[number] || ""}`.toLowerCase().includes(words));
  const because = list.words.reason.map((reason) => reason.toLowerCase().includes(words));
  const least = Number(value.time) * 100, memory = Number(value.memory);
  const found = [];
  for (let at = 0; at < total; at += 1) {
    const cell = cellAt[at];
    if (inCell[cell] && (status < 0 || list.columns.status[at] === status) && (read < 0 || list.columns.read_as[at] === read)
      && list.columns.cpu[at] >= least && list.columns.memory[at] >= memory
      && (!words || named[cell] || because[list.columns.reason[at]] || hits?.has(at))) found.push(at);
  }
  const by = KEYS[sortKey][1], way = sortDown ? -1 : 1;
  const keys = new Float64Array(total);
  for (const at of found) keys[at] = by(at);
  found.sort((a, b) => way * (keys[a] - keys[b]) || problemAt[a] - problemAt[b] || a - b);
  places = found;
  active = Math.min(active, Math.max(0, places.length - 1));
  byId("list-shown").textContent = `${places.length} of ${total} samples`;
  drawHead();
  drawList();
}
function drawHead() {
  const again = document.activeElement?.dataset?.sort;
  byId("list").tHead.replaceChildren(make("tr", {}, used.map((key) => {
    const own = key === sortKey;
    return make("th", { scope: "col", className: `c-${key}`, ariaSort: own ? (sortDown ? "descending" : "ascending") : "none" },
      make("button", { type: "button", "data-sort": key, onclick: () => {
        sortDown = own && !sortDown;
        sortKey = key;
        changed();
      } }, KEYS[key][0] + (own ? (sortDown ? " ▾" : " ▴") : "")));
  })));
  if (again) byId("list").tHead.querySelector(`[data-sort="${again}"]`)?.focus();
}
function drawList() {
  const box = byId("list-box"), inside = byId("list").tBodies[0].contains(document.activeElement);
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 8);
  const last = Math.min(places.length, first + Math.ceil(box.clientHeight / ROW) + 24);
  const gap = (rows) => make("tr", { ariaHidden: "true", className: "gap" }, make("td", { colSpan: used.length, style: { height: `${rows * ROW}px` } }));
  const rows = places.slice(first, last).map((at, offset) => make("tr", { ariaRowIndex: first + offset + 2 }, used.map((key) => {
    const words = KEYS[key][2](at);
    const settings = { className: `c-${key}`, title: words };
    if (key !== used[0]) return make("td", settings, words);
    const label = `${words}, ${KEYS.language[2](at)}, sample ${KEYS.sample[2](at)}: ${KEYS.outcome[2](at)}`;
    return make("th", { ...settings, scope: "row" }, make("button", { type: "button", ariaLabel: label, "data-place": first + offset,
      tabIndex: first + offset === active ? 0 : -1, onclick: () => openPlace(first + offset) }, words));
  })));
  byId("list").ariaRowCount = places.length + 1;
  byId("list").tBodies[0].replaceChildren(gap(first), ...rows, gap(places.length - last));
  if (inside) byId("list").querySelector(`[data-place="${active}"]`)?.focus({ preventScroll: true });
}
function openPlace(place) {
  active = place;
  const at = places[place], [name, number] = list.cells[cellAt[at]];
  openCell(name, number, list.columns.index[at], (by) => {
    if (place + by >= 0 && place + by < places.length) openPlace(place + by);
  });
}
function goTo(place) {
  const box = byId("list-box"), head = byId("list").tHead.offsetHeight;
  active = Math.max(0, Math.min(places.length - 1, place));
  const top = active * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + ROW + head > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW + head - box.clientHeight;
  drawList();
  byId("list").querySelector(`[data-place="${active}"]`)?.focus({ preventScroll: true });
}
byId("list-box").addEventListener("scroll", () => requestAnimationFrame(drawList));
byId("list-box").addEventListener("keydown", (event) => {
  if (event.target.dataset.place === undefined) return;
  const page = Math.max(1, Math.floor(byId("list-box").clientHeight / ROW) - 2);
  const to = { ArrowUp: active - 1, ArrowDown: active + 1, PageUp: active - page, PageDown: active + page, Home: 0, End: places.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  goTo(to);
});
byId("cell").addEventListener("close", () => { if (document.activeElement?.dataset?.place) goTo(active); });

async function findWithin() { // reads every cell: asked for by its own box
  const words = filterBox("text").value.toLowerCase(), mine = search += 1;
  hits = null;
  if (!filterBox("within").checked || !words) return;
  const found = new Set();
  let start = 0;
  for (let cell = 0; cell < list.cells.length; cell += 1) {
    if (cell % 40 === 0) {
      byId("list-shown").textContent = `reading ${cell} of ${list.cells.length}`;
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== search) return; // other words meanwhile
    }
    const chunk = await load(cell).catch(() => null);
    const matching = chunk?.strings.map((text) => text.toLowerCase().includes(words));
    chunk?.samples.forEach((sample, offset) => { if (sample.completion !== null && matching[sample.completion]) found.add(start + offset); });
    start += list.cells[cell][2];
  }
  if (mine === search) hits = found;
}
async function changed() {
  address.write({ ...Object.fromEntries(FILTERS.map((name) => [name, name === "within" ? filterBox(name).checked : filterBox(name).value])),
    sort: sortKey === "problem" && !sortDown ? "" : (sortDown ? "-" : "") + sortKey });
  await findWithin();
  select();
}
for (const name of FILTERS) filterBox(name).addEventListener(["text", "time", "memory"].includes(name) ? "input" : "change", () => {
  active = 0;
  byId("list-box").scrollTop = 0;
  changed();
});
byId("list-filters").addEventListener("submit", (event) => event.preventDefault());
byId("list-filters").addEventListener("reset", () => setTimeout(() => { sortKey = "problem"; sortDown = false; changed(); }));

async function fromAddress() { // what the address says is what the page shows
  const asked = address.read();
  for (const name of FILTERS) {
    if (name === "within") filterBox(name).checked = asked.get(name) === "true";
    else filterBox(name).value = asked.get(name) || "";
  }
  const sort = asked.get("sort") || "problem";
  [sortDown, sortKey] = [sort.startsWith("-"), sort.replace(/^-/, "")];
  if (!(sortKey in KEYS)) [sortKey, sortDown] = ["problem", false];
  if (views[asked.get("view")]) { byId("view").value = asked.get("view"); drawGrid(views[asked.get("view")]); }
  const [name, number] = [asked.get("column"), asked.get("problem")];
  if (data.index[name]?.[number] !== undefined) openCell(name, number, Number(asked.get("sample") || 0));
  await findWithin();
  select();
}
window.addEventListener("hashchange", fromAddress);
fromAddress();
