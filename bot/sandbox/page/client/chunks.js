// Keeps a channel's messages in chunks, which the browser neither lays out nor paints while they are far from view.

import { h } from "./dom.js";

const MOST = 10; // messages of one; fewer cost every frame a look at more chunks, more cost one frame too much

/** The chunks in `list`. What one message is drawn as is a group: its article, and before it the day's heading. */
export function chunksIn(list) {
  const measured = new ResizeObserver(entries => requestAnimationFrame(() => {
    for (const { target } of entries) {
      measured.unobserve(target);
      target.classList.remove("fresh");
    }
  }));

  /** Have it laid out once wherever it is: the browser goes by that size afterwards, and the reader's place by both. */
  function measure(chunk) {
    chunk.classList.add("fresh");
    measured.observe(chunk);
    return chunk;
  }

  function cut(groups) {
    const chunks = [];
    for (let end = groups.length; end > 0; end -= MOST) chunks.unshift(made(groups.slice(Math.max(0, end - MOST), end)));
    return chunks;
  }

  function made(groups) {
    return measure(h("div", { class: "chunk" }, groups));
  }

  return {
    fill: groups => list.replaceChildren(...cut(groups)),
    prepend: groups => list.prepend(...cut(groups)),

    append(group) {
      const last = list.lastElementChild;
      if (!last || last.querySelectorAll(".message").length >= MOST) return list.append(made([group]));
      last.append(...group);
      measure(last);
    },

    /** Put another group in the place of a message's. */
    replace(id, group) {
      const article = list.querySelector(`#m${id}`);
      const held = article.parentElement;
      held.querySelector(`.day[data-before="${id}"]`)?.remove();
      article.replaceWith(...group);
      measure(held);
    },

    remove(id) {
      const article = list.querySelector(`#m${id}`);
      const held = article?.parentElement;
      held?.querySelector(`.day[data-before="${id}"]`)?.remove();
      article?.remove();
      if (held?.childElementCount === 0) held.remove();
      else if (held) measure(held);
    },

    /** The first message that reaches below `edge`, in CSS pixels; asks nothing of chunks that are not laid out. */
    firstBelow(edge) {
      const isBelow = element => element.getBoundingClientRect().bottom > edge;
      const held = [...list.children].find(isBelow);
      return held && [...held.querySelectorAll(".message")].find(isBelow);
    },
  };
}
