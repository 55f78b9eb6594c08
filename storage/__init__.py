"""Opens Easel's storage, the only SQL of the program, and closes it again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports.pictures import BlobStore
from storage.accounts.guild_pauses import SqlGuildPauses
from storage.accounts.guild_settings import SqlGuildSettings
from storage.accounts.packages import SqlPackages
from storage.accounts.policies import SqlPolicies
from storage.accounts.quotas import SqlQuotas
from storage.accounts.usage import SqlUsage
from storage.accounts.usage_sums import SqlUsageSums
from storage.accounts.warnings import SqlWarnings
from storage.blobs import FileBlobs, RowBlobs
from storage.database.backup import back_up
from storage.database.engine import described, open_engine, open_reading, sqlite_path
from storage.database.folder import try_folder, try_pictures
from storage.database.lock import only_process
from storage.database.migrate import (
    check_schema,
    check_there,
    migrate_storage,
    newest_schema,
    schema_revisions,
)
from storage.database.settings import SqlSettings
from storage.engines.rate_limits import SqlRateLimits
from storage.engines.states import SqlEngineStates
from storage.labels.fingerprints import SqlFingerprints
from storage.members.pending_requests import SqlPendingRequests
from storage.members.presets import SqlPresets
from storage.members.reports import SqlReports
from storage.members.settings import SqlMemberSettings
from storage.moderation.audit import SqlAudit
from storage.moderation.words import SqlWords
from storage.queue.holding.approvals import SqlApprovals
from storage.queue.holding.blocking import SqlBlocks
from storage.queue.holding.departures import SqlDepartures
from storage.queue.holding.holds import SqlHolds
from storage.queue.jobs import SqlJobs
from storage.queue.operations import SqlOperations
from storage.queue.personal.data import SqlPersonalData
from storage.queue.retention import SqlRetention
from storage.queue.telling.log_lines import SqlLogLines
from storage.queue.telling.owner_notices import SqlOwnerNotices

__all__ = [
    "Storage",
    "back_up",
    "check_there",
    "described",
    "migrate_storage",
    "newest_schema",
    "open_storage",
    "schema_revisions",
    "sqlite_path",
    "try_folder",
    "try_pictures",
]


@dataclass(frozen=True, slots=True)
class Storage:
    """Every store on one database; `file` is the SQLite file, None on PostgreSQL."""

    engine: AsyncEngine
    jobs: SqlJobs
    blobs: BlobStore
    usage: SqlUsage
    usage_sums: SqlUsageSums
    settings: SqlSettings
    operations: SqlOperations
    holds: SqlHolds
    log_lines: SqlLogLines
    owner_notices: SqlOwnerNotices
    guild_pauses: SqlGuildPauses
    approvals: SqlApprovals
    retention: SqlRetention
    quotas: SqlQuotas
    guild_settings: SqlGuildSettings
    warnings: SqlWarnings
    packages: SqlPackages
    policies: SqlPolicies
    blocks: SqlBlocks
    words: SqlWords
    departures: SqlDepartures
    rate_limits: SqlRateLimits
    engine_states: SqlEngineStates
    pending_requests: SqlPendingRequests
    member_settings: SqlMemberSettings
    presets: SqlPresets
    reports: SqlReports
    audit: SqlAudit
    personal: SqlPersonalData
    fingerprints: SqlFingerprints
    file: Path | None

    @asynccontextmanager
    async def serving(self, *, is_claiming: bool) -> AsyncIterator[None]:
        """Keep pictures, and claim jobs if so wanted.

        Raises PicturesUnusable, DiskFull or AlreadyRunning, before anything is taken on.
        """
        if isinstance(self.blobs, FileBlobs):
            self.blobs.check()
        async with self.claiming() if is_claiming else nullcontext():
            yield

    @asynccontextmanager
    async def claiming(self) -> AsyncIterator[None]:
        """Be the one process that claims jobs of a SQLite file; PostgreSQL takes any number.

        Raises AlreadyRunning.
        """
        with only_process(self.file):
            if isinstance(self.blobs, FileBlobs):
                await self.blobs.sweep()
            if self.file is not None:
                # The lock is ours, so whoever held these is gone: no need to wait for their end.
                await self.jobs.void_leases()
            yield


@asynccontextmanager
async def open_storage(
    url: str, data_dir: Path, *, readonly: bool = False
) -> AsyncIterator[Storage]:
    """Open `sqlite:///path` or `postgresql://…` at the newest schema, migrating if need be.

    `readonly` changes nothing and stalls nothing: for a look beside a running bot. Raises
    AlreadyRunning (a migration under a running bot), another StorageFault for a database that
    cannot be used, with `readonly` NoDatabase too, or ValueError (other URLs).
    """
    await (check_schema(url) if readonly else migrate_storage(url))
    engine = open_engine(url, readonly=readonly)
    file = sqlite_path(url)
    try:
        async with open_reading(engine, url) as reading:
            yield _stores_on(engine, reading, data_dir, file)
    finally:
        await engine.dispose()


def _stores_on(
    engine: AsyncEngine, reading: AsyncEngine, data_dir: Path, file: Path | None
) -> Storage:
    return Storage(
        engine=engine,
        jobs=SqlJobs(engine),
        blobs=FileBlobs(data_dir / "pictures") if file else RowBlobs(engine),
        usage=SqlUsage(engine),
        usage_sums=SqlUsageSums(reading),
        settings=SqlSettings(engine),
        operations=SqlOperations(engine),
        holds=SqlHolds(engine),
        log_lines=SqlLogLines(engine),
        owner_notices=SqlOwnerNotices(engine),
        guild_pauses=SqlGuildPauses(engine),
        approvals=SqlApprovals(engine),
        retention=SqlRetention(engine),
        quotas=SqlQuotas(engine),
        guild_settings=SqlGuildSettings(engine),
        warnings=SqlWarnings(engine),
        packages=SqlPackages(engine),
        policies=SqlPolicies(engine),
        blocks=SqlBlocks(engine),
        words=SqlWords(engine),
        departures=SqlDepartures(engine),
        rate_limits=SqlRateLimits(engine),
        engine_states=SqlEngineStates(engine),
        pending_requests=SqlPendingRequests(engine),
        member_settings=SqlMemberSettings(engine),
        presets=SqlPresets(engine),
        reports=SqlReports(engine),
        audit=SqlAudit(engine),
        personal=SqlPersonalData(engine),
        fingerprints=SqlFingerprints(engine),
        file=file,
    )
