"""What the stores keep derived, counted again from the rows it is derived from, in plain Python."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.jobs.job import JobId
from bot.domain.jobs.limits import RunLimits
from bot.domain.quotas.allowances import Allowance, Counts, LimitWindow, QuotaRequest
from bot.domain.quotas.limit_kinds import Counted
from storage import Storage
from storage.database.tables import grants, guild_settings, jobs, lanes, ledger, packages, totals

HOUR_S = 3600


@dataclass(frozen=True)
class Seen:
    """Every row of the tables that are counted again, read over one connection."""

    jobs: list[Any]
    lanes: list[Any]
    ledger: list[Any]
    totals: list[Any]
    packages: list[Any]
    grants: list[Any]
    settings: list[Any]

    @property
    def paused(self) -> set[int]:
        """The servers whose moderators let nothing start."""
        return {row.guild_id for row in self.settings if row.key == "pause"}

    def counts(self, ask: QuotaRequest, allowance: Allowance) -> Counts:
        """What the rows say of an allowance."""
        used = [used_of(window, ask, self.ledger) for window in allowance.windows]
        assumed = [assumed_of(window, ask, self.ledger) for window in allowance.windows]
        granted = granted_to(ask, self.grants, self.ledger)
        return Counts(tuple(used), granted, assumed=tuple(assumed) if any(assumed) else ())

    def vtimes(self, pool: str) -> dict[tuple[int, int], float]:
        """The virtual times of a pool, by guild and member."""
        return {(row.lane, row.user_id): row.vtime for row in self.lanes if row.pool == pool}


async def look(storage: Storage) -> Seen:
    async with storage.engine.connect() as conn:
        tables = (jobs, lanes, ledger, totals, packages, grants, guild_settings)
        return Seen(*[list(await conn.execute(select(table))) for table in tables])


def check_lanes(seen: Seen) -> None:
    """Compare who waits since when with the jobs; every live job has its lanes."""
    waiting: dict[tuple[str, int, int, int], list[float]] = defaultdict(list)
    live = set()
    for job in seen.jobs:
        for user_id, priority in ((0, 0), (job.user_id, job.priority)):
            key = (job.pool, job.lane, user_id, priority)
            if job.state in {"queued", "running"}:
                live.add(key)
            if is_claimable(job):
                waiting[key].append(job.created_at)
    kept = {(row.pool, row.lane, row.user_id, row.priority): row for row in seen.lanes}
    assert live <= kept.keys()
    since = {key: row.since for key, row in kept.items() if row.since is not None}
    assert since == {key: min(times) for key, times in waiting.items()}
    vtimes: dict[tuple[str, int, int], float] = {}
    for row in kept.values():
        assert row.vtime == vtimes.setdefault((row.pool, row.lane, row.user_id), row.vtime)


def check_totals(seen: Seen) -> None:
    """Compare the running totals with the ledger, hour by hour."""
    counted: dict[tuple[int, int, int], list[float]] = defaultdict(lambda: [0.0] * 4)
    for row in seen.ledger:
        hour = int(row.created_at // HOUR_S)
        for guild_id in {0, row.guild_id or 0}:
            for user_id in (0, row.user_id):
                sums = counted[guild_id, user_id, hour]
                sums[0] += row.images
                sums[1] += row.from_grant
                sums[2] += spent_usd(row)
                sums[3] += row.assumed_usd
    kept = {
        (row.guild_id, row.user_id, row.hour): [
            row.images,
            row.from_grant,
            row.usd,
            row.assumed_usd,
        ]
        for row in seen.totals
    }
    assert kept.keys() == counted.keys()
    for key, sums in kept.items():
        assert sums == pytest.approx(counted[key], abs=1e-9), key


def check_packages(seen: Seen) -> None:
    """Compare what packages gave with what the ledger says that it did not cost."""
    used = sum(row.used for row in seen.packages)
    assert sum(row.prepaid for row in seen.ledger) == used


def is_claimable(job: Any, now: float = 0.0) -> bool:
    return job.state == "queued" and job.ready_at <= now and job.held_at is None


def is_late(job: Any, now: float) -> bool:
    """Tell whether a job waits past its deadline, with nothing at the API."""
    is_waiting = job.state == "queued" and job.sent_at is None
    return is_waiting and job.deadline_at is not None and job.deadline_at < now


def spent_usd(row: Any) -> float:
    """Return what a row of the ledger counts in money: reserved while it lives, then its cost."""
    if row.finished_at is None:
        return float(row.reserved * row.price_usd)
    return float(row.cost_usd)


def used_of(window: LimitWindow, ask: QuotaRequest, rows: Sequence[Any]) -> float:
    """Count what the ledger's rows say of a window."""
    return sum(
        spent_usd(row) + row.assumed_usd
        if window.kind.traits.is_money
        else row.images - (row.from_grant if window.kind.traits.takes_grants else 0)
        for row in rows
        if is_counted(window, ask, row)
    )


def assumed_of(window: LimitWindow, ask: QuotaRequest, rows: Sequence[Any]) -> float:
    """Count how much of that is of unknown price."""
    counted = [row.assumed_usd for row in rows if is_counted(window, ask, row)]
    return sum(counted) if window.kind.traits.is_money else 0.0


def is_counted(window: LimitWindow, ask: QuotaRequest, row: Any) -> bool:
    of = window.kind.traits.counts
    return (
        row.created_at >= window.since
        and (
            of is not Counted.MEMBER_HERE
            or (row.user_id, row.guild_id) == (ask.user_id, ask.guild_id)
        )
        and (of is not Counted.MEMBER or row.user_id == ask.user_id)
        and (of is not Counted.GUILD or row.guild_id == ask.guild_id)
    )


def granted_to(ask: QuotaRequest, given: Sequence[Any], taken: Sequence[Any]) -> int:
    """Return granted pictures less those taken."""
    here = (ask.guild_id, ask.user_id)
    return sum(row.images for row in given if (row.guild_id, row.user_id) == here) - sum(
        row.from_grant for row in taken if (row.guild_id, row.user_id) == here
    )


class Order:
    """The documented order of claims, told from all rows: for comparing, however slowly."""

    def __init__(
        self,
        rows: Sequence[Any],
        vtimes: dict[tuple[int, int], float],
        limits: RunLimits,
        paused: Collection[int] = (),
    ) -> None:
        self._rows = rows
        self._paused = paused
        self._vtimes = vtimes
        self._limits = limits
        self._running = [row for row in rows if row.state == "running"]

    def check(self, pool: str, now: float, claimed: JobId | None) -> None:
        """Compare a claim, seen from the rows before it: who was to start, or nobody."""
        in_time = [row for row in self._rows if not is_late(row, now)]
        waiting = [row for row in in_time if row.pool == pool and is_claimable(row, now)]
        able = [row for row in waiting if self._may_start(row)] if self._has_slot(pool, now) else []
        assert (claimed is None) == (not able)
        if claimed is None:
            return
        [job] = [row for row in able if row.id == claimed]
        assert self._guild_rank(job, waiting) == min(self._guild_rank(row, waiting) for row in able)
        here = [row for row in able if row.lane == job.lane]
        assert self._member_rank(job, here) == min(self._member_rank(row, here) for row in here)

    def _has_slot(self, pool: str, now: float) -> bool:
        taken = sum(row.pool == pool for row in self._running)
        lost = sum(row.pool == pool and (row.slot_until or 0) > now for row in self._rows)
        return bool(taken + lost < self._limits.pools[pool])

    def _may_start(self, job: Any) -> bool:
        guild, member = self._runs(lane=job.lane), self._runs(user_id=job.user_id)
        is_open = job.lane not in self._paused
        return is_open and guild < self._limits.per_guild and member < self._limits.per_user

    def _runs(self, **whose: int) -> int:
        [(name, key)] = whose.items()
        return sum(getattr(row, name) == key for row in self._running)

    def _guild_rank(self, job: Any, waiting: Sequence[Any]) -> tuple[float, ...]:
        since = min(row.created_at for row in waiting if row.lane == job.lane)
        return self._runs(lane=job.lane), self._vtimes.get((job.lane, 0), 0.0), since

    def _member_rank(self, job: Any, here: Sequence[Any]) -> tuple[Any, ...]:
        whose = (job.priority, job.user_id)
        theirs = [row for row in here if (row.priority, row.user_id) == whose]
        since = min(row.created_at for row in theirs)
        vtime = self._vtimes.get((job.lane, job.user_id), 0.0)
        ran = self._runs(user_id=job.user_id)
        return -job.priority, ran, vtime, since, job.created_at, job.id
