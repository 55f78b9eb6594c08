"""A PostgreSQL that ends its connections: told apart as a fault that passes."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.storage_errors import StorageUnavailable
from storage import open_storage
from storage.database.engine import open_engine
from tests.contract.orders import LEASE_S, NOW, accept, claimed, order
from tests.contract.postgres import empty

_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'"
)


async def test_a_connection_that_the_server_ends_is_a_fault_that_passes(
    postgres_url: str, tmp_path: Path
) -> None:
    await empty(postgres_url)
    other = open_engine(postgres_url)
    async with open_storage(postgres_url, tmp_path) as storage:
        await accept(storage, order())
        _, lease = await claimed(storage)
        async with other.connect() as holder:
            await holder.execute(text("SELECT * FROM jobs FOR UPDATE"))
            write = asyncio.create_task(storage.jobs.record_sent(lease, NOW + 101))
            async with other.connect() as operator, asyncio.timeout(10):
                while not (await operator.execute(text(_OTHERS))).all():
                    await asyncio.sleep(0.01)
            with pytest.raises(StorageUnavailable):
                await write
        assert await storage.jobs.record_sent(lease, NOW + 101)
        assert await storage.jobs.renew("w", [lease.job_id], NOW + 101, LEASE_S) == {lease.job_id}
    await other.dispose()
