// Owns files dragged over the page: the veil that says so, and the drop.
import { h, icon } from "./dom.js";
import { filesOf, holdsFiles } from "./files.js";

/** Hear of files dropped anywhere, unless a form is open that takes its own; returns the veil over the page. */
export function dropsOnPage(onFiles) {
  const veil = h("div", { class: "drop-veil", hidden: true }, h("span", {}, icon("picture"), "Drop it to attach it"));
  const isOurs = (event) => holdsFiles(event) && !document.querySelector("dialog[open]");
  let depth = 0;
  const shown = (by) => {
    depth = Math.max(0, depth + by);
    veil.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => isOurs(event) && shown(1));
  addEventListener("dragleave", (event) => isOurs(event) && shown(-1));
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    shown(-Infinity);
    if (isOurs(event)) onFiles(filesOf(event.dataTransfer));
  });
  return veil;
}
