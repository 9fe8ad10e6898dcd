"use strict";
// Code on the page: coloured, numbered by line, marked where two texts differ. Text is text nodes only.
const SHOWN = 200000;      // characters of one text shown at once
const HIGHLIGHTED = 60000; // longer texts stay plain and without numbers
const COMPARED = 1500;     // lines of each of two texts that are compared at most

// Chunks of samples, in the page or in files beside it; `data` is the page's own script's.
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

function copyButton(text, label) {
  return make("button", { type: "button", className: "copy", ariaLabel: `Copy ${label}`, onclick: async (event) => {
    await copied(text);
    event.target.textContent = "Copied";
    setTimeout(() => { event.target.textContent = "Copy"; }, 1500);
  } }, "Copy");
}
async function copied(text) {
  try { await navigator.clipboard.writeText(text); return; } catch { /* not allowed here: the old way below */ }
  const area = make("textarea", { value: text, style: { position: "fixed", opacity: "0" } });
  (document.querySelector("dialog[open]") || document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
function codeOf(text, language, label, marks) {
  const pre = make("pre", { tabIndex: 0, role: "region", ariaLabel: label });
  const fill = (part) => {
    const plain = part.length > HIGHLIGHTED;
    pre.classList.toggle("numbered", !plain);
    pre.replaceChildren(...(plain ? [part] : byLine(language ? highlighted(part, language) : [part], marks)));
  };
  fill(text.slice(0, SHOWN));
  const box = make("div", { className: "code" }, pre, copyButton(text, label));
  if (text.length <= SHOWN) return box;
  const all = make("button", { type: "button", onclick: () => { fill(text); all.remove(); } }, `show all ${text.length} characters`);
  box.append(all);
  return box;
}
function byLine(nodes, marks) { // every line keeps its end, so that the text is the whole text
  const lines = [];
  let line = make("span", { className: "l" });
  for (const node of nodes) {
    const parts = (node.textContent ?? node).split("\n");
    parts.forEach((part, at) => {
      const words = at < parts.length - 1 ? `${part}\n` : part;
      if (words) line.append(node.className ? make("span", { className: node.className }, words) : words);
      if (at < parts.length - 1) { lines.push(line); line = make("span", { className: "l" }); }
    });
  }
  if (line.childNodes.length) lines.push(line);
  for (const at of marks || []) lines[at]?.classList.add("differs");
  return lines;
}
function different(one, other) { // the lines of each text that the other lacks, by the longest common subsequence
  const [a, b] = [one, other].map((text) => text.replace(/\n+$/, "").split("\n").map((line) => line.trimEnd()));
  if (a.length > COMPARED || b.length > COMPARED) return null;
  const width = b.length + 1, best = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) {
    best[i * width + j] = a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
  }
  const lacking = [[], []];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { i += 1; j += 1; }
    else if (j === b.length || (i < a.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) lacking[0].push(i++);
    else lacking[1].push(j++);
  }
  return lacking;
}
function beside(one, other, language, labels) { // two texts side by side, the first one's own lines marked +, the other's -
  const found = different(one, other);
  const told = found === null ? "too long to compare by line"
    : found[0].length + found[1].length === 0 ? "no line differs" : `lines: ${found[0].length} only here (+), ${found[1].length} only there (−)`;
  const part = (text, label, marks, kind) => make("div", { className: kind }, make("p", { className: "part" }, label), codeOf(text, language, label, marks));
  return [make("p", { className: "note" }, told), make("div", { className: "beside" },
    part(one, labels[0], found?.[0], "more"), part(other, labels[1], found?.[1], "less"))];
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
