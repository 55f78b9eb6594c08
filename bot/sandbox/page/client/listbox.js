// Owns lists of options that the keys of another element move through (the ARIA APG listbox).
import { h } from "./dom.js";

let made = 0;

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };

/**
 * A listbox whose active option `owner` (a field or button that keeps the focus) points at.
 * Items: {label, value, about?, icon?, hint?, group?, selected?, disabled?}; `onPick(item)`.
 */
export function listbox(owner, { label, multiple = false, onPick, className = "" }) {
  const id = `list-${(made += 1)}`;
  const element = h("div", { class: `listbox ${className}`, role: "listbox", id, "aria-label": label });
  let rows = [];
  let active = -1;
  if (multiple) element.setAttribute("aria-multiselectable", "true");
  element.addEventListener("mousedown", (event) => event.preventDefault());

  function activate(index, isPointed = false) {
    rows[active]?.row.classList.remove("active");
    active = index;
    const lit = rows[active]?.row;
    if (!lit) return owner().removeAttribute("aria-activedescendant");
    lit.classList.add("active");
    owner().setAttribute("aria-activedescendant", lit.id);
    if (!isPointed) lit.scrollIntoView({ block: "nearest" });
  }

  /** Show these items; `at` says which is active: its index, or -1 for none. */
  function show(items, at = 0) {
    const isSigned = items.some((item) => item.icon);
    rows = items.map((item, index) => ({ item, row: row(item, `${id}-${index}`, isSigned) }));
    rows.forEach(({ item, row: shown }, index) => {
      shown.addEventListener("click", () => pick(index));
      shown.addEventListener("pointermove", () => index !== active && !item.disabled && activate(index, true));
    });
    element.replaceChildren(...grouped(rows, id));
    element.hidden = rows.length === 0;
    if (rows.length) owner().setAttribute("aria-controls", id);
    else leave();
    activate(Math.min(at, rows.length - 1));
  }

  function pick(index) {
    const found = rows[index];
    if (found && !found.item.disabled) onPick(found.item);
  }

  function move(by) {
    if (!rows.length) return;
    const last = rows.length - 1;
    const next = active + by;
    if (Math.abs(by) === 1) activate(next < 0 ? last : next > last ? 0 : next);
    else activate(Math.max(0, Math.min(last, next)));
  }

  /** Handle a key pressed in the owner; whether it was one of the list's. */
  function key(event, picking = ["Enter"]) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !rows.length) return false;
    if (event.key in STEPS) move(STEPS[event.key]);
    else if (picking.includes(event.key) && !event.shiftKey && active >= 0) pick(active);
    else return false;
    event.preventDefault();
    return true;
  }

  /** The owner is left: it points at nothing any more. */
  function leave() {
    for (const name of ["aria-activedescendant", "aria-controls"]) owner().removeAttribute(name);
  }

  return { element, show, key, leave, current: () => rows[active]?.item, at: () => active, count: () => rows.length };
}

function row(item, id, isSigned) {
  return h(
    "div",
    {
      class: "listbox-row",
      role: "option",
      id,
      "aria-selected": String(Boolean(item.selected)),
      "aria-disabled": item.disabled ? "true" : null,
    },
    isSigned ? h("span", { class: "listbox-icon", "aria-hidden": "true" }, item.icon) : null,
    h(
      "span",
      { class: "listbox-text" },
      h("span", { class: "listbox-label" }, item.label),
      item.about ? h("span", { class: "listbox-about" }, item.about) : null,
    ),
    item.hint ? h("span", { class: "listbox-hint" }, item.hint) : null,
    h("span", { class: "listbox-tick", "aria-hidden": "true" }),
  );
}

/** Wrap rows that share a group, which must stand together, with its heading. */
function grouped(rows, id) {
  const parts = [];
  for (const { item, row: shown } of rows) {
    const last = parts.at(-1);
    if (!item.group) parts.push({ rows: [shown] });
    else if (last?.name === item.group) last.rows.push(shown);
    else parts.push({ name: item.group, rows: [shown] });
  }
  return parts.flatMap(({ name, rows: inner }, index) => (name ? [group(name, inner, `${id}-g${index}`)] : inner));
}

function group(name, rows, id) {
  const heading = h("div", { class: "listbox-group", id, role: "presentation" }, name);
  return h("div", { role: "group", "aria-labelledby": id }, heading, ...rows);
}
