// Pictures: each keeps its place before it is loaded; galleries, spoilers, and the large view.

import { fill, h, icon } from "./dom.js";

const MOST_HIGH = 420; // CSS pixels of a picture alone
const MOST_WIDE = 460;
const ASKED_MS = 60000;
const asked = new Map(); // when a new link was last asked for, so that a file that is gone is not asked for on and on
const known = new Map(); // the first link of each file, so that a newly signed one loads nothing twice

/** {url, width, height, description, spoiler} of a media item or an attachment. */
export function pictureOf(media, { description, spoiler } = {}) {
  return { url: linkOf(media), fresh: media.proxy_url ?? media.url, width: media.width, height: media.height,
    description: description ?? media.description ?? "", spoiler: Boolean(spoiler), isVideo: (media.content_type ?? "").startsWith("video/") };
}

function linkOf(media) {
  const link = media.proxy_url ?? media.url;
  const key = link.split("?")[0];
  if (!known.has(key)) known.set(key, link);
  return known.get(key);
}

/** Up to ten pictures as a client lays them out; one alone keeps its shape. */
export function gallery(pictures, store) {
  const count = Math.min(pictures.length, 10);
  const single = count === 1 ? size(pictures[0]) : {};
  return h("div", { class: `gallery of-${count}`, role: "group", "aria-label": count > 1 ? `${count} pictures` : null, style: single },
    pictures.slice(0, 10).map((picture, index) => tile(picture, () => enlarge(pictures, index), store)));
}

/** The place a picture alone takes, by its own shape. */
function size({ width, height }) {
  if (!width || !height) return { "--shape": "auto", "--wide": `${MOST_WIDE}px` };
  const scale = Math.min(1, MOST_WIDE / width, MOST_HIGH / height);
  return { "--shape": `${width} / ${height}`, "--wide": `${Math.max(60, Math.round(width * scale))}px` };
}

/** A small square beside a section's text. */
export function thumbnail(picture, store) {
  return h("div", { class: "thumbnail" }, tile(picture, () => enlarge([picture], 0), store));
}

function tile(picture, open, store) {
  if (picture.isVideo) return h("video", { src: picture.url, controls: true, preload: "metadata", "aria-label": picture.description || "Video" });
  const image = h("img", { src: picture.url, alt: picture.description, width: picture.width, height: picture.height, decoding: "async", draggable: "false" });
  const button = h("button", { type: "button", class: "picture", "aria-label": `Enlarge: ${picture.description || "picture"}`, onclick: open, data: { url: picture.fresh } }, image);
  image.addEventListener("error", () => again(image, button, picture, store));
  image.addEventListener("load", () => button.classList.add("loaded"));
  if (image.complete && image.naturalWidth > 0) button.classList.add("loaded"); // drawn anew: nothing fades in
  return picture.spoiler ? covered(button) : button;
}

/** A link that ran out is replaced by a newer one; without one, the place says so. */
function again(image, button, picture, store) {
  if (picture.url !== picture.fresh) {
    known.set(picture.fresh.split("?")[0], picture.fresh);
    picture.url = picture.fresh;
    image.src = picture.fresh;
    return;
  }
  const key = picture.fresh.split("?")[0];
  known.delete(key);
  button.classList.add("gone");
  fill(button, icon("picture"), h("span", {}, picture.description || "This picture's link has run out"));
  if (Date.now() - (asked.get(key) ?? 0) < ASKED_MS) return;
  asked.set(key, Date.now());
  store?.emit("stale");
}

function covered(button) {
  const cover = h("button", { type: "button", class: "cover", onclick: reveal }, h("span", {}, "Spoiler"));
  const held = h("div", { class: "covered" }, button, cover);
  button.inert = true;
  function reveal() {
    const hadFocus = document.activeElement === cover;
    held.classList.add("revealed");
    button.inert = false;
    cover.remove();
    if (hadFocus) button.focus({ preventScroll: true });
  }
  return held;
}

/** Show pictures large, one at a time: arrows turn, Escape closes. */
export function enlarge(pictures, at) {
  let shown = at;
  const figure = h("figure");
  const dialog = h("dialog", { class: "large", "aria-label": "Picture, large", onclose: () => dialog.remove(), onkeydown: keys,
    onclick: event => { if (event.target === dialog || event.target === figure) dialog.close(); } }, figure, bar());
  document.body.append(dialog);
  draw();
  dialog.showModal();

  function keys(event) {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  }

  function turn(by) {
    shown = (shown + by + pictures.length) % pictures.length;
    draw();
  }

  function draw() {
    const { url, description, width, height } = pictures[shown];
    fill(figure, h("img", { src: url, alt: description, width, height }), h("figcaption", {}, description,
      pictures.length > 1 && h("small", {}, ` ${shown + 1} of ${pictures.length}`),
      h("a", { href: url, target: "_blank", rel: "noopener" }, "Open the file")));
  }

  function bar() {
    const turner = (by, name, sign) => h("button", { type: "button", class: `quiet turn ${sign}`, "aria-label": name, onclick: () => turn(by) }, icon(sign));
    return [pictures.length > 1 && [turner(-1, "Previous picture", "left"), turner(1, "Next picture", "right")],
      h("button", { type: "button", class: "quiet close", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))];
  }
}
