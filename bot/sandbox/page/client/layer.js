// Owns what floats over the page: beside its anchor, a sheet on a phone, closed by a press outside.

const GAP = 6;
const EDGE = 8;

export const narrow = () => window.matchMedia("(max-width: 640px)").matches;

/**
 * Float `element` beside `anchor` (an element or {x, y}) until the returned function is called
 * or something outside is pressed; `onClose` hears of either, once.
 */
export function openLayer(element, anchor, { onClose = () => {}, width = false } = {}) {
  const host = (anchor instanceof Element && anchor.closest("dialog")) || document.querySelector("main");
  element.classList.add("layer");
  element.setAttribute("popover", "manual");
  host.append(element);
  element.showPopover();
  const place = () => put(element, anchor, width);
  const outside = (event) => {
    const inside = element.contains(event.target) || (anchor instanceof Element && anchor.contains(event.target));
    if (!inside) close();
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", place);
    window.removeEventListener("scroll", place, true);
    element.remove();
    onClose();
  }
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", place);
  window.addEventListener("scroll", place, true);
  place();
  return Object.assign(close, { place });
}

/** Remember where the focus is; the returned function gives it back, even to a part that was drawn anew. */
export function keepFocus() {
  const held = document.activeElement;
  const { key } = held?.dataset ?? {};
  const place = held?.closest("[id]")?.id;
  return () => {
    const again = () => place && document.getElementById(place)?.querySelector(`[data-key="${CSS.escape(key ?? "")}"]`);
    const to = held?.isConnected ? held : (again() ?? document.querySelector(".composer-text"));
    to?.focus({ preventScroll: true });
  };
}

function put(element, anchor, width) {
  element.classList.toggle("sheet", narrow());
  if (narrow()) return element.removeAttribute("style");
  const at = anchor instanceof Element ? anchor.getBoundingClientRect() : point(anchor);
  if (width) element.style.minWidth = `${at.width}px`;
  const { offsetWidth: wide, offsetHeight: high } = element;
  const below = at.bottom + GAP;
  const fits = below + high <= window.innerHeight - EDGE || at.top < window.innerHeight - at.bottom;
  const top = fits ? below : at.top - GAP - high;
  const left = Math.min(at.left, window.innerWidth - wide - EDGE);
  element.style.top = `${Math.max(EDGE, Math.min(top, window.innerHeight - high - EDGE))}px`;
  element.style.left = `${Math.max(EDGE, left)}px`;
}

function point({ x, y }) {
  return { left: x, top: y - GAP, bottom: y - GAP, width: 0 };
}
