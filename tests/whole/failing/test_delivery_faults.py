"""Between a made picture and its end: what fails is tried again for days, then let go."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobState
from tests.imaging import corpus
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.delivering.late import (
    DAY,
    MANY,
    MINUTE,
    TOKEN_OVER_S,
    discord_down,
    job_that,
    queued,
    quiet,
    the_job,
)
from tests.whole.failing.broken_storage import full_disk

__all__ = ["quiet"]

DOWNLOAD = "GetObject"
TORN = corpus.cut(corpus.saved("PNG"))


def is_told(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "easel.db")) as connection:
        [(told_at,)] = connection.execute("SELECT told_at FROM jobs")
    return told_at is not None


async def test_a_fault_of_our_own_in_a_delivery_is_tried_again_and_the_picture_kept_before(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await app.storage.operations.pause("", clock())
    ada = stand_ins.visitor("Ada")
    message = await (await ada.restyle(photo())).until(is_waiting)
    clock.skipped += TOKEN_OVER_S  # no edit that says how the job stands takes the odd answer
    odd = {"id": "no number"}
    stand_ins.discord.script("PATCH", r"/channels/\d+/messages/\d+$", status=200, body=odd)
    await app.storage.operations.resume()
    app.worker.ring()
    job = await job_that(app, ada, lambda job: job.drawn_at and job.worker is None)
    assert (job.state, job.deliveries) == (JobState.DELIVERING, 0)
    assert (job.outputs, job.results) == ((f"{job.id}/raw/0",), ())
    assert not has_pictures(message)

    clock.skipped += 5 * MINUTE
    app.worker.ring()
    [row] = await until_settled(app)
    assert (row.state, row.images) == ("done", 1)
    assert has_pictures(message)
    shown = stand_ins.discord.world.messages(stand_ins.channel)
    assert [each for each in shown if each.attachments] == [message]


async def test_an_end_that_nobody_could_be_told_for_days_is_let_go(
    app: App, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    stand_ins.tencent.script("ImageToImage", code="FailedOperation.GenerateImageFailed")
    ada, message = await queued(stand_ins)
    discord_down(stand_ins, clock)
    stand_ins.tencent.release()
    await job_that(app, ada, lambda job: job.finished_at and job.worker is None)
    assert not is_told(tmp_path)
    clock.skipped += 3 * DAY
    app.worker.ring()
    await until(lambda: is_told(tmp_path))
    assert (await the_job(app, ada)).state is JobState.REFUSED
    assert not says("refused the result")(message)
    assert not (await app.storage.jobs.agenda((), clock() + DAY)).has_delivery


async def test_a_picture_that_could_not_be_fetched_for_days_is_lost_paid_and_refunded(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.providers.tencent.results._PAUSES_S", ())
    stand_ins.tencent.script(DOWNLOAD, code="SlowDown", times=MANY)
    ada, message = await queued(stand_ins)
    stand_ins.tencent.release()
    job = await job_that(app, ada, lambda job: job.drawn_at and job.worker is None)
    assert (job.state, job.outputs) == (JobState.DELIVERING, ())
    clock.skipped += 3 * DAY
    app.worker.ring()
    [row] = await until_settled(app)
    [charge] = stand_ins.tencent.charged
    assert (row.state, row.error_code, row.request_id) == (
        "unknown",
        "ResultLost",
        charge.request_id,
    )
    assert (row.images, row.cost_usd, row.refunded) == (0, 0.08, True)
    await until(lambda: says("could not be fetched")(message))


async def test_what_cannot_be_read_does_not_end_before_it_is_kept(
    app: App,
    stand_ins: StandIns,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.worker.finisher._KEEPING_S", 0.2)
    stand_ins.tencent.script(DOWNLOAD, garbage=TORN, times=2)
    ada, message = await queued(stand_ins)
    with full_disk(tmp_path):
        stand_ins.tencent.release()
        job = await job_that(app, ada, lambda job: job.drawn_at and job.worker is None)
    assert (job.state, job.outputs, len(job.results)) == (JobState.DELIVERING, (), 1)
    assert not job.is_kept_unread

    clock.skipped += 5 * MINUTE
    app.worker.ring()
    [row] = await until_settled(app)
    assert (row.state, row.error_code) == ("unknown", "ResultUnreadable")
    ended = await the_job(app, ada)
    assert ended.is_kept_unread
    assert await app.storage.blobs.get(ended.outputs[0]) == TORN
    await until(lambda: says("It is kept")(message))


async def test_of_unreadable_pictures_those_are_paid_that_were_made(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[engines.og-medium]\nprice_usd = 0.07\n")
    stand_ins.tencent.script("CreateAigcImageTask", pictures=1)
    stand_ins.tencent.script(DOWNLOAD, garbage=TORN)
    async with run() as app:
        await stand_ins.visitor("Ada").imagine("two boats", engine="og-medium", count=2)
        [row] = await until_settled(app)
    assert (row.state, row.error_code, row.refunded) == ("unknown", "ResultUnreadable", True)
    assert row.cost_usd == pytest.approx(0.07)
