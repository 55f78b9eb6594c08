// Owns context menus: what one may do with a message, a picture or a member, by right click, long press or "⋯".
import { perform } from "./acting.js";
import { catalogue, pictureCommand, pictureOption } from "./commands.js";
import { h, icon } from "./dom.js";
import { fileFrom } from "./files.js";
import { keepFocus, openLayer } from "./layer.js";

const EPHEMERAL = 1 << 6;
const LONG_PRESS_MS = 650; // after the browser's own, which is 500
const MOVED_PX = 10;

/** Open a menu at the pointer, or beside what was pressed by key. Items: {label, run, icon?, bad?, hint?}, null parts them. */
export function openMenu(store, event, items) {
  event.preventDefault();
  event.stopPropagation();
  const giveBack = keepFocus();
  const buttons = [];
  const rows = items.map((item) => (item ? entry(item) : h("div", { role: "separator", class: "menu-line" })));
  const menu = h("div", { class: "menu", role: "menu", "aria-label": "Actions", onkeydown: key }, rows);
  const isPointed = (event.type === "contextmenu" || event.type === "pointerdown") && (event.clientX || event.clientY);
  const close = openLayer(menu, isPointed ? { x: event.clientX, y: event.clientY } : (event.currentTarget ?? event.target), { onClose: back });
  buttons[0]?.focus({ preventScroll: true });

  function entry(item) {
    const button = h(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", class: `menu-item ${item.bad ? "bad" : ""}`, onclick: () => (close(), item.run()), onpointermove: () => button.focus({ preventScroll: true }) },
      h("span", { class: "menu-label" }, item.label),
      item.hint ? h("span", { class: "menu-hint" }, item.hint) : null,
      item.icon ? icon(item.icon) : null,
    );
    buttons.push(button);
    return button;
  }

  function key(pressed) {
    const at = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[pressed.key];
    if (to !== undefined) buttons[to].focus();
    else if (pressed.key === "Escape" || pressed.key === "Tab") close();
    else if (pressed.key.length === 1 && pressed.key !== " ") lettered(pressed.key.toLowerCase(), at);
    else return;
    pressed.preventDefault();
    pressed.stopPropagation();
  }

  function lettered(letter, at) {
    const order = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)];
    order.find((button) => button.textContent.toLowerCase().startsWith(letter))?.focus();
  }

  function back() {
    if (document.activeElement === document.body || !document.activeElement) giveBack();
  }
}

/** The menu of a message; `picture` is the one that was pressed, {url, filename}, if any. */
export function messageMenu(store, event, message, picture = pictureUnder(event) ?? onlyPicture(message)) {
  const apps = catalogue(store).menu(3).map(({ command, shown }) => act(store, command, shown, { message: message.id }));
  const words = textOf(message);
  const isMine = Boolean((message.flags ?? 0) & EPHEMERAL);
  openMenu(store, event, parted(
    apps,
    [picture && usePicture(store, picture)],
    [
      words && { label: "Copy text", icon: "file", run: () => copy(store, words, "The text is copied.") },
      picture && { label: "Copy link", icon: "out", run: () => copy(store, new URL(picture.url, location.href).href, "The picture's link is copied.") },
      { label: "Mention", icon: "at", run: () => store.emit("mention", { user: message.author }) },
    ],
    [isMine && { label: "Dismiss", icon: "close", run: () => dismiss(store, message) }],
  ));
}

/** The menu of a member. */
export function memberMenu(store, event, user) {
  const apps = catalogue(store).menu(2).map(({ command, shown }) => act(store, command, shown, { user: user.id }));
  openMenu(store, event, parted(apps, [
    { label: "Mention", icon: "at", run: () => store.emit("mention", { user }) },
    { label: "Copy name", icon: "file", run: () => copy(store, user.username, "The name is copied.") },
  ]));
}

/** Let a long press of a finger ask for the menu where the browser itself does not, as on iOS. */
export function longPresses(root = document) {
  let timer;
  let from = null;
  const stop = () => clearTimeout(timer);
  root.addEventListener("pointerdown", (event) => {
    stop();
    from = event;
    if (event.pointerType === "touch") timer = setTimeout(() => ask(event), LONG_PRESS_MS);
  });
  root.addEventListener("pointermove", (event) => from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > MOVED_PX && stop());
  for (const kind of ["pointerup", "pointercancel", "contextmenu"]) root.addEventListener(kind, stop, true);
}

/** Ask for a menu as a right click does; the click that ends the press is not one. */
function ask({ target, clientX, clientY }) {
  const isTaken = !target.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY }));
  if (!isTaken) return;
  const swallow = (click) => (click.preventDefault(), click.stopPropagation());
  addEventListener("click", swallow, { capture: true, once: true });
  addEventListener("pointerdown", () => removeEventListener("click", swallow, true), { once: true });
}

/** Hide an ephemeral message for good. */
export async function dismiss(store, message) {
  const failed = await perform(store, "dismiss", { message: message.id });
  if (failed) store.notice(failed, "bad");
}

/** Hand a picture to the command that makes something of it. */
function usePicture(store, { url, filename }) {
  const found = pictureCommand(catalogue(store).slash());
  return found && {
    label: "Use this picture",
    hint: `/${found.shown}`,
    icon: "picture",
    run: async () => {
      try {
        const file = await fileFrom(url, filename);
        store.emit("compose", { command: found.command, options: { [pictureOption(found).name]: file } });
      } catch (error) {
        store.notice(error.message, "bad");
      }
    },
  };
}

function act(store, command, shown, target) {
  const run = async () => {
    const failed = await perform(store, "menu", { command, target });
    if (failed) store.notice(failed, "bad");
  };
  return { label: shown, hint: store.state.scene.bot.username, run };
}

/** Groups of items with a line between those that are not empty. */
function parted(...groups) {
  const full = groups.map((group) => group.filter(Boolean)).filter((group) => group.length);
  return full.flatMap((group, index) => (index ? [null, ...group] : group));
}

async function copy(store, text, said) {
  try {
    await navigator.clipboard.writeText(text);
    store.notice(said, "good");
  } catch {
    store.notice("The browser did not allow copying.", "bad");
  }
}

/** All that a message says, whether in its content or in its components. */
function textOf(message) {
  const texts = [message.content];
  const walk = (parts) => {
    for (const part of parts ?? []) {
      if (part.type === 10) texts.push(part.content);
      walk(part.components);
    }
  };
  walk(message.components);
  return texts.filter(Boolean).join("\n");
}

function pictureUnder(event) {
  const image = event.target?.closest?.("img:not(.emoji)");
  if (!image?.src.includes("/attachments/")) return null;
  return { url: image.src, filename: decodeURIComponent(new URL(image.src).pathname.split("/").pop()) };
}

function onlyPicture(message) {
  const pictures = (message.attachments ?? []).filter((file) => file.content_type?.startsWith("image/"));
  return pictures.length ? pictures[0] : null;
}
