// Draws a message's components, of both versions, and sends what is pressed and chosen.

import { perform } from "./acting.js";
import { h, icon } from "./dom.js";
import { emoji, markdown } from "./marked.js";
import { gallery, pictureOf, thumbnail } from "./pictures.js";
import { selectMenu } from "./selects.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "leads", 6: "premium" };
const SELECTS = [3, 5, 6, 7, 8];

/** The components of a message, top to bottom. */
export function components(message, store) {
  function draw(part) {
    if (SELECTS.includes(part.type)) return select(part);
    return DRAWN[part.type]?.(part) ?? h("p", { class: "unknown" }, `A component of type ${part.type}, which this page cannot show`);
  }

  const DRAWN = {
    1: part => h("div", { class: "row" }, part.components.map(draw)),
    2: button,
    9: part => h("div", { class: "section" }, h("div", { class: "words" }, part.components.map(draw)), part.accessory && draw(part.accessory)),
    10: part => h("div", { class: "text" }, markdown(part.content, message, store)),
    11: part => thumbnail(pictureOf(part.media, part), store),
    12: part => gallery(part.items.map(item => pictureOf(item.media, item)), store),
    13: part => file({ ...part.file, filename: part.name ?? nameOf(part.file.url), size: part.size }, part.spoiler),
    14: part => h("hr", { class: `separator ${part.spacing === 2 ? "wide" : ""} ${part.divider === false ? "bare" : ""}` }),
    17: container,
  };

  function container(part) {
    const colour = part.accent_color === null || part.accent_color === undefined ? null : hex(part.accent_color);
    const card = h("div", { class: `container ${colour ? "accented" : ""}`, style: colour && { "--stripe": colour } }, part.components.map(draw));
    return part.spoiler ? covered(card) : card;
  }

  function button(part) {
    const label = [emoji(part.emoji, store), part.label ?? (part.sku_id ? "Buy" : ""), part.style === 5 && icon("out")];
    const looks = { class: `button ${STYLES[part.style] ?? "secondary"}`, "aria-label": part.label ? null : part.emoji?.name };
    if (part.style === 5 && !part.disabled) return h("a", { ...looks, href: safe(part.url), target: "_blank", rel: "noopener noreferrer" }, label);
    const press = event => send(event.currentTarget, "press", { custom_id: part.custom_id }, message, store);
    return h("button", { ...looks, type: "button", disabled: part.disabled, onclick: press, data: { key: part.custom_id ?? "" } }, label);
  }

  function select(part) {
    const choose = values => send(held, "choose", { custom_id: part.custom_id, values }, message, store);
    const held = h("div", { class: "choice" }, selectMenu(store, part, { message, onChoose: choose }));
    return held;
  }

  return (message.components ?? []).map(draw);
}

/** Send an act of a message; what went wrong stands under the message, and is returned. */
async function send(element, kind, fields, message, store) {
  if (element.classList.contains("pending")) return null;
  element.classList.add("pending");
  const fault = await perform(store, kind, { message: message.id, ...fields });
  element.classList.remove("pending");
  store.emit("failed", { id: message.id, text: fault ?? "" });
  return fault;
}

function covered(card) {
  const cover = h("button", { type: "button", class: "cover", onclick: reveal }, h("span", {}, "Spoiler"));
  const held = h("div", { class: "covered" }, card, cover);
  card.inert = true;
  function reveal() {
    card.inert = false;
    held.classList.add("revealed");
    cover.remove();
  }
  return held;
}

/** A file that is no picture: its name is the link. */
export function file(attachment, isSpoiler = false) {
  const size = attachment.size === undefined || attachment.size === null ? null : h("small", {}, bytes(attachment.size));
  const card = h("div", { class: "file" }, icon("file"), h("span", {},
    h("a", { href: safe(attachment.url), target: "_blank", rel: "noopener" }, attachment.filename), size));
  return isSpoiler ? covered(card) : card;
}

function bytes(count) {
  const [unit, size] = count >= 1e6 ? ["MB", 1e6] : count >= 1000 ? ["kB", 1000] : ["bytes", 1];
  return `${(count / size).toFixed(size > 1 ? 1 : 0)} ${unit}`;
}

function nameOf(url) {
  return decodeURIComponent(url.split("?")[0].split("/").at(-1) || "file");
}

/** Only addresses of the web lead anywhere. */
export function safe(url) {
  return /^https?:\/\//i.test(url ?? "") || (url ?? "").startsWith("/") ? url : null;
}

/** A colour as Discord writes it: one number. */
export function hex(colour) {
  return `#${colour.toString(16).padStart(6, "0")}`;
}
