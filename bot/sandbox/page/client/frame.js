// The frame around the parts: the channel's head, the right side's tabs, drawers on small screens, banner and notices.

import { fill, h, icon } from "./dom.js";
import { DIRECT } from "./store.js";
import { mountMembers } from "./members.js";
import { themeButton } from "./theme.js";

const $ = id => document.getElementById(id);
const TABS = [["members", "Members"], ["behind", "Behind"]];
const NOTICE_MS = 7000;
const isNarrow = () => matchMedia("(max-width: 900px)").matches;

/** Put the frame around the parts of index.html. */
export function mountFrame(store) {
  const veil = h("div", { id: "veil", onclick: () => drawers(null) });
  $("app").append(veil);
  mountMembers($("members"), store);
  makeTabs();
  drawTabs();
  store.on("panel", drawTabs);
  for (const kind of ["scene", "where"]) store.on(kind, drawHead);
  store.on("where", () => drawers(null));
  for (const kind of ["bot", "live"]) store.on(kind, drawBanner);
  store.on("notice", notice);
  addEventListener("keydown", event => event.key === "Escape" && drawers(null));
  const centre = $("centre");
  new ResizeObserver(() => { // a drawer begins under the counter, which is always in sight
    const strip = $("counter") ?? $("head");
    $("app").style.setProperty("--under", `${strip.getBoundingClientRect().bottom}px`);
  }).observe(centre.querySelector("#timeline"));

  function drawers(open) {
    if (open === null && !$("app").dataset.drawer) return;
    $("app").dataset.drawer = open ?? "";
    for (const button of document.querySelectorAll("[data-opens]"))
      button.setAttribute("aria-expanded", String(button.dataset.opens === open));
  }

  function opener(drawer, label, sign) {
    return h("button", { type: "button", class: `quiet opens-${drawer}`, "aria-label": label, title: label, "aria-expanded": "false", data: { opens: drawer },
      onclick: () => drawers($("app").dataset.drawer === drawer ? null : drawer) }, icon(sign));
  }

  function drawHead() {
    const place = store.place();
    const name = place?.name ?? store.state.scene.bot.username;
    const about = place ? place.guild.name : "Direct messages, only between you and the bot";
    document.title = `${store.state.channel === DIRECT ? "" : "#"}${name} · Easel`;
    fill($("head"), opener("rail", "Servers and channels", "menu"),
      icon(signOf(place)), h("h1", {}, name), h("span", { class: "about" }, about),
      h("span", { class: "gap" }), themeButton(), opener("side", "Members and what happens behind", "people"));
  }

  function makeTabs() {
    fill($("tabs"), h("div", { role: "tablist", "aria-label": "Beside the channel" }, TABS.map(([id, label]) =>
      h("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": id, onclick: () => store.show(id), onkeydown: turn }, label))));
    for (const [id] of TABS) {
      $(id).setAttribute("role", "tabpanel");
      $(id).setAttribute("aria-labelledby", `tab-${id}`);
    }
  }

  function drawTabs() {
    const chosen = store.state.panel;
    $("app").dataset.panel = chosen;
    for (const [id] of TABS) {
      $(id).hidden = id !== chosen;
      $(`tab-${id}`).setAttribute("aria-selected", String(id === chosen));
      $(`tab-${id}`).tabIndex = id === chosen ? 0 : -1;
    }
  }

  function turn(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    store.show(store.state.panel === "members" ? "behind" : "members");
    $(`tab-${store.state.panel}`).focus();
  }

  function drawBanner() {
    const { bot, isLive } = store.state;
    const start = h("button", { type: "button", class: "plain", onclick: () => store.show("behind", "Knobs") }, "Start it under Behind");
    const words = !isLive ? ["The demo does not answer. The page goes on by itself as soon as it is there again."]
      : bot.state === "stopped" ? [h("span", {}, `The bot is stopped. ${bot.why ? `${bot.why} ` : ""}Nothing is lost. `, start)]
      : bot.state === "stopping" ? [`The demo is stopping. ${bot.why}`]
      : bot.state === "starting" ? ["The bot is starting …"] : [];
    fill($("banner"), words.length > 0 && h("p", { class: isLive ? bot.state : "away" }, icon("warn"), words));
  }

  function notice({ text, tone }) {
    const shown = h("p", { class: `notice ${tone}` }, text,
      h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => shown.remove() }, icon("close")));
    $("notices").append(shown);
    setTimeout(() => shown.remove(), NOTICE_MS);
  }

  store.on("panel", () => isNarrow() && drawers("side"));
}

function signOf(place) {
  if (!place) return "at";
  if ([10, 11, 12].includes(place.type)) return "thread";
  if (place.seen_by) return "lock";
  return place.type === 2 ? "sound" : "hash";
}
