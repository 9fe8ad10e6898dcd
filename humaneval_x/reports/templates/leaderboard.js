"use strict";
const data = readData("data");
const title = (name) => name.split("-").map((each) => data.languages[each] || each).join(" to ");
const dated = data.rows.some((row) => row.date);
const figure = (row, column) => row.scores[byId("task").value]?.[column]?.[byId("size").value];
const percent = (entry) => (entry ? (100 * entry.value).toFixed(2) : "-");
const interval = (entry) => entry.n_tasks === 1 ? "no interval" : `${(100 * entry.low).toFixed(1)} to ${(100 * entry.high).toFixed(1)}`;
const CHOICES = ["task", "column", "size", "parameters", "words"];
const first = {}; // what each choice is without an address
let sorting = { by: "pass@k", down: false };
const selected = new Set();

function heads() { // name: [value to sort by, what a cell shows]; every language at once behind the column one ranks by
  const columns = columnsOf().filter((name) => name !== byId("column").value);
  return {
    rank: [(line) => line.rank], model: [(line) => line.row.model.toLowerCase()],
    "size (B)": [(line) => line.row.parameters_b ?? Infinity, (line) => line.row.parameters_b === null ? "-" : String(line.row.parameters_b)],
    ...(dated ? { date: [(line) => line.row.date || "", (line) => line.row.date || "-"] } : {}),
    "pass@k": [(line) => -line.entry.value, (line) => percent(line.entry), (line) => line.entry],
    interval: [(line) => line.entry.low - line.entry.high, (line) => interval(line.entry)],
    ...Object.fromEntries(columns.map((name) => [title(name), [(line) => -(figure(line.row, name)?.value ?? -1), (line) => percent(figure(line.row, name)), (line) => figure(line.row, name)]])),
    n: [(line) => -line.row.num_samples, (line) => String(line.row.num_samples)],
    temperature: [(line) => line.row.settings.temperature, (line) => String(line.row.settings.temperature)],
  };
}
function columnsOf() { return [...new Set(["overall", ...data.rows.flatMap((row) => Object.keys(row.scores[byId("task").value] || {}))])]; }
function options(id, values, shown = String, wanted = byId(id).value) {
  byId(id).replaceChildren(...values.map((value) => make("option", { value }, shown(value))));
  if (values.includes(wanted)) byId(id).value = wanted;
}
function fill(wanted = {}) { // each choice offers what the rows have
  options("task", [...new Set(data.rows.flatMap((row) => Object.keys(row.scores)))].sort(), String, wanted.task);
  options("column", columnsOf(), title, wanted.column);
  const sizes = new Set(data.rows.flatMap((row) => Object.keys(row.scores[byId("task").value]?.[byId("column").value] || {})));
  options("size", [...sizes].sort((a, b) => a.slice(5) - b.slice(5)), String, wanted.size);
}
function chosen() {
  const [least, most] = byId("parameters").value.split("-").map(Number);
  const words = byId("words").value.toLowerCase();
  const lines = data.rows.map((row) => ({ row, entry: figure(row, byId("column").value) })).filter((line) => line.entry);
  for (const line of lines) line.rank = 1 + lines.filter((other) => other.entry.low > line.entry.high).length;
  const any = byId("parameters").value === "0-";
  const inSize = (value) => any || (value !== null && value > least && (!most || value <= most));
  return lines.filter((line) => inSize(line.row.parameters_b) && line.row.model.toLowerCase().includes(words));
}
function draw() {
  const lines = chosen(), all = heads();
  if (!(sorting.by in all)) sorting = { by: "pass@k", down: false };
  const value = all[sorting.by][0];
  const order = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.row.name < b.row.name ? -1 : 1);
  lines.sort((a, b) => (sorting.down ? order(b, a) : order(a, b)));
  const headings = Object.keys(all).map((by) => {
    const mark = by === sorting.by ? (sorting.down ? " ▾" : " ▴") : "";
    const sort = () => {
      sorting = { by, down: by === sorting.by && !sorting.down };
      changed();
      byId("board").querySelector(`[data-by="${CSS.escape(by)}"]`).focus();
    };
    const words = by === "pass@k" ? (byId("column").value === "overall" ? byId("size").value : `${title(byId("column").value)} ${byId("size").value}`) : by;
    return make("th", { scope: "col", ariaSort: mark ? (sorting.down ? "descending" : "ascending") : "none" },
      make("button", { type: "button", "data-by": by, onclick: sort }, words + mark));
  });
  byId("board").tHead.rows[0].replaceChildren(...headings);
  byId("board").tBodies[0].replaceChildren(...lines.map((line) => make("tr", {}, Object.entries(all).map(([by, [, shown, entry]]) => {
    if (by === "rank") return make("td", {}, String(line.rank));
    if (by === "model") return nameOf(line.row);
    const shade = entry?.(line);
    return make("td", shade ? { className: "shade", style: { "--v": shade.value } } : {}, shown(line));
  }))));
  byId("shown").textContent = `${lines.length} of ${data.rows.length} models`;
  drawSizes(lines);
  drawSelected();
}
function nameOf(row) {
  return make("th", { scope: "row" },
    make("input", { type: "checkbox", checked: selected.has(row.name), ariaLabel: `select ${row.model}`, onchange: (event) => {
      if (event.target.checked) selected.add(row.name); else selected.delete(row.name);
      write();
      drawSelected();
    } }), " ", make("a", { href: row.report }, row.model),
    row.link ? [" ", make("a", { href: row.link, rel: "nofollow noreferrer", className: "out", ariaLabel: `about ${row.model}` }, "↗")] : null);
}
function svg(name, settings, ...inside) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(settings)) node.setAttribute(key, value);
  node.append(...inside);
  return node;
}
function drawSizes(lines) { // score over size, sizes on a logarithmic axis
  const there = lines.filter((line) => line.row.parameters_b !== null);
  byId("sizes").hidden = there.length < 2;
  if (there.length < 2) return;
  const logs = there.map((line) => Math.log(line.row.parameters_b)), [low, high] = [Math.min(...logs), Math.max(...logs)];
  const x = (log) => 50 + (high > low ? (log - low) / (high - low) : 0.5) * 470, y = (value) => 10 + (1 - value) * 240;
  const scale = [0, 20, 40, 60, 80, 100].flatMap((mark) => [svg("path", { class: "line", d: `M32 ${y(mark / 100)}H552` }), svg("text", { x: 26, y: y(mark / 100) + 4, "text-anchor": "end" }, String(mark))]);
  const marks = there.map((line, at) => svg("a", { href: line.row.report }, svg("circle", { class: "mark s0", cx: x(logs[at]), cy: y(line.entry.value), r: 5 },
    svg("title", {}, `${line.row.model}: ${percent(line.entry)} at ${line.row.parameters_b} B`)),
  svg("text", { class: "small", x: x(logs[at]), y: y(line.entry.value) - 9, "text-anchor": x(logs[at]) > 430 ? "end" : x(logs[at]) < 120 ? "start" : "middle" }, line.row.model.slice(0, 24))));
  const sizes = [...new Set(there.map((line) => line.row.parameters_b))].map((size) => svg("text", { x: x(Math.log(size)), y: 270, "text-anchor": "middle" }, String(size)));
  byId("size-chart").replaceChildren(svg("title", {}, `${byId("size").value} in percent over size`), ...scale, ...sizes, svg("text", { x: 292, y: 288, "text-anchor": "middle" }, "billions of parameters"), ...marks);
}
function drawSelected() { // those that are chosen, side by side; differences are from the first
  const rows = data.rows.filter((row) => selected.has(row.name) && row.scores[byId("task").value]);
  byId("selected").hidden = rows.length < 2;
  const columns = columnsOf().filter((name) => rows.some((row) => figure(row, name)));
  const cell = (row, at, name) => {
    const [own, base] = [figure(row, name), figure(rows[0], name)];
    const by = own && base && at ? 100 * (own.value - base.value) : null;
    return make("td", own ? { className: "shade", style: { "--v": own.value } } : {}, percent(own), by === null ? null : make("small", {}, ` ${by >= 0 ? "+" : "−"}${Math.abs(by).toFixed(2)}`));
  };
  byId("selected-table").tHead.replaceChildren(make("tr", {}, make("th", { scope: "col" }, byId("size").value), rows.map((row) => make("th", { scope: "col" }, row.model))));
  byId("selected-table").tBodies[0].replaceChildren(...columns.map((name) => make("tr", {}, make("th", { scope: "row" }, title(name)), rows.map((row, at) => cell(row, at, name)))));
}
function write() {
  const values = Object.fromEntries(CHOICES.map((id) => [id, byId(id).value === first[id] ? "" : byId(id).value]));
  const sort = sorting.by === "pass@k" && !sorting.down ? "" : (sorting.down ? "-" : "") + sorting.by;
  address.write({ ...values, sort, models: [...selected].join(",") });
}
function changed() { write(); draw(); }
for (const id of ["task", "column"]) byId(id).addEventListener("change", () => { fill(); changed(); });
for (const id of ["size", "parameters"]) byId(id).addEventListener("change", changed);
byId("words").addEventListener("input", changed);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
function fromAddress() {
  const asked = address.read();
  const wanted = Object.fromEntries(CHOICES.map((id) => [id, asked.get(id) || first[id]]));
  fill(wanted);
  byId("parameters").value = wanted.parameters;
  byId("words").value = wanted.words;
  const sort = asked.get("sort") || "pass@k";
  sorting = { by: sort.replace(/^-/, ""), down: sort.startsWith("-") };
  selected.clear();
  for (const name of (asked.get("models") || "").split(",").filter(Boolean)) selected.add(name);
  draw();
}
fill();
for (const id of CHOICES) first[id] = byId(id).value;
window.addEventListener("hashchange", fromAddress);
fromAddress();
