"""The page opens: light in weight, in both themes, on a phone, and for everybody."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Response, expect

from tests.browser import hands
from tests.browser.chromium import Tabs

pytestmark = pytest.mark.asyncio(loop_scope="session")
MOST_BYTES = 300_000
Rules = dict[str, object]
AA: Rules = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS: Rules = {"type": "rule", "values": ["color-contrast"]}  # all that a theme changes
BEHIND = ("Queue", "Ledger", "Tencent", "Discord", "Log", "Knobs")

# Turn the theme and name what begins to glide with it: that would be half in the old colours.
GLIDING = """() => {
  const already = new Set(document.getAnimations());
  const body = getComputedStyle(document.body), before = body.backgroundColor;
  document.documentElement.dataset.theme = "dark";
  if (body.backgroundColor === before) return ["the body's ground"];
  return document.getAnimations()
    .filter(each => each instanceof CSSTransition && !already.has(each))
    .map(each => `${each.effect.target.outerHTML.slice(0, 80)} ${each.transitionProperty}`);
}"""


async def faults_of(page: Page, within: str = "body", rules: Rules = AA) -> list[str]:
    """What axe-core finds: the rule, and where."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    found = await page.evaluate("([within, how]) => axe.run(within, how)", [within, asked])
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


async def is_wider_than_the_window(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


async def open_behind(page: Page) -> None:
    """Open the panel, in its drawer where the window is narrow."""
    opener = page.get_by_role("button", name="Members and what happens behind")
    if await opener.is_visible():
        await opener.click()
    await page.get_by_role("tab", name="Behind").click()


async def test_its_weight_without_pictures_is_small(tabs: Tabs) -> None:
    page = await tabs.open(at="about:blank")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - no builtin
    await page.goto("/")
    await expect(hands.writing(page)).to_be_visible()
    await page.wait_for_load_state()
    sizes = {}
    for answer in answers:
        kind = await answer.header_value("content-type") or ""
        if not kind.startswith(("image/jpeg", "image/png", "image/webp", "text/event-stream")):
            sizes[answer.url] = len(await answer.body())
    assert len(sizes) > 10
    assert sum(sizes.values()) < MOST_BYTES, sizes


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_it_follows_the_systems_theme_and_keeps_the_one_chosen(
    tabs: Tabs, theme: str
) -> None:
    page = await tabs.open(theme=theme)

    body, grounds = page.locator("body"), {"light": "rgb(243, 240, 233)", "dark": "rgb(21, 23, 27)"}
    other = "light" if theme == "dark" else "dark"
    await expect(body).to_have_css("background-color", grounds[theme])
    await page.get_by_role("button", name=f"{other.capitalize()} colours").click()
    await expect(body).to_have_css("background-color", grounds[other])
    await page.reload()
    await expect(body).to_have_css("background-color", grounds[other])


@pytest.mark.parametrize("moves", [True, False])
async def test_a_theme_comes_at_once_and_whole(tabs: Tabs, *, moves: bool) -> None:
    page = await tabs.open(moves=moves)
    await hands.command(page, "imagine", prompt="a lighthouse")
    await expect(hands.pictures(page)).to_have_count(1)
    await hands.turn_to(page, "Knobs")
    assert await page.evaluate(GLIDING) == []


async def test_axe_finds_nothing_in_any_view(page: Page) -> None:
    views: dict[str, list[str]] = {}

    async def look(view: str, within: str = "body") -> None:
        views[view] = await faults_of(page, within)
        await page.emulate_media(color_scheme="dark")
        views[f"{view}, dark"] = await faults_of(page, within, COLOURS)
        await page.emulate_media(color_scheme="light")

    await look("an empty channel")
    await hands.command(page, "imagine", prompt="a lighthouse")
    await expect(hands.pictures(page)).to_have_count(1)
    await hands.command(page, "jobs")
    await expect(page.get_by_text("Only you can see this")).to_be_visible()
    await hands.writing(page).press_sequentially("/")
    await expect(page.get_by_role("listbox", name="Commands")).to_be_visible()
    await look("a full channel with the picker")
    await open_behind(page)
    for tab in BEHIND:
        await page.get_by_role("tab", name=tab, exact=True).click()
        await expect(page.get_by_role("tabpanel", name=tab, exact=True)).to_be_visible()
        await look(tab, "#side")
    found = [f"{view}: {fault}" for view, faults in views.items() for fault in faults]
    assert found == [], "\n".join(found)


async def test_on_a_phone_nothing_scrolls_sideways(tabs: Tabs) -> None:
    page = await tabs.open(width=390)
    wide = {"an empty channel": await is_wider_than_the_window(page)}
    await hands.command(page, "imagine", prompt="a lighthouse" + 40 * "e", count="4")
    await expect(hands.pictures(page)).to_have_count(4)
    wide["a full channel"] = await is_wider_than_the_window(page)
    await hands.writing(page).press_sequentially("/")
    wide["the picker"] = await is_wider_than_the_window(page)
    await hands.writing(page).fill("")
    await open_behind(page)
    await page.get_by_role("button", name="lost 0").click(trial=True)  # no drawer covers it
    for tab in BEHIND:
        await page.get_by_role("tab", name=tab, exact=True).click()
        await expect(page.get_by_role("tabpanel", name=tab, exact=True)).to_be_visible()
        wide[tab] = await is_wider_than_the_window(page)
    assert [view for view, is_wide in wide.items() if is_wide] == []


async def test_a_form_is_open_to_everybody(page: Page) -> None:
    await hands.fill(await hands.pick(page, "blend"), prompt="one postcard")
    await hands.send(page)
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await faults_of(page) == []
