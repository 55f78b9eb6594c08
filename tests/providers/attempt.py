"""A job at work on a real database, with the journal that the program keeps of it there."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.domain.jobs.job import Lease
from bot.worker.runner import LeaseJournal
from storage import Storage, open_storage
from tests.contract.orders import LEASE_S, NOW, accept, claimed, order


@dataclass(frozen=True)
class Attempt:
    """What a provider works under, and what it has written down."""

    storage: Storage
    lease: Lease
    journal: LeaseJournal

    async def written(self) -> tuple[bool, str | None]:
        """Return whether "sent" stands in the database, and which task's id."""
        job = await self.storage.jobs.find(self.lease.job_id)
        assert job is not None
        return job.sent_at is not None, job.remote_task

    async def task(self) -> str:
        """Return the task's id as soon as it is written down."""
        while (task := (await self.written())[1]) is None:
            await asyncio.sleep(0.01)
        return task

    async def lose_lease(self) -> None:
        """Give the job back to the queue, as to a worker that seems dead."""
        assert await self.storage.jobs.rescue(NOW + 1000 + LEASE_S) == 1


@asynccontextmanager
async def begun(sqlite_template: Path, folder: Path) -> AsyncIterator[Attempt]:
    """Claim the one job of a database of its own."""
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'easel.db')}"
    async with open_storage(url, folder) as storage:
        await accept(storage, order())
        _, lease = await claimed(storage)
        journal = LeaseJournal(storage.jobs, lease, lambda: NOW + 110, has_task=False)
        yield Attempt(storage, lease, journal)
