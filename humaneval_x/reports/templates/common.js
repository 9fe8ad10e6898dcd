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
function columnTitle(name) { // "cpp", "python-go", "repair-go"
  const [origin, target] = name.split("-");
  if (target && !(origin in data.languages)) return `${title(target)}, ${plain(origin)}`;
  return name.split("-").map(title).join(" to ");
}
function readData(id) { return JSON.parse(byId(id).textContent); }

// The state of a page stands behind the # of its address, so that what one sees can be sent to somebody.
const address = {
  read() { return new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : ""); },
  write(values) { // undefined and "" go
    const now = address.read();
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || value === null || value === "" || value === false) now.delete(name); else now.set(name, String(value));
    }
    history.replaceState(null, "", now.size ? `#${now}` : location.pathname + location.search);
  },
};
function kept(name, value) { // a choice that stays from page to page, where the browser keeps any
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch { return null; }
}
