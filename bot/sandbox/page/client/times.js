// Words times as a client of Discord does, and keeps relative ones true while they are read.

const DATE = { day: "numeric", month: "long", year: "numeric" };
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: DATE,
  f: { ...DATE, hour: "numeric", minute: "2-digit" },
  F: { weekday: "long", ...DATE, hour: "numeric", minute: "2-digit" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [["year", 31536000], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const DAY_MS = 86400000;
let aheadMs = 0; // how far the demo's clock, which one may move, is ahead of the browser's
const made = new Map();

function format(locale, style) {
  const key = `${locale} ${style}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale, STYLES[style]));
  return made.get(key);
}

/** A moment in one of Discord's styles but R; what no calendar holds stays a number. */
export function timeText(seconds, style, locale) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : format(locale, style).format(date);
}

export function wholeTime(seconds, locale) {
  return timeText(seconds, "F", locale);
}

/** Go by the demo's clock, in unix seconds, from now on. */
export function setClock(seconds) {
  aheadMs = seconds * 1000 - Date.now();
  tick();
}

const demoNow = () => Date.now() + aheadMs;

/** "in 3 minutes", "2 days ago". */
export function relative(seconds, locale, now = demoNow() / 1000) {
  const left = seconds - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(left) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(left / size), unit);
}

/** The day over the messages of that day: "Today", "Yesterday", or the date. */
export function dayText(date, locale, now = new Date(demoNow())) {
  const days = Math.round((startOf(now) - startOf(date)) / DAY_MS);
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
    return word[0].toLocaleUpperCase(locale) + word.slice(1);
  }
  return format(locale, "D").format(date);
}

function startOf(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** From now on every relative time on the page stays true. */
export function keepTimes() {
  setInterval(tick, 1000);
}

function tick() {
  if (!globalThis.document) return;
  for (const shown of document.querySelectorAll("time.relative")) {
    const text = relative(Number(shown.dataset.seconds), shown.dataset.locale);
    if (shown.textContent !== text) shown.textContent = text;
  }
}
