"""The worker: waits for work, tick or stop; claims; runs and finishes jobs; keeps leases alive."""

import asyncio
import math
import secrets
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.domain.jobs.job import Job
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.scheduling import BEAT_S, LEASE_S, pool_pause_s
from bot.ports.clock import Clock
from bot.ports.queue import JobClaims
from bot.worker.finisher import Finisher
from bot.worker.leases import Leases
from bot.worker.outages import OutageTimer, note_fault, unless_away
from bot.worker.outcomes import Ended, LeaseGone, Requeued, ToDeliver
from bot.worker.pruner import Pruner
from bot.worker.runner import Runner
from bot.worker.waiting import WaitingBoard

_log = structlog.get_logger(__name__)

_DELIVERIES_AT_ONCE = 8
_GIVE_WAY_S = 0.03  # from a claim to its request it takes 10 ms, if nobody is in the way (measured)
_GRACE_S = 19.0  # of the 20 s of a stop (contract): handing back and the log-out take theirs
_STORAGE_PAUSE_S = 1.0


class Worker:
    """Claims jobs of every pool while limits leave room; `ring()` tells it to look again."""

    def __init__(
        self,
        *,
        store: JobClaims,
        runner: Runner,
        finisher: Finisher,
        pruner: Pruner,
        board: WaitingBoard,
        limits: RunLimits,
        now: Clock,
        retry_unknown: bool = False,
        beat_s: float = BEAT_S,
        lease_s: float = LEASE_S,
        grace_s: float = _GRACE_S,
    ) -> None:
        self._store = store
        self._runner = runner
        self._finisher = finisher
        self._board = board
        self._pruner = pruner
        self._retry_unknown = retry_unknown
        self._limits = limits
        self._now = now
        self._beat_s = beat_s
        self._lease_s = lease_s
        self._grace_s = grace_s
        # Unique per start, never a host name: a restarted process must not inherit leases.
        self._name = secrets.token_hex(8)
        self._bell = asyncio.Event()
        self._leases = Leases(store, self._name, now, news=self._look_again)
        self._claiming = OutageTimer(now)
        self._resting_until: dict[str, float] = {}
        self._busy_in_a_row: Counter[str] = Counter()
        self._drawing: Counter[str] = Counter()
        self._in_line: tuple[str, ...] = ()  # pools with a job that might start, at the last look
        self._latest = next(iter(limits.pools), "")  # the pool that a job was last started from
        self._stop = asyncio.Event()
        self._posting = asyncio.Semaphore(_DELIVERIES_AT_ONCE)

    def ring(self) -> None:
        """Wake the loop: a job was accepted, or room came free."""
        self._bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; then let sent jobs finish for a while and hand the rest back.

        Raises, after the same, what has kept it from claiming or from its leases for minutes.
        """
        self._stop = stop
        keeping = self._leases.keep(
            every_s=self._beat_s, for_s=self._lease_s, retry_unknown=self._retry_unknown
        )
        keeper = asyncio.create_task(keeping, name="lease keeper")
        stopper = asyncio.create_task(stop.wait(), name="stop watcher")
        board = asyncio.create_task(self._board.run(), name="waiting messages")
        pruning = asyncio.create_task(self._pruner.run(), name="pruner")
        try:
            await self._work(stop, stopper, keeper)
        except Exception:
            await self._drain()
            raise
        else:
            await self._drain()
        finally:
            ending = (keeper, stopper, pruning, board)
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, *self._leases.cancel(), return_exceptions=True)
            with unless_away("leases_left_to_run_out"):
                await self._store.release(self._name)

    async def _work(
        self, stop: asyncio.Event, stopper: asyncio.Task[Any], keeper: asyncio.Task[None]
    ) -> None:
        while not stop.is_set():
            # Cleared before claiming: a ring between the last claim and the wait must count.
            self._bell.clear()
            # What falls due while claiming was not looked at, so it must end the wait.
            looked_at = self._now()
            next_at = await self._claim_what_it_can(looked_at)
            await self._wait(stopper, keeper, min(next_at, looked_at + self._beat_s))
            if keeper.done():
                keeper.result()

    async def _wait(
        self, stopper: asyncio.Task[Any], keeper: asyncio.Task[None], due: float
    ) -> None:
        bell = asyncio.create_task(self._bell.wait())
        try:
            await asyncio.wait(
                {bell, stopper, keeper},
                timeout=max(due - self._now(), 0.01),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            bell.cancel()

    async def _claim_what_it_can(self, now: float) -> float:
        """Start all that may start; a fault of that must not end what runs, so it is repeated."""
        try:
            next_at = await self._claim_everything(now)
        except Exception as error:  # noqa: BLE001 - raised when it has lasted too long
            note_fault("nothing_claimed", error)
            self._claiming.failed(error)
            return now + _STORAGE_PAUSE_S
        self._claiming.succeeded()
        return next_at

    async def _claim_everything(self, now: float) -> float:
        """Start all that may start; returns when something else may."""
        resting = {pool: until for pool, until in self._resting_until.items() if until > now}
        ready_pools = [pool for pool in self._limits.pools if pool not in resting]
        agenda = await self._store.agenda(ready_pools, now)
        self._in_line = agenda.pools
        for pool in self._by_turns(self._latest):
            await self._claim_from(pool, now)
        if agenda.has_delivery:
            while job := await self._store.claim_delivery(self._name, now, self._lease_s):
                self._start(job, self._finish(job))
        return min([math.inf if agenda.next_at is None else agenda.next_at, *resting.values()])

    def _by_turns(self, latest: str, *more: str) -> list[str]:
        """Return the pools that somebody may wait in, and more, the latest one last."""
        order = list(self._limits.pools)
        first = order.index(latest) + 1
        turns = [*order[first:], *order[:first]]
        return [pool for pool in turns if pool in self._in_line or pool in more]

    async def _claim_from(self, pool: str, now: float) -> int:
        """Start what may start in a pool; returns how many."""
        started = 0
        # What this process draws alone fills the pool often enough to spare the database.
        while self._drawing[pool] < self._limits.pools[pool] and not self._stop.is_set():
            job = await self._store.claim_next(pool, self._name, self._limits, now, self._lease_s)
            if job is None:
                break
            if self._stop.is_set():
                # It came during the claim, and nothing more is to be sent.
                await self._store.release_unsent(self._name)
                break
            started += 1
            self._latest = pool
            self._drawing[pool] += 1
            self._start(job, self._draw_and_finish(job))
        return started

    def _start(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        self._leases.start(job, work)
        self._board.ring()

    def _look_again(self) -> None:
        self._board.ring()
        self.ring()

    async def _draw_and_finish(self, job: Job) -> None:
        pool = job.order.pool
        try:
            outcome = await self._runner.run(job, job.lease)
        finally:
            self._drawing[pool] -= 1
        match outcome:
            case ToDeliver(drawn):
                self._busy_in_a_row[pool] = 0
                # A free slot is worth more than a quick post: hand it on first.
                await self._hand_on(pool)
                self.ring()
                await self._finish(drawn)
            case Requeued(pause_s):
                self._leases.let_go(job.id)
                self._rest(pool, pause_s)
                self.ring()
            case Ended() | LeaseGone():
                # An end without a picture is told by whoever claims the notice.
                self._leases.let_go(job.id)
                await self._hand_on(pool)
                self.ring()

    async def _hand_on(self, pool: str) -> None:
        """Give what came free to the next jobs, and let their requests leave first.

        Not only a slot of the pool did: the limits of the server and of its member hold over all
        pools. So the others are asked first, or a busy pool would always be ahead of them.
        """
        try:
            now = self._now()
            pools = [each for each in self._by_turns(pool, pool) if not self._is_resting(each)]
            if sum([await self._claim_from(each, now) for each in pools]):
                await asyncio.sleep(_GIVE_WAY_S)
        except Exception:  # noqa: BLE001 - whatever befalls the next job, this one's picture is paid
            _log.warning("slot_not_handed_on", pool=pool, exc_info=True)

    def _rest(self, pool: str, told_s: float) -> None:
        """Leave a pool alone that had no place at the API, for longer each time in a row."""
        if told_s <= 0 or self._is_resting(pool):
            return  # only this job has to wait, or others of the same moment were refused before
        self._busy_in_a_row[pool] += 1
        pause_s = pool_pause_s(told_s, self._busy_in_a_row[pool])
        self._resting_until[pool] = self._now() + pause_s
        _log.warning("pool_rests", pool=pool, seconds=pause_s)

    def _is_resting(self, pool: str) -> bool:
        return self._resting_until.get(pool, 0.0) > self._now()

    async def _finish(self, job: Job) -> None:
        async with self._posting:
            await self._finisher.finish(job, job.lease)

    async def _drain(self) -> None:
        self._stop.set()
        # Whoever holds one of these learns it as a lost lease, before anything is sent.
        with unless_away("unsent_jobs_not_returned"):
            returned = await self._store.release_unsent(self._name)
            _log.info("worker_stopping", running=len(self._leases), returned=returned)
        await self._leases.drain(self._grace_s)
