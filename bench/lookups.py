"""How long it takes to find a picture among a million that were posted, on both stores."""

import asyncio
import os
import random
import tempfile
import time
from pathlib import Path

from bench.figures import quantile, table
from bench.kinds import KINDS
from bench.likeness import other
from bot.domain.jobs.job import job_id_of
from bot.domain.labels.fingerprint import Fingerprint, Posted
from bot.domain.labels.likeness import BAND_BITS, BITS, MOST_DIFFERING, bands
from bot.domain.labels.origin import Origin
from storage import Storage, open_storage
from tests.contract.postgres import create_database, running_cluster

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
BATCH, LOOKS, REAL = 2000, 300, 200  # rows of a write; looks of each kind; pictures of each kind


def likenesses(chance: random.Random) -> list[int]:
    """Return real ones, whose parts all others are put together from: as skewed as real parts."""
    real = [other(kind, number)[0] for kind in KINDS for number in range(REAL)]
    parts = list(zip(*map(bands, real), strict=True))
    made = [
        sum(chance.choice(part) << BAND_BITS * number for number, part in enumerate(parts))
        for _ in range(ROWS - len(real))
    ]
    return real + made


def posted(number: int, likeness: int) -> Posted:
    """Return a row like any other."""
    sha256 = random.Random(number).randbytes(32)  # noqa: S311 - bytes, not secrets
    return Posted(
        job_id_of(number),
        0,
        Fingerprint(sha256, likeness, likeness),
        "GG 3.0",
        Origin.GENERATED,
        1.8e9,
    )


async def filled(storage: Storage, known: list[int]) -> None:
    """Record all of them."""
    for at in range(0, len(known), BATCH):
        batch = [posted(at + number, one) for number, one in enumerate(known[at : at + BATCH])]
        await storage.fingerprints.record(batch)


async def rows_of(name: str, storage: Storage, known: list[int]) -> list[list[str]]:
    """Return how long looks take: the same bytes, a copy by its looks, and what was never there."""
    chance, rows, found = random.Random(3), [], 0  # noqa: S311 - numbers, not secrets
    at = [chance.randrange(len(known)) for _ in range(LOOKS)]
    same, alike, strange = [], [], []
    for number in at:
        began = time.perf_counter()
        await storage.fingerprints.same(posted(number, 0).fingerprint.sha256)
        same.append(time.perf_counter() - began)
        copy = known[number]
        for bit in chance.sample(range(BITS), 5):
            copy ^= 1 << bit
        began = time.perf_counter()
        matches = await storage.fingerprints.alike(copy, MOST_DIFFERING)
        alike.append(time.perf_counter() - began)
        found += any(match.posted.job_id == job_id_of(number) for match in matches)
        began = time.perf_counter()
        await storage.fingerprints.alike(chance.getrandbits(BITS), MOST_DIFFERING)
        strange.append(time.perf_counter() - began)
    for what, taken in (("same bytes", same), ("a copy, 5 bits", alike), ("unknown", strange)):
        ms = [f"{1000 * quantile(taken, share):.2f} ms" for share in (0.5, 0.95)]
        rows.append([name, what, *ms, f"{found} of {LOOKS}" if taken is alike else ""])
    return rows


async def main() -> None:
    """Print the looks on SQLite and on PostgreSQL."""
    known = likenesses(random.Random(2))  # noqa: S311 - numbers, not secrets
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder, running_cluster() as server:
        places = {"SQLite": f"sqlite:///{folder}/easel.db"}
        if server is not None:
            places["PostgreSQL"] = await create_database(server, "bench_lookups")
        for name, url in places.items():
            async with open_storage(url, Path(folder)) as storage:
                await filled(storage, known)
                rows += await rows_of(name, storage, known)
    title = f"Looks among {ROWS:,} posted pictures"
    print(table(title, ["store", "look", "median", "95 %", "found"], rows))


if __name__ == "__main__":
    asyncio.run(main())
