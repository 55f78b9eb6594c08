"""The first upload of a member: told once, to them alone, where it goes and how long it is kept."""

from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from tests.whole.conftest import Run, has_pictures, photo, until, until_settled

TOLD = "sent to Tencent Cloud"


def notes(reply: Reply) -> list[str]:
    return [each.text for each in reply.followups if TOLD in each.text and each.ephemeral]


async def test_a_member_reads_once_where_pictures_go_also_after_a_restart(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[retention]\npictures = "12d"\n')
    ada, bob = stand_ins.visitor("Ada"), stand_ins.visitor("Bob")
    async with run() as app:
        first = await ada.restyle(photo(), prompt="as ink", engine="anime")
        await until(lambda: len(notes(first)) == 1)
        assert "for 12 days" in notes(first)[0]
        second = await ada.restyle(photo(), prompt="as ink", engine="anime")
        await until_settled(app, 2)
        assert notes(second) == []
        his = await bob.restyle(photo(), prompt="as ink", engine="anime")
        await until(lambda: len(notes(his)) == 1)
        await until_settled(app, 3)
    async with run() as app:
        third = await ada.restyle(photo(), prompt="as ink", engine="anime")
        await until_settled(app, 4)
        assert notes(third) == []


@pytest.mark.usefixtures("app")
async def test_a_picture_from_words_is_no_first_upload_nor_what_is_made_of_it(
    stand_ins: StandIns,
) -> None:
    ada = stand_ins.visitor("Ada")
    words = await ada.imagine("a lighthouse")
    await words.until(has_pictures)
    assert words.message is not None
    larger = await ada.press(words.message, "Upscale")
    await larger.until(has_pictures)
    assert notes(words) == notes(larger) == []
    away = await ada.restyle(photo(), prompt="as ink", engine="anime")
    await until(lambda: len(notes(away)) == 1)


async def test_a_note_that_could_not_be_sent_comes_with_the_next_upload(
    run: Run, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run() as app:
        stand_ins.discord.script("POST", "/webhooks/", status=403)
        lost = await ada.restyle(photo(), prompt="as ink", engine="anime")
        await lost.until(has_pictures)
        await until_settled(app)
        assert notes(lost) == []
        again = await ada.restyle(photo(), prompt="as ink", engine="anime")
        await until(lambda: len(notes(again)) == 1)
        await until_settled(app, 2)
