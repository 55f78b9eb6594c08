// Owns select menus of every kind, in messages and in forms: one or several of strings, users, roles, channels.
import { fill, h, icon } from "./dom.js";
import { channels, matching, mentionables, roles, sameValue, users } from "./entities.js";
import { emoji } from "./marked.js";
import { openLayer } from "./layer.js";
import { listbox } from "./listbox.js";

const SEARCHED_FROM = 8;
const kept = new Map(); // what was chosen in a message stays until the bot edits it
const OFFERS = {
  3: (store, part) => part.options.map((option) => ({ value: option.value, label: option.label, about: option.description, icon: emoji(option.emoji, store), byDefault: option.default })),
  5: users,
  6: roles,
  7: mentionables,
  8: (store, part) => channels(store, part.channel_types),
};

/**
 * The element of a select menu. In a message `onChoose(values)` hears of what was chosen once the
 * list closes, and returns (a promise of) a sentence if that failed; in a form (`message` null) it
 * hears of every change. Values are strings, or {user|role|channel: id}. `label` is for screen readers.
 */
export function selectMenu(store, part, { message = null, onChoose, label } = {}) {
  const offered = () => OFFERS[part.type](store, part);
  const low = part.min_values ?? 1;
  const high = part.max_values ?? 1;
  const name = label || part.placeholder || "Choose";
  const place = message && `${message.id} ${message.edited_timestamp} ${part.custom_id}`;
  let chosen = kept.get(place) ?? before(part, offered());
  let sent = chosen;
  let close = null;

  const face = h("span", { class: "select-face" });
  const button = h(
    "button",
    { type: "button", class: "select", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", disabled: Boolean(part.disabled), onclick: toggle, onkeydown: opensByKey },
    face,
    icon("down"),
  );
  const fault = h("p", { class: "select-fault", role: "alert", hidden: true });
  const element = h("div", { class: "select-box" }, button, fault);
  shown();

  function opensByKey(event) {
    if (close || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    open();
  }

  function toggle() {
    if (close) close();
    else open();
  }

  function open() {
    const all = offered();
    const isSearched = part.type !== 3 || all.length >= SEARCHED_FROM;
    const search = isSearched
      ? h("input", { class: "select-search", type: "text", role: "combobox", placeholder: "Search", "aria-label": `Search: ${name}`, autocomplete: "off", "aria-expanded": "true", "aria-autocomplete": "list" })
      : null;
    const owner = search ?? button;
    const list = listbox(() => owner, { label: name, multiple: high > 1, onPick: pick });
    const none = h("p", { class: "select-none", hidden: true }, "Nothing here has that name.");
    const count = h("span", {});
    const done = h("button", { type: "button", class: "primary small", onclick: () => close() }, "Done");
    const foot = high > 1 ? h("div", { class: "select-foot" }, count, done) : null;
    const layer = h("div", { class: "select-layer", onkeydown: key }, search, list.element, none, foot);
    button.setAttribute("aria-controls", list.element.id);
    button.setAttribute("aria-expanded", "true");
    close = openLayer(layer, button, { width: true, onClose: closed });
    search?.addEventListener("input", () => list_(0));
    if (!search) button.addEventListener("keydown", key);
    list_(Math.max(0, all.findIndex((item) => has(item.value))));
    close.place();
    search?.focus({ preventScroll: true });

    function list_(at) {
      const rows = matching(all, search?.value ?? "").map((item) => ({ ...item, selected: has(item.value), disabled: high > 1 && chosen.length >= high && !has(item.value) }));
      list.show(rows, at);
      none.hidden = rows.length > 0;
      count.textContent = `${chosen.length} of ${low === high ? high : `${low} to ${high}`} chosen`;
    }

    function pick({ value }) {
      if (high === 1) {
        chosen = has(value) && low === 0 ? [] : [value];
        return close();
      }
      chosen = has(value) ? chosen.filter((each) => !sameValue(each, value)) : [...chosen, value];
      list_(list.at());
      shown();
      if (!message) onChoose(chosen);
      return null;
    }

    function key(event) {
      if (event.key === "Escape" || event.key === "Tab") {
        if (event.key === "Escape") stop(event);
        close();
      } else if (list.key(event, search ? ["Enter"] : ["Enter", " "])) event.stopPropagation();
    }

    function closed() {
      button.removeEventListener("keydown", key);
      list.leave();
      button.removeAttribute("aria-controls");
      button.setAttribute("aria-expanded", "false");
      close = null;
      shown();
      if (button.isConnected) button.focus({ preventScroll: true });
      settle();
    }
  }

  function has(value) {
    return chosen.some((each) => sameValue(each, value));
  }

  async function settle() {
    if (sameValue(chosen, sent)) return;
    if (chosen.length < low && message) return tell(`Choose at least ${low}.`);
    tell("");
    sent = chosen;
    if (place) kept.set(place, chosen);
    element.classList.add("pending");
    const failed = await onChoose(chosen);
    element.classList.remove("pending");
    if (failed) sent = null; // so that the same may be chosen again
    return null;
  }

  function tell(sentence) {
    fault.textContent = sentence;
    fault.hidden = !sentence;
  }

  function shown() {
    const items = offered().filter((item) => has(item.value));
    fill(face, items.length ? items.map(chip) : h("span", { class: "select-placeholder" }, part.placeholder || "Choose…"));
    button.setAttribute("aria-label", items.length ? `${name}: ${items.map((item) => item.label).join(", ")}` : name);
  }

  return element;
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function chip(item) {
  return h("span", { class: "select-chip" }, item.icon, item.label);
}

/** What a select holds at first: its options' or its own defaults. */
function before(part, items) {
  if (part.type === 3) return items.filter((item) => item.byDefault).map((item) => item.value);
  return (part.default_values ?? []).map(({ id, type }) => ({ [type]: id }));
}
