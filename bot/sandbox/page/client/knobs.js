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
  if (!response.ok) throw new Error(answer.error);
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
  return h("div", { class: `knob ${knob.kind}${knob.danger ? " danger" : ""}` }, control, hint);
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
  const range = h("input", { type: "range", min: String(knob.min ?? 0), max: String(knob.max ?? 10), step: String(knob.step ?? 1) });
  const say = () => { shown.textContent = [range.value, knob.unit].filter(Boolean).join(" "); };
  range.addEventListener("input", say);
  range.addEventListener("change", () => turn(Number(range.value)));
  const set = (value) => {
    range.value = String(value);
    say();
  };
  return { control: h("label", { class: "slide" }, h("span", {}, knob.label, " ", shown), range), set };
}

function chosen(knob, turn) {
  const select = h("select", {}, ...(knob.choices ?? []).map((choice) => h("option", { value: String(choice.value) }, choice.label)));
  select.addEventListener("change", () => turn(knob.choices[select.selectedIndex].value));
  const set = (value) => { if (value !== undefined && value !== null) select.value = String(value); };
  return { control: h("label", { class: "choose" }, h("span", {}, knob.label), select), set };
}
