// Owns what is said where an act was refused or nobody answered.

/** Who did not answer, with what one may do; the server's own sentence otherwise. */
export function sentence(store, error, advice = "Nothing you wrote is lost; try again.") {
  const name = store.state.scene?.bot.username ?? "The bot";
  if (/did not answer|not acknowledged/i.test(error.message)) return `${name} did not answer. ${advice}`;
  return error.message;
}
