// Owns the slash-command picker: what opens over the composer while a text begins with "/".
import { meant } from "./commands.js";
import { avatar } from "./dom.js";
import { listbox } from "./listbox.js";

/** The picker for a text field: {update(text), key(event), close(), isOpen()}; `onPick(entry)`. */
export function commandPicker(store, field, panel, { entries, onPick }) {
  const list = listbox(() => field, { label: "Commands", className: "commands", onPick: (item) => onPick(item.value) });
  let isOpen = false;

  function update(text) {
    const asks = text.startsWith("/") && !text.includes("\n");
    if (!asks) return close();
    const found = meant(entries(), text.slice(1));
    const { bot } = store.state.scene;
    list.show(found.map((entry) => item(entry, bot)));
    isOpen = true;
    return panel.show({ body: list.element, note: found.length ? null : `No command is called “${text.slice(1).trim()}”.` });
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    list.show([]);
    list.leave();
    panel.hide();
  }

  return { update, close, key: (event) => isOpen && list.key(event, ["Enter", "Tab"]), isOpen: () => isOpen };
}

function item(entry, bot) {
  const required = entry.options.filter((option) => option.required).map((option) => option.name);
  return { label: `/${entry.shown}`, about: entry.about, hint: required.join(" · "), value: entry, group: entry.bot, icon: avatar({ ...bot, bot: true }, "small") };
}
