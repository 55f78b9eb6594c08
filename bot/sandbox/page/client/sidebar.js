// The left rail: servers with their channels and threads, the bot's direct messages, and who one is.

import { avatar, fill, h, icon } from "./dom.js";
import { DIRECT } from "./store.js";

const THREADS = [10, 11, 12];
const KINDS = { member: "member", moderator: "moderator", stranger: "stranger" };

/** Fill the rail. */
export function mountSidebar(element, store) {
  const unread = new Map(); // channel → pings; 0 where there is something new only
  const places = h("div", { class: "places" });
  const who = h("div", { class: "who" });
  element.append(places, who);
  for (const kind of ["scene", "where"]) store.on(kind, draw);
  store.on("message", arrived);
  let leave = () => {}; // closes the list of people, where it is open
  const outside = event => { if (!who.contains(event.target)) leave(); };
  for (const kind of ["pointerdown", "focusin"]) document.addEventListener(kind, outside);

  function arrived({ message }) {
    const there = store.placeOf(message.channel_id);
    if (there === store.state.channel || message.edited_timestamp) return;
    const isPing = message.mention_everyone || (message.mentions ?? []).some(each => each.id === store.state.me);
    unread.set(there, (unread.get(there) ?? 0) + Number(isPing || there === DIRECT));
    drawPlaces();
  }

  function draw() {
    if (!store.state.me) return;
    unread.delete(store.state.channel);
    drawPlaces();
    const hadFocus = who.contains(document.activeElement);
    fill(who, identity());
    if (hadFocus) who.querySelector(".me").focus();
  }

  function drawPlaces() {
    const focused = places.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    fill(places, brand(), direct(), store.state.scene.guilds.filter(isIn).map(server));
    if (focused) places.querySelector(`[data-channel="${focused}"]`)?.focus({ preventScroll: true });
  }

  function isIn(guild) {
    return guild.members.some(member => member.id === store.state.me);
  }

  function brand() {
    return h("p", { class: "brand" }, h("img", { src: "/favicon.svg", alt: "", width: 26, height: 26 }), "Easel", h("small", {}, "demo"));
  }

  function direct() {
    return h("ul", {}, row({ id: DIRECT, name: `${store.state.scene.bot.username}, directly` }, "at"));
  }

  function server(guild) {
    const open = guild.channels.filter(channel => store.sees(channel));
    const tops = open.filter(channel => !THREADS.includes(channel.type));
    return h("section", {}, h("h2", {}, guild.name), h("ul", {}, tops.flatMap(channel => [
      row(channel, channel.type === 2 ? "sound" : channel.seen_by ? "lock" : "hash"),
      ...open.filter(each => each.parent_id === channel.id && THREADS.includes(each.type)).map(thread => row(thread, "thread")),
    ])));
  }

  function row(channel, sign) {
    const isHere = channel.id === store.state.channel;
    const pings = unread.get(channel.id);
    return h("li", {}, h("a", {
      href: `#/${store.state.me}/${channel.id}`,
      class: `${sign === "thread" ? "inner" : ""} ${pings === undefined ? "" : "unread"}`,
      "aria-current": isHere && "page",
      data: { channel: channel.id },
    }, icon(sign), h("span", {}, channel.name), pings > 0 && h("b", { class: "pings" }, String(pings), h("span", { class: "hidden" }, " for you"))));
  }

  function identity() {
    const me = store.person();
    const list = h("div", { class: "people", role: "group", "aria-label": "Who you are", hidden: true },
      h("p", {}, "Look at it as somebody else:"), store.state.scene.people.map(choice), language());
    const button = h("button", { type: "button", class: "me", "aria-expanded": "false", onclick: toggle }, avatar(me),
      h("span", {}, h("small", {}, "You are"), h("b", {}, me.username), h("small", { class: "kind" }, KINDS[me.kind] ?? "")), icon("down"));

    function toggle() {
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
    }
    list.addEventListener("keydown", event => { if (event.key === "Escape") { toggle(); button.focus(); } });
    leave = () => { if (!list.hidden) toggle(); };
    return [list, button];
  }

  function choice(person) {
    const isMe = person.id === store.state.me;
    return h("button", { type: "button", class: "person", "aria-pressed": String(isMe), onclick: () => store.go({ me: person.id }) },
      avatar(person), h("span", {}, h("b", {}, person.username), h("small", {}, person.about)), isMe && icon("check"));
  }

  function language() {
    const locales = store.state.scene.locales ?? [];
    const names = new Intl.DisplayNames(["en"], { type: "language" });
    const change = event => { store.state.locale = event.target.value; store.emit("commands"); };
    return locales.length > 1 && h("label", {}, "Discord's language", h("select", { onchange: change },
      locales.map(locale => h("option", { value: locale, selected: locale === store.state.locale }, names.of(locale)))));
  }
}
