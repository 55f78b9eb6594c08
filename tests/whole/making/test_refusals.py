"""What cannot be is refused with one sentence, costs nothing and loses nothing."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.forms import CannotSend, Upload
from tests.imaging import foreign, foreign_tiff
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until, until_settled


def gif() -> Upload:
    out = io.BytesIO()
    Image.new("P", (100, 100)).save(out, "GIF")
    return Upload("photo.png", out.getvalue(), content_type="image/png")


async def kept_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "pictures").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"engine": "dall-e"}, "There is no engine “dall-e” for /restyle"),
        ({"engine": "anime", "seed": 3}, "does not take seed"),
        ({"style": "cubism"}, "Japanese Anime"),
        ({"size": "1x1"}, "does not take “1x1” for size"),
        ({"engine": "anime", "prompt": "x" * 257}, "at most 256"),
        ({"faces": 2, "seed": 3}, "no prompt: anime; seed 3: gg-3.0, "),
    ],
)
async def test_what_memory_can_refuse_is_refused_at_once_and_for_the_asker_alone(
    app: App, stand_ins: StandIns, options: dict[str, object], words: str
) -> None:
    reply = await stand_ins.visitor("Ada").restyle(photo(), **options)
    assert reply.ephemeral
    assert reply.message is not None
    assert words in reply.message.text
    assert await ledger(app) == []
    assert stand_ins.tencent.calls == []


async def test_an_engine_that_was_named_and_does_not_take_a_wish_names_those_that_do(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    refused = await ada.imagine("a cat", count=2, engine="gg-3.0")
    assert refused.message is not None
    why, others = refused.message.text.split(" With these it works: ")
    assert why.startswith("The engine “gg-3.0” does not take count.")
    assert others == "og-low, og-medium, og-high, kling-3.0-omni, kling-o1."
    assert await ledger(app) == []


async def test_what_nobody_can_see_is_taken_out_of_what_was_typed(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").imagine("a\x00 cat \u202eto the left")
    message = await reply.until(has_pictures)
    assert "a cat to the left" in message.text
    [row] = await until_settled(app)
    job = await app.storage.jobs.find(row.job_id)
    assert job is not None
    assert job.order.options.prompt == "a cat to the left"


async def test_a_file_over_the_limit_is_refused_before_it_is_fetched(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.guild.attachment_size_limit = 100 * 1024 * 1024
    huge = Upload("photo.jpg", b"\xff\xd8" + bytes(26 * 1024 * 1024))
    reply = await stand_ins.visitor("Ada").restyle(huge)
    assert reply.ephemeral
    assert reply.message is not None
    assert "pictures up to 25 MiB" in reply.message.text
    assert await ledger(app) == []


async def test_a_server_that_is_not_listed_is_refused_at_once(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[access]\nguilds = [42]\n")
    async with run() as app:
        reply = await stand_ins.visitor("Ada").imagine("a cat")
        assert reply.ephemeral
        assert reply.message is not None
        assert "may not be used in this server" in reply.message.text
        assert await ledger(app) == []


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (gif(), "GIF pictures are not taken"),
        (photo((50, 300)), "both sides must be over 50 pixels"),
        (Upload("photo.jpg", photo().data[:2000]), "damaged"),
        (Upload("photo.jpg", b"hello, I am a text"), "not a picture"),
        (Upload("photo.dng", foreign_tiff.dng()), "Camera raw pictures are not taken"),
        (Upload("photo.tif", foreign_tiff.colour_tiff(32, 3)), "Floating-point pictures are not"),
        (Upload("photo.bmp", foreign.bmp_of_size(-127, 64)), "4294967169 × 64 pixels, which no"),
        (Upload("photo.jpg", foreign.many_scans(400, (2400, 2400))), "normal (baseline) JPEG"),
    ],
    ids=["gif", "too small", "truncated", "text", "raw", "floats", "nonsense", "scans"],
)
async def test_a_picture_that_must_be_refused_costs_nothing(
    app: App, stand_ins: StandIns, tmp_path: Path, upload: Upload, words: str
) -> None:
    reply = await stand_ins.visitor("Ada").restyle(upload)
    message = await reply.until(says(words))
    assert not message.loading
    assert await ledger(app) == []
    assert await kept_files(tmp_path) == []
    assert stand_ins.tencent.calls == []


@pytest.mark.parametrize("mode", ["CMYK", "L", "1"])
async def test_an_odd_picture_is_converted_instead_of_refused(
    app: App, stand_ins: StandIns, mode: str
) -> None:
    out = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (300, 200)).save(out, kind)
    reply = await stand_ins.visitor("Ada").restyle(Upload("odd", out.getvalue()))
    await reply.until(has_pictures)
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_one_member_may_hold_only_so_many_waiting_jobs(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nqueued_per_user = 2\n")
    stand_ins.tencent.hold()
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        await ada.restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        for _ in range(2):
            waiting = await ada.restyle(photo())
            await waiting.until(says("Queued"))
        one_more = await ada.restyle(photo())
        refused = await one_more.until(says("wait already"))
        assert "2 is the most" in refused.text
        assert len(await ledger(app)) == 3
        stand_ins.tencent.release()


async def test_an_unexpected_fault_is_answered_with_an_id(
    app: App, stand_ins: StandIns, tmp_path: Path
) -> None:
    # A file where the folder of pictures should be: nothing can be kept.
    (tmp_path / "pictures").write_text("in the way")
    reply = await stand_ins.visitor("Ada").restyle(photo())
    message = await reply.until(says("name this id"))
    incident = message.text.rsplit(" ", 1)[1]
    assert len(incident) == 8
    assert await ledger(app) == []


async def test_a_refusal_after_a_public_defer_is_read_by_the_asker_alone(
    app: App, stand_ins: StandIns
) -> None:
    del app
    reply = await stand_ins.visitor("Ada").restyle(Upload("photo.jpg", b"no picture at all"))
    message = await reply.until(says("not a picture"))
    assert reply.ephemeral
    assert message.recipient is stand_ins.visitor("Ada").user
    assert reply.interaction.original is not None
    assert reply.interaction.original.deleted


async def test_an_overlong_name_of_an_engine_cannot_even_be_sent(
    app: App, stand_ins: StandIns
) -> None:
    del app
    with pytest.raises(CannotSend):
        await stand_ins.visitor("Ada").imagine("a cat", engine="e" * 101)
