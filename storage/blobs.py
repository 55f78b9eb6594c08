"""Keeps pictures by key: as files beside SQLite, or as chunked rows in PostgreSQL."""

import asyncio
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.ports.pictures import BlobStore
from storage.database.faults import translate_database_errors
from storage.database.folder import try_pictures
from storage.database.tables import blob_chunks
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert

CHUNK_BYTES = 256 * 1024
_KEY = re.compile(r"[a-z0-9_-]{2,}(/[a-z0-9_.-]*[a-z0-9_-])*")


class FileBlobs(BlobStore):
    """`BlobStore` in a folder; a file under its own name is always whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._partial = folder / ".partial"

    def check(self) -> None:
        """Raise PicturesUnusable or DiskFull where nothing could be kept."""
        try_pictures(self._folder)

    @override
    async def put(self, key: str, data: bytes) -> None:
        with translate_database_errors(self._folder):
            await asyncio.to_thread(self._write, self._path(key), data)

    @override
    async def get(self, key: str) -> bytes:
        with translate_database_errors(self._folder):
            try:
                return await asyncio.to_thread(self._path(key).read_bytes)
            except FileNotFoundError:
                raise KeyError(key) from None

    @override
    async def delete(self, keys: Sequence[str]) -> None:
        await asyncio.to_thread(self._unlink, [self._path(key) for key in keys])

    @override
    async def job_ids(self, before: str) -> list[str]:
        return await asyncio.to_thread(self._job_ids, before)

    @override
    async def delete_all(self, job_id: str) -> None:
        folder = self._path(f"{job_id}/in").parent
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def sweep(self) -> None:
        """Remove what crashed writers left; only where no other process writes."""
        await asyncio.to_thread(self._sweep)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a blob key: {key!r}")
        # Ids begin with their time, so only their ends spread over the folders.
        return self._folder / key.partition("/")[0][-2:] / key

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._partial.mkdir(exist_ok=True)
        partial = self._partial / secrets.token_hex(8)
        try:
            with partial.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _sync_folders(path.parent, self._folder)

    def _unlink(self, paths: Sequence[Path]) -> None:
        for path in paths:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # the first folder still in use ends the climb
                for folder in path.relative_to(self._folder).parents[:-1]:
                    (self._folder / folder).rmdir()

    def _job_ids(self, before: str) -> list[str]:
        found = (path.name for path in self._folder.glob("[!.]*/*"))
        return sorted(name for name in found if name < before)

    def _sweep(self) -> None:
        for left in self._partial.glob("*"):
            left.unlink(missing_ok=True)


class RowBlobs(Store, BlobStore):
    """`BlobStore` in the database, so that any machine can take any job."""

    @override
    @in_transaction
    async def put(self, conn: AsyncConnection, key: str, data: bytes) -> None:
        starts = range(0, max(len(data), 1), CHUNK_BYTES)
        chunks = [
            {"key": key, "number": number, "data": data[start : start + CHUNK_BYTES]}
            for number, start in enumerate(starts)
        ]
        row = upsert(conn, blob_chunks)
        replacing = row.on_conflict_do_update(
            index_elements=["key", "number"], set_={"data": row.excluded.data}
        )
        await conn.execute(replacing, chunks)
        is_beyond = blob_chunks.c.number >= len(chunks)
        await conn.execute(delete(blob_chunks).where(blob_chunks.c.key == key, is_beyond))

    @override
    @on_connection
    async def get(self, conn: AsyncConnection, key: str) -> bytes:
        chunks = select(blob_chunks.c.data).where(blob_chunks.c.key == key)
        parts = (await conn.scalars(chunks.order_by(blob_chunks.c.number))).all()
        if not parts:
            raise KeyError(key)
        return b"".join(parts)

    @override
    @in_transaction
    async def delete(self, conn: AsyncConnection, keys: Sequence[str]) -> None:
        await conn.execute(delete(blob_chunks).where(blob_chunks.c.key.in_(keys)))

    @override
    @on_connection
    async def job_ids(self, conn: AsyncConnection, before: str) -> list[str]:
        job_id = func.split_part(blob_chunks.c.key, "/", 1)
        found = select(job_id).distinct().where(job_id < before, blob_chunks.c.number == 0)
        return sorted(await conn.scalars(found))

    @override
    @in_transaction
    async def delete_all(self, conn: AsyncConnection, job_id: str) -> None:
        is_theirs = blob_chunks.c.key.startswith(f"{job_id}/", autoescape=True)
        await conn.execute(delete(blob_chunks).where(is_theirs))


def _sync_folders(folder: Path, root: Path) -> None:
    """Make the names durable too: a file's name lives in its folder, up to the root."""
    while True:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if folder == root:
            return
        folder = folder.parent
