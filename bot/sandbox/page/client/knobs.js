// The knobs with which a visitor breaks things, made from the server's list; what each did is said aloud.

import { h } from "./dom.js";

/** Mount the tab; returns a function that loads the knobs anew. */
export function mountKnobs(element, store) {
  const said = h("p", { class: "said", role: "status" });
  const groups = h("div", {});
  element.append(h("p", { class: "lead" }, "Break it. Whatever you do here, nothing accepted is lost, nothing is posted twice and nothing is paid twice: the counter above keeps count."), said, groups);
  let shape = null;
  let rows = new Map();

  async function turn(id, value) {
    said.classList.remove("wrong");
    try {
      said.textContent = await sent(id, value);
    } catch (error) {
      said.classList.add("wrong");
      said.textContent = error.message;
    }
    await load();
  }

  async function load() {
    const list = await store.load("/page/knobs", { as: null }).catch(() => null);
    if (!list) return;
    const now = JSON.stringify(list.groups, (name, value) => (name === "value" && typeof value !== "object" ? undefined : value));
    if (now !== shape) {
      shape = now;
      rows = new Map();
      groups.replaceChildren(...list.groups.map((group) => groupOf(group, turn, rows)));
    }
    list.groups.flatMap((group) => group.knobs).forEach((knob) => rows.get(knob.id)?.(knob.value));
  }
  return load;
}

async function sent(id, value) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch("/page/knobs", { method: "POST", headers, body: JSON.stringify({ id, value }) });
  const answer = await response.json();
  if (!response.ok || !answer.ok) throw new Error(answer.error);
  return answer.said;
}

function groupOf(group, turn, rows) {
  return h("fieldset", { class: "knobs" }, h("legend", {}, group.title), ...group.knobs.map((knob) => knobRow(knob, turn, rows)));
}

function knobRow(knob, turn, rows) {
  const make = { button: pressed, toggle: switched, range: slid, choice: chosen }[knob.kind] ?? pressed;
  const hint = h("small", { id: `knob-${knob.id}-hint` }, knob.hint ?? "");
  const { control, set } = make(knob, (value) => turn(knob.id, value));
  if (knob.hint) control.querySelector("input, select, button")?.setAttribute("aria-describedby", hint.id);
  rows.set(knob.id, set);
  return h("div", { class: `knob ${knob.danger ? "risky" : ""}` }, control, hint);
}

function pressed(knob, turn) {
  const button = h("button", { type: "button" }, knob.label);
  button.addEventListener("click", () => turn(true));
  return { control: h("div", {}, button), set: () => {} };
}

function switched(knob, turn) {
  const box = h("input", { type: "checkbox", role: "switch" });
  box.addEventListener("change", () => turn(box.checked));
  return { control: h("label", { class: "switch" }, h("span", {}, knob.label), box), set: (value) => { box.checked = Boolean(value); } };
}

function slid(knob, turn) {
  const shown = h("output", {});
  const range = h("input", { type: "range", id: `knob-${knob.id}`, min: String(knob.min ?? 0), max: String(knob.max ?? 10), step: String(knob.step ?? 1) });
  const say = () => { shown.textContent = [range.value, knob.unit].filter(Boolean).join(" "); };
  range.addEventListener("input", say);
  range.addEventListener("change", () => turn(Number(range.value)));
  const set = (value) => {
    range.value = String(value);
    say();
  };
  return { control: h("div", { class: "slide" }, h("label", { for: range.id }, knob.label), shown, range), set };
}

/** A choice that has no value is done once, and offered anew. */
function chosen(knob, turn) {
  const choices = knob.choices ?? [];
  const isOnce = knob.value === null || knob.value === undefined;
  const options = choices.map((choice) => h("option", { value: String(choice.value) }, choice.label));
  const select = h("select", {}, isOnce ? h("option", { value: "" }, "choose …") : null, options);
  select.addEventListener("change", () => {
    const choice = choices.find((each) => String(each.value) === select.value);
    if (choice) turn(choice.value);
  });
  const set = (value) => { select.value = String(value ?? ""); };
  return { control: h("label", { class: "choose" }, h("span", {}, knob.label), select), set };
}
