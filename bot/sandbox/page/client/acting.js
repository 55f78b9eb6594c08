// Owns acts that come from a press, and the form that an answer may open.
import { openModal } from "./modal.js";
import { sentence } from "./refusals.js";

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
