// Owns acts that come from a press: the form an answer may open, and what to say when the bot is silent.
import { openModal } from "./modal.js";

/** Perform an act and open the form it may hold; the sentence of what went wrong, or null. */
export async function perform(store, kind, fields, files = []) {
  try {
    const { modal } = await store.act(kind, fields, files);
    if (modal) openModal(store, modal);
    return null;
  } catch (error) {
    return sentence(store, error, "Try again in a moment.");
  }
}

/** Who did not answer, with what one may do; the server's own sentence otherwise. */
export function sentence(store, error, advice = "Nothing you wrote is lost; try again.") {
  const name = store.state.scene?.bot.username ?? "The bot";
  if (/did not answer|not acknowledged/i.test(error.message)) return `${name} did not answer. ${advice}`;
  return error.message;
}
