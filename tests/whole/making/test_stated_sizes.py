"""Files of other sizes than Discord states: no more is read than there is room kept for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import Upload
from tests.whole.conftest import ledger, photo, says, until_settled
from tests.whole.moderating.moderator import moderator, text_of

MIB = 2**20
HELD = 32 * MIB  # by the sockets at both ends, at most


class Endless:
    """A body that ends only where its test would not; counts what was taken of it."""

    def __init__(self, begins: bytes = b"") -> None:
        self._begins = begins
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        yield self._begins
        while self.sent < 2 * HELD:
            yield b"a\n" * (MIB // 2)
            self.sent += MIB


async def sent(stand_ins: StandIns, upload: Upload, way: str) -> Reply:
    """Hand the bot a file by a command's option, or as the picture of a message."""
    ada = stand_ins.visitor("Ada")
    if way == "option":
        return await ada.restyle(upload)
    opened = await ada.menu("Restyle image", ada.say("look", upload))
    return await ada.submit_modal(opened, {"Prompt": "as a woodcut"})


@pytest.mark.parametrize("way", ["option", "message"])
@pytest.mark.parametrize("more", ["one byte", "endless"])
async def test_of_a_picture_that_is_larger_than_stated_no_more_is_read(
    app: App, stand_ins: StandIns, tmp_path: Path, way: str, more: str
) -> None:
    upload, endless = photo(), Endless(photo().data)
    body = endless if more == "endless" else [upload.data, b"\0"]
    stand_ins.discord.cdn.bodies = {upload.filename: body}
    reply = await sent(stand_ins, upload, way)
    shown = await reply.until(says("is larger than"))
    assert shown.text == (
        f"The upload is larger than the {len(upload.data):,} bytes that Discord states, and no "
        "more than those are fetched. Please send it again."
    )
    assert endless.sent < HELD
    assert await ledger(app) == []
    assert [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()] == []
    assert stand_ins.tencent.calls == []
    stand_ins.discord.cdn.bodies = {}
    await sent(stand_ins, upload, way)
    assert [row.state for row in await until_settled(app)] == ["done"]


@pytest.mark.parametrize("way", ["option", "message"])
async def test_a_picture_that_is_smaller_than_stated_is_taken_if_it_is_whole(
    app: App, stand_ins: StandIns, way: str
) -> None:
    upload = photo()
    cdn = stand_ins.discord.cdn
    cdn.bodies = {upload.filename: [photo((300, 200)).data]}
    await sent(stand_ins, photo((900, 600)), way)
    assert [row.state for row in await until_settled(app)] == ["done"]
    cdn.bodies = {upload.filename: [upload.data[:2000]]}
    await (await sent(stand_ins, upload, way)).until(says("damaged or incomplete"))
    assert len(await ledger(app)) == 1


@pytest.mark.usefixtures("app")
async def test_of_a_file_of_words_no_more_is_read_than_a_list_may_have(
    stand_ins: StandIns,
) -> None:
    mo, endless = moderator(stand_ins), Endless()
    stand_ins.discord.cdn.bodies = {"words.txt": endless}
    file = Upload("words.txt", b"zebra\n", "text/plain")
    said = await text_of(await mo.use("settings words", file=file))
    assert said == (
        "A file of words is a text file in UTF-8 of at most 1 MiB, with one word a line; this is "
        "none."
    )
    assert endless.sent < HELD
    assert (await text_of(await mo.use("settings words"))).startswith("This server has no word")
    stand_ins.discord.cdn.bodies = {}
    assert "now: zebra" in await text_of(await mo.use("settings words", file=file))
