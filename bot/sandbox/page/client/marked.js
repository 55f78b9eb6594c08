// Shows a tree of Discord's markdown, with whom its mentions really mention.

import { h } from "./dom.js";
import { parse } from "./markdown.js";
import { relative, timeText, wholeTime } from "./times.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strike: "s" };

/** Text → elements. `message` says whom the text pings; `store` knows names. */
export function markdown(text, message, store) {
  function block(node) {
    if (node.type === "text") return h("p", {}, node.children.map(one));
    if (node.type === "heading") return h(`h${node.level + 2}`, { class: `heading level-${node.level}` }, node.children.map(one));
    if (node.type === "small") return h("small", { class: "print" }, node.children.map(one));
    if (node.type === "quote") return h("blockquote", {}, node.children.map(block));
    if (node.type === "code") return h("pre", { tabindex: "0" }, h("code", { "data-language": node.language || null }, node.text));
    const items = node.items.map(item => h("li", {}, item.map(block)));
    return node.isOrdered ? h("ol", { start: String(node.start) }, items) : h("ul", {}, items);
  }

  function one(node) {
    if (node.type === "plain") return node.text;
    if (TAGS[node.type]) return h(TAGS[node.type], {}, node.children.map(one));
    return SHOWN[node.type](node);
  }

  function mention(name, isPing, props = {}) {
    return h(props.href ? "a" : "span", { ...props, class: `mention ${isPing ? "ping" : ""}` }, name);
  }

  function user({ id }) {
    const pinged = (message?.mentions ?? []).find(each => each.id === id);
    const known = pinged ?? store.user(id);
    return mention(known ? `@${known.global_name || known.username}` : `<@${id}>`, Boolean(pinged));
  }

  function role({ id }) {
    return mention(`@${store.role(id)?.name ?? "deleted-role"}`, (message?.mention_roles ?? []).includes(id));
  }

  function channel({ id }) {
    const place = store.place(id);
    return place ? mention(`#${place.name}`, false, { href: `#/${store.state.me}/${id}` }) : mention("#unknown", false);
  }

  const SHOWN = {
    user,
    role,
    channel,
    everyone: ({ name }) => mention(`@${name}`, Boolean(message?.mention_everyone)),
    command: ({ name }) => h("button", { type: "button", class: "mention command", onclick: () => store.compose(name) }, `/${name}`),
    emoji: node => emoji(node, store),
    code: ({ text }) => h("code", {}, text),
    link: ({ url, children }) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children.map(one)),
    time: node => time(node, store.state.locale),
    spoiler: ({ children }) => spoiler(children.map(one)),
  };

  return parse(text ?? "").map(block);
}

function time({ seconds, style }, locale) {
  const text = style === "R" ? relative(seconds, locale) : timeText(seconds, style, locale);
  return h("time", { class: style === "R" ? "relative" : null, datetime: iso(seconds), title: wholeTime(seconds, locale), data: { seconds, locale } }, text);
}

function iso(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function spoiler(children) {
  const inner = h("span", { class: "inside", "aria-hidden": "true", inert: true }, children);
  const shown = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler, hidden", onclick: reveal,
    onkeydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); reveal(); } } }, inner);
  function reveal() {
    shown.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) shown.removeAttribute(name);
    inner.removeAttribute("aria-hidden");
    inner.removeAttribute("inert");
  }
  return shown;
}

/** An emoji of text, a button or an option: unicode as it is, a server's own as its picture, one unknown by its name. */
export function emoji(given, store) {
  if (!given) return null;
  if (!given.id) return h("span", { class: "unicode" }, given.name);
  const title = `:${given.name}:`;
  if (!store.emoji(given.id)) return h("span", { class: "emoji", role: "img", "aria-label": given.name, title }, title);
  return h("img", { class: "emoji", src: `/emojis/${given.id}.webp`, alt: title, title, width: 22, height: 22, draggable: "false" });
}

