"use strict";
const data = readData("data");
const SHOWN = 200000;      // characters of one text shown at once
const HIGHLIGHTED = 60000; // longer texts stay plain
const BLOCKS = 8;

// ---- the grid of problems: one view for generation, one for each source language of translations
const views = [];
for (const [task, grid] of Object.entries(data.grid)) {
  const sources = [...new Set(Object.keys(grid.columns).map((name) => name.includes("-") ? name.split("-")[0] : ""))];
  for (const source of sources) {
    const columns = Object.keys(grid.columns).filter((name) => (name.includes("-") ? name.split("-")[0] : "") === source);
    views.push({ title: source ? `translation from ${title(source)}` : task, grid, columns });
  }
}
function title(name) { return name in data.languages ? data.languages[name].title : name; }
function columnTitle(name) { return name.split("-").map(title).join(" to "); }
function target(name) { return name.split("-").pop(); }

function drawGrid(view) {
  const { numbers } = view.grid;
  const size = Math.max(10, Math.ceil(numbers.length / BLOCKS));
  const blocks = [];
  const longest = Math.max(...numbers.map((number) => number.length));
  byId("grid").style.setProperty("--block", `${26 * view.columns.length + 12 + 7 * longest}px`);
  for (let start = 0; start < numbers.length; start += size) {
    const head = make("tr", {}, make("td"), view.columns.map((name) => make("th", { scope: "col" }, title(target(name)))));
    const body = numbers.slice(start, start + size).map((number, offset) =>
      make("tr", {}, make("th", { scope: "row" }, number), view.columns.map((name, column) =>
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
  const told = `${columnTitle(name)}, problem ${number}: ${c} of ${n} passed`;
  return make("button", {
    type: "button", tabIndex: -1, className: "shade", style: { "--v": c / n }, title: told, ariaLabel: told,
    "data-row": row, "data-column": column, onclick: () => openCell(name, number, told),
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
byId("view").addEventListener("change", () => drawGrid(views[byId("view").value]));
byId("views").hidden = views.length < 2;
if (views.length) drawGrid(views[0]);

// ---- the samples behind a cell
const arrived = {};
window.humaneval_x_cell = (number, chunk) => { arrived[number] = chunk; };
function load(number) {
  if (number in arrived) return Promise.resolve(arrived[number]);
  if (data.beside === null) return Promise.resolve(arrived[number] = readData(`chunk-${number}`));
  return new Promise((resolve, reject) => {
    const src = `${data.beside}/c${number}.js`;
    document.head.append(make("script", {
      src, onload: () => resolve(arrived[number]),
      onerror: () => reject(new Error(`${src} cannot be read: keep the folder beside this page`)),
    }));
  });
}
async function openCell(name, number, told) {
  byId("cell-title").textContent = told;
  byId("cell-body").replaceChildren(make("p", {}, "reading ..."));
  byId("cell").showModal();
  try {
    showChunk(await load(data.index[name][number]));
  } catch (fault) {
    byId("cell-body").replaceChildren(make("p", { className: "warning" }, String(fault.message)));
  }
}
byId("close").addEventListener("click", () => byId("cell").close());
byId("cell").addEventListener("click", (event) => { if (event.target === byId("cell")) byId("cell").close(); });

let step = () => {};
byId("cell").addEventListener("keydown", (event) => {
  if (event.target.tagName === "SELECT" || event.target.tagName === "PRE") return;
  if (event.key === "ArrowRight") step(1);
  if (event.key === "ArrowLeft") step(-1);
});
function showChunk(chunk) {
  const statuses = [...new Set(chunk.samples.map((sample) => sample.status))].sort();
  const filter = make("select", { id: "status", ariaLabel: "Outcome" }, make("option", { value: "" }, "every outcome"),
    statuses.map((status) => make("option", { value: status }, status.replaceAll("_", " "))));
  const chosen = make("select", { id: "sample", ariaLabel: "Sample" });
  const detail = make("div", { id: "sample-detail" });
  const show = () => { detail.replaceChildren(...sampleNodes(chunk, chunk.samples[Number(chosen.value)])); };
  const fill = () => {
    chosen.replaceChildren(...chunk.samples.map((sample, at) => [sample, at])
      .filter(([sample]) => !filter.value || sample.status === filter.value)
      .map(([sample, at]) => make("option", { value: at }, `sample ${sample.index}: ${sample.status.replaceAll("_", " ")}`)));
    show();
  };
  step = (by) => {
    const next = chosen.selectedIndex + by;
    if (next >= 0 && next < chosen.length) { chosen.selectedIndex = next; show(); }
  };
  filter.addEventListener("change", fill);
  chosen.addEventListener("change", show);
  byId("cell-body").replaceChildren(make("div", { className: "choose" }, filter, chosen,
    make("button", { type: "button", onclick: () => step(-1) }, "Previous"),
    make("button", { type: "button", onclick: () => step(1) }, "Next")), detail);
  fill();
  chosen.focus();
}
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
  if (sample.other) facts.push([`under the ${data.other} texts`, sample.other.replaceAll("_", " ")]);
  const nodes = [
    make("p", {}, make("span", { className: "badge", style: { "--b": `var(--${sample.status})` } }, sample.status.replaceAll("_", " "))),
    make("dl", { className: "facts" }, facts.filter(([, value]) => value !== "").map(([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value)))),
  ];
  const section = (name, parts, open, coloured) => {
    const there = parts.filter(([, value]) => value);
    if (!there.length) return;
    const box = make("details", { open }, make("summary", {}, name));
    const fill = () => { // the text is laid out when it is looked at
      if (box.open && box.children.length === 1) {
        for (const [label, value] of there) box.append(label ? make("p", { className: "part" }, label) : "", codeOf(value, coloured ? language : null));
      }
    };
    box.addEventListener("toggle", fill);
    fill();
    nodes.push(box);
  };
  if (sample.completion === null) nodes.push(make("p", { className: "warning" }, "The samples file is not at hand: no completion and no program."));
  else section("Completion", [["", text(sample.completion) || "(empty)"]], true, true);
  section("Compiler output", [["", text(sample.compiler_output)]], true, false);
  section("Standard error (tail)", [["", text(sample.stderr)]], true, false);
  section("Standard output (tail)", [["", text(sample.stdout)]], true, false);
  if (program) {
    const name = program.run ? "The program that was run" : "The program as this version assembles it: not the one that was run";
    section(name, [["preamble", whole(program.preamble)], ["candidate", whole(program.candidate)], ["tests", whole(program.tests)], ["declared to the tests", whole(program.declared)]], false, true);
  }
  section("Prompt", [["", chunk.prompt]], false, true);
  return nodes;
}
function codeOf(text, language) {
  const pre = make("pre", { tabIndex: 0 });
  const fill = (part) => pre.replaceChildren(...(language && part.length <= HIGHLIGHTED ? highlighted(part, language) : [part]));
  fill(text.slice(0, SHOWN));
  if (text.length <= SHOWN) return pre;
  const all = make("button", { type: "button", onclick: () => { fill(text); all.remove(); } }, `show all ${text.length} characters`);
  return make("div", {}, pre, all);
}
function highlighted(text, language) {
  const comment = language.comment === "#" ? "#[^\\n]*" : `${language.comment}[^\\n]*|/\\*[^]*?(?:\\*/|$)`;
  const string = '"""[^]*?(?:"""|$)|\'\'\'[^]*?(?:\'\'\'|$)|"(?:\\\\.|[^"\\\\\\n])*"?|\'(?:\\\\.|[^\'\\\\\\n])*\'?|`[^`]*`?';
  const token = new RegExp(`(${comment})|(${string})|(\\b\\d[\\w.]*)|([A-Za-z_$][\\w$]*)`, "g");
  const keywords = new Set(language.keywords);
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(token)) {
    const kind = found[1] ? "c" : found[2] ? "s" : found[3] ? "n" : keywords.has(found[4]) ? "k" : null;
    if (!kind) continue;
    nodes.push(text.slice(at, found.index), make("span", { className: `t-${kind}` }, found[0]));
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}
