// Owns acts that come from a press: the form an answer may open, and what to say when the bot is silent.
import { openModal } from "./modal.js";

/** Perform an act and open the form it may hold; the sentence of what went wrong, or null. */
export async function perform(store, kind, fields, files = []) {
  try {
    const { modal } = await store.act(kind, fields, files);
    if (modal) openModal(store, modal);
    return null;
  } catch (error) {
    return sentence(store, error);
  }
}

/** The bot's name stands for who did not answer; the server's own sentence otherwise. */
export function sentence(store, error) {
  const name = store.state.scene?.bot.username ?? "The bot";
  if (/did not answer|not acknowledged/i.test(error.message)) return `${name} did not answer. Nothing you wrote is lost; try again.`;
  return error.message;
}

const pressed = new Set();

/** Press a button of a message: a link opens, anything else is an act; `element` shows that it waits. */
export async function pressButton(store, message, component, element = document.activeElement) {
  if (component.url) return void window.open(component.url, "_blank", "noopener,noreferrer");
  const key = `${message.id} ${component.custom_id}`;
  if (component.disabled || pressed.has(key)) return;
  pressed.add(key);
  element?.classList.add("pending");
  element?.setAttribute("aria-busy", "true");
  const failed = await perform(store, "press", { message: message.id, custom_id: component.custom_id });
  pressed.delete(key);
  element?.classList.remove("pending");
  element?.removeAttribute("aria-busy");
  if (failed) store.notice(failed, "bad");
}
