"""Posts that come late: long outages of Discord, pictures gone, posts that look like ours."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.app import App
from bot.chat.posting.delivery import Delivery
from bot.cli.local_stack import StandIns
from bot.domain.follow_ups.kinds import Offers
from bot.sandbox.discord.visitor import Visitor
from bot.services.standings import LineStandings
from bot.settings.config import read_settings
from bot.worker.waiting import WaitingBoard
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    photo,
    says,
    undo_the_end,
    until,
    until_settled,
)
from tests.whole.delivering.late import (
    DAY,
    MINUTE,
    TOKEN_OVER_S,
    discord_down,
    job_that,
    queued,
    quiet,
    the_job,
)

__all__ = ["quiet"]


async def tries(app: App, ada: Visitor, clock: Clock, count: int) -> None:
    """Let so many more deliveries be tried, each when its time has come."""
    for _ in range(count):
        before = (await the_job(app, ada)).deliveries
        clock.skipped += 5 * MINUTE + 1
        app.worker.ring()
        await job_that(app, ada, lambda job, before=before: job.deliveries > before)
        await job_that(app, ada, lambda job: job.worker is None)


async def test_a_result_outlasts_an_outage_of_hours(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, message = await queued(stand_ins)
    discord_down(stand_ins, clock)
    stand_ins.tencent.release()
    await job_that(app, ada, lambda job: job.outputs and job.worker is None)
    await tries(app, ada, clock, 14)
    assert (await the_job(app, ada)).state == "delivering"
    stand_ins.discord.recover()
    clock.skipped += 5 * MINUTE + 1
    app.worker.ring()
    await until_settled(app)
    assert has_pictures(message)


async def test_an_end_without_a_picture_is_told_after_an_outage_of_hours(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("ImageToImage", code="FailedOperation.GenerateImageFailed")
    ada, message = await queued(stand_ins)
    discord_down(stand_ins, clock)
    stand_ins.tencent.release()
    await job_that(app, ada, lambda job: job.finished_at and job.worker is None)
    await tries(app, ada, clock, 14)
    stand_ins.discord.recover()
    clock.skipped += 5 * MINUTE + 1
    app.worker.ring()
    await until(lambda: says("refused the result")(message))
    [row] = await until_settled(app)
    assert (row.state, row.images) == ("refused", 0)
    assert stand_ins.discord.world.messages(stand_ins.channel) == [message]
    assert message.attachments == []


async def test_a_result_that_could_not_be_posted_for_days_is_kept_for_whoever_asks(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, _ = await queued(stand_ins)
    discord_down(stand_ins, clock)
    stand_ins.tencent.release()
    await job_that(app, ada, lambda job: job.outputs and job.worker is None)
    clock.skipped += 3 * DAY
    app.worker.ring()
    [row] = await until_settled(app)
    assert (row.state, row.images) == ("done", 1)
    stand_ins.discord.recover()
    shown = await ada.use("result", job=row.job_id)
    await shown.until(has_pictures)


async def test_a_picture_that_is_no_longer_kept_is_lost_refunded_and_paid(
    app: App, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    ada, message = await queued(stand_ins)
    discord_down(stand_ins, clock)
    stand_ins.tencent.release()
    await job_that(app, ada, lambda job: job.outputs and job.worker is None)
    shutil.rmtree(tmp_path / "pictures")
    stand_ins.discord.recover()
    clock.skipped += 5 * MINUTE
    app.worker.ring()
    [row] = await until_settled(app)
    assert (row.state, row.refunded, row.cost_usd) == ("unknown", True, 0.08)
    await until(lambda: says("could not be fetched")(message))


async def test_a_prompt_that_quotes_a_jobs_id_is_not_taken_for_its_post(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, message = await queued(stand_ins)
    job = await the_job(app, ada)
    clock.skipped += TOKEN_OVER_S
    quoting = await stand_ins.visitor("Eve").imagine(f"look · {job.id}")
    quoted = await quoting.until(says(job.id))
    stand_ins.discord.world.delete(message)
    stand_ins.discord.script("POST", r"/channels/\d+/messages$", status=503, times=1)
    stand_ins.tencent.release()
    await until_settled(app, count=2)
    posted = (await the_job(app, ada)).posted_message_id
    assert posted is not None
    assert str(posted) != quoted.id
    shown = [m for m in stand_ins.discord.world.messages(stand_ins.channel) if m.attachments]
    assert sorted(m.id for m in shown) == sorted([str(posted), quoted.id])


@pytest.mark.parametrize(("before", "after"), [(0, 1_200), (1_200, 0), (300, 300)])
async def test_an_earlier_post_is_found_in_a_busy_channel_with_few_requests(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path, before: int, after: int
) -> None:
    chatterbox = stand_ins.visitor("Eve")
    async with run() as app:
        for number in range(before):
            chatterbox.say(f"chatter {number}")
        ada, message = await queued(stand_ins)
        stand_ins.discord.world.delete(message)
        clock.skipped += TOKEN_OVER_S
        stand_ins.tencent.release()
        await until_settled(app)
    # Posted and not noted, by the last of an hour's tries.
    unnoted = ", posted_channel_id = NULL, posted_message_id = NULL, drawn_at = drawn_at - 3600"
    undo_the_end(tmp_path, unnoted)
    [posted] = [m for m in stand_ins.discord.world.messages(stand_ins.channel) if m.attachments]
    posted.nonce = None  # Discord forgets a nonce within minutes
    for number in range(after):
        chatterbox.say(f"chatter {number}")
    asked = len(stand_ins.discord.exchanges)
    async with run() as app:
        job = await job_that(app, ada, lambda job: job.state == "done")
    assert str(job.posted_message_id) == posted.id
    paths = [exchange.call.path for exchange in list(stand_ins.discord.exchanges)[asked:]]
    searches = paths.count(f"/channels/{stand_ins.channel.id}/messages")
    assert 1 <= searches <= 11  # ten of the search, and the one that a new post would be


async def test_waiting_messages_that_cannot_be_edited_are_not_read_at_every_look(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    limits = read_settings(stand_ins.variables(tmp_path), folder=tmp_path).run_limits
    stand_ins.tencent.hold()
    async with run() as app:
        replies = [await stand_ins.visitor(f"Member{n}").restyle(photo()) for n in range(9)]
        for reply in replies:
            await reply.until(lambda message: not message.loading)
        clock.skipped += TOKEN_OVER_S
        store = app.storage.jobs
        board = WaitingBoard(
            store=store,
            standings=LineStandings(store=store, limits=limits, now=clock),
            deliverer=Delivery(app.client, posts=store, offers=lambda *_: Offers(), now=clock),
            pools=("aiart",),
            now=clock,
        )
        found: list[str] = []
        event.listen(
            app.storage.engine.sync_engine,
            "before_cursor_execute",
            lambda _c, _cur, statement, *_: (
                found.append(statement) if "WHERE jobs.id = ?" in statement else None
            ),
        )
        await board.look()
        first = len(found)
        await board.look()
        assert first >= 5
        assert len(found) == first
        stand_ins.tencent.release()
        for reply in replies:
            assert reply.message is not None
            if says("Queued")(reply.message):
                await stand_ins.visitor(f"Member{replies.index(reply)}").press(
                    reply.message, "Cancel"
                )
        await until_settled(app, count=9)


async def test_an_end_that_was_told_by_a_new_message_is_told_once(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    stand_ins.tencent.script("ImageToImage", code="FailedOperation.GenerateImageFailed")
    async with run() as app:
        ada, message = await queued(stand_ins)
        stand_ins.discord.world.delete(message)
        clock.skipped += TOKEN_OVER_S
        stand_ins.tencent.release()
        job = await job_that(app, ada, lambda job: job.posted_message_id)
    with closing(sqlite3.connect(tmp_path / "easel.db")) as connection, connection:
        # What a crash between the post and its note leaves.
        gone = "told_at = NULL, posted_channel_id = NULL, posted_message_id = NULL"
        connection.execute(f"UPDATE jobs SET {gone}, deliveries = 1")  # noqa: S608 - our own words
    before = stand_ins.discord.world.messages(stand_ins.channel)
    [posted] = [each for each in before if each.id == str(job.posted_message_id)]
    posted.nonce = None  # Discord forgets a nonce within minutes
    stand_ins.visitor("Eve").say(f"what about {job.id}?")
    async with run() as app:
        again = await job_that(app, ada, lambda job: job.posted_message_id)
    assert again.posted_message_id == job.posted_message_id
    after = stand_ins.discord.world.messages(stand_ins.channel)
    assert len(after) == len(before) + 1
