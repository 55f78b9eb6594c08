"""`easel styles make`: every style drawn once and paid once, whatever happens meanwhile."""

import io
import json
import signal
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cli.local_stack import StandIns
from bot.imaging.labels.xmp import read_marks
from tests.whole.conftest import Run
from tests.whole.process import Ended, calls_of, easel, end_of, started

_THREE = """
[takes."aiart ImageToImage"]
commands = ["restyle"]
prompt_max = 256
references = 1
[takes."aiart ImageToImage".styles]
201 = "Japanese Anime"
107 = "Cartoon Illustration"
121 = "Clay"
"""


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    photo = tmp_path / "cat.jpg"
    photo.write_bytes(files("bot.sandbox").joinpath("photos/cat.jpg").read_bytes())
    return photo


@pytest.fixture
def three_styles(tmp_path: Path, migrated: Path) -> None:  # noqa: ARG001 - the database is beside it
    (tmp_path / "easel.toml").write_text(_THREE)


async def make(stand_ins: StandIns, folder: Path, *arguments: str) -> Ended:
    return await easel(folder, stand_ins.variables(folder), "styles", "make", *arguments)


async def ledger(stand_ins: StandIns, folder: Path) -> list[dict[str, Any]]:
    ended = await easel(folder, stand_ins.variables(folder), "usage", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(ended.out)
    return rows


@pytest.mark.usefixtures("three_styles")
async def test_number_and_price_come_first_and_nothing_is_sent_without_a_yes(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    ended = await make(stand_ins, tmp_path, "anime", "--photo", str(cat))
    assert ended.code == 1
    assert "This draws 3 pictures with anime, at 0.0800 USD each, 0.24 USD together." in ended.out
    assert stand_ins.tencent.calls == []
    assert await ledger(stand_ins, tmp_path) == []


@pytest.mark.usefixtures("three_styles")
async def test_members_see_the_sheet_beside_the_names_and_it_is_drawn_only_once(
    stand_ins: StandIns, tmp_path: Path, cat: Path, run: Run
) -> None:
    ended = await make(stand_ins, tmp_path, "anime", "--photo", str(cat), "--yes")
    assert ended.code == 0, ended.err
    assert "/styles shows 3 styles of anime from now on, on 1 picture" in ended.out
    again = await make(stand_ins, tmp_path, "anime", "--photo", str(cat))
    assert (again.code, "USD" in again.out) == (0, False)
    rows = await ledger(stand_ins, tmp_path)
    assert [(row["command"], row["state"], row["cost_usd"]) for row in rows] == [
        ("styles", "done", 0.08)
    ] * 3
    assert len(stand_ins.tencent.charged) == 3
    async with run():
        reply = await stand_ins.visitor("Ada").use("styles", engine="anime")
        assert reply.ephemeral
        assert reply.message is not None
        assert reply.message.text.endswith("styles: Japanese Anime, Cartoon Illustration, Clay.")
        [shown] = reply.message.attachments
        assert shown.description == (
            "AI-modified: the same picture in these styles of “Tencent image style transfer”: "
            "Japanese Anime, Cartoon Illustration, Clay."
        )
        [sheet] = await reply.pictures()
    assert len(sheet) < 10 * 2**20
    picture = Image.open(io.BytesIO(sheet))
    assert picture.width == 3 * 384 + 4 * 20
    assert read_marks(sheet).aigc is not None


@pytest.mark.usefixtures("three_styles")
async def test_a_kill_in_the_middle_of_a_call_pays_nothing_twice_and_draws_the_others(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    """What was sent and never answered may be paid: it stays without a picture, and is told."""
    stand_ins.tencent.seconds_per_picture = 0.5
    arguments = ("styles", "make", "anime", "--photo", str(cat), "--yes")
    async with started(tmp_path, stand_ins.variables(tmp_path), *arguments) as process:
        await calls_of(stand_ins, "ImageToImage", 2)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    stand_ins.tencent.seconds_per_picture = 0.0
    ended = await make(stand_ins, tmp_path, *arguments[2:])
    assert ended.code == 0, ended.err
    assert "This draws 1 picture with anime (2 of 3 are there or at work)" in ended.out
    assert "Without a picture: Cartoon Illustration." in ended.out
    again = await make(stand_ins, tmp_path, *arguments[2:])
    assert (again.code, "USD" in again.out) == (0, False)
    sent = Counter(call.params["Styles"][0] for call in stand_ins.tencent.calls)
    assert sent == {"201": 1, "107": 1, "121": 1}
    rows = await ledger(stand_ins, tmp_path)
    assert sorted(row["state"] for row in rows) == ["done", "done", "unknown"]
    assert sum(row["cost_usd"] for row in rows) == pytest.approx(0.24)


@pytest.mark.usefixtures("migrated")
async def test_a_kill_in_the_middle_of_a_task_is_taken_up_and_paid_once(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    """An engine of words alone, whose jobs can be asked about again."""
    stand_ins.tencent.hold()
    arguments = ("styles", "make", "pro", "--yes")
    async with started(tmp_path, stand_ins.variables(tmp_path), *arguments) as process:
        await calls_of(stand_ins, "QueryTextToImageProJob")
        process.send_signal(signal.SIGKILL)
        await process.wait()
    stand_ins.tencent.release()
    ended = await make(stand_ins, tmp_path, *arguments[2:])
    assert ended.code == 0, ended.err
    assert "This draws 1 picture with pro (1 of 2 are there or at work)" in ended.out
    assert "Without a picture" not in ended.out
    assert len(stand_ins.tencent.charged) == 2
    assert [row["state"] for row in await ledger(stand_ins, tmp_path)] == ["done", "done"]


@pytest.mark.usefixtures("three_styles", "quick_beats")
async def test_beside_a_running_bot_the_bot_draws_in_its_own_slots(
    stand_ins: StandIns, tmp_path: Path, cat: Path, run: Run
) -> None:
    async with run() as app:
        ended = await make(stand_ins, tmp_path, "anime", "--photo", str(cat), "--yes")
        assert ended.code == 0, ended.err
        rows = await app.storage.usage.rows(0.0)
        assert [row.state for row in rows] == ["done"] * 3
    assert len(stand_ins.tencent.charged) == 3
    posted = [each for each in stand_ins.discord.exchanges if "/channels/1/" in each.call.path]
    assert posted == []


@pytest.mark.usefixtures("three_styles")
async def test_a_style_that_ends_without_a_picture_stops_the_run_and_is_drawn_by_the_next(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected")
    arguments = ("anime", "--photo", str(cat), "--yes")
    ended = await make(stand_ins, tmp_path, *arguments)
    assert ended.code == 1
    assert "The style Japanese Anime was not drawn" in ended.err
    assert "The same command draws what is missing" in ended.err
    ended = await make(stand_ins, tmp_path, *arguments)
    assert ended.code == 0, ended.err
    assert len(stand_ins.tencent.charged) == 3


@pytest.mark.usefixtures("three_styles")
async def test_a_paused_queue_is_told_and_what_waits_for_the_next_run_is_not_paid(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    assert (await easel(tmp_path, variables, "pause")).code == 0
    ended = await make(stand_ins, tmp_path, "anime", "--photo", str(cat), "--yes")
    assert (ended.code, "`easel resume`" in ended.err) == (1, True)
    assert stand_ins.tencent.calls == []


@pytest.mark.usefixtures("three_styles")
async def test_the_operators_own_ceiling_holds_for_styles_too(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    with (tmp_path / "easel.toml").open("a") as file:
        file.write("[quotas]\naccount_usd_per_month = 0.1\nuser_per_day = 0\n")
    ended = await make(stand_ins, tmp_path, "anime", "--photo", str(cat), "--yes")
    assert ended.code == 1
    assert len(stand_ins.tencent.charged) == 1


@pytest.mark.usefixtures("three_styles")
async def test_sigint_ends_the_run_after_the_picture_that_is_at_work(
    stand_ins: StandIns, tmp_path: Path, cat: Path
) -> None:
    stand_ins.tencent.hold()
    arguments = ("styles", "make", "anime", "--photo", str(cat), "--yes")
    async with started(tmp_path, stand_ins.variables(tmp_path), *arguments) as process:
        await calls_of(stand_ins, "ImageToImage")
        process.send_signal(signal.SIGINT)
        stand_ins.tencent.release()
        ended = await end_of(process)
    assert (ended.code, "it was asked to stop" in ended.err) == (1, True)
    assert [row["state"] for row in await ledger(stand_ins, tmp_path)] == ["done"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("gg-3.0",), 2, "no engine “gg-3.0” that has styles; there are others, such as"),
        (("anime",), 1, "needs a picture"),
        (("anime", "--photo", "none.jpg"), 2, "none.jpg"),
        (("local",), 2, "local cannot be used"),
    ],
)
async def test_what_is_wrong_is_told_before_the_price(
    stand_ins: StandIns, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    ended = await make(stand_ins, tmp_path, *arguments, "--yes")
    assert (ended.code, words in " ".join(ended.err.split())) == (code, True), ended
    assert stand_ins.tencent.calls == []
