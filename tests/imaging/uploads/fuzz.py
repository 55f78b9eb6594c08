"""Intake under real files with mutated headers: `-m tests.imaging.uploads.fuzz ROUNDS [SEED]`.

Looked for: a reader that dies of anything but its limits, an answer that is no picture and no
refusal, a reader older than its budget, memory that grows.
"""

import asyncio
import io
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pillow_heif

from bot.domain.errors import NotPossible
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.errors import PictureTooDemanding
from bot.imaging.uploads.fence import Fence
from tests.imaging import corpus, foreign_tiff

_LIMITS = PictureLimits()
_HEADER_BYTES = 700
_ODD_NUMBERS = (0, 1, 2, 3, 7, 8, 16, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_TURN_AFTER = 25  # pictures of each lane, so that a kill puts few behind


def seeds() -> list[bytes]:
    """Return good files of every format that is taken, and of the ways to write them."""
    out = io.BytesIO()
    pillow_heif.from_pillow(corpus.photo(size=(320, 240))).save(out, quality=60, tile_size=128)
    good = [out.getvalue()]
    good += [corpus.saved(kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF")]
    good += [corpus.saved("JPEG", progressive=True), corpus.saved("JPEG", "CMYK")]
    good += [corpus.saved("PNG", mode) for mode in ("P", "I;16", "LA", "1")]
    good += [
        corpus.saved("TIFF", compression=name) for name in ("tiff_lzw", "jpeg", "tiff_deflate")
    ]
    good += [corpus.animated(kind) for kind in ("PNG", "WEBP", "TIFF", "AVIF")]
    good += [corpus.with_exif(), foreign_tiff.grey_ramp(12), foreign_tiff.grey_ramp(10, order=">")]
    return good


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Return a file with numbers of its header changed, parts of it moved, doubled or cut."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(min(len(data), _HEADER_BYTES))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                shape = chance.choice("<>") + chance.choice("HI")
                number = chance.choice(_ODD_NUMBERS) & (0xFFFF if shape[1] == "H" else 0xFFFFFFFF)
                packed = struct.pack(shape, number)
                data[at : at + len(packed)] = packed
            case 2:
                size = chance.randint(1, 64)
                data[at:at] = data[at : at + size] * chance.randint(1, 40)
            case 3:
                del data[at : at + chance.randint(1, 32)]
            case _:
                data[at] = chance.randrange(256)
        if not data:
            return b""
    return bytes(data[: chance.randint(0, len(data))] if chance.random() < 0.05 else data)


async def run(rounds: int, seed: int) -> Counter[str]:
    """Return what became of so many files; raises AssertionError where a promise broke."""
    good, chance, ends = seeds(), random.Random(seed), Counter[str]()  # noqa: S311 - a fuzz
    after_first = 0
    async with Fence(jobs_per_child=10**9) as fence:
        for number in range(rounds):
            data = mutated(chance.choice(good), chance)
            ends[await _end_of(fence, data, number)] += 1
            if number == min(rounds // 2, 2_000):
                after_first = _memory(fence)
        assert len(fence.pids) <= 2
        last = _memory(fence)
    assert not after_first or last < 2 * after_first + 100, f"{after_first} MiB, then {last}"
    return ends


async def _end_of(fence: Fence, data: bytes, number: int) -> str:
    try:
        await fence.fit(data, _LIMITS, Lane(1, number // _TURN_AFTER))
    except PictureTooDemanding:
        return "too demanding"
    except NotPossible as refusal:
        return type(refusal).__name__
    return "taken"


def _memory(fence: Fence) -> int:
    """Return the largest resident set of the readers, in MiB; 0 where /proc is not."""
    found = [0]
    for pid in fence.pids:
        found += _resident(Path(f"/proc/{pid}/status"))
    return max(found)


def _resident(status: Path) -> Iterator[int]:
    if status.exists():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                yield int(line.split()[1]) // 1024


def main() -> None:
    """Run and print the ends."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print(f"{rounds} rounds, seed {seed}", flush=True)  # noqa: T201 - its report
    for end, count in asyncio.run(run(rounds, seed)).most_common():
        print(f"{count:>7}  {end}")  # noqa: T201 - its report


if __name__ == "__main__":
    main()
