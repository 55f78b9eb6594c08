// Owns the editors of a command's options: one per type, each showing what it takes while it has the focus.
import { localised } from "./commands.js";
import { h, icon } from "./dom.js";
import { grows } from "./grow.js";
import { channels, matching, mentionables, roles, sameValue, users } from "./entities.js";
import { chooseFiles, fileChip, shippedPhotos } from "./files.js";
import { listbox } from "./listbox.js";
import { fileFault, longest, numberOf, takes, textFault } from "./limits.js";

const AFTER_TYPING_MS = 200;
const THINGS = { 6: users, 7: (store, option) => channels(store, option.channel_types), 8: roles, 9: mentionables };
const ABOUT_THINGS = { 6: "member", 7: "channel", 8: "role", 9: "member or role" };

/**
 * The editor of one option: {element, value(), fault(), set(value), isEmpty(), focus(), take?(file)}.
 * `around` is what it stands in: {panel, id, example, filled(), changed(), next(), key(event), command}.
 */
export function optionEditor(store, option, around) {
  if (option.type === 11) return fileEditor(store, option, around);
  if (option.type === 5) return listEditor(store, option, around, () => [{ label: "True", value: true }, { label: "False", value: false }]);
  if (option.type in THINGS) return listEditor(store, option, around, () => THINGS[option.type](store, option));
  if (option.choices?.length) return listEditor(store, option, around, () => option.choices.map((choice) => ({ label: localised(choice, "name", store.state.locale), value: choice.value })));
  return option.autocomplete ? suggestedEditor(store, option, around) : textEditor(store, option, around);
}

/** What the panel says of an option. */
export function heading(store, option, more = "") {
  const { locale } = store.state;
  const hint = [option.required ? "required" : "optional", takes(option), more].filter(Boolean).join(" · ");
  return { title: localised(option, "name", locale), about: localised(option, "description", locale), hint };
}

const isNumber = (option) => option.type === 4 || option.type === 10;

/** The value of a typed text, {} while empty. */
function read(option, text) {
  if (!text.trim()) return {};
  if (isNumber(option)) return numberOf(text, option);
  const fault = textFault(text, { low: option.min_length ?? 0, high: longest(option, 6000) });
  return fault ? { fault } : { value: text };
}

function ghost(option, example) {
  if (example === undefined || typeof example === "object") return option.required ? "" : "…";
  return String(example);
}

function textEditor(store, option, around) {
  const input = grows(h("textarea", { id: around.id, class: "pill-text", rows: 1, placeholder: ghost(option, around.example), inputmode: option.type === 4 ? "numeric" : option.type === 10 ? "decimal" : null, "aria-required": String(Boolean(option.required)), autocomplete: "off" }));
  const most = isNumber(option) ? null : option.max_length;
  const count = () => (most && input.value.length > most * 0.8 ? `${[...input.value].length} / ${most}` : "");
  const show = () => around.panel.show(heading(store, option, count()));
  input.addEventListener("focus", show);
  input.addEventListener("input", () => {
    if (input.value.includes("\n")) input.value = input.value.replace(/\s*\n\s*/g, " ");
    show();
    around.changed();
  });
  input.addEventListener("keydown", (event) => around.key(event, !input.value));
  return {
    element: input,
    value: () => read(option, input.value).value,
    fault: () => read(option, input.value).fault ?? null,
    set: (value) => (input.value = String(value)),
    isEmpty: () => !input.value.trim(),
    focus: () => input.focus(),
  };
}

function comboInput(option, around, label) {
  return h("input", { id: around.id, class: "pill-text", type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-required": String(Boolean(option.required)), autocomplete: "off", spellcheck: "false", placeholder: label });
}

/** A field that takes one of a known list: choices, true or false, members, channels, roles. */
function listEditor(store, option, around, source) {
  const known = () => source();
  const example = known().find((item) => sameValue(item.value, around.example));
  const input = comboInput(option, around, example?.label ?? (ABOUT_THINGS[option.type] ? `a ${ABOUT_THINGS[option.type]}` : "choose"));
  const list = listbox(() => input, { label: option.name, onPick: pick });
  let chosen;
  input.addEventListener("focus", () => (input.select(), refresh()));
  input.addEventListener("click", refresh);
  input.addEventListener("input", () => ((chosen = undefined), refresh(), around.changed()));
  input.addEventListener("blur", () => (input.setAttribute("aria-expanded", "false"), list.leave(), settle()));
  input.addEventListener("keydown", (event) => {
    const picking = chosen ? [] : input.value ? ["Enter", "Tab"] : ["Enter"];
    if (around.panel.isOpen() && list.key(event, picking)) return;
    around.key(event, !input.value);
  });

  function refresh() {
    const all = known();
    const found = chosen ? all : matching(all, input.value);
    const rows = found.map((item) => ({ ...item, selected: Boolean(chosen && sameValue(item.value, chosen.value)) }));
    list.show(rows, Math.max(0, rows.findIndex((item) => item.selected)));
    input.setAttribute("aria-expanded", String(rows.length > 0));
    around.panel.show({ ...heading(store, option), body: list.element, note: rows.length ? null : "No options match" });
  }

  /** A label typed in full counts as chosen. */
  function settle() {
    if (!chosen && input.value) chosen = known().find((item) => item.label.toLowerCase() === input.value.trim().toLowerCase());
  }

  function pick(item) {
    chosen = item;
    written(input, item, around);
  }

  return {
    element: input,
    value: () => (settle(), chosen?.value),
    fault: () => (settle(), input.value.trim() && !chosen ? `“${input.value.trim()}” is not offered here. Choose one of the list.` : null),
    set: (value) => {
      chosen = known().find((item) => sameValue(item.value, value));
      input.value = chosen?.label ?? String(typeof value === "object" ? "" : value);
    },
    isEmpty: () => !input.value.trim(),
    focus: () => input.focus(),
  };
}

/** Write what was picked, and go on to the next option. */
function written(input, item, around) {
  input.value = item.label;
  around.changed();
  around.next();
}

/** A field the bot itself suggests values for; what it does not suggest may be sent as well. */
function suggestedEditor(store, option, around) {
  const input = comboInput(option, around, ghost(option, around.example));
  const list = listbox(() => input, { label: option.name, onPick: pick });
  let chosen;
  let asked = 0;
  let timer;
  input.addEventListener("focus", () => ask(0));
  input.addEventListener("input", () => ((chosen = undefined), ask(AFTER_TYPING_MS), around.changed()));
  input.addEventListener("blur", () => (clearTimeout(timer), (asked += 1), list.leave(), input.setAttribute("aria-expanded", "false")));
  input.addEventListener("keydown", (event) => {
    if (around.panel.isOpen() && list.key(event, chosen ? [] : input.value ? ["Enter", "Tab"] : [])) return;
    around.key(event, !input.value);
  });

  function ask(afterMs) {
    clearTimeout(timer);
    const mine = (asked += 1);
    if (!list.count()) show("Asking for options…");
    timer = setTimeout(async () => {
      const answer = await suggestions().catch((error) => error);
      if (mine !== asked) return;
      list.show(Array.isArray(answer) ? answer.map((choice) => ({ label: localised(choice, "name", store.state.locale), value: choice.value })) : []);
      show(list.count() ? null : Array.isArray(answer) ? "No options match" : "Loading options failed");
    }, afterMs);
  }

  async function suggestions() {
    const { choices } = await store.act("type", { command: around.command, option: option.name, text: chosen ? "" : input.value, options: around.filled() });
    return choices ?? [];
  }

  function show(note) {
    input.setAttribute("aria-expanded", String(list.count() > 0));
    around.panel.show({ ...heading(store, option), body: list.element, note });
  }

  function pick(item) {
    chosen = item;
    written(input, item, around);
  }

  return {
    element: input,
    value: () => chosen?.value ?? read(option, input.value).value,
    fault: () => (chosen ? null : (read(option, input.value).fault ?? null)),
    set: (value) => ((chosen = undefined), (input.value = String(value))),
    isEmpty: () => !input.value.trim(),
    focus: () => input.focus(),
  };
}

function fileEditor(store, option, around) {
  let file = null;
  const ghostName = around.example?.photo;
  const choose = h("button", { type: "button", id: around.id, class: "pill-file", "aria-required": null, onclick: async () => take((await chooseFiles({ types: option.file_types }))[0]) }, icon("picture"), ghostName ? `Choose a file (or send ${ghostName})` : "Choose, paste or drop a file");
  const element = h("span", { class: "pill-files" }, choose);
  choose.addEventListener("focus", () => around.panel.show({ ...heading(store, option), body: shippedPhotos(store, take) }));
  choose.addEventListener("keydown", (event) => event.key !== "Enter" && around.key(event, !file));

  function take(given) {
    if (!given) return;
    file = given;
    shown();
    const fault = fileFault(file, option.file_types);
    if (fault) around.blame(fault);
    else around.next();
  }

  function shown() {
    element.replaceChildren(file ? fileChip(file, () => ((file = null), shown(), choose.focus())) : choose);
    around.changed();
  }

  return {
    element,
    value: () => file ?? undefined,
    fault: () => (file ? fileFault(file, option.file_types) : null),
    set: (value) => (value instanceof File ? ((file = value), shown()) : null),
    isEmpty: () => !file,
    focus: () => element.querySelector("button").focus(),
    take,
  };
}
