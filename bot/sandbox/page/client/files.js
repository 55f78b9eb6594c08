// Owns files somebody attaches: chosen, pasted, dropped or shipped with the demo, and their chips.
import { h, icon } from "./dom.js";

const GROUPS = { image: "image/*", video: "video/*", audio: "audio/*" };

/** Ask for files with the browser's own picker. */
export function chooseFiles({ multiple = false, types = [] } = {}) {
  return new Promise((resolve) => {
    const accept = (types ?? []).map((type) => GROUPS[type] ?? type).join(",");
    const input = h("input", { type: "file", multiple, accept: accept || null });
    input.addEventListener("change", () => resolve([...input.files]));
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** A picture by its address, as a file to attach. Throws Error with a sentence. */
export async function fileFrom(url, name) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) throw new Error("That picture could not be fetched; its link may have run out.");
  const bytes = await answer.blob();
  return new File([bytes], name, { type: bytes.type });
}

/** Files that were pasted or dropped; a name is made for what has none of its own. */
export function filesOf(transfer) {
  return [...(transfer?.files ?? [])];
}

export const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/** The chip of one file: its thumbnail, its name, its size, and a button that takes it away. */
export function fileChip(file, onRemove) {
  const size = file.size < 1e6 ? `${Math.max(1, Math.round(file.size / 1e3))} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
  return h(
    "span",
    { class: "file-chip" },
    thumbnail(file),
    h("span", { class: "file-name", title: file.name }, file.name),
    h("span", { class: "file-size" }, size),
    h("button", { type: "button", class: "icon-button small", "aria-label": `Remove ${file.name}`, onclick: onRemove }, icon("close")),
  );
}

function thumbnail(file) {
  if (!file.type.startsWith("image/")) return h("span", { class: "file-sign" }, icon("file"));
  const url = URL.createObjectURL(file);
  const done = () => URL.revokeObjectURL(url);
  return h("img", { class: "file-thumb", src: url, alt: "", onload: done, onerror: done });
}

/** The pictures the demo ships, each attached with one click: `onFile(file)`. */
export function shippedPhotos(store, onFile) {
  const photos = store.state.scene?.photos ?? [];
  if (!photos.length) return null;
  const give = async (photo) => {
    try {
      onFile(await fileFrom(photo.url, photo.name));
    } catch (error) {
      store.notice(error.message, "bad");
    }
  };
  const button = (photo) =>
    h("button", { type: "button", class: "photo-button", "aria-label": `Attach ${photo.name}`, title: photo.name, onclick: () => give(photo) }, h("img", { src: photo.url, alt: "", width: 40, height: 40 }));
  return h("span", { class: "photo-row" }, h("span", { class: "photo-or" }, "or one of ours"), photos.map(button));
}

/** A place that takes files: by its button, by drop, by paste into it. */
export function dropzone(store, { label, multiple = false, types = [], onFiles }) {
  const take = (files) => files.length && onFiles(multiple ? files : files.slice(0, 1));
  const choose = h("button", { type: "button", class: "dropzone-button", onclick: async () => take(await chooseFiles({ multiple, types })) }, icon("picture"), label);
  const element = h("div", { class: "dropzone" }, choose, shippedPhotos(store, (file) => onFiles([file])));
  element.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    element.classList.remove("over");
    event.preventDefault();
    event.stopPropagation();
    take(filesOf(event.dataTransfer));
  });
  return { element, focus: () => choose.focus(), button: choose };
}
