// The list of a server's members: their roles, who is a bot and who moderates.

import { avatar, fill, h } from "./dom.js";
import { memberMenu } from "./menus.js";

/** Show the members of the server one is in, or the bot alone in direct messages. */
export function mountMembers(element, store) {
  for (const kind of ["scene", "where", "bot"]) store.on(kind, draw);

  function draw() {
    const { scene, bot } = store.state;
    if (!scene || !store.state.me) return;
    const guild = store.place()?.guild;
    const members = guild?.members ?? [{ ...scene.bot, bot: true, roles: [] }, { ...store.person(), roles: [] }];
    fill(element,
      group("Bots", members.filter(each => each.bot)),
      group("Moderators", members.filter(each => each.moderator && !each.bot)),
      group("Members", members.filter(each => !each.moderator && !each.bot)));

    function group(title, list) {
      return list.length > 0 && [h("h2", {}, `${title} · ${list.length}`), h("ul", {}, list.map(one))];
    }

    function one(member) {
      const roles = (member.roles ?? []).map(id => guild?.roles.find(role => role.id === id)?.name).filter(name => name && name !== "@everyone");
      const isAway = member.id === scene.bot.id && bot.state !== "up";
      const open = event => openMenu(event, member);
      return h("li", {}, h("button", { type: "button", class: `member ${isAway ? "away" : ""}`, onclick: open, oncontextmenu: open, "aria-haspopup": "menu" },
        avatar(member), h("span", {}, member.username, member.bot && h("span", { class: "tag" }, "BOT"), member.id === store.state.me && h("span", { class: "you" }, "you"),
          roles.length > 0 && h("small", {}, roles.join(", ")), isAway && h("small", {}, bot.state))));
    }
  }

  function openMenu(event, member) {
    event.preventDefault();
    memberMenu(store, event, member);
  }
}
