"""From raw pictures to a settled job: label, metadata, delivery, ledger."""

import secrets
from collections.abc import Sequence
from functools import partial

import structlog

from bot.domain.engines.catalogue import Catalogue
from bot.domain.errors import EaselError, Undeliverable, Unreachable
from bot.domain.jobs.endings import Ending, done, failed
from bot.domain.jobs.job import Job, JobState, Lease, raw_keys
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.jobs.scheduling import DELIVERED_WITHIN_S, pause_s
from bot.domain.labelling import label_of
from bot.domain.provider_errors import OperatorFault, ProviderError, ServerFault
from bot.domain.storage_errors import StorageUnavailable
from bot.imaging.finishing import Finishing
from bot.imaging.labels.attachments import AttachmentSets
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer
from bot.ports.engines import EngineWatch
from bot.ports.pictures import BlobStore, Fetch
from bot.ports.queue import JobProgress
from bot.worker.engine_reports import EngineReports
from bot.worker.outages import retry_while_away

_log = structlog.get_logger(__name__)

_KEEPING_S = 20.0  # the member has the picture already


class Finisher:
    """Labels and hands over one job at a time; everything it does may be done again."""

    def __init__(
        self,
        *,
        store: JobProgress,
        guilds: GuildSettingsStore,
        blobs: BlobStore,
        deliverer: Deliverer,
        catalogue: Catalogue,
        fetch: Fetch,
        watch: EngineWatch,
        finishing: Finishing,
        now: Clock,
    ) -> None:
        self._store = store
        self._guilds = guilds
        self._blobs = blobs
        self._deliverer = deliverer
        self._catalogue = catalogue
        self._fetch = fetch
        self._reports = EngineReports(watch, catalogue)
        self._finishing = finishing
        self._now = now

    async def finish(self, job: Job, lease: Lease) -> None:
        """Post a drawn job's pictures, or tell an ended job's member how it ended."""
        try:
            if job.state is JobState.DELIVERING:
                await self._deliver(job, lease)
            else:
                await self._tell(job)
        except (Undeliverable, ServerFault, StorageUnavailable) as error:
            await self._try_later(job, lease, error)
        except EaselError as error:
            await self._end(job, lease, error)
        except Exception:  # noqa: BLE001 - a fault of one delivery must not end the worker
            incident = secrets.token_hex(4)
            _log.exception("delivery_failed_unexpectedly", job=job.id, incident=incident)
            await self._try_later(job, lease, Undeliverable())

    async def _deliver(self, job: Job, lease: Lease) -> None:
        """Post the pictures, unless their result is deleted, before or meanwhile."""
        if job.deleted_at is not None and await self._end_deleted(job, lease):
            return
        try:
            await self._post(job, lease)
        except ResultLost:
            # Its kept pictures go as soon as it is deleted.
            if not await self._end_deleted(job, lease):
                raise

    async def _end_deleted(self, job: Job, lease: Lease) -> bool:
        """End a job whose result was deleted: what is shown and kept of it goes, it stays paid.

        Whoever deletes it first notes that, and then does the same; so nothing comes back, however
        the two meet.
        """
        found = await self._store.find(job.id)
        if found is None or found.deleted_at is None:
            return False
        await self._deliverer.remove(found)
        await self._blobs.delete_all(job.id)
        await self._ended(lease, done(job, len(found.outputs or found.results)))
        await self._store.forget_deleted(job.id)
        return True

    async def _post(self, job: Job, lease: Lease) -> None:
        engine = self._catalogue.get(job.order.engine)
        settings = await self._guilds.settings(job.order.destination.guild_id)
        label = label_of(job, engine, settings, self._finishing.labels, now=self._now())
        raw = await self._raw_pictures(job)
        posted, unreadable = 0, None
        try:
            made = await self._finishing.attachment_sets(job, raw, label, self._blobs)
            posted = await self._hand_over(job, label.system, made)
        except ResultUnreadable as error:
            unreadable = error
        finally:
            # After the first try, so that keeping delays nobody; before the address goes bad.
            is_kept = await self._keep(job, lease, raw)
        if await self._end_deleted(job, lease):
            return
        if unreadable is not None:
            await self._end_unreadable(job, lease, unreadable, made=len(raw), is_kept=is_kept)
            return
        await self._reports.worked(job)
        if await self._ended(lease, done(job, len(raw), posted=posted)):
            _log.info("job_done", job=job.id, engine=job.order.engine, pictures=posted)

    async def _hand_over(self, job: Job, system: str, attachment_sets: AttachmentSets) -> int:
        """Return how many pictures could be labelled: what cannot be posted either is kept."""
        # Made before the ladder, whose routes may ask for a smaller one.
        attachments = await attachment_sets.make(job.order.destination.filesize_limit)
        try:
            await self._deliverer.post(job, system, attachment_sets.make)
        except Unreachable:
            _log.warning("result_kept_unposted", job=job.id)
        return len(attachments.pictures)

    async def _end_unreadable(
        self, job: Job, lease: Lease, error: ResultUnreadable, *, made: int, is_kept: bool
    ) -> None:
        """End a job none of whose pictures can be labelled; `made` of them are kept and paid."""
        if not is_kept:
            raise StorageUnavailable  # its member will read that it is kept
        await self._ended(lease, failed(job, error, made=made))
        await self._report_cause(job, error)

    async def _tell(self, job: Job) -> None:
        try:
            await self._deliverer.tell(job)
        except Unreachable:
            _log.warning("end_untold", job=job.id, state=job.state)
        await self._note_told(job)

    async def _raw_pictures(self, job: Job) -> list[bytes]:
        if job.results:
            return [await self._fetch(address) for address in job.results]
        try:
            return [await self._blobs.get(key) for key in job.outputs]
        except KeyError as error:
            raise ResultLost(request_id=job.request_id or "", detail="no longer kept") from error

    async def _keep(self, job: Job, lease: Lease, raw: Sequence[bytes]) -> bool:
        """Keep fetched pictures for `/result`; one that was posted is done without that, too."""
        if not job.results:
            return True
        keys = raw_keys(job.id, len(raw))
        try:
            for key, data in zip(keys, raw, strict=True):
                await retry_while_away(
                    partial(self._blobs.put, key, data), self._now, for_s=_KEEPING_S
                )
            return await retry_while_away(
                lambda: self._store.record_fetched(lease, keys), self._now
            )
        except Exception:  # noqa: BLE001 - it was paid, and can be posted without that
            _log.warning("result_not_kept", job=job.id, exc_info=True)
            return False

    async def _try_later(self, job: Job, lease: Lease, error: EaselError) -> None:
        now = self._now()
        since = job.drawn_at or job.finished_at or job.created_at
        if now < since + DELIVERED_WITHIN_S:
            ready_at = now + pause_s(job.deliveries + 1)
            await retry_while_away(lambda: self._store.retry_delivery(lease, ready_at), self._now)
            return
        _log.error("delivery_given_up", job=job.id, reason=str(error))
        await self._give_up(job, lease)

    async def _give_up(self, job: Job, lease: Lease) -> None:
        """End a job whose every delivery failed: its pictures are made, paid and kept."""
        if job.state is not JobState.DELIVERING:
            await self._note_told(job)
        elif job.results:
            await self._end(job, lease, ResultLost(request_id=job.request_id or ""))
        else:
            await self._ended(lease, done(job, len(job.outputs)))

    async def _end(self, job: Job, lease: Lease, error: EaselError) -> None:
        detail = error.detail if isinstance(error, ProviderError) else ""
        _log.error("result_lost", job=job.id, code=error.code, detail=detail)
        await self._ended(lease, failed(job, error))
        await self._report_cause(job, error)

    async def _report_cause(self, job: Job, error: EaselError) -> None:
        """Report what keeps pictures away, where that is the operator's to mend."""
        if isinstance(error.__cause__, OperatorFault):
            await self._reports.failed(job, error.__cause__)

    async def _ended(self, lease: Lease, ending: Ending) -> bool:
        return await retry_while_away(
            lambda: self._store.end(lease, ending, self._now()), self._now
        )

    async def _note_told(self, job: Job) -> None:
        await retry_while_away(lambda: self._store.record_told(job.id, self._now()), self._now)
