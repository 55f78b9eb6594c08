"""Keeps waiting messages true: new places and times, the nearest jobs first, within a budget."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.line import Standing, is_news
from bot.domain.jobs.progress import is_further
from bot.domain.jobs.scheduling import EditBudget
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Standings
from bot.ports.queue import JobReading

_log = structlog.get_logger(__name__)

_TICK_S = 5.0
_PAUSE_S = 0.5  # between two looks: a burst of starts and ends is one change
_SETTLE_S = 0.2
_SHORT_S = 3.0  # a job at work for less is about to show its picture instead
_AT_ONCE = 0.0
_KEPT_FOR_NEWS = 2.0  # edits; a bar may wait, a place may not


class WaitingBoard:
    """Edits waiting messages when it matters; `ring()` tells it that jobs started or ended."""

    def __init__(
        self,
        *,
        store: JobReading,
        standings: Standings,
        deliverer: Deliverer,
        pools: Sequence[str],
        now: Clock,
        budget: EditBudget | None = None,
    ) -> None:
        self._store = store
        self._standings = standings
        self._deliverer = deliverer
        self._pools = pools
        self._now = now
        self._budget = budget or EditBudget()
        self._bell = asyncio.Event()
        self._mute: set[JobId] = set()

    def ring(self) -> None:
        """Say that somebody's place may have changed."""
        self._standings.expire()
        self._bell.set()

    async def run(self) -> None:
        """Look after every ring and every few seconds, until cancelled."""
        while True:
            self._bell.clear()
            pause_s = _TICK_S
            try:
                pause_s = await self.look()
            except Exception:  # noqa: BLE001 - a message that lags must not end the worker
                _log.exception("waiting_messages_not_updated")
            await asyncio.sleep(_PAUSE_S)
            if pause_s > _AT_ONCE:
                # Not wait_for: on Python 3.11 it loses a cancel that comes with the bell.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(pause_s - _PAUSE_S, 0.0)):
                        await self._bell.wait()
                # The slot that just came free is handed on first: it costs money, a look does not.
                await asyncio.sleep(_SETTLE_S)

    async def look(self) -> float:
        """Edit what is worth it, nearest jobs first; returns in how many seconds to look again.

        At once when the budget ended before that, early when a job will have run for a while.
        """
        pause_s = _TICK_S
        turns = await self._turns()
        for job_id, standing in turns:
            if job_id in self._mute or not is_news(self._deliverer.shown(job_id), standing):
                continue
            job = await self._shown_as_read(job_id, standing)
            if job is None:
                continue
            short_s = self._still_short_s(job)
            if short_s > 0:
                pause_s = min(pause_s, short_s)
                continue
            if not self._budget.take(self._now()):
                return _AT_ONCE
            await self._deliverer.refresh(job, standing)
        await self._move_bars(turns)
        return pause_s

    async def _turns(self) -> list[tuple[JobId, Standing]]:
        busy = await self._store.busy(self._pools)
        surveys = [await self._standings.survey(pool) for pool in busy]
        self._mute &= {job_id for survey in surveys for job_id in survey}
        # By turns over the pools, so that a long line does not use up the others' edits.
        turns = [turn for survey in surveys for turn in enumerate(survey.items())]
        return [each for _, each in sorted(turns, key=lambda turn: turn[0])]

    async def _move_bars(self, turns: Sequence[tuple[JobId, Standing]]) -> None:
        """Show how much further jobs are, with what nobody's place needs."""
        for job_id, standing in turns:
            if job_id in self._mute or not is_further(self._deliverer.shown(job_id), standing):
                continue
            job = await self._shown_as_read(job_id, standing)
            if job is None:
                continue
            if not self._budget.take(self._now(), leaving=_KEPT_FOR_NEWS):
                return
            await self._deliverer.refresh(job, standing)

    async def _shown_as_read(self, job_id: JobId, standing: Standing) -> Job | None:
        """Return a job whose message may say its standing, None for any other."""
        job = await self._store.find(job_id)
        if job is None or not self._can_ever_show(job):
            # Remembered, or a look at a long line would read each of them anew.
            self._mute.add(job_id)
            return None
        as_read = JobState.RUNNING if standing.is_running else JobState.QUEUED
        is_as_read = job.state is as_read and job.held_for is standing.held_for
        return job if is_as_read else None

    def _can_ever_show(self, job: Job) -> bool:
        to = job.order.destination
        return to.message_id is not None and to.is_token_good(self._now())

    def _still_short_s(self, job: Job) -> float:
        if job.state is not JobState.RUNNING or job.started_at is None:
            return 0.0
        return job.started_at + _SHORT_S - self._now()
