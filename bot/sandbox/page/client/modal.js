// Owns forms: the dialog a bot opens, checked before it is sent, with nothing lost when that fails.
import { h, icon } from "./dom.js";
import { field } from "./fields.js";
import { filesOf } from "./files.js";
import { keepFocus } from "./layer.js";
import { sentence } from "./refusals.js";

/** Open a form, {key, modal}, as a dialog; it closes once the bot took it, or by Esc or Cancel. */
export function openModal(store, { key, modal }) {
  const giveBack = keepFocus();
  const parts = modal.components.flatMap((part) => (part.type === 1 ? part.components : [part])).map((part) => field(store, part));
  const fault = h("p", { class: "form-fault", role: "alert", hidden: true });
  const send = h("button", { type: "submit", class: "primary" }, "Submit");
  const title = h("h2", { id: `title-${key}` }, modal.title);
  const close = (name, label, ...inside) => h("button", { type: "button", class: name, "aria-label": label, onclick: () => dialog.close() }, ...inside);
  const form = h(
    "form",
    { class: "form", novalidate: true, onsubmit: submit, onpaste: pasted },
    h("header", { class: "form-head" }, title, close("icon-button", "Close", icon("close"))),
    h("div", { class: "form-body" }, parts.map((part) => part.element)),
    fault,
    h("footer", { class: "form-foot" }, close("quiet", null, "Cancel"), send),
  );
  const dialog = h("dialog", { class: "form-dialog", "aria-labelledby": title.id, onclose: closed, oncancel: (event) => event.target !== dialog && event.stopPropagation() }, form);
  document.body.append(dialog);
  dialog.showModal();
  (parts.find((part) => part.focus)?.focus ?? (() => send.focus()))();

  function pasted(event) {
    const files = filesOf(event.clipboardData);
    const taker = parts.find((part) => part.take);
    if (!files.length || !taker) return;
    event.preventDefault();
    taker.take(files);
  }

  async function submit(event) {
    event.preventDefault();
    const wrong = parts.filter((part) => part.check && !part.check());
    if (wrong.length) return wrong[0].focus();
    const files = [];
    const values = {};
    for (const part of parts) if (part.name) Object.assign(values, answer(part, files));
    tell("");
    waiting(true);
    try {
      const { modal: next } = await store.act("submit", { key, values }, files);
      dialog.close();
      if (next) openModal(store, next);
    } catch (error) {
      tell(sentence(store, error));
    } finally {
      waiting(false);
    }
    return null;
  }

  function waiting(isWaiting) {
    send.disabled = isWaiting;
    send.classList.toggle("pending", isWaiting);
    send.textContent = isWaiting ? "Sending…" : "Submit";
  }

  function tell(text) {
    fault.textContent = text;
    fault.hidden = !text;
  }

  function closed() {
    dialog.remove();
    giveBack();
  }
}

/** The value of one field as the server takes it; files go beside the act and are named by place. */
function answer(part, files) {
  const value = part.value();
  if (value === undefined) return {};
  if (!Array.isArray(value)) return { [part.name]: value };
  const named = value.map((one) => (one instanceof File ? { file: files.push(one) - 1 } : one));
  return { [part.name]: named };
}
