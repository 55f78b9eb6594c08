// The list of messages of a channel: pages of older ones, the reader's place, following new ones.

import { chunksIn } from "./chunks.js";
import { fill, h, icon } from "./dom.js";
import { drawMessage } from "./message.js";
import { dayText, keepTimes } from "./times.js";
import { examples, welcome } from "./welcome.js";

const PAGE = 50;
const OLDER = 10; // drawn in one frame while somebody scrolls, so that none is late
const MOST = 100; // that the server gives at once
const NEAR_END = 60; // CSS pixels within which a reader follows
const NEAR_TOP = 3000;
const TYPING_MS = 10000;
const STALE_MS = 1500;

const byId = (one, other) => (one.id.length - other.id.length) || (one.id < other.id ? -1 : Number(one.id > other.id));

/** Fill the timeline. */
export function mountTimeline(element, store) {
  let messages = []; // oldest first, as drawn
  let undrawn = []; // loaded, and older than those
  let hasOlder = false; // than any that is loaded
  let loading = null;
  let isFollowing = true;
  let lastTop = 0;
  let meanwhile = null; // what happened while a page was on its way
  let round = 0; // counts the channels looked at, so that a late answer is for nobody
  const failures = new Map();
  const typing = new Map();

  const top = h("div", { class: "top" });
  const list = h("div", { class: "list" });
  const chunks = chunksIn(list);
  const hello = h("div", { class: "hello" });
  const inner = h("div", { class: "inner" }, hello, top, list);
  const scroller = h("div", { class: "scroller", role: "log", "aria-label": "Messages", "aria-live": "polite", tabindex: "0" }, inner);
  const pill = h("button", { type: "button", class: "newer", hidden: true, onclick: toEnd }, icon("down"), "New messages");
  const who = h("p", { class: "typing", "aria-live": "polite" });
  const first = h("div");
  element.append(h("div", { class: "pane" }, scroller, pill), who, first);

  scroller.addEventListener("scroll", scrolled, { passive: true });
  const grown = new ResizeObserver(() => { if (isFollowing) stick(); });
  grown.observe(inner);
  grown.observe(scroller);
  for (const kind of ["where", "reload"]) store.on(kind, () => reload(kind === "where"));
  store.on("message", ({ message }) => isHere(message.channel_id) && put(message));
  store.on("deleted", ({ channel_id: place, id }) => isHere(place) && remove(id));
  store.on("failed", ({ id, text }) => { failures.set(id, text); redraw(id); });
  store.on("sent", ({ act }) => act !== "dismiss" && toEnd());
  store.on("jump", ({ id }) => jump(id));
  store.on("typing", ({ channel_id: place, user_id: user }) => isHere(place) && typed(user ?? store.state.scene.bot.id));
  store.on("scene", () => first.childElementCount === 0 && fill(first, examples(store)));
  let stale = 0;
  store.on("stale", () => { clearTimeout(stale); stale = setTimeout(() => reload(false), STALE_MS); });
  keepTimes();

  function isHere(channelId) {
    return store.placeOf(channelId) === store.state.channel;
  }

  /** Load the newest page, or as far back as was read; what happens meanwhile is drawn afterwards. */
  async function reload(isElsewhere) {
    const mine = round += 1;
    const oldest = isElsewhere ? null : messages[0];
    loading = null;
    meanwhile = [];
    if (isElsewhere) leave();
    const page = await newest(oldest).catch(error => {
      if (mine === round && isElsewhere) store.notice(error.message);
      return isElsewhere ? { messages: [], more: false } : null;
    });
    if (mine !== round) return;
    if (page) {
      [messages, undrawn, hasOlder] = [page.messages, [], page.more];
      keepingPlace(drawAll);
    }
    const happened = meanwhile;
    meanwhile = null;
    for (const again of happened) again();
  }

  function leave() {
    isFollowing = true;
    pill.hidden = true;
    failures.clear();
    typing.clear();
    drawTyping();
  }

  async function newest(oldest) {
    const channel = store.state.channel;
    let page = await store.load("/page/messages", { channel, limit: PAGE });
    while (oldest && page.more && byId(oldest, page.messages[0]) < 0) {
      const older = await store.load("/page/messages", { channel, limit: MOST, before: page.messages[0].id });
      page = { messages: [...older.messages, ...page.messages], more: older.more };
    }
    return page;
  }

  function drawAll() {
    scroller.setAttribute("aria-busy", "true");
    drawBeginning();
    chunks.fill(messages.map((message, index) => drawn(message, messages[index - 1])));
    scroller.removeAttribute("aria-busy");
    if (isFollowing) stick();
  }

  /** What stands above the oldest message: the channel's beginning, or that there is more. */
  function drawBeginning() {
    fill(hello, !goesOn() && welcome(store, messages.length === 0));
    fill(top, goesOn() && h("p", { class: "older" }, "Older messages …"));
  }

  function goesOn() {
    return hasOlder || undrawn.length > 0;
  }

  function drawn(message, before) {
    const date = new Date(message.timestamp);
    const isNewDay = !before || new Date(before.timestamp).toDateString() !== date.toDateString();
    const article = drawMessage(message, isNewDay ? null : before, store, failures.get(message.id));
    return isNewDay ? [h("h2", { class: "day", data: { before: message.id } }, h("span", {}, dayText(date, store.state.locale))), article] : [article];
  }

  function put(message) {
    if (meanwhile) return meanwhile.push(() => put(message));
    const at = messages.findIndex(each => each.id === message.id);
    if (at >= 0) {
      messages[at] = message;
      return keepingPlace(() => redraw(message.id));
    }
    const isLast = messages.length === 0 || byId(messages.at(-1), message) < 0;
    if (!isLast && goesOn() && byId(message, messages[0]) < 0) {
      undrawn = undrawn.map(each => each.id === message.id ? message : each);
      return;
    }
    typing.delete(message.author.id);
    drawTyping();
    messages = isLast ? [...messages, message] : [...messages, message].sort(byId);
    if (isLast) chunks.append(drawn(message, messages.at(-2)));
    else keepingPlace(drawAll);
    drawBeginning();
    if (isFollowing) stick();
    else if (isLast) pill.hidden = false;
  }

  function remove(id) {
    if (meanwhile) return meanwhile.push(() => remove(id));
    undrawn = undrawn.filter(each => each.id !== id);
    const at = messages.findIndex(each => each.id === id);
    if (at < 0) return;
    messages.splice(at, 1);
    keepingPlace(() => {
      chunks.remove(id);
      if (messages[at]) redraw(messages[at].id);
    });
  }

  /** Draw one message anew where it stands; what was revealed and who has the focus stay. */
  function redraw(id) {
    const at = messages.findIndex(each => each.id === id);
    const old = list.querySelector(`#m${id}`);
    if (at < 0 || !old) return;
    const fresh = drawn(messages[at], messages[at - 1]);
    const key = old.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    const revealed = [...old.querySelectorAll(".covered, .spoiler")].map(each => each.classList.contains("revealed"));
    chunks.replace(id, fresh);
    const article = fresh.at(-1);
    article.querySelectorAll(".covered, .spoiler").forEach((each, index) => revealed[index] && (each.querySelector(":scope > .cover") ?? each).click());
    if (key !== undefined) (article.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? article).focus({ preventScroll: true });
    if (isFollowing) stick();
  }

  function scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (isAtEnd) [isFollowing, pill.hidden] = [true, true];
    else if (scrollTop < lastTop - 1) isFollowing = false;
    lastTop = scrollTop;
    if (scrollTop < NEAR_TOP) older();
  }

  /** Draw a few older ones, and more with each frame until there are enough above; load those not there yet. */
  function older() {
    if (!goesOn() || loading || messages.length === 0) return loading;
    const mine = round;
    loading = loaded(mine).then(() => {
      if (mine !== round) return;
      keepingPlace(() => prepend(undrawn.splice(-OLDER)));
      requestAnimationFrame(() => {
        if (mine !== round) return;
        loading = null;
        scrolled();
      });
    }, error => { loading = null; store.notice(error.message); });
    return loading;
  }

  /** See to it that some are loaded that are not drawn yet. */
  async function loaded(mine) {
    if (undrawn.length > 0) return;
    const page = await store.load("/page/messages", { channel: store.state.channel, before: messages[0].id, limit: MOST });
    if (mine === round) [undrawn, hasOlder] = [page.messages, page.more];
  }

  function prepend(portion) {
    scroller.setAttribute("aria-busy", "true");
    const first = messages[0];
    messages = [...portion, ...messages];
    chunks.prepend(portion.map((message, index) => drawn(message, portion[index - 1])));
    if (first) redraw(first.id);
    drawBeginning();
    scroller.removeAttribute("aria-busy");
  }

  /** Do something above or in what is read without moving it. */
  function keepingPlace(change) {
    const edge = scroller.getBoundingClientRect().top;
    const anchor = isFollowing ? null : chunks.firstBelow(edge);
    const before = anchor?.getBoundingClientRect().top;
    change();
    const still = anchor && list.querySelector(`#${anchor.id}`);
    if (still) scroller.scrollTop += still.getBoundingClientRect().top - before;
    lastTop = scroller.scrollTop;
  }

  function stick() {
    scroller.scrollTop = scroller.scrollHeight;
    lastTop = scroller.scrollTop;
  }

  function toEnd() {
    isFollowing = true;
    pill.hidden = true;
    stick();
  }

  /** Go to a message, back through older pages if need be. */
  async function jump(id) {
    while (!list.querySelector(`#m${id}`) && goesOn()) await older();
    const target = list.querySelector(`#m${id}`);
    if (!target) return;
    isFollowing = false;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
    target.classList.add("sought");
    target.addEventListener("animationend", () => target.classList.remove("sought"), { once: true });
  }

  function typed(user) {
    clearTimeout(typing.get(user));
    typing.set(user, setTimeout(() => { typing.delete(user); drawTyping(); }, TYPING_MS));
    drawTyping();
  }

  function drawTyping() {
    const names = [...typing.keys()].map(id => store.user(id)?.username ?? "Somebody");
    fill(who, names.length > 0 && [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} typing…`]);
  }
}
