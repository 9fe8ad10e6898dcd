"use strict";
const data = readData("data");
const BLOCKS = 8;

// ---- the grid of problems: one view for generation, one for each source language of translations
const views = [];
for (const [task, grid] of Object.entries(data.grid)) {
  const sources = [...new Set(Object.keys(grid.columns).map((name) => name.includes("-") ? name.split("-")[0] : ""))];
  for (const source of sources) {
    const columns = Object.keys(grid.columns).filter((name) => (name.includes("-") ? name.split("-")[0] : "") === source);
    views.push({ title: source in data.languages ? `translation from ${title(source)}` : plain(task), grid, columns });
  }
}
function title(name) { return name in data.languages ? data.languages[name].title : name; }
function target(name) { return name.split("-").pop(); }
function plain(status) { return status.replaceAll("_", " "); }
function told(name, number) {
  const { grid } = views.find((view) => view.columns.includes(name));
  const [n, c] = grid.columns[name][grid.numbers.indexOf(number)];
  const known = data.names[number] ? `${data.names[number]}, ` : "";
  return `${columnTitle(name)}, problem ${number}: ${known}${c} of ${n} passed`;
}

function drawGrid(view) {
  const { numbers } = view.grid;
  const size = Math.max(10, Math.ceil(numbers.length / BLOCKS));
  const blocks = [];
  const longest = Math.max(...numbers.map((number) => number.length));
  const named = numbers.some((number) => data.names[number]) ? 104 : 0;
  byId("grid").style.setProperty("--block", `${26 * view.columns.length + 12 + 7 * longest + named}px`);
  for (let start = 0; start < numbers.length; start += size) {
    const head = make("tr", {}, make("td"), view.columns.map((name) => make("th", { scope: "col" }, title(target(name)))));
    const body = numbers.slice(start, start + size).map((number, offset) =>
      make("tr", {}, make("th", { scope: "row", title: data.names[number] || "" }, number,
        data.names[number] ? make("span", { className: "name" }, data.names[number]) : null), view.columns.map((name, column) =>
        make("td", {}, gridCell(view, name, number, start + offset, column)))));
    blocks.push(make("table", {}, make("thead", {}, head), make("tbody", {}, body)));
  }
  byId("grid").replaceChildren(...blocks);
  const first = byId("grid").querySelector("button:enabled");
  if (first) first.tabIndex = 0;
}
function gridCell(view, name, number, row, column) {
  const counts = view.grid.columns[name][row];
  if (!counts) return make("button", { type: "button", disabled: true, ariaLabel: `${columnTitle(name)} ${number}: no samples` }, "·");
  const [n, c] = counts;
  const words = told(name, number);
  return make("button", {
    type: "button", tabIndex: -1, className: "shade", style: { "--v": c / n }, title: words, ariaLabel: words,
    "data-row": row, "data-column": column, onclick: () => openCell(name, number),
  }, String(c));
}
byId("grid").addEventListener("keydown", (event) => {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const at = event.target.dataset;
  if (!(event.key in steps) || at.row === undefined) return;
  event.preventDefault();
  let [row, column] = [Number(at.row), Number(at.column)];
  for (;;) { // over cells that have no samples
    row += steps[event.key][0]; column += steps[event.key][1];
    if (row < 0 || column < 0 || row >= views[byId("view").value].grid.numbers.length || column >= views[byId("view").value].columns.length) return;
    const next = byId("grid").querySelector(`[data-row="${row}"][data-column="${column}"]`);
    if (next) { event.target.tabIndex = -1; next.tabIndex = 0; next.focus(); return; }
  }
});
byId("view").append(...views.map((view, number) => make("option", { value: number }, view.title)));
byId("view").addEventListener("change", () => {
  drawGrid(views[byId("view").value]);
  address.write({ view: byId("view").value === "0" ? "" : byId("view").value });
});
byId("views").hidden = views.length < 2;
if (views.length) drawGrid(views[0]);

// ---- the samples behind a cell
const shown = { name: null, number: null, chunk: null, walk: null }; // walk: how to go on in the list, where one came from it
async function openCell(name, number, index, walk = null) {
  const dialog = byId("cell"), before = dialog.open ? document.activeElement : byId("sample");
  Object.assign(shown, { name, number, walk, chunk: null });
  byId("cell-title").textContent = told(name, number);
  byId("sample-detail").replaceChildren(make("p", {}, "reading ..."));
  for (const each of document.querySelectorAll(".in-list")) each.hidden = !walk;
  if (!dialog.open) dialog.showModal();
  try {
    const chunk = await load(data.index[name][number]);
    if (shown.name !== name || shown.number !== number) return; // one has gone on meanwhile
    showChunk(chunk, index);
    before.focus();
  } catch (fault) {
    byId("sample-detail").replaceChildren(make("p", { className: "warning" }, String(fault.message)));
  }
}
byId("close").addEventListener("click", () => byId("cell").close());
byId("cell").addEventListener("click", (event) => { if (event.target === byId("cell")) byId("cell").close(); });
byId("cell").addEventListener("close", () => {
  address.write({ column: "", problem: "", sample: "" });
  Object.assign(shown, { name: null, walk: null });
});

function showChunk(chunk, index) {
  shown.chunk = chunk;
  const statuses = [...new Set(chunk.samples.map((sample) => sample.status))].sort();
  byId("status").replaceChildren(make("option", { value: "" }, "every outcome"),
    ...statuses.map((status) => make("option", { value: status }, plain(status))));
  fillSamples(index);
}
function fillSamples(index) {
  const only = byId("status").value;
  byId("sample").replaceChildren(...shown.chunk.samples.map((sample, at) => [sample, at])
    .filter(([sample]) => !only || sample.status === only)
    .map(([sample, at]) => make("option", { value: at, selected: sample.index === index }, `sample ${sample.index}: ${plain(sample.status)}`)));
  showSample();
}
function showSample() {
  const sample = shown.chunk.samples[Number(byId("sample").value)];
  byId("sample-detail").replaceChildren(...sampleNodes(shown.chunk, sample));
  address.write({ column: shown.name, problem: shown.number, sample: sample.index });
}
function stepSample(by) {
  const next = byId("sample").selectedIndex + by;
  if (next >= 0 && next < byId("sample").length) { byId("sample").selectedIndex = next; showSample(); }
}
function stepProblem(by) {
  const { grid } = views.find((view) => view.columns.includes(shown.name));
  let at = grid.numbers.indexOf(shown.number) + by;
  while (at >= 0 && at < grid.numbers.length && !grid.columns[shown.name][at]) at += by;
  if (at >= 0 && at < grid.numbers.length) openCell(shown.name, grid.numbers[at]);
}
byId("status").addEventListener("change", () => fillSamples());
byId("sample").addEventListener("change", showSample);
for (const [id, go] of Object.entries({ sample: stepSample, problem: stepProblem, list: (by) => shown.walk?.(by) })) {
  byId(`${id}-before`).addEventListener("click", () => go(-1));
  byId(`${id}-after`).addEventListener("click", () => go(1));
}
byId("cell").addEventListener("keydown", (event) => {
  if (["SELECT", "PRE", "INPUT"].includes(event.target.tagName) || event.altKey || event.ctrlKey || event.metaKey) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) (event.shiftKey ? stepProblem : shown.walk || stepSample)(by);
});
byId("wrap").checked = kept("wrap") === "true";
byId("wrap").addEventListener("change", () => { kept("wrap", byId("wrap").checked); wrapLines(); });
function wrapLines() { byId("cell").classList.toggle("wrapped", byId("wrap").checked); }
wrapLines();
byId("link").addEventListener("click", async () => {
  await copied(location.href);
  byId("link").textContent = "Copied";
  setTimeout(() => { byId("link").textContent = "Copy link"; }, 1500);
});

function sampleNodes(chunk, sample) {
  const text = (id) => chunk.strings[id];
  const piece = (part) => Array.isArray(part) ? text(part[0]).slice(0, part[1]) : text(part);
  const whole = (parts) => parts.map(piece).join("");
  const language = data.languages[chunk.language];
  const program = chunk.programs[sample.program];
  const facts = [
    ["reason", text(sample.reason)], ["read as", sample.read_as || "not known"], ["checks", `${sample.checks}, ${sample.failures} failed`],
    ["CPU", `${sample.cpu_s.toFixed(2)} s`], ["wall", `${sample.wall_s.toFixed(2)} s`], ["memory", `${sample.memory_mib.toFixed(0)} MiB`],
    ["program", sample.program], ["verdict", sample.shared ? "shared with an identical program" : "of this program"],
  ];
  if (sample.other) facts.push([`under the ${data.other} texts`, plain(sample.other)]);
  const nodes = [
    make("p", {}, make("span", { className: "badge", style: { "--b": `var(--${sample.status})` } }, plain(sample.status))),
    make("dl", { className: "facts" }, facts.filter(([, value]) => value !== "").map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
  ];
  const check = [["called with", sample.called_with], ["expected", sample.expected], ["got", sample.got]].filter(([, value]) => value);
  if (check.length) nodes.push(make("dl", { className: "check", ariaLabel: "the first check that failed" }, check.map(([name, value]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, make("code", {}, value), copyButton(value, name))))));
  const section = (name, open, fill) => { // laid out when it is looked at
    const box = make("details", { open }, make("summary", {}, name));
    const once = () => { if (box.open && box.children.length === 1) box.append(...fill()); };
    box.addEventListener("toggle", once);
    once();
    nodes.push(box);
  };
  const texts = (name, parts, open, coloured) => {
    const there = parts.filter(([, value]) => value);
    if (!there.length) return;
    section(name, open, () => there.flatMap(([label, value]) =>
      [...(label ? [make("p", { className: "part" }, label)] : []), codeOf(value, coloured ? language : null, label || name)]));
  };
  if (sample.completion === null) nodes.push(make("p", { className: "warning" }, "The samples file is not at hand: no completion and no program."));
  else if (chunk.canonical) {
    section("Completion beside the canonical solution", true, () =>
      beside(text(sample.completion) || "(empty)", chunk.canonical, language, ["completion", "canonical solution"]));
  } else texts("Completion", [["", text(sample.completion) || "(empty)"]], true, true);
  texts("Compiler output", [["", text(sample.compiler_output)]], true, false);
  texts("Standard error (tail)", [["", text(sample.stderr)]], true, false);
  texts("Standard output (tail)", [["", text(sample.stdout)]], true, false);
  if (program) {
    const name = program.run ? "The program that was run" : "The program as this version assembles it: not the one that was run";
    texts(name, [["preamble", whole(program.preamble)], ["candidate", whole(program.candidate)], ["tests", whole(program.tests)], ["declared to the tests", whole(program.declared)]], false, true);
  }
  texts("Description that the prompt showed", [["", sample.description]], true, false);
  texts("Prompt", [["", chunk.prompt]], false, true);
  return nodes;
}
