"use strict";
// Problems won and lost: a grid by change, and the samples of two runs side by side.
const data = readData("data");
const title = (name) => data.languages[name]?.title || name;
const plain = (status) => status.replaceAll("_", " ");
const shown = { run: 1, column: null, number: null, chunk: null };
function counts(run, column, number) {
  const grid = data.grids.find((each) => column in each.columns[0]);
  return grid.columns[run][column]?.[grid.numbers.indexOf(number)] || null;
}
function change(column, number) { // share after minus share before, or null where one has no samples
  const [before, after] = [counts(0, column, number), counts(shown.run, column, number)];
  return before && after ? after[1] / after[0] - before[1] / before[0] : null;
}
function told(column, number) {
  const [before, after] = [counts(0, column, number), counts(shown.run, column, number)];
  const by = change(column, number);
  const known = data.names[number] ? `${data.names[number]}, ` : "";
  return `${columnTitle(column)}, problem ${number}: ${known}${before[1]} of ${before[0]} before, ${after[1]} of ${after[0]} now${by > 0 ? ", won" : by < 0 ? ", lost" : ""}`;
}
function changedCells() {
  return data.grids.flatMap((grid) => grid.numbers.flatMap((number) => Object.keys(grid.columns[0])
    .filter((column) => change(column, number)).map((column) => [column, number])));
}
function drawGrid() {
  byId("grid").replaceChildren(...data.grids.map((grid) => {
    const columns = Object.keys(grid.columns[0]).filter((column) => column in grid.columns[shown.run]);
    return make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: `${grid.task}: changes by problem` }, make("table", { className: "changes" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "problem"), columns.map((column) => make("th", { scope: "col" }, columnTitle(column))))),
      make("tbody", {}, grid.numbers.map((number) => make("tr", {},
        make("th", { scope: "row" }, number, make("span", { className: "name" }, data.names[number] || "")),
        columns.map((column) => make("td", {}, gridCell(column, number))))))));
  }));
  for (const table of byId("grid").querySelectorAll("table")) { // one stop for Tab in each
    const first = table.querySelector("button");
    if (first) first.tabIndex = 0;
  }
}
function gridCell(column, number) {
  const by = change(column, number);
  if (by === null) return "";
  if (by === 0) return make("span", { title: told(column, number) }, "=");
  const words = told(column, number);
  return make("button", { type: "button", tabIndex: -1, className: by > 0 ? "better" : "worse", title: words, ariaLabel: words,
    style: { "--v": Math.abs(by) }, onclick: () => open(column, number) }, `${by > 0 ? "▲" : "▼"} ${Math.round(100 * Math.abs(by))}`);
}
byId("grid").addEventListener("keydown", (event) => { // to the next changed problem in that direction
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const cell = event.target.closest?.("td");
  if (!steps || !cell) return;
  event.preventDefault();
  const rows = [...cell.closest("tbody").rows];
  let [row, column] = [rows.indexOf(cell.parentElement), cell.cellIndex];
  for (;;) {
    row += steps[0]; column += steps[1];
    const next = rows[row]?.cells[column];
    if (!next || column < 1) return;
    const button = next.querySelector("button");
    if (button) { event.target.tabIndex = -1; button.tabIndex = 0; button.focus(); return; }
  }
});
async function open(column, number, old, now) {
  const dialog = byId("pair");
  Object.assign(shown, { column, number, chunk: null });
  byId("pair-title").textContent = told(column, number);
  byId("pair-detail").replaceChildren(make("p", {}, "reading ..."));
  if (!dialog.open) dialog.showModal();
  try {
    const chunk = await load(data.index[column][number]);
    if (shown.column !== column || shown.number !== number) return;
    shown.chunk = chunk;
    const won = change(column, number) > 0;
    fill("old", chunk.runs[0], old, !won);
    fill("now", chunk.runs[shown.run], now, won);
    show();
  } catch (fault) {
    byId("pair-detail").replaceChildren(make("p", { className: "warning" }, String(fault.message)));
  }
}
function fill(id, own, index, passed) { // first what shows the change: a sample that passed, or one that did not
  const at = index !== undefined ? own.samples.findIndex((each) => each.index === index) : own.samples.findIndex((each) => (each.status === "passed") === passed);
  byId(id).replaceChildren(...own.samples.map((each, place) => make("option", { value: place, selected: place === Math.max(0, at) }, `sample ${each.index}: ${plain(each.status)}`)));
}
function show() {
  const { chunk } = shown, language = data.languages[chunk.language];
  const pair = [["old", 0], ["now", shown.run]].map(([id, run]) => {
    const own = chunk.runs[run], sample = own.samples[Number(byId(id).value)];
    return { sample, name: data.runs[run], text: sample.completion === null ? null : own.strings[sample.completion], reason: own.strings[sample.reason] };
  });
  const facts = pair.map(({ sample, name, reason }) => make("div", {}, make("p", {}, `${name}: `,
    make("span", { className: "badge", style: { "--b": `var(--${sample.status})` } }, plain(sample.status))),
  make("dl", { className: "facts" }, [["reason", reason], ["called with", sample.called_with], ["expected", sample.expected], ["got", sample.got]]
    .filter(([, value]) => value).map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, value))))));
  const texts = pair.some(({ text }) => text === null)
    ? [make("p", { className: "warning" }, "The samples file of a run is not at hand: no completions. Show that run by itself once with --samples.")]
    : beside(pair[0].text || "(empty)", pair[1].text || "(empty)", language, pair.map(({ name }) => name));
  const canonical = chunk.canonical ? [make("details", {}, make("summary", {}, "Canonical solution"), codeOf(chunk.canonical, language, "canonical solution"))] : [];
  byId("pair-detail").replaceChildren(make("div", { className: "beside" }, facts), ...texts, ...canonical);
  address.write({ run: shown.run === 1 ? "" : shown.run, column: shown.column, problem: shown.number, old: pair[0].sample.index, now: pair[1].sample.index });
}
function step(by) {
  const cells = changedCells();
  const next = cells[cells.findIndex(([column, number]) => column === shown.column && number === shown.number) + by];
  if (next) open(...next);
}
byId("old").addEventListener("change", show);
byId("now").addEventListener("change", show);
byId("before").addEventListener("click", () => step(-1));
byId("after").addEventListener("click", () => step(1));
byId("close").addEventListener("click", () => byId("pair").close());
byId("pair").addEventListener("close", () => address.write({ column: "", problem: "", old: "", now: "" }));
byId("run").append(...data.runs.slice(1).map((name, at) => make("option", { value: at + 1 }, name)));
byId("runs").hidden = data.runs.length < 3;
byId("run").addEventListener("change", () => { shown.run = Number(byId("run").value); drawGrid(); address.write({ run: shown.run === 1 ? "" : shown.run }); });
function fromAddress() {
  const asked = address.read(), run = Number(asked.get("run") || 1);
  shown.run = data.runs[run] && run > 0 ? run : 1;
  byId("run").value = shown.run;
  drawGrid();
  const [column, number] = [asked.get("column"), asked.get("problem")];
  const index = (name) => asked.has(name) ? Number(asked.get(name)) : undefined;
  if (data.index[column]?.[number] !== undefined && change(column, number) !== null) open(column, number, index("old"), index("now"));
}
window.addEventListener("hashchange", fromAddress);
fromAddress();
