// Starts the page: one store, and the parts mounted around it.

import { mountBehind } from "./behind.js";
import { mountComposer } from "./composer.js";
import { mountFrame } from "./frame.js";
import { mountSidebar } from "./sidebar.js";
import { longPresses } from "./menus.js";
import { createStore } from "./store.js";
import { mountTimeline } from "./timeline.js";

const store = createStore();
const place = id => document.getElementById(id);
mountFrame(store);
mountSidebar(place("rail"), store);
mountTimeline(place("timeline"), store);
mountComposer(place("composer"), store);
mountBehind(place("behind"), store);
longPresses();
await store.start();
