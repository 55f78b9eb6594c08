"""Standings read from the line: shared for a moment, never stale."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState
from bot.domain.jobs.limits import RunLimits
from bot.services.standings import LineStandings
from storage import Storage, open_storage
from tests.contract.orders import NOW, accept, claimed, order

LIMITS = RunLimits(pools={"aiart": 1}, per_guild=1, per_user=1, queued_per_user=50)


@pytest.fixture
async def storage(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'easel.db')}"
    async with open_storage(url, tmp_path) as opened:
        yield opened


async def test_a_place_moves_when_another_process_has_changed_the_line(storage: Storage) -> None:
    now = NOW
    standings = LineStandings(store=storage.jobs, limits=LIMITS, now=lambda: now)
    first, second = order(1, user=1), order(2, user=2)
    await accept(storage, first, second)
    assert (await standings.survey("aiart"))[second.id].ahead == 1
    _, lease = await claimed(storage, limits=LIMITS)
    await storage.jobs.end(lease, Ending(JobState.FAILED), NOW + 100)
    now += 2
    survey = await standings.survey("aiart")
    assert [(job_id, standing.ahead) for job_id, standing in survey.items()] == [(second.id, 0)]


async def test_a_job_at_work_is_nearer_to_its_end_the_longer_it_runs(storage: Storage) -> None:
    now = NOW + 100
    standings = LineStandings(store=storage.jobs, limits=LIMITS, now=lambda: now)
    await accept(storage, order(1))
    job, _ = await claimed(storage, limits=LIMITS, now=now)
    fresh = await standings.of(job)
    now += 7
    standings.expire()
    later = await standings.of(job)
    assert later.low_s == fresh.low_s - 7
    assert later.high_s == fresh.high_s - 7
