// Owns what the bot registered: its commands as this member sees them, in this language, found by name.

const books = new WeakMap();
const ABOUT_FROM = 3; // fewer letters are in too many descriptions
const GROUPS = new Set([1, 2]); // sub-command, group of sub-commands

/** A name or description in the chosen language, or as it was registered. */
export function localised(part, key, locale) {
  return part[`${key}_localizations`]?.[locale] ?? part[key] ?? "";
}

/** The commands of who and where one is, loaded anew when either changes: {slash(), menu(type), ready()}. */
export function catalogue(store) {
  if (!books.has(store)) books.set(store, open(store));
  return books.get(store);
}

function open(store) {
  let all = [];
  let asked = 0;
  let loading = Promise.resolve();
  async function load() {
    const mine = (asked += 1);
    const found = await store.load("/page/commands", { channel: store.state.channel }).catch(() => null);
    if (mine !== asked || !found) return;
    all = found.commands ?? found;
    store.emit("catalogue");
  }
  for (const kind of ["where", "commands"]) store.on(kind, () => (loading = load()));
  if (store.state.me) loading = load();
  return {
    ready: () => loading,
    slash: () => all.filter((command) => (command.type ?? 1) === 1).flatMap((command) => flat(command, store.state)),
    menu: (type) => all.filter((command) => command.type === type).map((command) => ({ command: command.name, shown: localised(command, "name", store.state.locale) })),
  };
}

/** A command as the entries one may send: itself, or each of its sub-commands by its whole name. */
function flat(command, state) {
  const { locale } = state;
  const walk = (part, names, shown) => {
    const path = [...names, part.name];
    const said = [...shown, localised(part, "name", locale)];
    const inner = (part.options ?? []).filter((option) => GROUPS.has(option.type));
    if (inner.length) return inner.flatMap((option) => walk(option, path, said));
    const about = localised(part, "description", locale);
    return [{ command: path.join(" "), shown: said.join(" "), about, options: part.options ?? [], bot: state.scene.bot.username }];
  };
  return walk(command, [], []);
}

/** Entries that a typed text means, best first: by how their names begin, then by any word. */
export function meant(entries, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return entries;
  const rank = (entry) => {
    const names = [entry.shown.toLowerCase(), entry.command.toLowerCase()];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    if (names.some((name) => name.split(/[\s_-]/).some((word) => word.startsWith(wanted)))) return 1;
    if (names.some((name) => name.includes(wanted))) return 2;
    return wanted.length >= ABOUT_FROM && entry.about.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return entries
    .map((entry) => ({ entry, at: rank(entry) }))
    .filter(({ at }) => at < 4)
    .sort((one, other) => one.at - other.at)
    .map(({ entry }) => entry);
}

/** The entry a text like "/quota show of Bea" begins with, and what follows it; null while it is not clear. */
export function begun(entries, text) {
  if (!text.startsWith("/")) return null;
  const rest = text.slice(1);
  for (const entry of entries) {
    const name = [entry.shown, entry.command].find((each) => rest.toLowerCase().startsWith(`${each.toLowerCase()} `));
    if (name) return { entry, rest: rest.slice(name.length + 1) };
  }
  return null;
}

/** Which of the command's options is the picture one would hand it; required ones first. */
export function pictureOption(entry) {
  return entry.options.find((option) => option.type === 11) ?? null;
}

/** The command that makes something of a picture: /restyle, else one that needs a picture. */
export function pictureCommand(entries) {
  const takers = entries.filter((entry) => pictureOption(entry)?.required);
  return takers.find((entry) => entry.command === "restyle") ?? takers[0] ?? null;
}

/** The example the scene has for a command: values by option. */
export function exampleOf(store, entry) {
  const found = store.state.scene?.examples.find((example) => example.command === entry.command);
  if (!found) return {};
  const place = found.picture ? pictureOption(entry) : null;
  return { ...(place ? { [place.name]: { photo: found.picture } } : {}), ...found.options };
}
