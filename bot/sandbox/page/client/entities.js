// Owns who and what one may choose in this place: members, roles and channels as rows of a list.
import { avatar, icon } from "./dom.js";

const PLACES = { 0: "Text channel", 2: "Voice channel", 4: "Category", 5: "Announcements", 11: "Thread", 12: "Private thread", 13: "Stage", 15: "Forum" };

/** Users one sees here: the server's members, or the two of a direct conversation. */
export function users(store) {
  const { scene, me } = store.state;
  const members = store.place()?.guild.members ?? [store.user(me), { ...scene.bot, bot: true }];
  return members.filter(Boolean).map((user) => ({
    value: { user: user.id },
    label: user.global_name || user.username,
    about: user.id === me ? "You" : user.bot ? "App" : user.moderator ? "Moderator" : null,
    icon: avatar(user, "small"),
  }));
}

/** Roles of the server; @everyone is one of them. */
export function roles(store) {
  return (store.place()?.guild.roles ?? []).map((role) => ({
    value: { role: role.id },
    label: role.name.startsWith("@") ? role.name : `@${role.name}`,
    icon: icon("at"),
  }));
}

/** Channels of the server, of these types where any are named. */
export function channels(store, types = []) {
  const all = store.place()?.guild.channels ?? [];
  return all
    .filter((channel) => store.sees(channel))
    .filter((channel) => !types?.length || types.includes(channel.type))
    .map((channel) => ({
      value: { channel: channel.id },
      label: channel.name,
      about: PLACES[channel.type] ?? null,
      icon: icon(channel.type === 2 ? "sound" : "hash"),
    }));
}

/** Users and roles, each under its heading. */
export function mentionables(store) {
  const grouped = (items, group) => items.map((item) => ({ ...item, group }));
  return [...grouped(users(store), "Members"), ...grouped(roles(store), "Roles")];
}

/** The items whose label or description holds what was typed; those that begin with it first. */
export function matching(items, text) {
  const wanted = text.trim().toLowerCase().replace(/^[@#]/, "");
  if (!wanted) return items;
  const found = items.filter((item) => `${item.label} ${item.about ?? ""}`.toLowerCase().includes(wanted));
  const begins = (item) => Number(item.label.toLowerCase().replace(/^[@#]/, "").startsWith(wanted));
  const inGroups = found.some((item) => item.group);
  return inGroups ? found : found.sort((one, other) => begins(other) - begins(one));
}

export const sameValue = (one, other) => JSON.stringify(one) === JSON.stringify(other);
