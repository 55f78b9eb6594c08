"""Clears away in time what need not be kept: pictures, words, rows, tokens, lanes, strays."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.jobs.job import lowest_job_id_at
from bot.ports.clock import Clock
from bot.ports.operations import RetentionStore
from bot.ports.pictures import BlobStore

_log = structlog.get_logger(__name__)

_EVERY_S = 3600.0
_BATCH = 200  # rows in one transaction, so that no claim waits for long
_DAY_S = 86400.0
_ROWS_LONGER_S = 30 * _DAY_S  # a row without words and pictures still answers /jobs
_STRAY_AFTER_S = _DAY_S  # uploads are kept a moment before their job is committed
_TOKEN_AFTER_S = 2 * TOKEN_LIFE_S  # a margin for every clock


@dataclass(frozen=True, slots=True)
class Keep:
    """How long pictures and words are kept after a job's end, in seconds."""

    pictures_s: float
    words_s: float


class Pruner:
    """Prunes once when started and every hour from then on."""

    def __init__(
        self,
        *,
        store: RetentionStore,
        blobs: BlobStore,
        keep: Keep,
        now: Clock,
        batch: int = _BATCH,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._keep = keep
        self._now = now
        self._batch = batch

    async def run(self) -> None:
        """Prune until cancelled; a fault is logged and tried again an hour later."""
        while True:
            try:
                await self.prune()
            except Exception:  # noqa: BLE001 - a full disk or a lost connection may pass
                _log.exception("pruning_failed")
            await asyncio.sleep(_EVERY_S)

    async def prune(self) -> None:
        """Clear away all that is old enough now."""
        now, keep, store = self._now(), self._keep, self._store
        longest_s = max(keep.pictures_s, keep.words_s) + _ROWS_LONGER_S
        pruned = {
            "pictures": await self._pictures(now - keep.pictures_s),
            "words": await self._in_batches(partial(store.forget_words, now - keep.words_s)),
            "jobs": await self._in_batches(partial(store.forget_jobs, now - longest_s)),
            "tokens": await self._in_batches(partial(store.forget_tokens, now - _TOKEN_AFTER_S)),
            "lanes": await self._in_batches(store.forget_lanes),
            "strays": await self._strays(now - _STRAY_AFTER_S),
        }
        if any(pruned.values()):
            _log.info("pruned", **pruned)

    async def _pictures(self, before: float) -> int:
        total = 0
        while found := await self._store.with_old_pictures(before, self._batch):
            # The files first: after a crash in between the rows still say what is to go.
            for keys in found.values():
                await self._blobs.delete(keys)
            await self._store.forget_pictures(list(found))
            total += len(found)
        return total

    async def _in_batches(self, forget: Callable[[int], Awaitable[int]]) -> int:
        total = 0
        while count := await forget(self._batch):
            total += count
        return total

    async def _strays(self, before: float) -> int:
        """Forget pictures of requests that never became jobs: their process died too early."""
        job_ids = await self._blobs.job_ids(lowest_job_id_at(before))
        total = 0
        for start in range(0, len(job_ids), self._batch):
            for job_id in await self._store.strangers(job_ids[start : start + self._batch]):
                await self._blobs.delete_all(job_id)
                total += 1
        return total
