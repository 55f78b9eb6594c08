"""The database and the disk on their bad days: what is paid is kept, the bot goes on."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli.local_stack import StandIns
from bot.domain.jobs.scheduling import LEASE_S, STORAGE_TIMEOUT_S
from bot.domain.storage_errors import StorageUnavailable
from tests.whole.conftest import (
    Clock,
    Run,
    at_work,
    has_pictures,
    ledger,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.failing.broken_storage import (
    full_disk,
    locked,
    losing_the_answer_of_a_commit,
    refusing,
    unreadable_after_a_commit,
)

pytestmark = pytest.mark.usefixtures("quick_beats")


NO_CLOUD = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Waits for a lock, and logs of tracebacks, that no test has to sit out."""
    monkeypatch.setattr("storage.database.engine.BUSY_TIMEOUT_MS", 50)
    with capture_logs():
        yield


async def test_a_locked_database_costs_a_paid_call_nothing_but_time(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    async with run() as app:
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        async with locked(tmp_path):
            stand_ins.tencent.release()
            await until(lambda: stand_ins.tencent.running["aiart"] == 0)
            await asyncio.sleep(0.5)
        await reply.until(has_pictures)
        rows = await until_settled(app)
        other = await stand_ins.visitor("Bob").restyle(photo())
        await other.until(has_pictures)
        await until_settled(app, count=2)
    assert [row.state for row in rows] == ["done"]
    assert len(stand_ins.tencent.charged) == 2


async def test_a_database_that_stays_away_ends_the_process_after_minutes(
    run: Run, tmp_path: Path, clock: Clock
) -> None:
    async def live() -> None:
        stop = asyncio.Event()
        async with run(stop=stop), locked(tmp_path):
            await asyncio.sleep(0.5)
            clock.skipped += STORAGE_TIMEOUT_S
            async with asyncio.timeout(60):
                await stop.wait()

    with pytest.raises(StorageUnavailable, match="cannot be used right now"):
        await live()


async def test_a_full_disk_costs_a_drawn_picture_nothing_but_time(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with run(**NO_CLOUD) as app:
        with full_disk(tmp_path):
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            await at_work(app)
            await asyncio.sleep(0.3)
        await reply.until(has_pictures)
        assert [row.state for row in await until_settled(app)] == ["done"]


async def test_a_job_whose_task_broke_is_rescued_and_its_member_may_go_on(
    run: Run, stand_ins: StandIns, tmp_path: Path, clock: Clock
) -> None:
    async with run(**NO_CLOUD) as app:
        async with refusing(tmp_path, "NEW.state = 'delivering'"):
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            await at_work(app)
            await asyncio.sleep(0.5)
        clock.skipped += LEASE_S + 1
        await reply.until(has_pictures)
        second = await stand_ins.visitor("Ada").imagine("a dog")  # one at a time runs per member
        await second.until(has_pictures)
        assert [row.state for row in await until_settled(app, count=2)] == ["done", "done"]


async def test_a_fault_of_the_next_claim_costs_the_picture_before_it_nothing(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        first = await ada.restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        second = await ada.restyle(photo(), prompt="as a stamp")
        await second.until(says("Queued"))
        async with refusing(tmp_path, "NEW.state = 'running' AND OLD.state = 'queued'"):
            stand_ins.tencent.release()
            await first.until(has_pictures)
            rows = await until_settled(app)
            assert sorted(row.state for row in rows) == ["done", "queued"]
        await second.until(has_pictures)
        rows = await until_settled(app, count=2)
    assert [(row.state, row.images) for row in rows] == [("done", 1), ("done", 1)]
    assert len(stand_ins.tencent.calls) == 2


async def test_a_picture_that_was_posted_is_done_even_where_it_cannot_be_kept(
    run: Run, stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.finisher._KEEPING_S", 0.2)
    async with run() as app:
        with full_disk(tmp_path):
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            message = await reply.until(has_pictures)
            [row] = await until_settled(app)
        assert (row.state, row.images) == ("done", 1)
        assert message.edited_at is not None
        edited_at = message.edited_at
        app.worker.ring()
        await asyncio.sleep(0.2)
        assert (message.edited_at, len(message.attachments)) == (edited_at, 1)
        gone = await stand_ins.visitor("Ada").use("result", job=row.job_id)
        await gone.until(says("no longer kept"))
        assert len(await ledger(app)) == 1


async def test_a_job_whose_accepting_commit_lost_its_answer_is_found_to_be_accepted(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with run() as app:
        with losing_the_answer_of_a_commit(app, tmp_path):
            reply = await stand_ins.visitor("Ada").restyle(photo())
            message = await reply.until(has_pictures)
        assert message is reply.interaction.original
        assert all("sent to Tencent" in each.text for each in reply.followups)
        [row] = await until_settled(app)
        assert (row.state, row.images) == ("done", 1)


async def test_an_accepted_job_is_never_told_as_refused(
    run: Run, stand_ins: StandIns, tmp_path: Path, clock: Clock
) -> None:
    async with run() as app:
        await app.storage.operations.pause("", clock())
        with unreadable_after_a_commit(app, tmp_path):
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            message = await reply.until(says("**Queued** · position 1"))
        await app.storage.operations.resume()
        app.worker.ring()
        assert await reply.until(has_pictures) is message is reply.interaction.original
        assert reply.followups == []
        await until_settled(app)


async def test_a_grant_that_was_given_is_never_told_as_refused(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo, ada = stand_ins.visitor("Mo"), stand_ins.visitor("Ada").member
    async with run() as app:
        with unreadable_after_a_commit(app, tmp_path, of="grants"):
            given = await mo.use("quota grant", user=ada, images=3, reason="thanks")
            await given.until(says("3 pictures extra now"))
        with unreadable_after_a_commit(app, tmp_path, of="quota_rules"):
            limited = await mo.use("quota set", images=5, period="day")
            await limited.until(says("5 pictures per day"))
    assert given.followups == limited.followups == []


async def test_a_paid_cancel_that_was_carried_out_is_never_told_as_refused(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    async with run() as app:
        reply = await ada.restyle(photo())
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        asked = await ada.press(await reply.until(says("Being made")), "Cancel")
        question = await asked.until(says("still counts"))
        marked = "jobs WHERE cancel_at IS NOT NULL"
        with capture_logs() as logs, unreadable_after_a_commit(app, tmp_path, of=marked):
            confirmed = await ada.press(question, "Cancel anyway")
            await confirmed.until(says("is not shown, and it counts"))
            await until(lambda: "mark_not_shown" in [log["event"] for log in logs])
        stand_ins.tencent.release()
        assert [row.state for row in await until_settled(app)] == ["cancelled"]
    assert confirmed.followups == []


async def test_what_members_read_of_the_disk_and_the_database_is_in_the_log_with_its_path(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    ada, bob = stand_ins.visitor("Ada"), stand_ins.visitor("Bob")
    unavailable = says("cannot be used right now")
    async with run() as app:
        with capture_logs() as logs:
            with full_disk(tmp_path):
                for member in (ada, bob):
                    reply = await member.restyle(photo())
                    await reply.until(unavailable)
            async with locked(tmp_path):
                await (await ada.imagine("a cat")).until(unavailable)
        told = [log for log in logs if log["event"] == "storage_unavailable"]
        assert await ledger(app) == []
    assert [log["command"] for log in told] == ["restyle", "imagine"]
    disk, database = told
    assert str(tmp_path / "pictures") in disk["path"]
    assert "File exists" in disk["cause"]
    assert str(tmp_path / "easel.db") in database["path"]
    assert database["cause"] == "OperationalError: database is locked"


async def test_suggestions_without_a_database_are_none_and_the_fault_is_logged_once(
    run: Run, stand_ins: StandIns, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo = stand_ins.visitor("Mo")
    async with run() as app:
        with unreadable_after_a_commit(app, tmp_path):
            await mo.imagine("a cat")
            await until_accepted(tmp_path)
            with capture_logs() as logs:
                for command in ("cancel", "result", "queue first"):
                    assert await mo.type(command, "job", "") == []
        app.worker.ring()
        await until_settled(app)
    told = [log for log in logs if log["event"] == "storage_unavailable"]
    assert [log["command"] for log in told] == ["cancel"]
    assert [record for record in caplog.records if record.exc_info] == []


async def until_accepted(folder: Path) -> None:
    def is_there() -> bool:
        with closing(sqlite3.connect(folder / "easel.db")) as look:
            return bool(look.execute("SELECT 1 FROM jobs").fetchall())

    await until(is_there)
