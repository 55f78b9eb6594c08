// How times, money and people are worded in the panel.

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Unix seconds of a time given as such or as ISO 8601; null stays null. */
export function seconds(at) {
  if (at === null || at === undefined) return null;
  return typeof at === "number" ? at : Date.parse(at) / 1000;
}

/** The time of day, "14:03:09". */
export const timeOfDay = (at) => (seconds(at) === null ? "" : clock.format(seconds(at) * 1000));

/** A span in words as short as they can be: "0.8 s", "12 s", "3 min", "2 h". */
export function span(length) {
  if (length < 0.95) return `${Math.max(0, length).toFixed(1)} s`;
  if (length < 90) return `${Math.round(length)} s`;
  if (length < 5400) return `${Math.round(length / 60)} min`;
  return `${Math.round(length / 3600)} h`;
}

/** Dollars, as exact as prices are. */
export const dollars = (usd) => `$${usd.toFixed(usd && Math.abs(usd) < 0.01 ? 4 : 2)}`;

/** The name behind a user's or a server's id, as far as the scene knows it. */
export function namer(store) {
  return (id) => {
    if (id === null || id === undefined) return "direct messages";
    const guild = store.state.scene?.guilds.find((one) => one.id === String(id));
    return guild?.name ?? store.user(String(id))?.username ?? String(id);
  };
}

/** A hue of its own for each name, so that one sees whose job moves. */
export function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return Math.round(sum * 137.5) % 360;
}
