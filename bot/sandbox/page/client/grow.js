// Lets a text field be as high as its text where the browser's own `field-sizing` is not known.

const isKnown = globalThis.CSS?.supports?.("field-sizing", "content") ?? true;

/** Keep this textarea as high as what is in it. */
export function grows(field) {
  if (isKnown) return field;
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  for (const kind of ["input", "focus"]) field.addEventListener(kind, fit);
  return field;
}
