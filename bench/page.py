"""How quick the demo's page is in a real browser, beside a bare static page in the same run.

First paint, the page's weight, from a message's post to its being shown, from the demo's start to
the prepared scene, and scrolling through 2,000 messages. Needs the system's Chromium.
"""

import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, Page

from bench.chromium import launched
from bench.figures import quantile, table
from bot.cli.demo.play import open_demo
from bot.sandbox.page.stage import Stage

_LOADS = 10
_SENT = 30
_MESSAGES = 2_000
_STEPS = 400  # turns of the wheel
_SCENE = 7  # pictures that the prepared scene has at least
_BARE = "<!doctype html><title>bare</title><main>" + "<p>One of many messages</p>" * _MESSAGES
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_WEIGHT = """["resource", "navigation"].flatMap(kind => performance.getEntriesByType(kind))
  .filter(each => !/attachments|photos|live/.test(each.name))
  .reduce((sum, each) => sum + each.transferSize, 0)"""
_WATCH = """() => {
  window.shown = {};
  new MutationObserver(() => requestAnimationFrame(() => {
    for (const each of document.querySelectorAll("article.message"))
      window.shown[each.dataset.id] ??= Date.now();
  })).observe(document.body, { childList: true, subtree: true });
}"""
_FRAMES = """() => {
  const gaps = window.gaps = [];
  window.long = 0;
  window.observer?.disconnect();
  window.observer = new PerformanceObserver(list => { window.long += list.getEntries().length; });
  window.observer.observe({ type: "longtask" });
  let before = performance.now();
  const next = now => {
    gaps.push(now - before);
    before = now;
    if (gaps === window.gaps) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""


async def main() -> None:
    """Measure all of it and print a table."""
    rows: list[tuple[str, str, str]] = []
    async with launched() as browser, _bare() as bare:
        with tempfile.TemporaryDirectory() as folder:
            started_at = time.perf_counter()
            async with open_demo(Path(folder)) as stage:
                page = await browser.new_page(base_url=stage.discord.origin)
                await page.goto("/")
                await page.locator(".picture.loaded").nth(_SCENE - 1).wait_for()
                scene_s = time.perf_counter() - started_at
                rows.append(("start to prepared scene, in the browser", f"{scene_s:.1f} s", ""))
                own = [await _load(browser, stage.discord.origin) for _ in range(_LOADS)]
                plain = [await _load(browser, bare) for _ in range(_LOADS)]
                for name, unit, place in (
                    ("first contentful paint, median", "ms", 0),
                    ("weight of a load without pictures, median", "kB", 1),
                ):
                    medians = [
                        quantile([load[place] for load in loads], 0.5) for loads in (own, plain)
                    ]
                    rows.append((name, *(f"{median:.0f} {unit}" for median in medians)))
                shown = await _shown_after(page, stage)
                worst = f"{max(shown):.0f} ms"
                rows.append(("post to shown, median (worst)", f"{_ms(shown)} ({worst})", ""))
                await _fill(page, stage)
                loading = await _scrolled(page, "#timeline")
                loaded = await _scrolled(page, "#timeline")
                await page.goto(bare)
                theirs = await _scrolled(page, "main")
                for how, ours in (("while older ones load", loading), ("all loaded", loaded)):
                    rows += [
                        (f"scrolling, {how}: {name}", ours[name], theirs[name]) for name in ours
                    ]
    header = ("", "the page", "bare static page")
    print(table("page: Chromium on loopback", header, rows))


def _ms(values: list[float]) -> str:
    return f"{quantile(values, 0.5):.0f} ms"


@contextlib.asynccontextmanager
async def _bare() -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=_BARE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def _load(browser: Browser, address: str) -> tuple[float, float]:
    """Open it afresh: milliseconds to the first paint, and kilobytes that travelled."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_function(_PAINT)
    painted = float(await page.evaluate(_PAINT))
    await page.locator("article.message, main:not([id]) > p").first.wait_for()
    kilobytes = float(await page.evaluate(_WEIGHT)) / 1000
    await context.close()
    return painted, kilobytes


async def _shown_after(page: Page, stage: Stage) -> list[float]:
    """Milliseconds from the moment a message is in the channel to the frame that shows it."""
    await page.evaluate(_WATCH)
    visitor = stage.discord.visitor("Bo", stage.home.guild, stage.home)
    spans = []
    for number in range(_SENT):
        posted_at = time.time() * 1000
        message = visitor.say(f"Number {number}")
        await page.wait_for_function(f"window.shown['{message.id}']")
        spans.append(float(await page.evaluate(f"window.shown['{message.id}']")) - posted_at)
    return spans


async def _fill(page: Page, stage: Stage) -> None:
    visitor = stage.discord.visitor("Bo", stage.home.guild, stage.home)
    for number in range(_MESSAGES):
        visitor.say(f"Message {number} of many, **bold** and `code`, as people write them.")
    await page.reload()
    await page.locator("article.message", has_text=f"Message {_MESSAGES - 1} ").wait_for()


async def _scrolled(page: Page, over: str) -> dict[str, str]:
    """Turn the wheel upwards, then down again, and count what was late."""
    await page.locator(over).hover()
    await page.evaluate(_FRAMES)
    for step in range(_STEPS):
        await page.mouse.wheel(0, -600 if step < _STEPS // 2 else 600)
    gaps = [float(each) for each in await page.evaluate("window.gaps")]
    return {
        "frame gap p50 / p99": f"{_ms(gaps)} / {quantile(gaps, 0.99):.0f} ms",
        "longest gap": f"{max(gaps):.0f} ms",
        "tasks over 50 ms": str(await page.evaluate("window.long")),
    }
