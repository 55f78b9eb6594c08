"""The CDN: links that are signed, expire, and are renewed by asking for the message again."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.treatment import Treatment
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.cdn import picture_size
from bot.sandbox.discord.world.forms import Upload
from tests.sandbox.discord.conftest import Clock, LocalBot, picture


async def test_a_link_works_for_a_day_and_is_renewed_by_a_fetch(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, clock: Clock
) -> None:
    posted = ada.say("", Upload("a b.png", picture()))
    place = await bot.fetch_channel(int(ada.channel.id))
    assert hasattr(place, "fetch_message")
    (old,) = (await place.fetch_message(int(posted.id))).attachments
    assert (old.filename, old.width, old.height) == ("a_b.png", 32, 24)
    clock.skipped += 24 * 3600 - 5
    assert await sandbox.download(old.url) == picture()
    clock.skipped += 10
    with pytest.raises(LookupError, match="404"):
        await sandbox.download(old.url)
    (new,) = (await place.fetch_message(int(posted.id))).attachments
    assert await new.read() == picture()


async def test_a_links_life_can_be_set(sandbox: DiscordSandbox, clock: Clock) -> None:
    sandbox.cdn.life_s = 60
    url = sandbox.cdn.url(sandbox.cdn.store("1", "a.png", b"x"))
    clock.skipped += 61
    with pytest.raises(LookupError, match="404"):
        await sandbox.download(url)


async def test_the_media_proxy_gives_a_file_as_it_is_or_in_the_size_and_format_asked_for(
    sandbox: DiscordSandbox,
) -> None:
    proxied = sandbox.cdn.proxied(sandbox.cdn.url(sandbox.cdn.store("1", "a.png", picture())))
    assert await sandbox.download(proxied) == picture()
    shown = await sandbox.download(f"{proxied}&format=webp&width=16&height=12")
    with Image.open(BytesIO(shown)) as preview:
        assert (preview.format, preview.size) == ("WEBP", (16, 12))


@pytest.mark.parametrize("treatment", Treatment)
async def test_uploads_may_lose_what_stands_beside_their_pixels(
    sandbox: DiscordSandbox, treatment: Treatment
) -> None:
    sandbox.cdn.treatment = treatment
    out, comment = BytesIO(), PngImagePlugin.PngInfo()
    comment.add_text("Title", "kept")
    Image.new("RGB", (800, 600), "navy").save(out, "PNG", pnginfo=comment)
    kept = sandbox.cdn.store("1", "a.png", out.getvalue())
    is_small = treatment is Treatment.RESIZED
    assert (kept.width, kept.height) == ((550, 413) if is_small else (800, 600))
    assert (b"Title" in kept.data) is (treatment is Treatment.KEPT)
    assert sandbox.cdn.store("1", "a.txt", b"words").data == b"words"


async def test_a_tampered_link_is_refused(sandbox: DiscordSandbox) -> None:
    url = sandbox.cdn.url(sandbox.cdn.store("1", "a.png", b"x"))
    expiry = url.split("ex=")[1].split("&")[0]
    later = f"{int(expiry, 16) + 1:x}"
    for wrong in (url.replace(expiry, later), url.replace("a.png", "b.png"), url.split("?")[0]):
        with pytest.raises(LookupError, match="404"):
            await sandbox.download(wrong)


def test_the_size_of_what_is_no_picture_is_unknown() -> None:
    assert picture_size(picture(kind="JPEG")) == (32, 24)
    assert picture_size(b"no picture") == (None, None)
    assert picture_size(picture()[:20]) == (None, None)
