"""The queue as a whole, on both databases: pause, overview, and slots that a crash left taken."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.domain.jobs.endings import failed
from bot.domain.jobs.job import JobState
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.operations import Pause, PoolUse
from bot.domain.jobs.scheduling import LONGEST_CALL_S, MAX_TRIES
from bot.domain.provider_errors import Moderated, OperatorFault
from bot.domain.storage_errors import NoDatabase
from storage import Storage, back_up, open_storage
from storage.database.tables import jobs
from storage.queue.rows import row_of
from tests.contract.orders import LEASE_S, NOW, accept, claim, claimed, order

LATER = NOW + 100 + LEASE_S + 1
TWO = RunLimits(pools={"aiart": 2, "vod": 1}, per_guild=9, per_user=9)


async def test_while_paused_nothing_is_claimed_and_what_runs_may_end(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    _, lease = await claimed(storage)
    await storage.operations.pause("The API is being mended.", NOW + 100)
    assert await claim(storage) is None
    assert (await storage.jobs.agenda(["aiart"], NOW + 100)).pools == ()
    assert await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.record_drawn(lease, ["raw"], None, NOW + 102)
    assert await storage.jobs.claim_delivery("w", LATER, LEASE_S) is not None


async def test_resuming_lets_jobs_start_again(storage: Storage) -> None:
    await accept(storage, order())
    await storage.operations.pause("first", NOW)
    await storage.operations.pause("second", NOW + 1)
    assert await storage.operations.paused() == Pause("second", NOW + 1)
    await storage.operations.pause("", NOW + 2)
    assert await storage.operations.paused() == Pause("second", NOW + 1)
    assert await storage.operations.resume()
    assert not await storage.operations.resume()
    assert await storage.operations.paused() is None
    assert await claim(storage) is not None


async def test_a_lost_call_keeps_its_slot_as_long_as_it_may_run_at_the_api(
    storage: Storage,
) -> None:
    await accept(storage, *(order(number, user=number) for number in range(1, 5)))
    _, lost = await claimed(storage, limits=TWO)
    await storage.jobs.record_sent(lost, NOW + 100)
    assert await storage.jobs.rescue(LATER) == 1
    until = NOW + 100 + LONGEST_CALL_S
    assert await claim(storage, limits=TWO, now=LATER) is not None
    assert await claim(storage, limits=TWO, now=until - 1) is None
    assert (await storage.operations.overview(LATER)).pools == {"aiart": PoolUse(2, 1)}
    assert await claim(storage, limits=TWO, now=until) is not None


async def test_an_unsent_job_of_a_dead_process_leaves_no_slot_taken(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    await claimed(storage)
    await storage.jobs.rescue(LATER)
    assert (await storage.operations.overview(LATER)).pools == {}


async def test_where_the_operator_wants_it_a_lost_call_is_sent_again_a_few_times(
    storage: Storage,
) -> None:
    await accept(storage, order())
    now = NOW + 100
    for _ in range(MAX_TRIES - 1):
        _, lease = await claimed(storage, now=now)
        await storage.jobs.record_sent(lease, now)
        now += LEASE_S + LONGEST_CALL_S
        assert await storage.jobs.rescue(now, retry_unknown=True) == 1
        job = await storage.jobs.find(lease.job_id)
        assert job is not None
        assert (job.state, job.sent_at) == (JobState.QUEUED, None)
    _, lease = await claimed(storage, now=now)
    await storage.jobs.record_sent(lease, now)
    await storage.jobs.rescue(now + LEASE_S + 1, retry_unknown=True)
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    assert job.state is JobState.UNKNOWN


async def test_the_overview_counts_what_waits_and_names_what_is_unknown(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=2), order(3, guild=2))
    _, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 100)
    everywhere = await storage.operations.overview(NOW + 101)
    assert (everywhere.waiting, everywhere.oldest_at) == (2, NOW + 1)
    assert everywhere.pools == {"aiart": PoolUse(1, 0)}
    await storage.jobs.rescue(LATER)
    guild = order(1).destination.guild_id
    here = await storage.operations.overview(LATER, guild)
    assert (here.waiting, here.oldest_at, here.pause) == (0, None, None)
    (unknown,) = here.unknown
    assert (unknown.job_id, unknown.user_id) == (order(1).id, order(1).destination.user_id)
    elsewhere = await storage.operations.overview(LATER, order(2, guild=2).destination.guild_id)
    assert (elsewhere.waiting, elsewhere.unknown) == (2, ())
    assert (here.failed, elsewhere.failed) == ((), ())
    assert (await storage.operations.overview(LATER + 8 * 86400)).unknown == ()


async def test_a_stopping_worker_hands_back_only_what_was_not_sent(storage: Storage) -> None:
    await accept(storage, *(order(number, user=number) for number in range(1, 4)))
    _, sent = await claimed(storage)
    _, unsent = await claimed(storage)
    _, others = await claimed(storage, worker="another")
    await storage.jobs.record_sent(sent, NOW + 100)
    assert await storage.jobs.release_unsent("w") == 1
    assert not await storage.jobs.record_sent(unsent, NOW + 101)
    assert await storage.jobs.record_sent(others, NOW + 101)
    assert await storage.jobs.record_drawn(sent, ["raw"], None, NOW + 102)


async def test_a_stopped_worker_hands_tasks_on_and_leaves_calls_to_the_rescue(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, pool="vod", is_resumable=True))
    _, call = await claimed(storage)
    _, task = await claimed(storage, pool="vod")
    await storage.jobs.record_sent(call, NOW + 100)
    await storage.jobs.record_sent(task, NOW + 100)
    await storage.jobs.record_task(task, "task-1")
    assert await storage.jobs.release("w") == 1
    again, _ = await claimed(storage, pool="vod", worker="next")
    assert (again.remote_task, again.sent_at) == ("task-1", NOW + 100)
    left = await storage.jobs.find(call.job_id)
    assert left is not None
    assert left.state is JobState.RUNNING


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


async def test_looks_and_copies_beside_a_claim_loop_never_stall_it(
    sqlite_url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lock that one of them held would be met at once, and raised.
    monkeypatch.setattr("storage.database.engine.BUSY_TIMEOUT_MS", 0)
    is_over, claims = asyncio.Event(), 0
    async with open_storage(sqlite_url, tmp_path) as storage:
        await accept(storage, *(order(number, user=number) for number in range(1, 41)))

        async def claim_on() -> None:
            nonlocal claims
            while not is_over.is_set():
                job, _ = await claimed(storage)
                await storage.jobs.release(job.worker or "")
                claims += 1

        async with asyncio.TaskGroup() as group:
            group.create_task(claim_on())
            opened = open_storage(sqlite_url, tmp_path, readonly=True)
            async with opened as beside:
                for number in range(10):
                    await back_up(file, tmp_path / f"copy-{number}.db")
                    assert len(await beside.usage.rows(0)) == 40
                    await beside.operations.overview(NOW)
            is_over.set()
    assert claims > 0


async def test_a_copy_is_whole_and_opens_as_a_database_of_its_own(
    sqlite_url: str, file: Path, tmp_path: Path
) -> None:
    async with open_storage(sqlite_url, tmp_path) as storage:
        await accept(storage, order(1))
        await back_up(file, tmp_path / "copy.db")
        await accept(storage, order(2))
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    url = f"sqlite:///{tmp_path}/copy.db"
    async with open_storage(url, tmp_path) as copied:
        assert await copied.jobs.find(order(1).id) is not None
        assert await copied.jobs.find(order(2).id) is None


async def test_a_copy_overwrites_nothing_and_leaves_nothing_half_made(
    file: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    with pytest.raises(FileExistsError):
        await back_up(file, taken)
    with pytest.raises(NoDatabase):
        await back_up(tmp_path / "missing.db", tmp_path / "new.db")
    assert taken.read_text() == "mine"
    assert names_in(tmp_path) == ["easel.db", "taken.db"]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_overview_names_what_was_refused_in_a_server(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=2))
    job, lease = await claimed(storage)
    error = Moderated("OperationDenied.TextIllegalDetected", what="prompt", request_id="req-6")
    await storage.jobs.end(lease, failed(job, error), NOW + 200)
    here = await storage.operations.overview(NOW + 300, job.order.destination.guild_id)
    [listed] = here.refused
    assert (listed.job_id, listed.error_code, listed.request_id) == (job.id, error.code, "req-6")
    assert (here.failed, here.unknown) == ((), ())
    elsewhere = await storage.operations.overview(NOW + 300, order(2, guild=2).destination.guild_id)
    assert elsewhere.refused == ()


async def test_the_overview_names_what_failed_with_its_code_and_request_id(
    storage: Storage,
) -> None:
    await accept(storage, order(1), order(2, guild=2))
    _, lease = await claimed(storage)
    job = await storage.jobs.find(lease.job_id)
    assert job is not None
    error = OperatorFault("ResourceUnavailable.InArrears", request_id="req-5")
    await storage.jobs.end(lease, failed(job, error), NOW + 200)
    guild = order(1).destination.guild_id
    [listed] = (await storage.operations.overview(NOW + 300, guild)).failed
    assert (listed.job_id, listed.error_code, listed.request_id) == (
        lease.job_id,
        "ResourceUnavailable.InArrears",
        "req-5",
    )
    assert (await storage.operations.overview(NOW + 8 * 86400)).failed == ()


async def test_what_is_live_in_a_server_runs_first_then_was_put_first_then_is_oldest(
    storage: Storage,
) -> None:
    await accept(storage, *(order(number, user=number) for number in (1, 2, 3, 4)))
    await accept(storage, order(5, guild=2, user=5), order(6, guild=None, user=1))
    await claimed(storage)
    for number in (3, 4, 5):
        assert await storage.operations.put_first(order(number).id, 9, NOW)
    for guild, numbers in ((1, (1, 4, 3, 2)), (2, (5,))):
        guild_id = order(guild=guild).destination.guild_id
        assert guild_id is not None
        live = await storage.operations.live(guild_id, 9)
        assert [job.id for job in live] == [order(number).id for number in numbers]


async def test_the_line_shows_what_was_put_first_however_many_wait(storage: Storage) -> None:
    await accept(storage, order(1))
    async with storage.engine.begin() as conn:
        shared = row_of(order()) | {"state": JobState.QUEUED}
        rows = [shared | {"id": order(n).id, "created_at": NOW + n} for n in range(2, 602)]
        await conn.execute(insert(jobs), rows)
    assert await storage.operations.put_first(order(601).id, 9, NOW)
    line = await storage.jobs.line("aiart")
    assert len(line.jobs) == 500
    assert line.jobs[-1].id == order(601).id


async def test_what_waits_unheld_in_a_server_is_read_some_at_a_time(storage: Storage) -> None:
    mine = [order(number) for number in range(1, 7)]
    await accept(storage, *mine, order(9, guild=2))
    await claimed(storage)
    await storage.holds.hold(mine[2].id, 9, NOW)
    guild_id = mine[0].destination.guild_id or 0
    first = await storage.operations.free(guild_id, None, 2)
    rest = await storage.operations.free(guild_id, first[-1].id, 9)
    assert [job.id for job in (*first, *rest)] == [mine[number].id for number in (1, 3, 4, 5)]
    assert await storage.operations.free(guild_id, rest[-1].id, 9) == []
