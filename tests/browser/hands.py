"""What a visitor does on the page, with the keys and the pointer that they have."""

import base64
import re
from importlib.resources import files

from playwright.async_api import Locator, Page, expect

from bot.sandbox.discord.world.forms import Upload

CAT = files("bot.sandbox").joinpath("photos/cat.jpg").read_bytes()

# A file as a browser hands it over with a drop or a paste; Playwright has no act of its own for it.
_GIVE_FILE = """(element, [kind, name, data]) => {
  const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const more = { bubbles: true, cancelable: true, composed: true };
  if (kind === "paste") {
    element.dispatchEvent(new ClipboardEvent("paste", { ...more, clipboardData: given }));
    return;
  }
  for (const step of ["dragenter", "dragover", "drop"])
    element.dispatchEvent(new DragEvent(step, { ...more, dataTransfer: given }));
}"""


def upload(name: str) -> Upload:
    """The shipped cat under another name."""
    return Upload(name, CAT)


def writing(page: Page) -> Locator:
    """The box one writes in."""
    return page.get_by_role("textbox", name=re.compile("^Message "))


def messages(page: Page, *, text: str = "") -> Locator:
    """The messages of the channel, oldest first; those with `text`, if one is given."""
    shown = page.locator("article.message")
    return shown.filter(has_text=text) if text else shown


def pictures(page: Page) -> Locator:
    """The pictures that are really there, not only their places."""
    return page.locator("article.message .picture.loaded img")


async def pick(page: Page, command: str) -> Locator:
    """Type a slash command's beginning, take it from the picker, and return its line."""
    await writing(page).press_sequentially(f"/{command[:5]}")
    offered = page.get_by_role("listbox", name="Commands").get_by_role("option")
    await offered.filter(has=page.get_by_text(f"/{command}", exact=True)).click()
    line = page.get_by_role("group", name=f"/{command}", exact=True)
    await expect(line).to_be_visible()
    return line


async def fill(line: Locator, **options: str) -> None:
    """Fill in options by their names; the ones not shown yet are added first."""
    for name, value in options.items():
        field = line.get_by_label(name, exact=True)
        if not await field.count():
            await line.locator(".pill-more").click()
            await (
                line.page.get_by_role("listbox", name="More options")
                .get_by_role("option")
                .filter(has_text=re.compile(rf"^{name}"))
                .first.click()
            )
        await field.fill(value)
        offered = line.page.get_by_role("option", name=value, exact=True)
        if await field.get_attribute("role") == "combobox":
            await offered.first.click()


async def send(page: Page) -> None:
    """Press Send."""
    await page.get_by_role("button", name="Send", exact=True).click()


async def command(page: Page, name: str, **options: str) -> None:
    """Send a slash command as it is typed."""
    await fill(await pick(page, name), **options)
    await send(page)


async def give(target: Locator, how: str, name: str, data: bytes = CAT) -> None:
    """Drop or paste a file onto what `target` is; `how` is "drop" or "paste"."""
    await target.evaluate(_GIVE_FILE, [how, name, base64.b64encode(data).decode()])


async def be(page: Page, name: str) -> None:
    """Look at it as somebody else."""
    await page.get_by_role("button", name=re.compile("^You are")).click()
    await page.locator(".person", has_text=name).click()
    await expect(page.get_by_role("button", name=re.compile(f"You are.*{name}"))).to_be_visible()


async def turn_to(page: Page, tab: str) -> None:
    """Look at a tab of what happens behind."""
    await page.get_by_role("tab", name="Behind").click()
    await page.get_by_role("tab", name=tab, exact=True).click()
