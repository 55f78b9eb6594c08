// The ledger, newest first, with what it adds up to, and what is used of each quota.

import { h } from "./dom.js";
import { placeRows } from "./behind_rows.js";
import { dollars, namer, timeOfDay } from "./behind_words.js";

export const KEYS = ["ledger", "quotas"];
const WHOSE = { "guild ceiling": "the whole server", "budget images": "the server’s budget", "budget usd": "the server’s budget in dollars", "account usd": "the account in dollars" };

const HEADS = ["Job", "State", "Pictures", "Cost"];
const TONES = { done: "good", failed: "bad", unknown: "warn", expired: "warn", cancelled: "quiet", canceled: "quiet" };

/** Mount the tab; returns `show(behind)`. */
export function mountLedger(element, store) {
  const name = namer(store);
  const sum = h("p", { class: "lead" });
  const rows = h("tbody", {});
  const head = h("thead", {}, h("tr", {}, ...HEADS.map((title) => h("th", { scope: "col" }, title))));
  const table = h("table", { class: "ledger" }, h("caption", { class: "hidden" }, "Ledger"), head, rows);
  const quotas = h("ul", { class: "quotas" });
  const quotaHead = h("h3", {}, "Quotas");
  element.append(sum, table, quotaHead, quotas);
  return ({ ledger, quotas: limits }) => {
    sum.textContent = summed(ledger);
    table.hidden = !ledger.length;
    placeRows(rows, ledger, entryRule(name));
    quotaHead.hidden = !limits.length;
    placeRows(quotas, limits, quotaRule(name));
  };
}

function summed(ledger) {
  if (!ledger.length) return "The ledger is empty: nobody has asked for a picture yet.";
  const pictures = ledger.reduce((sum, entry) => sum + entry.images, 0);
  const usd = ledger.reduce((sum, entry) => sum + entry.cost_usd, 0);
  return `${ledger.length} jobs, ${pictures} pictures, ${dollars(usd)}. A row is written when a job is accepted and settled when it ends; what is not made is given back.`;
}

function entryRule(name) {
  return {
    key: (entry) => entry.job_id,
    make: () => h("tr", {}, h("th", { scope: "row" }, h("b", {}), h("small", {})), h("td", {}, h("span", {}), h("small", {})), h("td", { class: "figure" }), h("td", { class: "figure" })),
    update: (row, entry) => {
      const [job, state, pictures, cost] = row.children;
      job.children[0].textContent = `/${entry.command}`;
      job.children[1].textContent = [entry.engine, name(entry.user_id), timeOfDay(entry.created_at)].join(" · ");
      state.children[0].className = `chip ${TONES[entry.state] ?? "busy"}`;
      state.children[0].textContent = entry.state;
      state.children[1].textContent = [entry.error_code, entry.refunded ? "given back" : ""].filter(Boolean).join(" · ");
      pictures.textContent = entry.images;
      cost.textContent = dollars(entry.cost_usd);
      row.title = entry.request_id ? `Tencent's request id: ${entry.request_id}` : "";
    },
  };
}

function quotaRule(name) {
  return {
    key: (quota) => `${quota.guild}/${quota.who}/${quota.period}`,
    make: () => h("li", {}, h("span", {}), h("meter", { min: 0 }), h("small", {})),
    update: (row, quota) => {
      const [who, meter, used] = row.children;
      const whose = WHOSE[quota.who] ?? name(quota.who ?? quota.guild);
      who.textContent = `${whose}, per ${quota.period}`;
      meter.setAttribute("aria-label", `used by ${whose} per ${quota.period}`);
      meter.max = Math.max(1, quota.limit);
      meter.value = quota.used;
      used.textContent = quota.limit < 0 ? `${quota.used} used, no limit` : `${quota.used} of ${quota.limit}`;
    },
  };
}
