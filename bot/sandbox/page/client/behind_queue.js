// The queue as it lives: who has which slot, who waits at which place, and what the fair order reckons.

import { h } from "./dom.js";
import { gliding, placeRows } from "./behind_rows.js";
import { hue, namer, seconds, span } from "./behind_words.js";

export const KEYS = ["pools"];

const LANE_HEADS = ["Lane", "Virtual time", "At work", "Waiting"];
const HELD = { approval: "until a moderator says yes", moderator: "until a moderator releases it" };

/** Mount the tab; returns `show(behind)`. */
export function mountQueue(element, store) {
  const name = namer(store);
  const pools = h("div", { class: "pools" });
  element.append(
    h("p", { class: "lead" }, "A pool has as many slots as the account may run at once. The next job is the one of the lane with the least virtual time, so a flood waits behind itself."),
    pools,
  );
  return (behind) => {
    const now = seconds(behind.now) ?? Date.now() / 1000;
    const rule = {
      key: (pool) => pool.name,
      make: () => poolSection(),
      update: (section, pool) => section.fill(pool, now, name),
    };
    gliding(element, () => placeRows(pools, behind.pools, rule));
  };
}

function poolSection() {
  const title = h("h3", {});
  const slots = h("ul", { class: "slots" });
  const waitHead = h("h4", {});
  const waiting = h("ol", { class: "waiting" });
  const lanes = h("tbody", {});
  const table = h("table", { class: "lanes" }, h("thead", {}, h("tr", {}, ...LANE_HEADS.map((head) => h("th", { scope: "col" }, head)))), lanes);
  const section = h("section", { class: "pool" }, title, slots, waitHead, waiting, table);
  section.fill = (pool, now, name) => {
    title.replaceChildren(pool.name, h("span", {}, ` ${pool.running.length} of ${pool.slots} slots at work`));
    slots.setAttribute("aria-label", `Slots of ${pool.name}`);
    waiting.setAttribute("aria-label", `Waiting for ${pool.name}`);
    placeRows(slots, slotsOf(pool), slotRule(now, name));
    const held = pool.waiting.filter((job) => job.held_for).length;
    const waits = pool.waiting.length - held;
    waitHead.textContent = `${waits ? `Waiting: ${waits}` : "Nobody waits"}${held ? ` · Held back: ${held}` : ""}`;
    waiting.hidden = !pool.waiting.length;
    placeRows(waiting, pool.waiting, waitRule(name));
    table.hidden = !pool.lanes.length;
    placeRows(lanes, pool.lanes, laneRule(name));
  };
  return section;
}

function slotsOf(pool) {
  const free = Math.max(0, pool.slots - pool.running.length);
  return [...pool.running, ...Array.from({ length: free }, (_, index) => ({ free: index }))];
}

function slotRule(now, name) {
  return {
    key: (slot) => slot.job ?? `free-${slot.free}`,
    make: (slot) =>
      slot.job
        ? h("li", { class: "slot taken", "data-flip": slot.job }, h("b", {}), h("span", { class: "words" }), h("small", {}), h("i", { class: "bar", "aria-hidden": "true" }))
        : h("li", { class: "slot free" }, "free"),
    update: (row, slot) => {
      if (!slot.job) return;
      const [who, words, about] = row.children;
      const user = name(slot.user);
      row.style.setProperty("--hue", hue(user));
      who.textContent = user;
      words.textContent = slot.prompt || "no words";
      words.title = slot.prompt ?? "";
      const since = seconds(slot.since);
      about.textContent = [slot.engine, name(slot.guild), since && span(now - since)].filter(Boolean).join(" · ");
    },
  };
}

function waitRule(name) {
  return {
    key: (job) => job.job,
    make: (job) => h("li", { "data-flip": job.job }, h("span", { class: "place" }), h("b", {}), h("span", { class: "words" }), h("small", {})),
    update: (row, job) => {
      const [place, who, words, about] = row.children;
      const user = name(job.user);
      row.style.setProperty("--hue", hue(user));
      place.textContent = job.place ?? "–";
      who.textContent = user;
      words.textContent = job.prompt || "no words";
      words.title = job.prompt ?? "";
      const why = HELD[job.held_for] ?? `virtual time ${virtual(job.vtime)}`;
      about.textContent = `${name(job.guild)} · ${why} · ${span(job.waited_s)}`;
    },
  };
}

function laneRule(name) {
  return {
    key: (lane) => `${lane.guild}/${lane.user}`,
    make: (lane) => h("tr", { "data-flip": `lane-${lane.guild}-${lane.user}`, class: lane.user === null ? "server" : "" }, h("th", { scope: "row" }), h("td", {}), h("td", {}), h("td", {})),
    update: (row, lane) => {
      const [who, vtime, running, waiting] = row.children;
      who.textContent = lane.user === null ? name(lane.guild) : name(lane.user);
      vtime.textContent = virtual(lane.vtime);
      running.textContent = lane.running;
      waiting.textContent = lane.waiting;
    },
  };
}

const virtual = (vtime) => (vtime === null || vtime === undefined ? "–" : Number(vtime).toFixed(2));
