"""The system's Chromium, for what is measured and shown of the demo's page."""

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Run it until the block ends; without one, end with a sentence."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        sys.exit("this needs Chromium; Debian: apt install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()
