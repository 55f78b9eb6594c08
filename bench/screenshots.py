"""`make screenshots`: the pictures that README opens with, taken of the demo as it runs."""

import asyncio
import io
import tempfile
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.async_api import Browser, Page

from bench.chromium import launched
from bot.cli.demo.play import open_demo

DOCS: Final = Path(__file__).parents[1] / "docs"
_WINDOW: Final = {"width": 1280, "height": 860}
_MOVIE: Final = {"width": 960, "height": 640}
_THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_PROMPT: Final = "a lighthouse over a stormy sea"
_FRAME_MS: Final = 250
_LAST_MS: Final = 2500
_MOST_FRAMES: Final = 60
_SETTLED: Final = 8  # pictures of the prepared scene


async def main() -> None:
    """Take the still pictures, then the animation."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_demo(Path(folder)) as stage, launched() as browser:
            page = await _opened(browser, stage.discord.origin, _WINDOW)
            await page.get_by_role("tab", name="Behind").click()
            await page.locator(".waiting li").nth(1).wait_for()
            four = page.locator("article.message", has=page.locator(".gallery.of-4"))
            await four.scroll_into_view_if_needed()
            for theme in _THEMES:
                await page.emulate_media(color_scheme=theme)
                await page.wait_for_timeout(400)  # rows that still glide
                _still(await page.screenshot(), DOCS / f"page-{theme}.webp")
            await page.close()
            page = await _opened(browser, stage.discord.origin, _MOVIE)
            _animated(await _frames(page), DOCS / "page.webp")


async def _opened(browser: Browser, origin: str, size: dict[str, int]) -> Page:
    page = await browser.new_page(
        base_url=origin,
        color_scheme="light",
        viewport={"width": size["width"], "height": size["height"]},
    )
    await page.goto("/")
    await page.locator(".message .picture.loaded").nth(_SETTLED - 2).wait_for(timeout=60_000)
    await page.get_by_role("button", name="Close the examples").click()
    return page


async def _frames(page: Page) -> list[Image.Image]:
    """Act as a visitor does, and take a frame after every step, until the picture is there."""
    frames = []

    async def take() -> None:
        frames.append(_opened_picture(await page.screenshot()))

    writing = page.locator("#composer textarea").first
    for letter in "/imagine":
        await writing.press_sequentially(letter)
        await take()
    await page.locator(".listbox-row").first.click()
    field = page.get_by_role("group", name="/imagine", exact=True).get_by_label("prompt")
    for start in range(0, len(_PROMPT), 3):
        await field.press_sequentially(_PROMPT[start : start + 3])
        await take()
    await page.keyboard.press("Enter")
    done = page.locator("article.message", has_text=_PROMPT).locator(".picture.loaded")
    while not await done.count() and len(frames) < _MOST_FRAMES:
        await take()
        await page.wait_for_timeout(_FRAME_MS)
    await done.wait_for(timeout=60_000)
    await page.wait_for_timeout(_FRAME_MS)
    await take()
    return frames


def _opened_picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _still(data: bytes, file: Path) -> None:
    _opened_picture(data).save(file, "WEBP", quality=82, method=6)


def _animated(frames: list[Image.Image], file: Path) -> None:
    durations = [_FRAME_MS] * (len(frames) - 1) + [_LAST_MS]
    frames[0].save(
        file, "WEBP", save_all=True, append_images=frames[1:], duration=durations, loop=0,
        quality=85, method=4, allow_mixed=True,
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
