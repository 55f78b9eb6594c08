// Makes elements: the one place where the page touches the DOM's constructors; data becomes text, never HTML.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "primary", onclick: act, "aria-label": "Send"}, "Send", icon("send")) → element.
 *  `null`, `undefined` and `false` are left out, of properties as of children; lists are flattened. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

function set(element, name, value) {
  if (!isShown(value)) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style") for (const [key, to] of Object.entries(value)) element.style.setProperty(key, to);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value" || name === "checked" || name === "indeterminate") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** Put other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(isShown));
  return element;
}

// Strokes on a grid of 24, drawn for this page.
const ICONS = {
  hash: "M10 4 8 20M16 4l-2 16M4.5 9h16M3.5 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  thread: "M5 5v7a4 4 0 0 0 4 4h10M15 12l4 4-4 4",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5",
  sound: "M4 10v4h4l5 4V6L8 10H4Zm12-1a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11",
  menu: "M4 7h16M4 12h16M4 17h16",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9a6.5 6.5 0 0 1 13 0M16 4.6a3.5 3.5 0 0 1 0 6M18 14.4a6.5 6.5 0 0 1 3.5 5.6",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm0-12v3m0 12v3m9-9h-3M6 12H3m15.4-6.4-2.2 2.2M7.8 16.2l-2.2 2.2m0-12.8 2.2 2.2m8.4 8.4 2.2 2.2",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-14v2m0 16v2M2 12h2m16 0h2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4m0-14.2-1.4 1.4M6.3 17.7l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z",
  close: "M6 6l12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  right: "m9 6 6 6-6 6",
  left: "m15 6-6 6 6 6",
  up: "M12 19V5m-6 6 6-6 6 6",
  plus: "M12 5v14M5 12h14",
  file: "M13 3H6v18h12V8l-5-5Zm0 0v5h5",
  out: "M14 4h6v6m0-6-9 9M19 14v6H4V5h6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "m9 6-5 5 5 5m-5-5h10a6 6 0 0 1 6 6v2",
  eye: "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12Zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.6-1.9L20 20",
  picture: "M4 5h16v14H4V5Zm0 11 5-5 4 4 3-3 4 4M15.5 9.5h.01",
  warn: "M12 4 2.5 20h19L12 4Zm0 6v5m0 2.5h.01",
};

/** A drawn sign; it says nothing to a screen reader, its button does. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

/** A round sign of somebody: the first letter on a colour that is always theirs. */
export function avatar(user, size = "") {
  const name = user?.global_name || user?.username || "?";
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9973, 7) * 211 % 360;
  const face = user?.bot ? easelFace() : [...name][0].toUpperCase();
  return h("span", { class: `avatar ${size} ${user?.bot ? "bot" : ""}`, style: { "--hue": hue }, "aria-hidden": "true" }, face);
}

function easelFace() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M12 3v3M6 6h12v9H6zM8.5 15 6 21M15.5 15l2.5 6M12 15v4");
  svg.append(path);
  return svg;
}
