"""Puts together all that is kept of a member: a file of data, and the pictures, in ZIP files."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import structlog

from bot.domain.errors import NotPossible
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.job import Job
from bot.domain.personal.errors import ExportUnderWay
from bot.ports.personal.data import PersonalData
from bot.ports.pictures import BlobStore
from bot.services.own_jobs import OwnJobs
from bot.turns.fair_semaphore import FairSemaphore

_log = structlog.get_logger(__name__)

_DATA_NAME = "data.json"
_OVERHEAD_BYTES = 400  # of a file in a ZIP file, its name twice among them
_SUFFIXES = {b"\xff\xd8": "jpg", b"\x89P": "png", b"RI": "webp"}


@dataclass(frozen=True, slots=True)
class Part:
    """One ZIP file; `missing` pictures are not in it or any other, being too large."""

    number: int
    data: bytes
    missing: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data) + len(self.name) + _OVERHEAD_BYTES


class Exports:
    """Makes one export at a time, in fair turns; a member has one."""

    def __init__(self, *, data: PersonalData, blobs: BlobStore, own_jobs: OwnJobs) -> None:
        self._data = data
        self._blobs = blobs
        self._own_jobs = own_jobs
        self._turns = FairSemaphore(1)
        self._asked: set[int] = set()

    async def parts(self, user_id: int, max_bytes: int) -> AsyncGenerator[Part]:
        """Yield ZIP files of at most so many bytes, the data first; raises ExportUnderWay."""
        if user_id in self._asked:
            raise ExportUnderWay
        self._asked.add(user_id)
        lane = Lane(user_id, user_id)
        try:
            await self._turns.enter(lane, 0)
            try:
                async for part in self._parts(user_id, max_bytes):
                    yield part
            finally:
                self._turns.leave(lane, 0)
        finally:
            self._asked.discard(user_id)

    async def _parts(self, user_id: int, max_bytes: int) -> AsyncGenerator[Part]:
        entries = [await self._table(user_id)]
        number, missing = 1, 0
        for job in await self._data.with_pictures(user_id):
            for entry in await self._pictures(job, max_bytes - 2 * _OVERHEAD_BYTES):
                if entry.size + _OVERHEAD_BYTES > max_bytes:
                    missing += 1
                    continue
                if sum(each.size for each in entries) + entry.size > max_bytes:
                    yield Part(number, await asyncio.to_thread(_zipped, entries))
                    number, entries = number + 1, []
                entries.append(entry)
        yield Part(number, await asyncio.to_thread(_zipped, entries), missing)

    async def _table(self, user_id: int) -> _Entry:
        found = await self._data.everything(user_id)
        written = json.dumps(found, indent=1, ensure_ascii=False, default=str)
        return _Entry(_DATA_NAME, written.encode())

    async def _pictures(self, job: Job, max_bytes: int) -> list[_Entry]:
        """Return a job's uploads as they are kept, and its results with their labels."""
        kept = [await self._kept(key) for key in job.order.inputs]
        uploads = [data for data in kept if data is not None]
        return [
            *_named(f"{job.id}/upload", uploads),
            *_named(f"{job.id}/result", await self._results(job, max_bytes)),
        ]

    async def _results(self, job: Job, max_bytes: int) -> Sequence[bytes]:
        if not job.outputs:
            return ()
        try:
            labelled = (await self._own_jobs.again(job, max_bytes)).attachments
        except NotPossible as refused:  # gone meanwhile, or not to be labelled
            _log.info("export_without_result", job=job.id, reason=str(refused))
            return ()
        return [picture.data for picture in labelled.pictures]

    async def _kept(self, key: str) -> bytes | None:
        try:
            return await self._blobs.get(key)
        except KeyError:
            return None


def _named(start: str, pictures: Sequence[bytes]) -> list[_Entry]:
    return [
        _Entry(f"{start}-{number}.{_SUFFIXES.get(data[:2], 'bin')}", data)
        for number, data in enumerate(pictures, 1)
    ]


def _zipped(entries: Sequence[_Entry]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for entry in entries:
            is_text = entry.name == _DATA_NAME
            kind = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            file.writestr(entry.name, entry.data, compress_type=kind)
    return out.getvalue()
