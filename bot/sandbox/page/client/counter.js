// The strip that counts what the bot promises: accepted, ended, and three figures that stay 0.

import { isSeen } from "./behind_feed.js";
import { h } from "./dom.js";

const COUNTS = [
  ["accepted", "accepted", "Requests that were written down before their member read “queued”."],
  ["ended", "ended", "Of these, the ones that came to their one end: a picture, a refusal with its reason, or cancelled."],
  ["lost", "lost", "Accepted requests of which nobody would ever hear again. It stays 0, kill or no kill."],
  ["posted_twice", "posted twice", "Results that were posted a second time. It stays 0."],
  ["paid_twice", "paid twice", "Pictures that were asked for a second time after they had been paid. It stays 0."],
];
const PROMISES = new Set(["lost", "posted_twice", "paid_twice"]);

/** Mount the strip; it is always in sight, and so always counts. */
export function mountCounter(element, feed) {
  const tip = h("p", { class: "tip", "aria-hidden": "true", hidden: true });
  const counts = new Map(COUNTS.map((count) => [count[0], countButton(count, tip)]));
  element.append(h("div", { class: "counter", role: "group", "aria-label": "What the bot promises, counted" }, ...counts.values(), tip));
  element.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  feed.watch(["counter"], ({ counter }) => counts.forEach((button, name) => fill(button, name, counter[name])), () => isSeen(element));
}

function countButton([name, label, meaning], tip) {
  const said = h("span", { id: `counter-${name}`, hidden: true }, meaning);
  const figure = h("b", {}, "–");
  const button = h("button", { type: "button", "aria-describedby": said.id }, `${label} `, figure, said);
  const explain = () => {
    tip.textContent = meaning;
    tip.hidden = false;
  };
  const leave = () => { tip.hidden = true; };
  button.addEventListener("mouseenter", explain);
  button.addEventListener("focus", explain);
  button.addEventListener("click", explain);
  button.addEventListener("mouseleave", leave);
  button.addEventListener("blur", leave);
  return button;
}

function fill(button, name, value) {
  const figure = button.querySelector("b");
  if (figure.textContent === String(value)) return;
  figure.textContent = String(value);
  if (PROMISES.has(name)) button.className = value ? "broken" : "kept";
}
