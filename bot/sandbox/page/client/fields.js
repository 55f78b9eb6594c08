// Owns the parts of a form: its label with what it asks, and one input per kind of component.
import { h } from "./dom.js";
import { dropzone, fileChip } from "./files.js";
import { countFault, countHint, fileFault, textFault } from "./limits.js";
import { markdown } from "./marked.js";
import { selectMenu } from "./selects.js";

let made = 0;

const KINDS = { 3: select, 4: text, 5: select, 6: select, 7: select, 8: select, 19: upload, 21: radios, 22: boxes, 23: box };
const GROUPS = new Set([21, 22]);

/** One part of a form: {element} and, where it asks something, {name, value(), check(), focus(), take?(files)}. */
export function field(store, part) {
  if (part.type === 10) return { element: h("div", { class: "form-text" }, markdown(part.content, null, store)) };
  const inner = part.type === 18 ? part.component : part;
  const make = KINDS[inner.type];
  if (!make) return { element: h("p", { class: "form-text" }, `This page has no field of type ${inner.type}.`) };
  return labelled(store, inner, { label: part.label ?? inner.custom_id, about: part.description }, make);
}

function labelled(store, inner, { label, about }, make) {
  const id = `field-${(made += 1)}`;
  const isRequired = inner.type !== 23 && inner.required !== false;
  const fault = h("p", { class: "field-fault", id: `${id}-fault`, hidden: true });
  const described = [about ? `${id}-about` : null, `${id}-fault`].filter(Boolean).join(" ");
  const tell = (sentence) => {
    fault.textContent = sentence ?? "";
    fault.hidden = !sentence;
    const [input] = element.querySelectorAll("[data-input]");
    if (sentence) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
  };
  const input = make(store, inner, { id, label, described, isRequired, tell, changed: () => tell(null) });
  const star = isRequired ? h("span", { class: "star", "aria-hidden": "true", title: "Required" }, "*") : null;
  const isGroup = GROUPS.has(inner.type);
  const heading = h(isGroup ? "legend" : "label", { class: "field-label", id: `${id}-label`, for: isGroup ? null : id }, label, star);
  const hint = input.hint ? h("span", { class: "field-hint" }, input.hint) : null;
  const element = h(
    isGroup ? "fieldset" : "div",
    { class: `field ${inner.type === 23 ? "field-box" : ""}`, "aria-describedby": isGroup ? described : null },
    heading,
    about ? h("p", { class: "field-about", id: `${id}-about` }, about) : null,
    hint,
    input.element,
    fault,
  );
  const check = () => {
    const sentence = input.fault();
    tell(sentence);
    return !sentence;
  };
  return { element, name: inner.custom_id, value: input.value, check, focus: input.focus, take: input.take };
}

function text(_, part, { id, described, isRequired, changed }) {
  const high = part.max_length ?? 4000;
  const low = Math.max(part.min_length ?? 0, isRequired ? 1 : 0);
  const isLong = part.style === 2;
  const count = h("span", { class: "field-count", "aria-hidden": "true" });
  const input = h(isLong ? "textarea" : "input", {
    id,
    class: "field-text",
    rows: isLong ? 4 : null,
    type: isLong ? null : "text",
    placeholder: part.placeholder,
    value: part.value ?? "",
    "aria-describedby": described,
    "aria-required": isRequired ? "true" : null,
    autocomplete: "off",
    data: { input: "" },
  });
  const counted = () => {
    const long = [...input.value].length;
    count.textContent = `${long} / ${high}`;
    count.classList.toggle("over", long > high);
  };
  input.addEventListener("input", () => (counted(), changed()));
  counted();
  const fault = () => {
    if (!input.value.trim() && isRequired) return "This is required.";
    return input.value || isRequired ? textFault(input.value, { low, high }) : null;
  };
  return { element: h("div", { class: "field-line" }, input, count), value: () => input.value, fault, focus: () => input.focus() };
}

function limitsOf(part, isRequired, most) {
  return { low: isRequired ? Math.max(1, part.min_values ?? 1) : (part.min_values ?? 0), high: part.max_values ?? most };
}

/** None is fine where nothing is required; otherwise as many as the part says. */
function countedFault(count, limits, isRequired, things) {
  return !count && !isRequired ? null : countFault(count, { ...limits, things });
}

function select(store, part, { id, label, described, isRequired, changed }) {
  let chosen = part.type === 3 ? part.options.filter((option) => option.default).map((option) => option.value) : (part.default_values ?? []).map((one) => ({ [one.type]: one.id }));
  const limits = limitsOf(part, isRequired, 1);
  const element = selectMenu(store, { ...part, min_values: isRequired ? limits.low : 0 }, { label, onChoose: (values) => ((chosen = values), changed()) });
  const button = element.querySelector("button");
  Object.entries({ id, "aria-describedby": described, "aria-required": String(isRequired), "data-input": "" }).forEach(([name, value]) => button.setAttribute(name, value));
  return { element, hint: countHint(limits), value: () => chosen, fault: () => countedFault(chosen.length, limits, isRequired), focus: () => button.focus() };
}

function upload(store, part, { id, described, isRequired, changed, tell }) {
  const limits = limitsOf(part, isRequired, 1);
  let files = [];
  const list = h("div", { class: "file-list" });
  const zone = dropzone(store, { label: limits.high > 1 ? "Choose files, or drop them here" : "Choose a file, or drop it here", multiple: limits.high > 1, types: part.file_types, onFiles: add });
  Object.entries({ id, "aria-describedby": described, "data-input": "" }).forEach(([name, value]) => zone.button.setAttribute(name, value));

  function add(more) {
    const wrong = more.map((file) => fileFault(file, part.file_types)).filter(Boolean);
    const right = more.filter((file) => !fileFault(file, part.file_types));
    if (right.length) files = limits.high === 1 ? right.slice(0, 1) : [...files, ...right];
    shown();
    if (wrong.length) tell(wrong.join(" "));
  }

  function shown() {
    list.replaceChildren(...files.map((file) => fileChip(file, () => ((files = files.filter((one) => one !== file)), shown(), zone.focus()))));
    zone.element.classList.toggle("full", files.length >= limits.high);
    changed();
  }

  return { element: h("div", { class: "field-upload" }, zone.element, list), hint: countHint(limits, "Attach"), value: () => files, fault: () => countedFault(files.length, limits, isRequired, "files"), focus: zone.focus, take: add };
}

function options(part, id, kind, changed) {
  const inputs = part.options.map((option, index) =>
    h("input", { type: kind, name: id, value: option.value, checked: Boolean(option.default), onchange: changed, id: `${id}-${index}`, "aria-describedby": option.description ? `${id}-${index}-about` : null, data: { input: "" } }),
  );
  const rows = part.options.map((option, index) =>
    h(
      "label",
      { class: "option-row" },
      inputs[index],
      h("span", { class: "option-text" }, h("span", {}, option.label), option.description ? h("span", { class: "option-about", id: `${id}-${index}-about` }, option.description) : null),
    ),
  );
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return { inputs, chosen, element: h("div", { class: "option-rows" }, rows), focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus() };
}

function radios(_, part, { id, isRequired, changed }) {
  const group = options(part, id, "radio", () => (changed(), (clear.hidden = isRequired)));
  const clear = h("button", { type: "button", class: "link", hidden: isRequired || !group.chosen().length, onclick: () => (group.inputs.forEach((input) => (input.checked = false)), (clear.hidden = true)) }, "Clear choice");
  return { element: h("div", {}, group.element, clear), value: () => group.chosen()[0], fault: () => (isRequired && !group.chosen().length ? "Choose one." : null), focus: group.focus };
}

function boxes(_, part, { id, isRequired, changed }) {
  const limits = limitsOf(part, isRequired, part.options.length);
  const group = options(part, id, "checkbox", () => (changed(), full()));
  const full = () => group.inputs.forEach((input) => (input.disabled = !input.checked && group.chosen().length >= limits.high));
  full();
  return { element: group.element, hint: countHint(limits), value: group.chosen, fault: () => countedFault(group.chosen().length, limits, isRequired), focus: group.focus };
}

function box(_, part, { id, described, changed }) {
  const input = h("input", { type: "checkbox", id, class: "field-check", checked: Boolean(part.default), onchange: changed, "aria-describedby": described, data: { input: "" } });
  return { element: input, value: () => input.checked, fault: () => null, focus: () => input.focus() };
}
