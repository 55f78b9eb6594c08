// Holds what the page knows (scene, who, where, the bot's state) and is its only way to the server.

const GONE = "The demo does not answer. Is it still running? This page goes on as soon as it is.";
const RETRY_MS = 1000;
export const DIRECT = "@me"; // the channel of the bot's direct messages

/** Events by kind: "scene" · "where" · "message" {message} · "deleted" {channel_id, id} · "reload" ·
 *  "bot" {state, why} · "live" (state.isLive) · "commands" · "behind" · "typing" {channel_id, user_id} ·
 *  "panel" (state.panel) · "compose" {command, options} · "sent" {act} · "notice" {text, tone}. */
export function createStore() {
  const heard = new Map();
  const state = { scene: null, me: null, channel: null, locale: "en-US", bot: { state: "starting", why: "" }, isLive: true, panel: "members" };
  let stream = null;

  const store = { state, on, emit, load, act, start, go, show, compose, notice, person, user, role, place, placeOf };

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
    if (!response.ok) throw new Error(body.error || `The demo answered ${response.status}.`);
    return body;
  }

  /** Load the scene, take who and where from the address, and listen from now on. */
  async function start() {
    try {
      await loadScene();
    } catch {
      live(false);
      setTimeout(start, RETRY_MS);
      return;
    }
    live(true);
    fromAddress();
    addEventListener("hashchange", fromAddress);
  }

  async function loadScene() {
    state.scene = await load("/page/scene");
    setBot({ state: state.scene.bot.state ?? "up", why: "" });
    emit("scene");
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
    const [, asked, there] = location.hash.split("/");
    const people = state.scene.people;
    const me = (people.find(each => each.id === asked) ?? people[0]).id;
    const channel = seen(me).some(each => each.id === there) || there === DIRECT ? there : home(me);
    const isSomebodyElse = me !== state.me;
    if (!isSomebodyElse && channel === state.channel) return;
    Object.assign(state, { me, channel });
    history.replaceState(null, "", `#/${me}/${channel}`);
    if (isSomebodyElse) listen();
    emit("where", { isSomebodyElse });
  }

  function home(me) {
    const places = seen(me);
    return (places.find(each => each.id === state.scene.home) ?? places[0])?.id ?? DIRECT;
  }

  function seen(me) {
    const guilds = state.scene.guilds.filter(guild => guild.members.some(member => member.id === me));
    return guilds.flatMap(guild => guild.channels);
  }

  function listen() {
    stream?.close();
    let isFirst = true;
    stream = new EventSource(`/page/live?as=${encodeURIComponent(state.me)}`);
    stream.onmessage = event => heardOf(JSON.parse(event.data), isFirst && event.data.includes('"hello"')).then(() => { isFirst = false; });
    stream.onerror = () => live(false);
  }

  function live(isLive) {
    if (state.isLive === isLive) return;
    state.isLive = isLive;
    emit("live");
  }

  async function heardOf(event, isFirstHello) {
    live(true);
    if (event.kind === "hello") return isFirstHello ? null : again();
    if (event.kind === "bot") return setBot(event);
    if (event.kind === "world") return again();
    return emit(event.kind, event);
  }

  /** After a break or a change of the world: everything may be different. */
  async function again() {
    try {
      await loadScene();
      fromAddress();
      emit("commands");
      emit("reload");
    } catch {
      live(false); // the stream comes back and says hello again
    }
  }

  /** Open a panel on the right: "members" or "behind"; null closes its drawer. */
  function show(panel) {
    state.panel = panel;
    emit("panel");
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
