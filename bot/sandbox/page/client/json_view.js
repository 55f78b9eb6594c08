// JSON as text one can read: indented, names and values told apart, pictures as pictures.

import { h } from "./dom.js";

const SHORT = 60; // a list or object whose text is no longer stands on one line

/** Return an element that shows `value`; {"picture": address, "bytes": n} in it becomes a thumbnail. */
export function jsonView(value) {
  return h("pre", { class: "json", tabindex: "0" }, ...shown(value, ""));
}

function shown(value, indent) {
  if (value === null || typeof value !== "object") return [scalar(value)];
  if (typeof value.picture === "string") return [thumbnail(value)];
  if (!hasPicture(value) && JSON.stringify(value).length <= SHORT) return flat(value);
  const deeper = `${indent}  `;
  const list = Array.isArray(value);
  const lines = Object.entries(value).map(([name, inner]) => [
    deeper,
    ...(list ? [] : [h("span", { class: "name" }, name), ": "]),
    ...shown(inner, deeper),
    "\n",
  ]);
  return [list ? "[" : "{", "\n", ...lines.flat(), indent, list ? "]" : "}"];
}

function flat(value) {
  const list = Array.isArray(value);
  const parts = Object.entries(value).map(([name, inner], index) => [
    index ? ", " : "",
    ...(list ? [] : [h("span", { class: "name" }, name), ": "]),
    ...(inner !== null && typeof inner === "object" ? flat(inner) : [scalar(inner)]),
  ]);
  return [list ? "[" : "{", ...parts.flat(), list ? "]" : "}"];
}

function scalar(value) {
  const kind = typeof value === "string" ? "text" : "figure";
  return h("span", { class: kind }, typeof value === "string" ? JSON.stringify(value) : String(value));
}

function thumbnail({ picture, bytes }) {
  const alt = `picture of ${Number(bytes ?? 0).toLocaleString("en")} bytes`;
  return h("span", { class: "thumbnail" }, h("img", { src: picture, alt, loading: "lazy", width: "96", height: "72" }), ` ${alt}`);
}

function hasPicture(value) {
  if (value === null || typeof value !== "object") return false;
  return typeof value.picture === "string" || Object.values(value).some(hasPicture);
}
