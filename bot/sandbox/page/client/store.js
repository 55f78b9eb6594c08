// Holds what the page knows (scene, who, where, the bot's state) and is its only way to the server.

import { setClock } from "./times.js";

const GONE = "The demo does not answer. Is it still running? This page goes on as soon as it is.";
const RETRY_MS = 1000;
export const DIRECT = "@me"; // the channel of the bot's direct messages

/** Events by kind: "scene" · "where" · "message" {message} · "deleted" {channel_id, id} · "reload" ·
 *  "bot" {state, why} · "live" (state.isLive) · "commands" · "behind" · "typing" {channel_id, user_id} ·
 *  "panel" (state.panel) · "tab" {name} · "compose" {command, options} · "sent" {act} · "notice" {text, tone}. */
export function createStore() {
  const heard = new Map();
  const state = { scene: null, me: null, channel: null, locale: "en-US", bot: { state: "starting", why: "" }, isLive: true, panel: matchMedia("(min-width: 1100px)").matches ? "behind" : "members" };
  let stream = null;
  let retry = 0;

  const store = { state, on, emit, load, act, start, go, show, compose, notice, person, user, role, emoji, sees, place, placeOf };

  /** Hear of a kind of event; returns a function that ends that. */
  function on(kind, handler) {
    if (!heard.has(kind)) heard.set(kind, new Set());
    heard.get(kind).add(handler);
    return () => heard.get(kind).delete(handler);
  }

  function emit(kind, detail = {}) {
    for (const handler of [...(heard.get(kind) ?? [])]) handler(detail);
  }

  /** GET JSON, e.g. load("/page/messages", {channel, before}); `as` is added. Throws Error(sentence). */
  async function load(path, query = {}) {
    const asked = Object.entries({ as: state.me, ...query }).filter(([, value]) => value !== null && value !== undefined);
    return answered(await request(`${path}?${new URLSearchParams(asked)}`));
  }

  /** Act as who one is, where one is: act("press", {message, custom_id}). Files are File objects.
   *  Returns {ok, modal, choices}; throws Error with the server's sentence. */
  async function act(kind, fields = {}, files = []) {
    const form = new FormData();
    form.append("act", JSON.stringify({ act: kind, as: state.me, channel: state.channel, locale: state.locale, ...fields }));
    files.forEach((file, index) => form.append(`file${index}`, file, file.name));
    const answer = await answered(await request("/page/act", { method: "POST", body: form }));
    if (kind !== "type") emit("sent", { act: kind });
    return answer;
  }

  async function request(path, how) {
    try {
      return await fetch(path, how);
    } catch {
      throw new Error(GONE);
    }
  }

  async function answered(response) {
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    const body = isJson ? await response.json() : { error: await response.text() };
    if (!response.ok || body.ok === false) throw new Error(body.error || `The demo answered ${response.status}.`);
    return body;
  }

  /** Load the scene, take who and where from the address, and listen from now on. */
  async function start() {
    addEventListener("hashchange", fromAddress);
    await again();
  }

  /** Take a new scene; says whether one is somebody or somewhere else since. */
  function take(scene) {
    state.scene = scene;
    setClock(scene.now);
    const moved = settle(); // before anybody hears of it: who one was may be gone
    emit("scene");
    setBot({ state: "up", ...scene.bot });
    return announce(moved);
  }

  function setBot(bot) {
    state.bot = { state: bot.state, why: bot.why ?? "" };
    emit("bot", state.bot);
  }

  /** Be somebody, somewhere; what is not named stays. The address keeps it over a reload. */
  function go({ me = state.me, channel = state.channel }) {
    const address = `#/${me}/${channel}`;
    if (location.hash !== address) location.hash = address;
    else fromAddress();
  }

  function fromAddress() {
    if (state.scene) announce(settle());
  }

  /** Take who and where from the address, as far as they exist; says what is different. */
  function settle() {
    const [, asked, there] = location.hash.split("/");
    const people = state.scene.people;
    const me = (people.find(each => each.id === asked) ?? people[0]).id;
    const channel = seen(me).some(each => each.id === there) || there === DIRECT ? there : home(me);
    const moved = { isSomebodyElse: me !== state.me, isElsewhere: channel !== state.channel };
    Object.assign(state, { me, channel });
    history.replaceState(null, "", `#/${me}/${channel}`);
    return moved;
  }

  function announce(moved) {
    if (moved.isSomebodyElse) listen();
    const isMoved = moved.isSomebodyElse || moved.isElsewhere;
    if (isMoved) emit("where", moved);
    return isMoved;
  }

  function home(me) {
    const places = seen(me);
    return (places.find(each => each.id === state.scene.home) ?? places[0])?.id ?? DIRECT;
  }

  function seen(me) {
    const guilds = state.scene.guilds.filter(guild => guild.members.some(member => member.id === me));
    return guilds.flatMap(guild => guild.channels).filter(channel => sees(channel, me));
  }

  /** Whether a channel is open to somebody. */
  function sees(channel, me = state.me) {
    return !channel.seen_by || channel.seen_by.includes(me);
  }

  /** A server's own emoji by its id; null for what is not known here. */
  function emoji(id) {
    return state.scene?.guilds.flatMap(guild => guild.emojis).find(each => each.id === id) ?? null;
  }

  function listen() {
    stream?.close();
    stream = new EventSource(`/page/live?as=${encodeURIComponent(state.me)}`);
    stream.onmessage = event => heardOf(JSON.parse(event.data));
    stream.onerror = () => { // whom it was for may be gone: the scene says who there is now
      stream.close();
      live(false);
      later(again);
    };
  }

  function later(what) {
    clearTimeout(retry);
    retry = setTimeout(what, RETRY_MS);
  }

  function live(isLive) {
    if (state.isLive === isLive) return;
    state.isLive = isLive;
    emit("live");
  }

  function heardOf(event) {
    const wasAway = !state.isLive;
    live(true);
    // What came after the first load and before the stream was open, nobody has told of.
    if (event.kind === "hello") return wasAway ? again() : emit("reload");
    if (event.kind === "bot") return setBot(event);
    if (event.kind === "world") return again();
    if (event.kind === "clock") {
      setClock(event.now);
      return emit("reload"); // "Today" is another day
    }
    return emit(event.kind, event);
  }

  /** After a break or a change of the world: everything may be different, even who there is. */
  async function again() {
    let scene;
    try {
      scene = await load("/page/scene");
    } catch {
      live(false);
      later(again);
      return;
    }
    const isMoved = take(scene);
    if (stream.readyState === EventSource.CLOSED) listen();
    if (stream.readyState === EventSource.OPEN) live(true);
    if (isMoved) return; // "where" has everything loaded already
    emit("commands");
    emit("reload");
  }

  /** Open a panel on the right: "members" or "behind", there at a tab; null closes its drawer. */
  function show(panel, tab = null) {
    state.panel = panel;
    emit("panel");
    if (tab) emit("tab", { name: tab });
  }

  /** Put a command into the composer, filled in but not sent. */
  function compose(command, options = {}, more = {}) {
    emit("compose", { command, options, ...more });
  }

  /** Tell something in a corner for a while; tone is "good" or "bad". */
  function notice(text, tone = "bad") {
    emit("notice", { text, tone });
  }

  function person() {
    return state.scene?.people.find(each => each.id === state.me) ?? null;
  }

  function user(id) {
    const members = state.scene?.guilds.flatMap(guild => guild.members) ?? [];
    const known = [...members, ...(state.scene?.people ?? [])].find(each => each.id === id);
    return known ?? (state.scene?.bot.id === id ? { ...state.scene.bot, bot: true } : null);
  }

  function role(id) {
    return state.scene?.guilds.flatMap(guild => guild.roles).find(each => each.id === id) ?? null;
  }

  /** The channel with its guild; null for direct messages and what is not known. */
  function place(id = state.channel) {
    for (const guild of state.scene?.guilds ?? []) {
      const channel = guild.channels.find(each => each.id === id);
      if (channel) return { ...channel, guild };
    }
    return null;
  }

  /** Where a message of this channel id is shown: a channel that is in no server is the direct one. */
  function placeOf(channelId) {
    return place(channelId) ? channelId : DIRECT;
  }

  return store;
}
