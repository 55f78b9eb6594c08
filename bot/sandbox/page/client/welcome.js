// The words at the beginning of a channel, and over the composer what paints here with examples that fill it.

import { avatar, h, icon } from "./dom.js";

const KEY = "easel-welcome-closed";

function isClosed() {
  try {
    return sessionStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

/** What stands above the first message of a channel. */
export function welcome(store, isEmpty) {
  const place = store.place();
  const { scene } = store.state;
  const name = place ? `#${place.name}` : scene.bot.username;
  const about = place ? `The beginning of #${place.name} in ${place.guild.name}${place.seen_by ? ", which is closed to most" : ""}.` : `What ${scene.bot.username} writes to you alone, and you to it.`;
  return h("section", { class: "welcome", "aria-label": "Beginning of the channel" },
    place ? h("span", { class: "mark" }, icon(place.seen_by ? "lock" : "hash")) : avatar({ ...scene.bot, bot: true }, "big"),
    h("h2", {}, name), h("p", {}, about, isEmpty && " Nothing was written here yet."));
}

/** What to try first, until it is closed. */
export function examples(store) {
  if (isClosed()) return null;
  const { line, examples: given = [] } = store.state.scene;
  const card = h("section", { class: "examples", "aria-label": "What to try first" },
    h("p", {}, line), h("button", { type: "button", class: "quiet close", "aria-label": "Close the examples", onclick: close }, icon("close")),
    h("div", { class: "row" }, given.map(({ label, text, command, options }) =>
      h("button", { type: "button", class: "example", title: text, onclick: () => store.compose(command, options) }, label)),
      h("button", { type: "button", class: "example", onclick: () => store.show("behind", "Knobs") }, "Break it, and watch")));
  function close() {
    card.remove();
    try {
      sessionStorage.setItem(KEY, "yes");
    } catch {
      // It comes back when the page is loaded anew.
    }
  }
  return card;
}
