// Draws embeds, the cards of Discord's first version.

import { hex, safe } from "./components.js";
import { h } from "./dom.js";
import { markdown } from "./marked.js";
import { gallery, pictureOf, thumbnail } from "./pictures.js";
import { timeText } from "./times.js";

/** The embeds of a message. */
export function embeds(message, store) {
  return (message.embeds ?? []).map(one);

  function one(embed) {
    const colour = embed.color ? hex(embed.color) : null;
    return h("div", { class: "container embed accented", style: { "--stripe": colour ?? "var(--line)" } },
      h("div", { class: "section" }, h("div", { class: "words" }, author(embed.author), title(embed), words(embed.description), fields(embed.fields)),
        embed.thumbnail?.url && thumbnail(pictureOf(embed.thumbnail, {}), store)),
      embed.image?.url && gallery([pictureOf(embed.image, {})], store),
      footer(embed));
  }

  function words(text) {
    return text && h("div", { class: "text" }, markdown(text, message, store));
  }

  function author(given) {
    if (!given?.name) return null;
    const picture = safe(given.icon_url) && h("img", { src: given.icon_url, alt: "", width: 22, height: 22 });
    return h("p", { class: "author" }, picture, safe(given.url) ? h("a", { href: given.url, target: "_blank", rel: "noopener noreferrer" }, given.name) : given.name);
  }

  function title({ title: text, url }) {
    if (!text) return null;
    const shown = markdown(text, message, store);
    return h("div", { class: "title" }, safe(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : shown);
  }

  function fields(given) {
    return (given ?? []).length > 0 && h("div", { class: "fields" }, given.map(field =>
      h("div", { class: field.inline ? "inline" : "" }, h("div", { class: "name" }, markdown(field.name, message, store)), words(field.value))));
  }

  function footer({ footer: given, timestamp }) {
    const when = timestamp && timeText(Date.parse(timestamp) / 1000, "s", store.state.locale);
    const said = [given?.text, when].filter(Boolean).join(" · ");
    return said && h("small", { class: "print" }, said);
  }
}
