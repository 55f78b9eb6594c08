"""/styles: what each engine's `style` option takes, as members read it."""

from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.pictures.picture import Picture
from bot.services.styles.sheets import Sheet, StyleSheets
from tests.whole.conftest import Run, photo, until


@pytest.mark.usefixtures("app")
async def test_the_styles_of_an_engine_are_listed_to_whoever_asks(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    suggested = await ada.type("styles", "engine", "hy")
    assert [each["value"] for each in suggested] == ["rapid", "hy-1.0"]
    for typed in ("rapid", "Tencent HY image 2.0"):
        reply = await ada.use("styles", engine=typed)
        assert reply.ephemeral
        assert reply.message is not None
        assert reply.message.text.startswith(
            "“Tencent HY image 2.0” has these styles: Miyazaki, Shinkai, Go Travel, "
        )
        assert reply.message.text.endswith(", Urban Powers.")


@pytest.mark.usefixtures("app")
async def test_an_engine_without_styles_is_told_with_those_that_have_some(
    stand_ins: StandIns,
) -> None:
    reply = await stand_ins.visitor("Ada").use("styles", engine="gg-3.0")
    assert reply.message is not None
    assert "There is no engine “gg-3.0” for /styles" in reply.message.text
    assert "anime" in reply.message.text


async def test_more_styles_than_a_message_holds_come_as_a_file(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    rows = "".join(f'{number} = "Style number {number}"\n' for number in range(300))
    (tmp_path / "easel.toml").write_text(
        '[takes."aiart TextToImage"]\ncommands = ["imagine"]\nprompt_max = 256\n'
        f'[takes."aiart TextToImage".styles]\n{rows}'
    )
    async with run():
        reply = await stand_ins.visitor("Ada").use("styles", engine="hy-1.0")
        assert reply.message is not None
        assert "has 300 styles" in reply.message.text
        [listed] = await reply.pictures()
        assert listed.decode().splitlines()[299] == "Style number 299"


async def test_more_sheets_than_a_message_holds_come_in_a_further_one_with_their_alt_texts(
    app: App, stand_ins: StandIns
) -> None:
    sheets = [
        Sheet(
            Picture(photo((60 + n, 60)).data, "image/jpeg", 60 + n, 60),
            (f"Style *{n}*",),
            "AI-modified",
        )
        for n in range(12)
    ]
    kept = StyleSheets(settings=app.storage.settings, blobs=app.storage.blobs)
    await kept.keep("anime", sheets)
    ada = stand_ins.visitor("Ada")
    reply = await ada.use("styles", engine="anime")
    assert reply.message is not None
    assert len(reply.message.attachments) == 10
    await until(lambda: len(reply.followups) == 1)
    [more] = reply.followups
    assert more.ephemeral
    assert [each.description for each in more.attachments] == [
        f"AI-modified: the same picture in these styles of “Tencent image style transfer”: {name}."
        for name in ("Style *10*", "Style *11*")
    ]


async def test_newer_sheets_take_the_place_of_older_ones_and_lost_files_leave_the_names(
    app: App, stand_ins: StandIns
) -> None:
    one, two = (
        Sheet(Picture(photo((side, 60)).data, "image/jpeg", side, 60), ("Clay",), "AI-generated")
        for side in (60, 70)
    )
    kept = StyleSheets(settings=app.storage.settings, blobs=app.storage.blobs)
    await kept.keep("anime", [one, two])
    await kept.keep("anime", [two])
    assert await kept.of("anime") == [two]
    assert await app.storage.blobs.job_ids("z") == ["styles"]
    await app.storage.blobs.delete_all("styles")
    reply = await stand_ins.visitor("Ada").use("styles", engine="anime")
    assert reply.message is not None
    assert "Watercolor" in reply.message.text
    assert reply.message.attachments == []
