// What happens behind, as it comes: one loader for the panel and the counter, no faster than 3 in a second.

const APART_MS = 334;

/**
 * Load /page/behind whenever the server says something changed and somebody is looking.
 * `watch(keys, show, isSeen)` returns a function that loads at once, for a part that came into sight.
 */
export function openFeed(store) {
  const watchers = [];
  let latest = -Infinity;
  let timer = null;
  let loading = false;
  let again = false;

  const seen = () => (document.hidden ? [] : watchers.filter((watcher) => watcher.isSeen()));

  async function load() {
    timer = null;
    const wanted = seen();
    if (!wanted.length) return;
    loading = true;
    again = false;
    latest = performance.now();
    try {
      const keys = [...new Set(wanted.flatMap((watcher) => watcher.keys))];
      const behind = await store.load("/page/behind", { as: null, parts: keys.join(",") });
      wanted.forEach((watcher) => watcher.show(behind));
    } catch {
      // The page says at its top that the demo does not answer; the next change loads again.
    } finally {
      loading = false;
      if (again) ask();
    }
  }

  function ask() {
    if (loading) again = true;
    if (loading || timer !== null) return;
    timer = setTimeout(load, Math.max(0, latest + APART_MS - performance.now()));
  }

  for (const kind of ["behind", "bot", "reload", "scene", "panel"]) store.on(kind, ask);
  document.addEventListener("visibilitychange", ask);
  return {
    watch(keys, show, isSeen) {
      watchers.push({ keys, show, isSeen });
      ask();
      return ask;
    },
  };
}

/** Whether an element is shown: on no hidden tab, in no closed drawer. */
export const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
