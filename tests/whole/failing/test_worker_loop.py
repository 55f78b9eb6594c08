"""The worker's loop on its bad days: it waits, says what broke, and lets go of what it lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cli.local_stack import StandIns
from bot.domain.engines.states import Fault, Kind
from storage.queue.jobs import SqlJobs
from tests.whole.conftest import (
    Clock,
    Run,
    at_work,
    has_pictures,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.failing.broken_storage import refusing, run_sql

NO_CLOUD = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}


async def execute(folder: Path, statement: str) -> None:
    # In a thread: the bot on this loop may be in the middle of a change.
    await asyncio.to_thread(run_sql, folder, statement)


def states(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "easel.db")) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM jobs")]


def has_task(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "easel.db")) as connection:
        query = "SELECT count(*) FROM jobs WHERE remote_task IS NOT NULL"
        return bool(connection.execute(query).fetchone()[0])


@asynccontextmanager
async def without(folder: Path, table: str) -> AsyncIterator[None]:
    """No statement about a table succeeds all the while."""
    await execute(folder, f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        await execute(folder, f"ALTER TABLE away RENAME TO {table}")


async def test_without_its_tables_the_loop_waits_before_it_looks_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.loop._STORAGE_PAUSE_S", 1000.0)
    async with run(**NO_CLOUD) as app:
        with capture_logs() as logs:
            async with without(tmp_path, "jobs"):
                app.worker.ring()
                await until(lambda: _count(logs, "nothing_claimed") > 0)
                await asyncio.sleep(0.5)
                looks = _count(logs, "nothing_claimed")
    # One of its own may have come just before the ring.
    assert looks <= 2


async def test_a_task_that_broke_is_in_the_log_with_its_traceback(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        async with run(**NO_CLOUD) as app, refusing(tmp_path, "NEW.state = 'delivering'"):
            await stand_ins.visitor("Ada").imagine("a cat")
            await at_work(app)
            await until(lambda: _count(logs, "job_task_broke") == 1)
    [line] = [log for log in logs if log["event"] == "job_task_broke"]
    assert "broken" in str(line["exc_info"])


@pytest.mark.usefixtures("quick_beats")
async def test_a_lost_lease_ends_the_watch_over_its_job_and_is_in_the_log(
    run: Run, stand_ins: StandIns, tmp_path: Path, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    with capture_logs() as logs:
        async with run() as app:
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            await until(lambda: has_task(tmp_path))
            [task] = [task for task in asyncio.all_tasks() if task.get_name().startswith("job ")]
            await execute(tmp_path, "UPDATE jobs SET worker = 'another'")
            await asyncio.wait({task}, timeout=20)
            assert task.cancelled()
            assert _count(logs, "job_task_broke") == 0
            # The other one died, too: whoever is left takes the task up and pays nothing again.
            clock.skipped += 60
            stand_ins.tencent.release()
            app.worker.ring()
            await reply.until(has_pictures)
            await until_settled(app)
    [line] = [log for log in logs if log["event"] == "lease_lost"]
    assert task.get_name() == f"job {line['job']}"
    assert len(stand_ins.tencent.charged) == 1


async def test_a_stop_waits_for_a_task_whose_job_was_claimed_anew_meanwhile(
    run: Run, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, opened, end = asyncio.Event(), asyncio.Event(), SqlJobs.end

    async def late_for_the_first(*given: Any) -> Any:
        if not reached.is_set():
            reached.set()
            await opened.wait()
        return await end(*given)

    monkeypatch.setattr(SqlJobs, "end", late_for_the_first)
    async with run() as app:
        await stand_ins.visitor("Ada").restyle(photo())
        await reached.wait()
        clock.skipped += 60
        app.worker.ring()
        await until_settled(app)
        asyncio.get_running_loop().call_later(1.0, opened.set)
    assert opened.is_set()
    assert at_work_on_a_job() == set()
    assert len(stand_ins.tencent.charged) == 1


def at_work_on_a_job() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task.get_name().startswith("job ")}


@dataclass
class Gate:
    """What a claim waits in front of."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def before_claims(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Gate]:
    """Put a gate before every claim from now on."""

    def put() -> Gate:
        gate, claim = Gate(), SqlJobs.claim_next

        async def claim_late(*given: Any) -> Any:
            gate.reached.set()
            await gate.opened.wait()
            return await claim(*given)

        monkeypatch.setattr(SqlJobs, "claim_next", claim_late)
        return gate

    return put


async def test_a_claim_that_a_stop_overtakes_sends_nothing(
    run: Run, stand_ins: StandIns, tmp_path: Path, before_claims: Callable[[], Gate]
) -> None:
    stop = asyncio.Event()
    async with run(stop=stop):
        gate = before_claims()
        for name in ("Ada", "Bob", "Cem"):
            await stand_ins.visitor(name).restyle(photo())
        await until(lambda: len(states(tmp_path)) == 3)
        await gate.reached.wait()
        stop.set()
        gate.opened.set()
    assert states(tmp_path) == ["queued"] * 3
    assert stand_ins.tencent.calls == []


async def test_a_slot_that_is_handed_on_while_a_stop_comes_sends_nothing(
    run: Run, stand_ins: StandIns, tmp_path: Path, before_claims: Callable[[], Gate]
) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nper_user = 1\n")
    stand_ins.tencent.hold()
    stop = asyncio.Event()
    async with run(stop=stop):
        ada = stand_ins.visitor("Ada")
        await ada.restyle(photo(), prompt="as a stamp")
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        waiting = await ada.restyle(photo(), prompt="as a coin")
        await waiting.until(says("Queued"))
        await asyncio.sleep(0.1)
        gate = before_claims()
        stand_ins.tencent.release()
        await gate.reached.wait()
        stop.set()
        await asyncio.sleep(0.2)  # what is unsent is handed back by now
        gate.opened.set()
    assert sorted(states(tmp_path)) == ["done", "queued"]
    assert len(stand_ins.tencent.calls) == 1


async def test_a_database_that_is_away_for_a_while_only_delays_the_look_at_engines(
    run: Run, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.engines._LOOK_S", 0.02)
    stop = asyncio.Event()
    async with run(stop=stop) as app:
        with capture_logs() as logs:
            async with without(tmp_path, "engine_states"):
                await until(lambda: _count(logs, "engine_states_unread") > 1)
        # What another process finds out afterwards is learned.
        fault = Fault(("anime",), Kind.GONE, "ActionOffline", "req-1")
        await app.storage.engine_states.suspend(fault, clock())
        await until(lambda: app.catalogue.suspended("anime") is not None)
        assert not stop.is_set()


async def test_an_engine_state_that_cannot_be_kept_costs_no_job_its_end(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.script("ImageToImage", code="ResourceUnavailable.InArrears")
    async with run() as app:
        with capture_logs() as logs:
            async with without(tmp_path, "engine_states"):
                reply = await stand_ins.visitor("Ada").restyle(photo())
                await reply.until(says("not available right now"))
        [row] = await until_settled(app)
    assert (row.state, row.error_code) == ("failed", "ResourceUnavailable.InArrears")
    assert _count(logs, "engine_state_not_kept") == 1


def _count(logs: list[object], event: str) -> int:
    return sum(isinstance(log, dict) and log["event"] == event for log in logs)
