// The panel of what happens behind: its tabs, and that only what is looked at is loaded.

import { h } from "./dom.js";
import { isSeen, openFeed } from "./behind_feed.js";
import * as ledger from "./behind_ledger.js";
import * as log from "./behind_log.js";
import * as queue from "./behind_queue.js";
import { mountDiscord, mountTencent } from "./behind_requests.js";
import { mountCounter } from "./counter.js";
import { mountKnobs } from "./knobs.js";

const KEPT = "easel-behind-tab";
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const TABS = [
  { name: "Queue", keys: queue.KEYS, mount: queue.mountQueue },
  { name: "Ledger", keys: ledger.KEYS, mount: ledger.mountLedger },
  { name: "Tencent", keys: ["tencent"], mount: mountTencent },
  { name: "Discord", keys: ["discord"], mount: mountDiscord },
  { name: "Log", keys: log.KEYS, mount: log.mountLog },
  { name: "Knobs", keys: [], mount: mountKnobs },
];

/** Mount the panel, and the counter as a strip under the channel's head, in sight whatever is open. */
export function mountBehind(element, store) {
  const feed = openFeed(store);
  const strip = h("div", { id: "counter" });
  document.getElementById("head").after(strip);
  mountCounter(strip, feed);
  const tabs = TABS.map((tab) => openTab(tab, store, feed));
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Behind" }, ...tabs.map((tab) => tab.button));
  element.append(h("div", { class: "behind" }, list, ...tabs.map((tab) => tab.panel)));
  const choose = (chosen) => {
    tabs.forEach((tab) => tab.select(tab === chosen));
    localStorage.setItem(KEPT, chosen.name);
  };
  tabs.forEach((tab) => tab.button.addEventListener("click", () => choose(tab)));
  list.addEventListener("keydown", (event) => {
    const to = stepped(event.key, tabs.findIndex((tab) => tab.button === document.activeElement), tabs.length);
    if (to === null) return;
    event.preventDefault();
    tabs[to].button.focus();
    choose(tabs[to]);
  });
  store.on("tab", ({ name }) => choose(tabs.find((tab) => tab.name === name)));
  choose(tabs.find((tab) => tab.name === localStorage.getItem(KEPT)) ?? tabs[0]);
}

function stepped(key, at, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return key in STEPS && at >= 0 ? (at + STEPS[key] + count) % count : null;
}

function openTab({ name, keys, mount }, store, feed) {
  const id = `behind-${name.toLowerCase()}`;
  const button = h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel` }, name);
  const panel = h("div", { class: "tab", role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, tabindex: "0" });
  const show = mount(panel, store);
  const load = keys.length ? feed.watch(keys, show, () => isSeen(panel)) : show;
  new IntersectionObserver(([seen]) => { if (seen.isIntersecting) load(); }).observe(panel);
  const select = (isChosen) => {
    button.setAttribute("aria-selected", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
    panel.hidden = !isChosen;
  };
  return { name, button, panel, select };
}
