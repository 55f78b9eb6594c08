"""Any sequence of events keeps the promises: limits, order, one end, balanced money, one lease."""

import contextlib
import shutil
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.endings import Ending, cancelled_sent, done
from bot.domain.jobs.errors import QueueDrained
from bot.domain.jobs.job import Cancel, Job, JobId, JobState, Lease, Order
from bot.domain.jobs.limits import RunLimits
from bot.domain.moderation.errors import Blocked
from bot.domain.quotas.allowances import Allowance, LimitWindow, quota_request_of, take
from bot.domain.quotas.errors import QuotaSpent
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.packages import Package
from bot.domain.quotas.quota import Grant
from storage import open_storage
from tests.contract import recount
from tests.contract.orders import LEASE_S, LIVE, NOW, order
from tests.contract.postgres import empty
from tests.contract.queue.moderated import GUILDS, guild_id
from tests.contract.queue.promises import (
    LIMITS,
    PRICES,
    check_hold,
    check_ledger,
    check_limits,
    rows_of,
)
from tests.contract.queue.worded import Worded, options_of

WORKERS = ("ada", "bob")
BEFORE_THE_HOUR = NOW + 3600 - 200  # so that most rounds cross into another hour
PERIODS_S = (3600.0, 70.0)  # one of whole hours, one that begins in the middle of them
ME = quota_request_of(order(1, guild=1, user=1))
FAILED = Ending(JobState.FAILED)
OF_EVERYBODY = {LimitKind.USER_CEILING, LimitKind.ACCOUNT_USD}  # also in direct messages
T = TypeVar("T")


class Queue(Worded):
    """Two workers that crash, forget and come back late, against a model of who holds what."""

    url: str | None = None
    template: Path  # an empty SQLite database at the newest schema

    def __init__(self) -> None:
        super().__init__()
        self.closing = contextlib.AsyncExitStack()
        self.now = BEFORE_THE_HOUR
        self.ends: dict[JobId, str] = {}
        self.leases: dict[JobId, Lease] = {}
        self.stale: list[Lease] = []
        self.run(self.open())

    async def open(self) -> None:
        folder = self.closing.enter_context(tempfile.TemporaryDirectory())
        url = self.url or f"sqlite:///{shutil.copy(self.template, folder)}"
        if self.url:
            await empty(url)
        opened = open_storage(url, Path(folder))
        self.storage = await self.closing.enter_async_context(opened)
        self.store = self.storage.jobs
        self.open_gates()

    def teardown(self) -> None:
        try:
            for guild in GUILDS:
                self.run(self.storage.guild_pauses.resume(guild_id(guild), 9, self.now))
            for pool in LIMITS.pools:
                self.run(self.check_bounded_wait(pool))
        finally:
            self.run(self.closing.aclose())
            self.loop.close()

    async def check_bounded_wait(self, pool: str) -> None:
        """Let all that waits start: no guild goes past another's first job more often than agreed.

        That is, until its virtual time is past the waiting one's.
        """
        waiting = await self.end_all_but_waiting(pool)
        gone_past = {lane: Counter[int]() for lane in {row.lane for row in waiting}}
        times = (await recount.look(self.storage)).vtimes(pool)
        for _ in waiting:
            job = await self.claimed(pool, "ada", LIMITS)
            assert job is not None, "there is room, and a job that may start does not"
            await self.store.end(job.lease, FAILED, self.now)
            lane = job.order.destination.lane.guild_or_channel
            gone_past.pop(lane, None)
            for other, passed in gone_past.items():
                passed[lane] += 1
                theirs = max(times.get((lane, 0), 0.0), times.get((0, 0), 0.0))
                lead = max(times.get((other, 0), 0.0) - theirs, 0.0)
                assert passed[lane] <= lead + 1

    async def end_all_but_waiting(self, pool: str) -> list[Any]:
        """End what runs, wait until every pause is over, and return what may start in a pool."""
        rows = [row for row in await rows_of(self.storage) if row.state in {"queued", "running"}]
        for row in rows:
            self.now = max(self.now, row.ready_at)
            if row.state == "running":
                await self.store.end(Lease(row.id, row.worker, row.attempt), FAILED, self.now)
        self.now = max([self.now, *((row.slot_until or 0) for row in await rows_of(self.storage))])
        return [
            row
            for row in rows
            if row.pool == pool
            and recount.is_claimable(row, self.now)
            and not recount.is_late(row, self.now)
        ]

    @rule(
        numbers=st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True),
        pool=st.sampled_from(["aiart", "aiart", "vod"]),
        count=st.integers(1, 3),
        priority=st.sampled_from([0, 0, 1]),
        limits=st.dictionaries(st.sampled_from(LimitKind), st.integers(1, 20), max_size=2),
        period_s=st.sampled_from(PERIODS_S),
        is_new=st.sampled_from([False, False, True]),
        gate=st.sampled_from([0, 1, None]),
    )
    def accept(
        self, numbers: list[int], pool: str, count: int, priority: int,
        limits: dict[LimitKind, int], period_s: float, is_new: bool,  # noqa: FBT001 - hypothesis names it
        gate: int | None,
    ) -> None:  # fmt: skip
        """Accept what a process's gate lets pass, or what one let pass before a change (None)."""
        for number in numbers:
            self.now += 1
            asked = order(
                number, guild=number % 4 or None, user=number % 7, pool=pool, priority=priority,
                options=options_of(number, count), is_resumable=pool == "vod", **PRICES[pool],
            )  # fmt: skip
            since = self.now - self.now % period_s
            windows = [
                LimitWindow(
                    kind,
                    limit / 10 if kind.traits.is_money else limit,
                    "hour",
                    since,
                    since + period_s,
                )
                for kind, limit in limits.items()
                if asked.destination.guild_id or kind in OF_EVERYBODY
            ]
            is_new = is_new and asked.destination.guild_id is not None
            if gate is not None and not self.run(self.admitted(asked, self.gates[gate])):
                continue
            self.run(self.take(asked, Allowance(tuple(windows), needs_approval=is_new)))

    async def take(self, asked: Order, allowance: Allowance) -> None:
        """Accept, and compare the answer with what a recount of the ledger says."""
        ask = quota_request_of(asked)
        counts = (await recount.look(self.storage)).counts(ask, allowance)
        try:
            answer = await self.store.accept(asked, LIMITS, self.now, allowance)
        except TooManyWaiting:
            assert asked.id not in self.accepted
            return
        except Blocked:
            assert asked.id not in self.accepted
            assert self.is_blocked(asked)
            return
        except QueueDrained:
            assert asked.id not in self.accepted
            assert self.pauses[asked.destination.guild_id or 0].is_drain
            return
        except QuotaSpent:
            assert asked.id not in self.accepted
            with pytest.raises(QuotaSpent):
                take(ask, allowance, counts, self.now)
            return
        assert answer.is_new == (asked.id not in self.accepted)
        assert not (answer.is_new and self.is_blocked(asked))
        pause = self.pauses.get(asked.destination.guild_id or 0)
        assert not (answer.is_new and pause and pause.is_drain)
        self.accepted.add(asked.id)
        if answer.is_new:
            if allowance.needs_approval:
                self.asked[asked.id] = False
            take(ask, allowance, counts, self.now)
            after = (await recount.look(self.storage)).counts(ask, allowance)
            assert after.granted >= 0
            for window, used in zip(allowance.windows, after.used, strict=True):
                assert used <= window.limit + 1e-9, window

    @rule(user=st.integers(0, 4), guild=st.integers(1, 3), images=st.integers(1, 3))
    def grant(self, user: int, guild: int, images: int) -> None:
        to = order(guild=guild, user=user).destination
        grant = Grant(to.user_id, images, "won", granted_by=9)
        self.run(self.storage.quotas.add_grant(to.guild_id or 0, grant, self.now))

    @rule(images=st.integers(0, 6))
    def buy_packages(self, images: int) -> None:
        bought = [Package(pool, images, date(2028, 3, 1)) for pool in LIMITS.pools]
        self.run(self.storage.packages.keep(bought))

    @rule(pool=st.sampled_from(["aiart", "vod"]), worker=st.sampled_from(WORKERS))
    def claim(self, pool: str, worker: str) -> None:
        self.hold(self.run(self.claimed(pool, worker, LIMITS)))

    async def claimed(self, pool: str, worker: str, limits: RunLimits) -> Job | None:
        """Claim, and compare it with the documented order; what waited too long has ended."""
        seen = await recount.look(self.storage)
        job = await self.store.claim_next(pool, worker, limits, self.now, LEASE_S)
        recount.Order(seen.jobs, seen.vtimes(pool), limits, seen.paused).check(
            pool, self.now, job.id if job else None
        )
        late = {row.id for row in seen.jobs if recount.is_late(row, self.now)}
        assert {row.state for row in await rows_of(self.storage) if row.id in late} <= {"expired"}
        return job

    @rule(seconds=st.sampled_from([LIMITS.max_wait_s, 400]))
    def sleep(self, seconds: float) -> None:
        """As a laptop does: time goes on, and nobody looks after the queue."""
        self.now += seconds

    @rule(worker=st.sampled_from(WORKERS))
    def claim_delivery(self, worker: str) -> None:
        self.hold(self.run(self.store.claim_delivery(worker, self.now, LEASE_S)))

    def hold(self, job: Job | None) -> None:
        if job is None:
            return
        earlier = self.leases.pop(job.id, None)
        if earlier is not None:
            self.stale.append(earlier)
        self.leases[job.id] = job.lease

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def put_first(self, data: st.DataObject) -> None:
        """Put a job before all that wait in its guild, if it still waits."""
        before = {row.id: row for row in self.run(rows_of(self.storage))}
        job = before[data.draw(st.sampled_from(sorted(self.accepted)))]
        was_put = self.run(self.storage.operations.put_first(job.id, 9, self.now))
        assert was_put == (job.state == "queued")
        after = {row.id: row for row in self.run(rows_of(self.storage))}
        raised = after.pop(job.id).priority
        assert all(row.priority == before[row.id].priority for row in after.values())
        if job.state != "queued":
            assert raised == job.priority
            return
        here = [row for row in after.values() if (row.pool, row.lane) == (job.pool, job.lane)]
        assert raised > max((row.priority for row in here if row.state == "queued"), default=0)

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
    def cancel(self, data: st.DataObject, if_sent: bool) -> None:  # noqa: FBT001 - hypothesis names it
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
    def requeue(self, data: st.DataObject, pause: int) -> None:
        lease = self.pick(data)
        self.run(self.store.requeue(lease, self.now + pause))
        self.run(self.store.retry_delivery(lease, self.now + pause))

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def tell(self, data: st.DataObject) -> None:
        self.run(self.store.record_told(self.pick(data).job_id, self.now))

    @rule(seconds=st.sampled_from([1, 10, LEASE_S + 1, 200]), again=st.booleans())
    def wait_and_rescue(self, seconds: float, again: bool) -> None:  # noqa: FBT001 - hypothesis names it
        self.now += seconds
        self.run(self.store.rescue(self.now, retry_unknown=again))

    @rule(limit=st.sampled_from([1, 99]))
    def prune(self, limit: int) -> None:
        self.run(self.storage.retention.forget_lanes(limit))

    @rule(worker=st.sampled_from(WORKERS), is_stopping=st.booleans())
    def beat_or_release(self, worker: str, is_stopping: bool) -> None:  # noqa: FBT001 - hypothesis names it
        if is_stopping:
            self.run(self.store.release(worker))
        else:
            self.run(self.store.renew(worker, self.accepted, self.now, LEASE_S))

    def pick(self, data: st.DataObject) -> Lease:
        return data.draw(st.sampled_from(sorted(self.leases.values(), key=str)))

    @rule()
    def a_stale_lease_writes_nothing(self) -> None:
        for lease in self.stale:
            assert not self.run(self.store.record_sent(lease, self.now))
            assert not self.run(self.store.end(lease, Ending(JobState.DONE), self.now))
            assert not self.run(self.store.requeue(lease, self.now))

    @invariant()
    def promises_hold(self) -> None:
        rows = self.run(rows_of(self.storage))
        live = [row for row in rows if row.state in LIVE]
        assert {row.id for row in rows} == self.accepted
        check_limits([row for row in rows if row.state == "running"])
        for row in rows:
            check_ledger(row)
            check_hold(row)
            if row.id in self.ends:
                assert row.state == self.ends[row.id], "an end is final"
        self.ends |= {row.id: row.state for row in rows if row.state not in LIVE}
        assert len(self.accepted) == len(self.ends) + len(live)

    @invariant()
    def what_is_derived_is_as_counted_again(self) -> None:
        seen = self.run(recount.look(self.storage))
        recount.check_lanes(seen)
        recount.check_totals(seen)
        recount.check_packages(seen)
        for since in {NOW, *(self.now - self.now % period_s for period_s in PERIODS_S)}:
            windows = [LimitWindow(kind, 0, "hour", since, since) for kind in LimitKind]
            allowance = Allowance(tuple(windows))
            counts = self.run(self.storage.quotas.count(ME, allowance, self.now))
            counted = seen.counts(ME, allowance)
            assert counts.used == pytest.approx(counted.used)
            assert counts.assumed == pytest.approx(counted.assumed)
            assert counts.granted == counted.granted


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_any_sequence_of_events_keeps_the_promises(
    database: str, request: pytest.FixtureRequest, sqlite_template: Path
) -> None:
    url = None if database == "sqlite" else request.getfixturevalue("postgres_url")
    machine = type("QueueOn" + database, (Queue,), {"url": url, "template": sqlite_template})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=request.config.getoption("machine_rounds"),
            stateful_step_count=25,
            # A fault is found within seconds; to make it short takes longer than anybody waits.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
