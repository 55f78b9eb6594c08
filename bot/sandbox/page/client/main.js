// Starts the page: one store, the parts mounted around it, and the frame that holds them.

import { mountFrame } from "./frame.js";
import { createStore } from "./store.js";

const PARTS = [
  ["sidebar", "mountSidebar", "rail"],
  ["timeline", "mountTimeline", "timeline"],
  ["composer", "mountComposer", "composer"],
  ["behind", "mountBehind", "behind"],
];

const store = createStore();
mountFrame(store);
await Promise.all(PARTS.map(mount));
await store.start().catch(error => store.notice(error.message));

async function mount([file, name, id]) {
  const part = await import(`./${file}.js`).catch(error => console.warn(`${file}.js is not there`, error));
  part?.[name](document.getElementById(id), store);
}
