// Owns the panel over the composer: what is asked for now, and what one may choose.
import { fill, h } from "./dom.js";

/** One panel for the command picker and every option: {element, show({...}), hide(), isOpen()}. */
export function composerPanel() {
  const title = h("strong", {});
  const about = h("span", { class: "panel-about" });
  const hint = h("span", { class: "panel-hint" });
  const head = h("div", { class: "panel-head" }, title, about, hint);
  const body = h("div", { class: "panel-body", tabindex: "0" });
  const element = h("div", { class: "composer-panel", hidden: true }, head, body);

  /** Show a heading (title, about, hint), a list or another body, and a note in its place. */
  function show(shown) {
    title.textContent = shown.title ?? "";
    about.textContent = shown.about ?? "";
    hint.textContent = shown.hint ?? "";
    head.hidden = !shown.title;
    fill(body, shown.body, shown.note ? h("p", { class: "panel-note", role: "status" }, shown.note) : null);
    body.hidden = !body.childElementCount;
    element.hidden = false;
  }

  function hide() {
    element.hidden = true;
  }

  return { element, show, hide, hint: (text) => (hint.textContent = text), isOpen: () => !element.hidden };
}
