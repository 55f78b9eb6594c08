// Owns the line of a chosen command: its options as pills, required ones first, and what it would send.
import { exampleOf } from "./commands.js";
import { fill, h, icon } from "./dom.js";
import { listbox } from "./listbox.js";
import { heading, optionEditor } from "./options.js";

let made = 0;

/**
 * The pills of one command. `around`: {panel, given (values by option), onSend, onLeave, onChange}.
 * Returns {element, entry, focus(), gather(), refuse(sentence), attach(file), draft()}.
 */
export function commandLine(store, entry, { panel, given = {}, onSend, onLeave, onChange }) {
  const examples = exampleOf(store, entry);
  const pills = new Map();
  const name = h("span", { class: "command-name" }, `/${entry.shown}`);
  const row = h("div", { class: "pills" });
  const more = h("button", { type: "button", class: "pill-more", "aria-haspopup": "listbox", "aria-expanded": "false" });
  const fault = h("p", { class: "composer-fault", id: `fault-${(made += 1)}`, role: "alert", hidden: true });
  const element = h("div", { class: "command-line", role: "group", "aria-label": `/${entry.shown}` }, name, row, fault);
  const rest = listbox(() => more, { label: "More options", onPick: (item) => (add(item.value), pills.get(item.value.name).editor.focus()) });
  const about = h("p", { class: "command-about" }, entry.about);
  if (!entry.options.length) row.append(about);
  else row.append(more);

  const wanted = entry.options.filter((option) => option.required || option.name in given);
  for (const option of [...wanted].sort((one, other) => Number(Boolean(other.required)) - Number(Boolean(one.required)))) add(option);
  for (const [option, value] of Object.entries(given)) pills.get(option)?.editor.set(value);
  counted();
  more.addEventListener("click", offer);
  more.addEventListener("focus", offer);
  more.addEventListener("blur", () => (more.setAttribute("aria-expanded", "false"), rest.leave()));
  more.addEventListener("keydown", (event) => {
    if (panel.isOpen() && rest.key(event, ["Enter"])) return;
    key(event, false);
  });
  element.addEventListener("focusin", () => element.classList.add("focused"));
  element.tabIndex = -1;
  if (!entry.options.length) element.addEventListener("keydown", (event) => key(event, true));

  function left() {
    return entry.options.filter((option) => !pills.has(option.name));
  }

  function counted() {
    const count = left().length;
    more.hidden = count === 0;
    fill(more, `+${count} ${count === 1 ? "option" : "options"}`);
  }

  function offer() {
    const items = left().map((option) => {
      const { title, about: said } = heading(store, option);
      return { label: title, about: said, value: option };
    });
    rest.show(items);
    more.setAttribute("aria-expanded", "true");
    panel.show({ title: "Optional", about: "Enter adds one; Send works without", body: rest.element });
  }

  function add(option) {
    const id = `option-${(made += 1)}`;
    const { title } = heading(store, option);
    const around = { panel, id, example: examples[option.name], command: entry.command, filled, changed, next: () => next(option.name), blame: (sentence) => blame(option.name, sentence), key: (event, isEmpty) => key(event, isEmpty, option) };
    const editor = optionEditor(store, option, around);
    const away = h("button", { type: "button", class: "pill-away", "aria-label": `Remove ${title}`, onclick: () => remove(option) }, icon("close"));
    const pill = h("div", { class: "pill" }, h("label", { class: "pill-name", for: id }, title), editor.element, option.required ? null : away);
    pills.set(option.name, { option, editor, pill });
    row.insertBefore(pill, more);
    counted();

    function changed() {
      pill.classList.remove("wrong");
      pill.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
      tell("");
      onChange();
    }
  }

  function remove(option) {
    pills.get(option.name)?.pill.remove();
    pills.delete(option.name);
    counted();
    focusLast();
  }

  function focusLast() {
    const last = [...pills.values()].at(-1);
    if (last) last.editor.focus();
    else if (!more.hidden) more.focus();
  }

  /** After a choice: to the next pill that is still empty, else on to what is optional. */
  function next(from) {
    const names = [...pills.keys()];
    const after = [...names.slice(names.indexOf(from) + 1), ...names].find((each) => pills.get(each).editor.isEmpty());
    if (after) pills.get(after).editor.focus();
    else if (!more.hidden) more.focus();
    else pills.get(from).editor.focus();
  }

  /** Keys every pill shares: Enter sends, Esc closes and then leaves, Backspace in an empty one goes back. */
  function key(event, isEmpty, option = null) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) onSend();
    else if (event.key === "Escape" && panel.isOpen()) panel.hide();
    else if (event.key === "Escape") onLeave();
    else if (event.key === "Backspace" && isEmpty) back(option);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function back(option) {
    if (option && !option.required) return remove(option);
    const names = [...pills.keys()];
    const at = names.indexOf(option?.name);
    return at > 0 ? pills.get(names[at - 1]).editor.focus() : onLeave();
  }

  /** Everything that was filled in, right or wrong, to be taken up again. */
  function draft() {
    const full = [...pills.values()].filter(({ editor }) => !editor.isEmpty());
    return Object.fromEntries(full.map(({ option, editor, pill }) => [option.name, editor.value() ?? pill.querySelector(".pill-text").value]));
  }

  /** What is filled in so far, as the bot hears it while one types; files are left out. */
  function filled() {
    const values = [...pills.values()].map(({ option, editor }) => [option.name, editor.value()]);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined && !(value instanceof File)));
  }

  /** {options, files} to send, or null where something is wrong, which is then said and focused. */
  function gather() {
    const options = {};
    const files = [];
    for (const { option, editor } of pills.values()) {
      const sentence = editor.fault() ?? (editor.isEmpty() && option.required && examples[option.name] === undefined ? "This option is required." : null);
      if (sentence) return blame(option.name, sentence);
      const value = editor.isEmpty() ? (option.required ? examples[option.name] : undefined) : editor.value();
      if (value !== undefined) options[option.name] = value instanceof File ? { file: files.push(value) - 1 } : value;
    }
    return { options, files };
  }

  function blame(which, sentence) {
    const found = pills.get(which);
    found?.editor.focus();
    found?.pill.classList.add("wrong");
    const input = found?.pill.querySelector(".pill-text, .pill-file");
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-describedby", fault.id);
    tell(found ? `${heading(store, found.option).title}: ${sentence}` : sentence);
    return null;
  }

  function tell(sentence) {
    fault.textContent = sentence;
    fault.hidden = !sentence;
  }

  /** A sentence of the server: at the option it names, if it names one. */
  function refuse(sentence) {
    const named = entry.options.find((option) => sentence.includes(`'${option.name}'`));
    if (named && pills.has(named.name)) pills.get(named.name).pill.classList.add("wrong");
    tell(sentence);
  }

  /** Take a file into the focused picture option, else the first empty one; whether there is one. */
  function attach(file) {
    const takers = () => [...pills.values()].filter(({ editor }) => editor.take);
    const spare = left().find((option) => option.type === 11);
    const focused = takers().find(({ pill }) => pill.contains(document.activeElement));
    const empty = takers().find(({ editor }) => editor.isEmpty());
    if (!focused && !empty && spare) add(spare);
    const place = focused ?? empty ?? (spare ? pills.get(spare.name) : takers()[0]);
    place?.editor.take(file);
    if (!place) tell(`/${entry.shown} takes no file.`);
    return Boolean(place);
  }

  function focus() {
    const empty = [...pills.values()].find(({ option, editor }) => option.required && editor.isEmpty());
    const first = empty ?? [...pills.values()].find(({ editor }) => !editor.take || editor.isEmpty());
    if (first) return first.editor.focus();
    panel.show({ title: `/${entry.shown}`, about: entry.about, hint: entry.options.length ? "every option is optional" : "takes no options" });
    return more.hidden ? element.focus() : more.focus();
  }

  return { element, entry, focus, gather, refuse, attach, draft };
}
