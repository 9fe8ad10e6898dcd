"use strict";
// What every page has: contents that stay in sight, the theme, and tables and figures to save.
{
  const links = [...document.querySelectorAll("section > h2")].map((heading) => make("a", { href: `#${heading.id}`, onclick: (event) => {
    event.preventDefault(); // the address holds the page's state
    heading.tabIndex = -1;
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  } }, heading.textContent));
  const theme = make("select", { id: "theme", ariaLabel: "Theme" },
    [["", "system"], ["light", "light"], ["dark", "dark"]].map(([value, words]) => make("option", { value }, words)));
  const use = () => { if (theme.value) document.documentElement.dataset.theme = theme.value; else delete document.documentElement.dataset.theme; };
  theme.value = kept("theme") || "";
  theme.addEventListener("change", () => { kept("theme", theme.value); use(); });
  use();
  const shown = () => links.forEach((link) => { link.hidden = byId(link.hash.slice(1)).parentElement.hidden; });
  document.querySelectorAll("section").forEach((each) => new MutationObserver(shown).observe(each, { attributeFilter: ["hidden"] }));
  shown();
  document.body.prepend(make("nav", { ariaLabel: "Contents" }, make("div", { className: "links" }, links), theme));
}
function save(title, ending, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const name = title.toLowerCase().replace(/[^a-z0-9@]+/g, "-").replace(/^-|-$/g, "");
  make("a", { href: url, download: `${name}.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
function cellsOf(table) { return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim())); }
function csv(rows) { // a cell that a spreadsheet would compute stays text
  const cell = (text) => { const safe = /^[=@\t]|^[+-](?![\d.])/.test(text) ? `'${text}` : text; return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe; };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
function latex(rows, caption) {
  const signs = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "→": "$\\to$", "≠": "$\\neq$", "−": "$-$" };
  const escape = (text) => text.replace(/[\\~^→≠−&%$#_{}]/g, (sign) => signs[sign] || `\\${sign}`).replace(/\s+/g, " ");
  const line = (row) => `${row.map(escape).join(" & ")} \\\\`;
  return ["% needs \\usepackage{booktabs}", "\\begin{table}", `\\caption{${escape(caption)}}`, `\\begin{tabular}{l${"r".repeat(rows[0].length - 1)}}`,
    "\\toprule", line(rows[0]), "\\midrule", ...rows.slice(1).map(line), "\\bottomrule", "\\end{tabular}", "\\end{table}", ""].join("\n");
}
function toolsFor(title, ...tools) {
  return make("p", { className: "tools" }, tools.map(([name, act]) => make("button", { type: "button", ariaLabel: `Save as ${name}: ${title}`, onclick: act }, name)));
}
for (const table of document.querySelectorAll("table.figures")) {
  const title = table.caption?.textContent || table.parentElement.ariaLabel || document.title;
  table.parentElement.after(toolsFor(title, ["CSV", () => save(title, "csv", "text/csv", csv(cellsOf(table)))],
    ["LaTeX", () => save(title, "tex", "text/x-tex", latex(cellsOf(table), title))]));
}
const SVG = "http://www.w3.org/2000/svg";
const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family"];
function drawn(node) { // a copy that needs no style sheet
  const copy = node.cloneNode(true);
  const all = [node, ...node.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, at) => {
    const style = getComputedStyle(all[at]);
    each.removeAttribute("class");
    for (const name of DRAWN) each.setAttribute(name, style.getPropertyValue(name));
  });
  return copy;
}
function inSvg(name, settings, text = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(settings)) node.setAttribute(key, value);
  node.textContent = text;
  return node;
}
function wholeChart(chart, legend) { // the drawing, with its legend below
  const [, , width, height] = chart.getAttribute("viewBox").split(" ").map(Number);
  const entries = legend ? [...legend.querySelectorAll("li")] : [];
  const copy = drawn(chart);
  const all = height + 18 * entries.length;
  copy.setAttribute("viewBox", `0 0 ${width} ${all}`);
  entries.forEach((entry, at) => {
    const key = drawn(entry.querySelector("path"));
    key.setAttribute("transform", `translate(${32} ${height + 18 * at})`);
    copy.append(key, inSvg("text", { x: 50, y: height + 18 * at + 10, "font-size": 11.5, "font-family": "sans-serif" }, entry.textContent.trim()));
  });
  return finished(copy, width, all);
}
function wholeBars(bars) { // the bars of outcomes are elements: drawn anew
  const rows = [...bars.querySelectorAll(".bar")];
  const legend = [...document.querySelectorAll("#h-outcomes ~ .legend li")];
  const svg = inSvg("svg", { viewBox: `0 0 600 ${28 * rows.length + 20 * legend.length}`, "font-size": 12, "font-family": "sans-serif" });
  rows.forEach((row, at) => {
    const sum = [...row.children].reduce((total, part) => total + Number(part.style.getPropertyValue("--w")), 0);
    svg.append(inSvg("text", { x: 0, y: 28 * at + 15 }, row.previousElementSibling.textContent));
    let x = 130;
    for (const part of row.children) {
      const wide = 470 * Number(part.style.getPropertyValue("--w")) / sum;
      const block = inSvg("rect", { x, y: 28 * at, width: wide, height: 20, fill: getComputedStyle(part).backgroundColor });
      block.append(inSvg("title", {}, part.title));
      svg.append(block);
      x += wide;
    }
  });
  legend.forEach((entry, at) => {
    const y = 28 * rows.length + 20 * at;
    svg.append(inSvg("rect", { x: 130, y, width: 12, height: 12, fill: getComputedStyle(entry.firstChild).backgroundColor }), inSvg("text", { x: 148, y: y + 11 }, entry.textContent.trim()));
  });
  return finished(svg, 600, 28 * rows.length + 20 * legend.length);
}
function finished(svg, width, height) {
  svg.setAttribute("xmlns", SVG);
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  return new XMLSerializer().serializeToString(svg);
}
for (const chart of document.querySelectorAll("svg.chart")) {
  const legend = chart.nextElementSibling?.matches(".legend") ? chart.nextElementSibling : null;
  const title = chart.closest("figure").querySelector("figcaption").textContent;
  (legend || chart).after(toolsFor(title, ["SVG", () => save(title, "svg", "image/svg+xml", wholeChart(chart, legend))]));
}
for (const bars of document.querySelectorAll(".bars")) {
  const title = bars.ariaLabel.split(":")[0];
  bars.after(toolsFor(title, ["SVG", () => save(title, "svg", "image/svg+xml", wholeBars(bars))]));
}
