"use strict";
const data = readData("data");
const title = (name) => name.split("-").map((each) => data.languages[each] || each).join(" to ");
const HEADS = [
  ["rank", (line) => line.rank], ["model", (line) => line.row.model.toLowerCase()],
  ["size (B)", (line) => line.row.parameters_b ?? Infinity], ["pass@k", (line) => -line.entry.value],
  ["interval", (line) => line.entry.low - line.entry.high], ["n", (line) => -line.row.num_samples],
  ["temperature", (line) => line.row.settings.temperature],
];
let sorting = { by: 3, down: false };

function options(id, values, shown = String) {
  const select = byId(id), before = select.value;
  select.replaceChildren(...values.map((value) => make("option", { value }, shown(value))));
  if (values.includes(before)) select.value = before;
}
function fill() { // each choice offers what the rows have
  const of = (row) => row.scores[byId("task").value] || {};
  options("task", [...new Set(data.rows.flatMap((row) => Object.keys(row.scores)))].sort());
  options("column", [...new Set(["overall", ...data.rows.flatMap((row) => Object.keys(of(row)))])], title);
  const sizes = new Set(data.rows.flatMap((row) => Object.keys(of(row)[byId("column").value] || {})));
  options("size", [...sizes].sort((a, b) => a.slice(5) - b.slice(5)));
  draw();
}
function chosen() {
  const [least, most] = byId("parameters").value.split("-").map(Number);
  const words = byId("words").value.toLowerCase();
  const lines = data.rows
    .map((row) => ({ row, entry: row.scores[byId("task").value]?.[byId("column").value]?.[byId("size").value] }))
    .filter((line) => line.entry);
  for (const line of lines) line.rank = 1 + lines.filter((other) => other.entry.low > line.entry.high).length;
  const any = byId("parameters").value === "0-";
  const inSize = (value) => any || (value !== null && value > least && (!most || value <= most));
  return lines.filter((line) => inSize(line.row.parameters_b) && line.row.model.toLowerCase().includes(words));
}
function draw() {
  const lines = chosen();
  const value = HEADS[sorting.by][1];
  const order = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.row.name < b.row.name ? -1 : 1);
  lines.sort((a, b) => (sorting.down ? order(b, a) : order(a, b)));
  byId("board").tHead.rows[0].replaceChildren(...HEADS.map(([name], by) => {
    const mark = by === sorting.by ? (sorting.down ? " ▾" : " ▴") : "";
    const sort = () => {
      sorting = { by, down: by === sorting.by && !sorting.down };
      draw();
      byId("board").tHead.rows[0].cells[by].firstChild.focus();
    };
    return make("th", { scope: "col", ariaSort: mark ? (sorting.down ? "descending" : "ascending") : "none" },
      make("button", { type: "button", onclick: sort }, (by === 3 ? byId("size").value : name) + mark));
  }));
  byId("board").tBodies[0].replaceChildren(...lines.map(({ row, entry, rank }) => make("tr", {},
    make("td", {}, String(rank)),
    make("th", { scope: "row" }, make("a", { href: row.report }, row.model), row.link ? [" ", make("a", { href: row.link, rel: "nofollow noreferrer", className: "out", ariaLabel: `about ${row.model}` }, "↗")] : null),
    make("td", {}, row.parameters_b === null ? "-" : String(row.parameters_b)),
    make("td", { className: "shade", style: { "--v": entry.value } }, (100 * entry.value).toFixed(2)),
    make("td", {}, `${(100 * entry.low).toFixed(1)} to ${(100 * entry.high).toFixed(1)}`),
    make("td", {}, String(row.num_samples)), make("td", {}, String(row.settings.temperature)))));
  byId("shown").textContent = `${lines.length} of ${data.rows.length} models`;
}
for (const id of ["task", "column"]) byId(id).addEventListener("change", fill);
for (const id of ["size", "parameters"]) byId(id).addEventListener("change", draw);
byId("words").addEventListener("input", draw);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
fill();
fill(); // once more: the second choice depends on the first
