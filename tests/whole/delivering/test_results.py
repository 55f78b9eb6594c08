"""Whatever an API may send as its result: labelled and posted, or kept and told, and never lost."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageChops
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import FIRST_PAUSE_S
from bot.domain.provider_errors import OperatorFault
from bot.imaging.labels.xmp import read_marks
from bot.imaging.pixels.decode import decode
from bot.ports.accounts import UsageRow
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.world import Message
from tests.imaging import corpus
from tests.imaging.labels.upstream import AIGC, LABELLED, LARGE
from tests.whole.conftest import (
    Clock,
    Run,
    all_direct_messages,
    direct_messages,
    has_pictures,
    photo,
    says,
    until_settled,
)
from tests.whole.process import easel

DOWNLOAD = "GetObject"
SIZE = (400, 300)
UNREADABLE = corpus.saved("JPEG2000")
TORN = corpus.cut(corpus.saved("JPEG", size=(800, 600)))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


def kept_of(row: UsageRow, number: int = 0) -> str:
    return f"{row.job_id}/raw/{number}"


async def asked(stand_ins: StandIns, data: bytes, name: str = "Ada") -> tuple[Visitor, Reply]:
    """A picture asked for whose API sends these bytes."""
    stand_ins.tencent.script(DOWNLOAD, garbage=data)
    ada = stand_ins.visitor(name)
    return ada, await ada.restyle(photo())


def progressive() -> bytes:
    """A progressive JPEG whose last scan comes forty times."""
    data = corpus.saved("JPEG", progressive=True)
    scan = data[data.rfind(b"\xff\xc4", 0, data.rfind(b"\xff\xda")) : -2]
    return data[:-2] + scan * 40 + data[-2:]


def large_xmp() -> bytes:
    return corpus.beside_pixels(corpus.png_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + LARGE))


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(corpus.photo()).save(out)
    return out.getvalue()


SENT: dict[str, Callable[[], bytes]] = {
    "text over Pillow's limit": corpus.text_bomb,
    "profile over Pillow's limit": lambda: corpus.with_profile(1_200_000),
    "profile that is none": lambda: corpus.saved("PNG", icc_profile=b"nonsense" * 40),
    "profile of grey pixels": lambda: corpus.saved(
        "PNG", "LA", icc_profile=corpus.grey_profile(1.8)
    ),
    "xmp over a segment": large_xmp,
    "xmp that breaks off": LABELLED["packet that breaks off"],
    "xmp that turns": lambda: corpus.saved("JPEG", xmp=corpus.TURNED),
    "wrong checksums": lambda: corpus.beside_pixels(
        *(corpus.png_chunk(kind, b"a")[:-4] + b"oops" for kind in corpus.BESIDE)
    ),
    "broken exif": lambda: corpus.beside_scan(b"Exif\0\0II*\0\xff\xff\xff\xff", 0xE1),
    "empty segments": lambda: corpus.beside_scan(b"ICC_PROFILE\0", 0xE2, b"", 0xED, b"", 0xE1),
    "bytes behind the end": lambda: corpus.saved("PNG") + b"more" * 999,
    "bytes behind a WebP": lambda: corpus.saved("WEBP") + b"more" * 999,
    "many scans": progressive,
    "no end marker": lambda: corpus.saved("JPEG")[:-2],
    "cmyk": lambda: corpus.saved("JPEG", "CMYK"),
    "palette with a hole": corpus.palette_with_hole,
    "16 bits": lambda: corpus.saved("PNG", "I;16"),
    "moving PNG": lambda: corpus.animated("PNG"),
    "moving WebP": lambda: corpus.animated("WEBP"),
    "two pictures": lambda: corpus.animated("MPO"),
    "bmp": lambda: corpus.saved("BMP"),
    "gif": lambda: corpus.animated("GIF"),
    "avif": lambda: corpus.saved("AVIF"),
    "heic": heic,
    "tiff": lambda: corpus.saved("TIFF"),
}


async def test_nothing_beside_the_pixels_keeps_a_paid_picture_from_its_member(
    app: App, stand_ins: StandIns
) -> None:
    for count, (what, made) in enumerate(SENT.items(), 1):
        raw = made()
        _, reply = await asked(stand_ins, raw, f"Member{count}")
        await reply.until(has_pictures)
        [data] = await reply.pictures()
        assert read_marks(data).aigc is not None, what
        assert decode(data).size == corpus.SIZE, what
        rows = await until_settled(app, count)
        assert (rows[-1].state, rows[-1].images, rows[-1].error_code) == ("done", 1, None), what
        assert await app.storage.blobs.get(kept_of(rows[-1])) == raw, what


@pytest.mark.parametrize("form", ["png packed text", "exif unicode, big-endian", "attribute"])
@pytest.mark.usefixtures("app")
async def test_a_label_from_upstream_reaches_the_member(stand_ins: StandIns, form: str) -> None:
    _, reply = await asked(stand_ins, LABELLED[form]())
    await reply.until(has_pictures)
    [data] = await reply.pictures()
    found = read_marks(data).aigc
    assert found is not None
    assert found["ContentProducer"] == AIGC["ContentProducer"]
    assert found["PropagateID"] != ""


@pytest.mark.usefixtures("app")
async def test_a_lossless_result_is_posted_lossless(stand_ins: StandIns) -> None:
    raw = corpus.saved("WEBP", size=SIZE, lossless=True)
    _, reply = await asked(stand_ins, raw)
    await reply.until(has_pictures)
    [data] = await reply.pictures()
    before, after = (Image.open(io.BytesIO(each)).convert("RGB") for each in (raw, data))
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    assert changed[1] > 240


def kept_and_told(message: Message) -> bool:
    return says("cannot be read by this version")(message) and says("Not posted")(message)


@pytest.mark.parametrize("raw", [UNREADABLE, TORN, b"<html>what is this?</html>"])
async def test_what_cannot_be_labelled_is_kept_told_and_not_charged_to_its_member(
    app: App, stand_ins: StandIns, raw: bytes
) -> None:
    stand_ins.tencent.script(DOWNLOAD, garbage=raw, times=2)  # a page is asked for three times
    ada, reply = await asked(stand_ins, raw)
    message = await reply.until(kept_and_told)
    assert message.attachments == []
    assert "could not be fetched" not in message.text
    [row] = await until_settled(app)
    assert (row.state, row.error_code) == ("unknown", "ResultUnreadable")
    assert (row.images, row.refunded, row.cost_usd) == (0, True, 0.08)
    assert row.request_id == stand_ins.tencent.charged[0].request_id
    assert await app.storage.blobs.get(kept_of(row)) == raw

    again = await ada.use("result", job=row.job_id)
    refused = await again.until(says("still cannot be read"))
    assert refused.attachments == []
    assert len(stand_ins.tencent.charged) == 1


async def test_what_could_not_be_labelled_is_posted_after_a_mend(
    app: App, stand_ins: StandIns
) -> None:
    ada, reply = await asked(stand_ins, TORN)
    await reply.until(kept_and_told)
    [row] = await until_settled(app)
    assert row.job_id in [c["value"] for c in await ada.type("result", "job", "")]

    # As a version that can read them would see the same bytes.
    await app.storage.blobs.put(kept_of(row), corpus.saved("JPEG", size=SIZE))
    again = await ada.use("result", job=row.job_id)
    await again.until(has_pictures)
    [data] = await again.pictures()
    marks = read_marks(data).aigc
    assert marks is not None
    assert marks["ProduceID"] == row.job_id
    assert (await until_settled(app)) == [row]


async def test_whoever_runs_the_bot_and_moderators_see_what_is_kept(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, reply = await asked(stand_ins, TORN)
    await reply.until(kept_and_told)
    [row] = await until_settled(app)
    overview = await app.storage.operations.overview(clock())
    assert [job.job_id for job in overview.unreadable] == [row.job_id]
    assert overview.unknown == ()
    moderator = stand_ins.visitor("Mo")
    stand_ins.guild.add_member(moderator.user, permissions=["MANAGE_GUILD"])
    shown = await (await moderator.use("queue show")).until(says("not readable"))
    assert row.job_id in shown.text
    await app.storage.retention.forget_pictures([row.job_id])
    assert (await app.storage.operations.overview(clock())).unreadable == ()
    gone = await ada.use("result", job=row.job_id)
    await gone.until(says("no longer kept"))


async def test_the_doctor_names_what_is_kept(app: App, stand_ins: StandIns, tmp_path: Path) -> None:
    _, reply = await asked(stand_ins, TORN)
    await reply.until(kept_and_told)
    [row] = await until_settled(app)
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor", "--json")
    stand_ins.tencent.faults.clear()  # the probes are wrong on purpose
    [queue] = [found for found in json.loads(ended.out) if found["check"] == "queue"]
    assert queue["status"] == "warning"
    assert queue["text"].endswith(f"update Easel, then /result posts them: {row.job_id}")
    assert "nobody knows" not in queue["text"]


async def test_a_format_that_no_result_of_an_engine_can_be_read_in_is_not_paid_for_again(
    app: App, stand_ins: StandIns
) -> None:
    ada, reply = await asked(stand_ins, UNREADABLE)
    await reply.until(kept_and_told)
    refused = await ada.restyle(photo(), engine="anime")
    await refused.until(says("not available right now"))
    assert len(stand_ins.tencent.charged) == 1
    [direct_message] = await all_direct_messages(stand_ins)
    for words in ("ResultUnreadable", "JPEG 2000", "/result posts it"):
        assert words in direct_message.content
    assert app.catalogue.suspended("anime") is not None


async def test_one_torn_result_switches_nothing_off(app: App, stand_ins: StandIns) -> None:
    _, reply = await asked(stand_ins, TORN)
    await reply.until(kept_and_told)
    _, reply = await asked(stand_ins, corpus.saved("PNG"))
    await reply.until(has_pictures)
    assert app.catalogue.suspended("anime") is None
    assert direct_messages(stand_ins) == []


async def test_of_several_pictures_those_that_can_be_labelled_are_posted(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script(DOWNLOAD, garbage=TORN)
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("two boats", engine="og-medium", count=2)
    message = await reply.until(has_pictures)
    assert len(message.attachments) == 1
    assert "a picture more that cannot be read" in message.text
    [row] = await until_settled(app)
    assert (row.state, row.images, row.refunded) == ("done", 1, False)
    assert row.error_code == "ResultUnreadable"
    assert len(stand_ins.tencent.charged) == 1
    raw = [await app.storage.blobs.get(kept_of(row, number)) for number in range(2)]
    assert TORN in raw

    await app.storage.blobs.put(kept_of(row, raw.index(TORN)), corpus.saved("PNG"))
    again = await ada.use("result", job=row.job_id)
    whole = await again.until(has_pictures)
    assert len(whole.attachments) == 2
    assert "cannot be read" not in whole.text


async def test_a_picture_inside_a_reply_lifts_a_pause(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[engines.anime]\nsettings = { returns = "base64" }\n')
    async with run() as app:
        fault = app.catalogue.fault(app.catalogue.all()[0], OperatorFault("Unpaid"))
        await app.storage.engine_states.suspend(replace(fault, engines=("anime",)), clock())
        clock.skipped += FIRST_PAUSE_S + 1
        await app.engines.look()
        reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
        await reply.until(has_pictures)
        await until_settled(app)
        assert await app.storage.engine_states.all() == []
