// The program's log, newest first, by level and by words.

import { h } from "./dom.js";
import { placeRows } from "./behind_rows.js";
import { timeOfDay } from "./behind_words.js";

export const KEYS = ["log"];

const LEVELS = ["debug", "info", "warning", "error", "critical"];
const FILTERS = [["debug", "all levels"], ["info", "from info"], ["warning", "from warning"], ["error", "errors"]];
const TONES = { warning: "warn", error: "bad", critical: "bad", info: "good" };

/** Mount the tab; returns `show(behind)`. */
export function mountLog(element) {
  const level = h("select", { "aria-label": "Least level" }, ...FILTERS.map(([value, label]) => h("option", { value }, label)));
  const search = h("input", { type: "search", placeholder: "Search the log", "aria-label": "Search the log" });
  const empty = h("p", { class: "empty" });
  const list = h("ol", { class: "log" });
  element.append(h("div", { class: "filters" }, level, search), empty, list);
  let lines = [];
  const show = () => {
    const shown = lines.filter((line) => isAtLeast(line, level.value) && hasWords(line, search.value));
    empty.hidden = shown.length > 0;
    empty.textContent = lines.length ? "No line is like that." : "The log is empty yet.";
    placeRows(list, shown, { key: (line) => line.key, make: logRow });
  };
  level.addEventListener("change", show);
  search.addEventListener("input", show);
  return (behind) => {
    lines = numbered(behind.log);
    show();
  };
}

const isAtLeast = (line, least) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(least);

const fieldsOf = (line) => Object.entries(line.fields ?? {}).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);

function hasWords(line, words) {
  const text = [line.event, ...fieldsOf(line).flat()].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Lines with the same words at the same time are told apart by their number, counted from the oldest. */
function numbered(log) {
  const counts = new Map();
  return [...log].reverse().map((line) => {
    const words = JSON.stringify(line);
    const count = counts.get(words) ?? 0;
    counts.set(words, count + 1);
    return { ...line, key: `${words}#${count}` };
  }).reverse();
}

function logRow(line) {
  const fields = fieldsOf(line).flatMap(([name, value]) => [h("span", { class: "name" }, `${name}=`), `${value} `]);
  return h("li", {},
    h("time", {}, timeOfDay(line.at)),
    h("span", { class: `chip ${TONES[line.level] ?? "quiet"}` }, line.level),
    h("b", {}, line.event),
    h("small", {}, ...fields));
}
