// Owns the composer: a message in words, or a command with its options, its files, and what came of sending it.
import { begun, catalogue, exampleOf, pictureCommand } from "./commands.js";
import { commandLine } from "./commandline.js";
import { fill, h, icon } from "./dom.js";
import { dropsOnPage } from "./drops.js";
import { chooseFiles, fileChip, fileFrom, filesOf } from "./files.js";
import { grows } from "./grow.js";
import { narrow } from "./layer.js";
import { openModal } from "./modal.js";
import { composerPanel } from "./panel.js";
import { commandPicker } from "./picker.js";
import { sentence } from "./refusals.js";

const MOST_FILES = 10; // Discord docs, 2026-08
const LONGEST = 2000; // Discord docs, 2026-08

/** Build the composer into `host`. */
export function mountComposer(host, store) {
  const book = catalogue(store);
  const panel = composerPanel();
  let files = [];
  let line = null;
  let isSending = false;
  const left = new Map(); // what was filled in before a command was left, by its name

  const text = grows(h("textarea", { class: "composer-text", rows: 1, "aria-autocomplete": "list", autocomplete: "off" }));
  const picker = commandPicker(store, text, panel, { entries: book.slash, onPick: (entry) => choose(entry) });
  const chips = h("div", { class: "composer-files", hidden: true });
  const fault = h("p", { class: "composer-fault", role: "alert", hidden: true });
  const plus = h("button", { type: "button", class: "icon-button", "aria-label": "Attach a file", title: "Attach a file", onclick: async () => attach(await chooseFiles({ multiple: true })) }, icon("plus"));
  const slash = h("button", { type: "button", class: "icon-button slash", "aria-label": "Commands", title: "Commands", onclick: browse }, "/");
  const send = h("button", { type: "submit", class: "composer-send", "aria-label": "Send", title: "Send (Enter)" }, icon("up"));
  const place = h("div", { class: "composer-field" }, text);
  const form = h("form", { class: "composer", "aria-label": "Write", novalidate: true, onsubmit: (event) => (event.preventDefault(), submit()) }, panel.element, h("div", { class: "composer-card" }, chips, h("div", { class: "composer-row" }, plus, slash, place, send), fault));
  fill(host, form, dropsOnPage(attach));

  text.addEventListener("input", typed);
  text.addEventListener("keydown", key);
  text.addEventListener("focus", () => picker.update(text.value));
  form.addEventListener("focusout", (event) => !form.contains(event.relatedTarget) && form.ownerDocument.hasFocus() && (picker.close(), panel.hide()));
  form.addEventListener("paste", pasted);
  store.on("compose", composed);
  store.on("mention", mention);
  store.on("catalogue", offeredAnew);
  for (const kind of ["scene", "where", "bot"]) store.on(kind, named);
  store.on("bot", returned);
  named();

  function named() {
    const there = store.place();
    const { scene } = store.state;
    const whom = `Message ${there ? `#${there.name}` : `@${scene?.bot.username ?? "bot"}`}`;
    text.setAttribute("aria-label", `${whom}, or / for commands`);
    text.placeholder = narrow() ? whom : `${whom}, or / for commands`;
  }

  /** What was refused while the bot was away may be sent now. */
  function returned({ state }) {
    if (state !== "up") return;
    tell("");
    line?.refuse("");
  }

  /** Other commands are offered, as to somebody else: a line nobody here may send is left. */
  function offeredAnew() {
    if (line && !book.slash().some((entry) => entry.command === line.entry.command)) plain();
    if (document.activeElement === text) picker.update(text.value);
  }

  function typed() {
    tell("");
    const found = begun(book.slash(), text.value);
    if (found) return choose(found.entry, withWords(found.entry, found.rest));
    return picker.update(text.value);
  }

  /** Words after a command's name go to its first option that takes words. */
  function withWords(entry, words) {
    const place_ = entry.options.find((option) => option.type === 3 && !option.choices?.length);
    return words.trim() && place_ ? { [place_.name]: words.trim() } : {};
  }

  function key(event) {
    if (picker.key(event)) return;
    if (event.key === "Escape" && picker.isOpen()) return void (picker.close(), event.preventDefault());
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  }

  function browse() {
    if (line) leave();
    if (!text.value.startsWith("/")) text.value = "/";
    text.focus();
    picker.update(text.value);
  }

  /** Turn the line into this command's; files that wait go into it. */
  function choose(entry, given = {}) {
    picker.close();
    tell("");
    line = commandLine(store, entry, { panel, given: { ...left.get(entry.command), ...given }, onSend: submit, onLeave: leave, onChange: () => tell("") });
    fill(place, line.element);
    form.classList.add("commanding");
    const waiting = files;
    files = [];
    waiting.forEach((file) => line.attach(file));
    shownFiles();
    line.focus();
  }

  /** Back to words; the command's name stays to be changed, and what was filled in is kept for it. */
  function leave() {
    if (!line) return;
    left.set(line.entry.command, line.draft());
    text.value = `/${line.entry.shown}`;
    plain();
    text.focus();
    picker.update(text.value);
  }

  function plain() {
    line = null;
    panel.hide();
    form.classList.remove("commanding");
    fill(place, text);
  }

  async function composed({ command, options = {} }) {
    await book.ready();
    const entry = book.slash().find((each) => each.command === command);
    if (!entry) return tell(`/${command} is not offered to you here.`);
    try {
      choose(entry, await ready(options));
    } catch (error) {
      tell(error.message);
    }
    return null;
  }

  /** Shipped photos become files, as if they had been attached by hand. */
  async function ready(options) {
    const values = Object.entries(options).map(async ([name, value]) => {
      const photo = value?.photo && store.state.scene.photos.find((each) => each.name === value.photo);
      return [name, photo ? await fileFrom(photo.url, photo.name) : value];
    });
    return Object.fromEntries(await Promise.all(values));
  }

  function mention({ user }) {
    if (line) plain();
    text.value = `${text.value.trimEnd()} @${user.username} `.trimStart();
    text.focus();
  }

  /** The text as Discord writes it: who is named with "@" is mentioned, and the server's emoji are meant. */
  function written() {
    const known = [...(store.place()?.guild.members ?? [])].sort((one, other) => other.username.length - one.username.length);
    const named = known.reduce((said, user) => said.replaceAll(`@${user.username}`, `<@${user.id}>`), text.value);
    const drawn = store.place()?.guild.emojis ?? [];
    return drawn.reduce((said, emoji) => said.replaceAll(new RegExp(`(?<!<a?):${emoji.name}:`, "g"), `<:${emoji.name}:${emoji.id}>`), named);
  }

  function attach(more) {
    if (!more.length) return;
    if (line) return void line.attach(more[0]);
    files = [...files, ...more];
    if (files.length > MOST_FILES) tell(`A message takes ${MOST_FILES} files at most.`);
    files = files.slice(0, MOST_FILES);
    shownFiles();
    text.focus();
  }

  function shownFiles() {
    chips.hidden = !files.length;
    const entry = pictureCommand(book.slash());
    const isPicture = files.length === 1 && files[0].type.startsWith("image/");
    const offer = entry && isPicture ? h("button", { type: "button", class: "offer", onclick: () => choose(entry) }, h("b", {}, `/${entry.shown}`), ` this picture`) : null;
    fill(chips, files.map((file) => fileChip(file, () => ((files = files.filter((each) => each !== file)), shownFiles(), text.focus()))), offer);
  }

  function pasted(event) {
    const pastedFiles = filesOf(event.clipboardData);
    if (!pastedFiles.length) return;
    event.preventDefault();
    attach(pastedFiles);
  }

  async function submit() {
    if (isSending) return;
    if (line) {
      const { entry } = line;
      const asked = line.gather();
      if (asked) await sending(() => store.act("command", { command: entry.command, options: asked.options }, asked.files));
      return;
    }
    if (!text.value.trim() && !files.length) return example();
    const said = written().trim();
    const long = [...said].length;
    if (long > LONGEST) return tell(`A message takes ${LONGEST} characters at most, not ${long}${said === text.value.trim() ? "" : ", a mention counted as it is sent"}.`);
    await sending(() => store.act("say", { text: said, files: files.map((_, index) => index) }, files));
  }

  /** An empty Send takes the first example up, to be sent by the next. */
  function example() {
    const first = store.state.scene?.examples.find((each) => book.slash().some((entry) => entry.command === each.command));
    if (!first) return;
    const entry = book.slash().find((each) => each.command === first.command);
    composed({ command: first.command, options: exampleOf(store, entry) });
  }

  /** Send; what was written goes only once it was taken. */
  async function sending(act) {
    const what = line;
    const focused = document.activeElement;
    waiting(true);
    tell("");
    try {
      const { modal } = await act().finally(() => waiting(false));
      done(what);
      if (modal) openModal(store, modal);
    } catch (error) {
      if (focused?.isConnected) focused.focus();
      if (line && line === what) line.refuse(sentence(store, error));
      else tell(sentence(store, error));
    }
  }

  function done(what) {
    if (what !== line) return;
    if (line) left.delete(line.entry.command);
    if (line) plain();
    text.value = "";
    files = [];
    shownFiles();
    text.focus();
  }

  function waiting(isWaiting) {
    isSending = isWaiting;
    form.classList.toggle("pending", isWaiting);
    send.setAttribute("aria-busy", String(isWaiting));
    send.setAttribute("aria-label", isWaiting ? "Sending" : "Send");
    place.inert = isWaiting;
  }

  function tell(said) {
    fault.textContent = said;
    fault.hidden = !said;
  }
}
