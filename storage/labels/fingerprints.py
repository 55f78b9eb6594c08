"""Finds posted pictures again: by their bytes, or by parts of what they look like."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.domain.labels.fingerprint import Fingerprint, Match, Posted
from bot.domain.labels.likeness import BITS, DETAIL_BITS, bands, distance
from bot.domain.labels.origin import Origin
from bot.ports.labels.fingerprints import FingerprintStore
from storage.database.transactions import Store, in_transaction, on_connection
from storage.database.upsert import upsert
from storage.labels.tables import fingerprints

_BYTES = BITS // 8
_DETAIL_BYTES = DETAIL_BITS // 8
_MOST_OF_A_BAND = 200  # read of pictures that share a part: plain grounds share many
_MOST_MATCHES = 32


class SqlFingerprints(Store, FingerprintStore):
    """`FingerprintStore` on the table `fingerprints`."""

    @override
    @in_transaction
    async def record(self, conn: AsyncConnection, posted: Sequence[Posted]) -> None:
        if posted:
            rows = upsert(conn, fingerprints).values([_row_of(each) for each in posted])
            await conn.execute(rows.on_conflict_do_nothing())

    @override
    @on_connection
    async def same(self, conn: AsyncConnection, sha256: bytes) -> Match | None:
        found = select(fingerprints).where(fingerprints.c.sha256 == sha256)
        row = (await conn.execute(found.order_by(fingerprints.c.made_at).limit(1))).first()
        return None if row is None else Match(_posted_of(row))

    @override
    @on_connection
    async def alike(self, conn: AsyncConnection, likeness: int, most: int) -> list[Match]:
        parts = [_sharing(number, band) for number, band in enumerate(bands(likeness))]
        near: dict[tuple[bytes, str, int], int] = {}
        for key, job_id, number, other in await conn.execute(union_all(*parts)):
            differing = distance(likeness, int.from_bytes(other))
            if differing <= most:
                near[key, job_id, number] = differing
        if not near:
            return []
        found = select(fingerprints).where(fingerprints.c.sha256.in_({key for key, *_ in near}))
        keyed = {(row.sha256, row.job_id, row.number): row for row in await conn.execute(found)}
        nearest = sorted(near, key=lambda key: near[key])[:_MOST_MATCHES]
        return [Match(_posted_of(keyed[key]), near[key]) for key in nearest]


def _sharing(number: int, band: int) -> Select[Any]:
    table = fingerprints.c
    found = select(table.sha256, table.job_id, table.number, table.likeness)
    part = found.where(table[f"band_{number}"] == band).limit(_MOST_OF_A_BAND).subquery()
    return select(part)


def _row_of(posted: Posted) -> dict[str, Any]:
    likeness = posted.fingerprint.likeness
    return {
        "sha256": posted.fingerprint.sha256,
        "job_id": posted.job_id,
        "number": posted.number,
        "likeness": likeness.to_bytes(_BYTES),
        "detail": posted.fingerprint.detail.to_bytes(_DETAIL_BYTES),
        "system": posted.system,
        "origin": posted.origin,
        "made_at": posted.made_at,
        **{f"band_{number}": band for number, band in enumerate(bands(likeness))},
    }


def _posted_of(row: Row[Any]) -> Posted:
    return Posted(
        job_id=row.job_id,
        number=row.number,
        fingerprint=Fingerprint(
            row.sha256, int.from_bytes(row.likeness), int.from_bytes(row.detail)
        ),
        system=row.system,
        origin=Origin(row.origin),
        made_at=row.made_at,
    )
