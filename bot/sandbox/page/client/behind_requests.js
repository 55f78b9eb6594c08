// Requests and their answers, newest first, each to be opened: headers, body and answer as they went.

import { h } from "./dom.js";
import { placeRows } from "./behind_rows.js";
import { span, timeOfDay } from "./behind_words.js";
import { jsonView } from "./json_view.js";

/** Mount the tab of what went to Tencent; returns `show(behind)`. */
export function mountTencent(element) {
  const words = "Every request to Tencent Cloud, here played by a stand-in that checks signatures, limits and places as the real one does.";
  return mountRequests(element, words, (behind) => behind.tencent, (entry) => ({
    title: entry.action,
    about: [entry.version, span(entry.seconds)].filter(Boolean).join(" · "),
    parts: [["Headers", entry.headers], ["Body", entry.body], ["Answer", entry.answer]],
  }));
}

/** Mount the tab of what went to Discord; returns `show(behind)`. */
export function mountDiscord(element) {
  const words = "Every request to Discord's API, here played by a stand-in that keeps to its rules, limits and error codes.";
  return mountRequests(element, words, (behind) => behind.discord, (entry) => ({
    title: `${entry.method} ${entry.path}`,
    about: "",
    parts: [["Body", entry.body], ["Answer", entry.answer]],
  }));
}

function mountRequests(element, words, listed, worded) {
  const empty = h("p", { class: "empty" }, "Nothing was sent yet.");
  const list = h("ul", { class: "requests" });
  element.append(h("p", { class: "lead" }, words), empty, list);
  return (behind) => {
    const entries = listed(behind);
    empty.hidden = entries.length > 0;
    placeRows(list, entries, { key: (entry) => entry.id, make: requestRow, update: (row, entry) => row.fill(entry, worded(entry)) });
  };
}

function requestRow() {
  const time = h("time", {});
  const title = h("b", {});
  const about = h("small", {});
  const status = h("span", {});
  const inside = h("div", { class: "exchange" });
  const details = h("details", {}, h("summary", {}, time, title, status, about), inside);
  const row = h("li", {}, details);
  let said = null; // what the open entry shows, as text: an unchanged one keeps its scroll and selection
  let parts = [];
  const open = () => {
    const now = JSON.stringify(parts);
    if (!details.open || now === said) return;
    said = now;
    inside.replaceChildren(...parts.filter(([, value]) => !isEmpty(value)).flatMap(([head, value]) => [h("h4", {}, head), jsonView(value)]));
    if (!inside.children.length) inside.append(h("p", { class: "empty" }, "Neither had a body."));
  };
  details.addEventListener("toggle", open);
  row.fill = (entry, shown) => {
    time.textContent = timeOfDay(entry.at);
    title.textContent = shown.title;
    about.textContent = shown.about;
    status.className = `chip ${tone(entry)}`;
    status.textContent = answerWord(entry);
    parts = shown.parts;
    open();
  };
  return row;
}

const isEmpty = (value) => value === null || value === undefined || value === "";

const refusal = (entry) => entry.answer?.Response?.Error?.Code ?? entry.answer?.Error?.Code;

const answerWord = (entry) => refusal(entry) ?? (entry.status ? String(entry.status) : "no answer");

function tone(entry) {
  if (!entry.status || entry.status >= 500) return "bad";
  return refusal(entry) || entry.status >= 400 ? "warn" : "good";
}
