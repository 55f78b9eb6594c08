// Draws one message: who wrote it, what it answers, what it says and holds.

import { components, file } from "./components.js";
import { avatar, h, icon } from "./dom.js";
import { messageMenu } from "./menus.js";
import { embeds } from "./embeds.js";
import { markdown } from "./marked.js";
import { gallery, pictureOf } from "./pictures.js";
import { timeText } from "./times.js";

const EPHEMERAL = 1 << 6;
const LOADING = 1 << 7;
const COMPONENTS_V2 = 1 << 15;
const SPOILER_NAME = /^SPOILER_/;
const TOGETHER_MS = 7 * 60000;

/** Whether a message stands under the name of the one before it. */
export function isContinued(message, before) {
  if (!before || before.author.id !== message.author.id) return false;
  if (answers(message) || message.flags & EPHEMERAL || before.flags & EPHEMERAL) return false;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER_MS;
}

function answers(message) {
  return Boolean(message.message_reference || commandOf(message));
}

function commandOf(message) {
  const name = message.command?.name ?? message.command ?? message.interaction_metadata?.name ?? message.interaction?.name;
  return typeof name === "string" && name ? name : null;
}

/** A message as an element; `before` is the one above it, `failure` what its last press came to. */
export function drawMessage(message, before, store, failure = "") {
  const continued = isContinued(message, before);
  const time = Date.parse(message.timestamp) / 1000;
  const isPing = message.mention_everyone || (message.mentions ?? []).some(each => each.id === store.state.me);
  const flags = [continued ? "continued" : "", isPing ? "pinged" : "", message.flags & EPHEMERAL ? "ephemeral" : ""];
  const article = h("article", { class: `message ${flags.join(" ")}`, id: `m${message.id}`, tabindex: "-1", "aria-labelledby": `m${message.id}-by`, data: { id: message.id },
    oncontextmenu: event => menu(event, message, store) },
    !continued && [answered(message, store), avatar(message.author, "big")],
    h("div", { class: "body" }, head(message, time, continued, store), content(message, store), note(message, store),
      h("p", { class: "failure", role: "alert" }, failure)),
    h("div", { class: "tools" }, h("button", { type: "button", class: "quiet", "aria-label": "More about this message", "aria-haspopup": "menu", onclick: event => menu(event, message, store) }, icon("more"))));
  return article;
}

function menu(event, message, store) {
  const isLink = event.type === "contextmenu" && event.target.closest("a, input, textarea");
  if (isLink || getSelection()?.toString()) return;
  event.preventDefault();
  messageMenu(store, event, message);
}

function head(message, seconds, continued, store) {
  const { author } = message;
  const name = author.global_name || author.username;
  const exact = timeText(seconds, "F", store.state.locale);
  const clock = h("time", { datetime: message.timestamp, title: exact }, timeText(seconds, "t", store.state.locale));
  if (continued) return h("span", { class: "clock", id: `m${message.id}-by` }, h("span", { class: "hidden" }, `${name}, `), clock);
  return h("header", { id: `m${message.id}-by` }, h("b", {}, name), author.bot && h("span", { class: "tag" }, "BOT"), " ", clock);
}

/** The line above a message: the command somebody used, or the message it replies to. */
function answered(message, store) {
  const by = message.interaction_metadata?.user ?? message.interaction?.user;
  const command = commandOf(message);
  if (command && by)
    return h("p", { class: "answers" }, icon("reply"), avatar(by, "small"), h("b", {}, by.global_name || by.username), ` used `, h("span", { class: "mention" }, (message.command_type ?? 1) === 1 ? `/${command}` : command));
  if (!message.message_reference) return null;
  const target = message.referenced_message;
  if (!target) return h("p", { class: "answers" }, icon("reply"), h("i", {}, "The message it answers was deleted"));
  return h("p", { class: "answers" }, icon("reply"), avatar(target.author, "small"), h("b", {}, target.author.username),
    h("button", { type: "button", class: "to", onclick: () => store.emit("jump", { id: target.id }) }, shortly(target)));
}

function shortly(message) {
  const text = [message.content, ...texts(message.components ?? [])].find(Boolean);
  return text ? text.replace(/[*_`~|]|^-# |^#+ /gm, "").slice(0, 140) : "Click to see what it shows";
}

function texts(parts) {
  return parts.flatMap(part => part.type === 10 ? [part.content] : texts(part.components ?? []));
}

function content(message, store) {
  const isThinking = message.flags & LOADING;
  const isV2 = message.flags & COMPONENTS_V2;
  const edited = message.edited_timestamp && !isThinking && h("small", { class: "edited", title: timeText(Date.parse(message.edited_timestamp) / 1000, "F", store.state.locale) }, "(edited)");
  if (isThinking) return h("p", { class: "thinking" }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${message.author.username} is thinking…`);
  return [message.content && h("div", { class: "text" }, markdown(message.content, message, store)),
    !isV2 && attachments(message, store), embeds(message, store), components(message, store), edited];
}

function attachments(message, store) {
  const given = message.attachments ?? [];
  const isShown = each => /^(image|video)\//.test(each.content_type ?? "") && each.width;
  const isSpoiler = each => SPOILER_NAME.test(each.filename);
  const pictures = given.filter(isShown).map(each => pictureOf(each, { spoiler: isSpoiler(each) }));
  return [pictures.length > 0 && gallery(pictures, store), given.filter(each => !isShown(each)).map(each => file(each, isSpoiler(each)))];
}

function note(message, store) {
  if (!(message.flags & EPHEMERAL)) return null;
  const dismiss = () => store.act("dismiss", { message: message.id }).catch(error => store.notice(error.message));
  return h("p", { class: "only-you" }, icon("eye"), "Only you can see this", !(message.flags & LOADING) && [" · ",
    h("button", { type: "button", class: "plain", onclick: dismiss, "aria-label": "Dismiss this message" }, "Dismiss")]);
}
