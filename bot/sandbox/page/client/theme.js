// Keeps the page dark or light: as the system has it, until somebody chooses.

import { fill, h, icon } from "./dom.js";

const KEY = "easel-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that keeps nothing still changes the page.
  }
}

/** A button that turns the page dark or light. */
export function themeButton() {
  const button = h("button", { type: "button", class: "quiet", onclick: () => { choose(isDark() ? "light" : "dark"); draw(); } });
  function draw() {
    const label = isDark() ? "Light colours" : "Dark colours";
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(isDark() ? "sun" : "moon"));
  }
  system.addEventListener("change", draw);
  draw();
  return button;
}
