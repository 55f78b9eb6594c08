"""Any sequence of events keeps the promises: limits, one end, a balanced ledger, one lease."""

import asyncio
import contextlib
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.domain.endings import Ending, cancelled_sent, done
from bot.domain.errors import TooManyWaiting
from bot.domain.jobs import Cancel, Job, JobId, JobState, Lease
from bot.domain.limits import RunLimits
from storage import migrate_storage, open_storage
from storage.tables import jobs, ledger
from tests.contract.conftest import empty
from tests.contract.orders import LEASE_S, NOW, lease_of, order

LIMITS = RunLimits(
    pools={"aiart": 2, "vod": 1}, per_guild=2, per_user=1, queued_per_user=3, max_wait_s=300
)
WORKERS = ("ada", "bob")
T = TypeVar("T")


class Queue(RuleBasedStateMachine):
    """Two workers that crash, forget and come back late, against a model of who holds what."""

    url: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.closing = contextlib.AsyncExitStack()
        self.now = NOW
        self.accepted: set[JobId] = set()
        self.ends: dict[JobId, str] = {}
        self.leases: dict[JobId, Lease] = {}
        self.stale: list[Lease] = []
        self.run(self.open())

    async def open(self) -> None:
        folder = self.closing.enter_context(tempfile.TemporaryDirectory())
        url = self.url or f"sqlite:///{folder}/easel.db"
        if self.url:
            await empty(url)
        await migrate_storage(url)
        opened = open_storage(url, Path(folder), now=lambda: self.now)
        self.storage = await self.closing.enter_async_context(opened)
        self.store = self.storage.jobs

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.closing.aclose())
        self.loop.close()

    @rule(
        number=st.integers(1, 40),
        pool=st.sampled_from(["aiart", "vod"]),
        count=st.integers(1, 3),
        priority=st.integers(0, 1),
    )
    def accept(self, number: int, pool: str, count: int, priority: int) -> None:
        asked = order(
            number, guild=number % 3, user=number % 5, pool=pool, count=count,
            priority=priority, is_resumable=pool == "vod",
        )  # fmt: skip
        try:
            answer = self.run(self.store.accept(asked, LIMITS, self.now))
        except TooManyWaiting:
            assert asked.id not in self.accepted
            return
        assert answer.is_new == (asked.id not in self.accepted)
        self.accepted.add(asked.id)

    @rule(pool=st.sampled_from(["aiart", "vod"]), worker=st.sampled_from(WORKERS))
    def claim(self, pool: str, worker: str) -> None:
        self.hold(self.run(self.store.claim_next(pool, worker, LIMITS, self.now, LEASE_S)))

    @rule(worker=st.sampled_from(WORKERS))
    def claim_delivery(self, worker: str) -> None:
        self.hold(self.run(self.store.claim_delivery(worker, self.now, LEASE_S)))

    def hold(self, job: Job | None) -> None:
        if job is None:
            return
        earlier = self.leases.pop(job.id, None)
        if earlier is not None:
            self.stale.append(earlier)
        self.leases[job.id] = lease_of(job)

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), step=st.sampled_from(["sent", "task", "drawn"]))
    def advance(self, data: st.DataObject, step: str) -> None:
        lease = self.pick(data)
        if step == "sent":
            self.run(self.store.record_sent(lease, self.now))
        elif step == "task":
            self.run(self.store.record_task(lease, "task"))
        else:
            self.run(self.store.record_drawn(lease, ["raw"], None, self.now))

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), is_good=st.booleans())
    def end(self, data: st.DataObject, is_good: bool) -> None:  # noqa: FBT001 - hypothesis names it
        lease = self.pick(data)
        job = self.run(self.store.find(lease.job_id))
        assert job is not None
        ending = done(job, 1) if is_good and job.outputs else Ending(JobState.FAILED)
        self.run(self.store.end(lease, ending, self.now))

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), if_sent=st.booleans())
    def cancel(self, data: st.DataObject, if_sent: bool) -> None:  # noqa: FBT001 - as above
        job_id = data.draw(st.sampled_from(sorted(self.accepted)))
        outcome = self.run(self.store.cancel(job_id, 1, self.now, if_sent=if_sent))
        job = self.run(self.store.find(job_id))
        assert job is not None
        assert (outcome is Cancel.MARKED) <= (job.cancel_at is not None)
        assert (outcome is Cancel.ENDED) <= (job.state is JobState.CANCELLED)

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def end_cancelled(self, data: st.DataObject) -> None:
        lease = self.pick(data)
        job = self.run(self.store.find(lease.job_id))
        assert job is not None
        is_over = self.run(self.store.end_cancelled(lease, cancelled_sent(job, None), self.now))
        assert not is_over or job.cancel_at is not None

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), pause=st.sampled_from([0, 5, 60]))
    def put_back(self, data: st.DataObject, pause: int) -> None:
        lease = self.pick(data)
        self.run(self.store.put_back(lease, self.now + pause))
        self.run(self.store.retry_delivery(lease, self.now + pause))

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        self.run(self.store.record_told(self.pick(data).job_id))

    @rule(seconds=st.sampled_from([1, 10, LEASE_S + 1, 200]))
    def wait_and_rescue(self, seconds: float) -> None:
        self.now += seconds
        self.run(self.store.rescue(self.now))

    @rule(worker=st.sampled_from(WORKERS), is_stopping=st.booleans())
    def beat_or_release(self, worker: str, is_stopping: bool) -> None:  # noqa: FBT001 - as above
        if is_stopping:
            self.run(self.store.release(worker))
        else:
            self.run(self.store.renew(worker, self.now, LEASE_S))

    def pick(self, data: st.DataObject) -> Lease:
        return data.draw(st.sampled_from(sorted(self.leases.values(), key=str)))

    @rule()
    def a_stale_lease_writes_nothing(self) -> None:
        for lease in self.stale:
            assert not self.run(self.store.record_sent(lease, self.now))
            assert not self.run(self.store.end(lease, Ending(JobState.DONE), self.now))
            assert not self.run(self.store.put_back(lease, self.now))

    @invariant()
    def promises_hold(self) -> None:
        rows = self.run(self.rows())
        live = [row for row in rows if not JobState(row.state).is_end]
        assert {row.id for row in rows} == self.accepted
        self.check_limits([row for row in rows if row.state == "running"])
        for row in rows:
            self.check_ledger(row)
            if row.id in self.ends:
                assert row.state == self.ends[row.id], "an end is final"
        self.ends |= {row.id: row.state for row in rows if JobState(row.state).is_end}
        assert len(self.accepted) == len(self.ends) + len(live)

    def check_limits(self, running: list[Any]) -> None:
        for pool, limit in LIMITS.pools.items():
            assert sum(row.pool == pool for row in running) <= limit
        for row in running:
            assert row.worker is not None
            assert sum(other.lane == row.lane for other in running) <= LIMITS.per_guild
            assert sum(other.user_id == row.user_id for other in running) <= LIMITS.per_user

    def check_ledger(self, row: Any) -> None:
        if JobState(row.state).is_end:
            assert row.state == row.ledger_state
        refunded = row.reserved - row.counted
        assert row.reserved == row.images
        if row.state == "done":
            assert row.counted == len(row.outputs)
        elif row.state == "cancelled" and row.cancel_at is not None:
            assert (refunded, row.refunded) == (0, False), "cancelled at work is paid"
        elif JobState(row.state).is_end:
            assert (refunded, row.refunded) == (row.reserved, True)
        else:
            assert refunded == 0

    async def rows(self) -> list[Any]:
        joined = select(
            jobs,
            ledger.c.state.label("ledger_state"),
            ledger.c.images.label("counted"),
            ledger.c.reserved,
            ledger.c.refunded,
        ).join_from(jobs, ledger, jobs.c.id == ledger.c.job_id)
        async with self.storage.engine.connect() as conn:
            return list(await conn.execute(joined))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_any_sequence_of_events_keeps_the_promises(
    database: str, request: pytest.FixtureRequest
) -> None:
    url = None if database == "sqlite" else request.getfixturevalue("postgres_url")
    machine = type("QueueOn" + database, (Queue,), {"url": url})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
