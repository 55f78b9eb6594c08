"""The system's Chromium as Playwright drives it, and what no page may do in it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, because CI runs as root; no word to anybody but the page's own server.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
PATIENCE_MS = 30_000  # a busy machine is no fault


def program() -> str | None:
    """Return where the system's Chromium is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@asynccontextmanager
async def launched(executable: str) -> AsyncIterator[Browser]:
    """Run Chromium until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=list(_ARGUMENTS), handle_sigint=False
        )
        yield browser
        await browser.close()


class Tabs:
    """Opens tabs, each of a visitor of its own, and notes whatever goes wrong in any of them.

    `home` is the address at which they arrive.
    """

    def __init__(self, browser: Browser, origin: str, home: str = "/") -> None:
        self._browser = browser
        self._origin = origin
        self.home = home
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    async def open(
        self,
        *,
        theme: str = "light",
        width: int = 1280,
        height: int = 800,
        moves: bool = False,
        at: str | None = None,
    ) -> Page:
        """Open the page in a fresh profile; `moves` lets things glide, as they do for most."""
        context = await self._browser.new_context(
            base_url=self._origin,
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="no-preference" if moves else "reduce",
            locale="en-US",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self._note(f"an error nobody caught: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        await page.goto(at or self.home)
        if at is None:  # until the channel is there, a press may meet what is about to be redrawn
            channel = page.locator("#timeline .message, #timeline .welcome, #timeline .hello > *")
            await channel.first.wait_for()
        return page

    async def close(self) -> None:
        """Close every tab."""
        for context in self._contexts:
            await context.close()

    def forgive(self, words: str) -> None:
        """Strike out noted faults that the test itself brought about."""
        self.faults = [fault for fault in self.faults if words not in fault]

    def _note(self, fault: str) -> None:
        self.faults.append(fault)

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self._note(f"console, {kind}: {text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            self._note(f"left loopback: {request.url}")

    def _failed(self, request: Request) -> None:
        # A stream ends with its tab, and what is no longer wanted is given up.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"failed: {request.url}: {request.failure}")
