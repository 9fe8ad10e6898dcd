"use strict";
// Builds elements from text only: nothing that a stranger wrote is ever parsed as HTML.
function make(tag, settings, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(settings || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...inside.flat().filter((each) => each !== null && each !== undefined));
  return node;
}
function byId(id) { return document.getElementById(id); }
function readData(id) { return JSON.parse(byId(id).textContent); }
