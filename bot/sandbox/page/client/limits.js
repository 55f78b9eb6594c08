// Owns what may stand in an option or a field, and the sentence that says why something may not.

const few = (low, high) => (low === high ? `${high}` : `${low} to ${high}`);
const grouped = (number) => number.toLocaleString("en-US");

/** The longest a text option or field may be. */
export const longest = (part, fallback) => part.max_length ?? fallback;

/** What is wrong with a text, or null. */
export function textFault(text, { low = 0, high }) {
  const long = [...text].length;
  if (long >= low && long <= high) return null;
  if (long < low) return `At least ${low} characters, not ${long}.`;
  return `At most ${grouped(high)} characters, not ${grouped(long)}.`;
}

/** A typed number as {value} or {fault}. */
export function numberOf(text, option) {
  const value = Number(text.trim().replace(",", "."));
  const isWhole = option.type === 4;
  if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value))) return { fault: isWhole ? "A whole number." : "A number." };
  const { min_value: low, max_value: high } = option;
  if ((low ?? value) > value || (high ?? value) < value) return { fault: `${range(option)}, not ${text.trim()}.` };
  return { value };
}

function range({ min_value: low, max_value: high }) {
  if (low != null && high != null) return `From ${grouped(low)} to ${grouped(high)}`;
  return low != null ? `At least ${low}` : `At most ${high}`;
}

/** What an option takes, in a few words; empty where there is nothing to say. */
export function takes(option) {
  if (option.type === 3 && !option.choices) {
    const { min_length: low, max_length: high } = option;
    if (low > 1 && high) return `${few(low, high)} characters`;
    if (high) return `up to ${grouped(high)} characters`;
    return low > 1 ? `at least ${low} characters` : "";
  }
  const isBounded = option.min_value != null || option.max_value != null;
  if ([4, 10].includes(option.type) && isBounded) return range(option).toLowerCase();
  return "";
}

const KINDS = { image: ["png", "gif", "jpg", "jpeg", "jfif", "webp", "avif"] }; // Discord docs, 2026-08

/** What is wrong with a file where only these `file_types` are taken, groups or endings of names; or null. */
export function fileFault(file, types) {
  if (!types?.length) return null;
  const ending = file.name.toLowerCase().split(".").at(-1);
  const isOf = (type) => (type.startsWith(".") ? type.toLowerCase() === `.${ending}` : KINDS[type] ? KINDS[type].includes(ending) : file.type.startsWith(`${type}/`));
  return types.some(isOf) ? null : `“${file.name}” is not taken here, only ${types.join(", ")}.`;
}

/** What is wrong with how many were chosen, or null; `things` is their plural. */
export function countFault(count, { low, high, things = "choices" }) {
  if (count >= low && count <= high) return null;
  if (count < low) return count === 0 && low === 1 ? "This is required." : `At least ${low} ${things}, not ${count}.`;
  return `At most ${high} ${things}, not ${count}.`;
}

/** "Choose 1 to 3", "Choose up to 3", or nothing where one is the rule. */
export function countHint({ low, high }, verb = "Choose") {
  if (high === 1) return "";
  return `${verb} ${low ? few(low, high) : `up to ${high}`}`;
}
