// Rows that keep their element while their data changes, and glide to where they stand now.

const GLIDE = { duration: 320, easing: "cubic-bezier(.2, .8, .2, 1)" };
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Make `parent` hold one element per item, in their order; `make(item)` builds one, `update(element, item)` fills it. */
export function placeRows(parent, items, { key, make, update }) {
  const there = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let row = there.get(name);
    if (row) there.delete(name);
    else {
      row = make(item);
      row.dataset.key = name;
    }
    update?.(row, item);
    if (row === next) next = next.nextElementSibling;
    else parent.insertBefore(row, next);
  }
  there.forEach((gone) => gone.remove());
}

/** Run `change` on `root`; what has the same data-flip before and after glides from its old place to the new one. */
export function gliding(root, change) {
  if (still.matches || !root.isConnected) return change();
  const before = places(root);
  change();
  const after = [...root.querySelectorAll("[data-flip]")];
  after.map((element) => [element, element.getBoundingClientRect()]).forEach(([element, now]) => {
    const was = before.get(element.dataset.flip);
    if (was) glide(element, was.left - now.left, was.top - now.top);
    else if (before.size) element.animate({ opacity: [0, 1] }, GLIDE);
  });
}

function places(root) {
  const shown = [...root.querySelectorAll("[data-flip]")];
  return new Map(shown.map((element) => [element.dataset.flip, element.getBoundingClientRect()]));
}

function glide(element, x, y) {
  if (Math.abs(x) < 1 && Math.abs(y) < 1) return;
  element.animate({ transform: [`translate(${x}px, ${y}px)`, "none"] }, GLIDE);
}
