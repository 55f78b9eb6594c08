"""What labelling takes: each step beside bare Pillow, the event loop, and a large result."""

import asyncio
import io
import os
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from PIL import Image

from bench.figures import table
from bot.domain.labels.fingerprint import Posted
from bot.domain.labels.label import Label
from bot.imaging.labels.attachments import AttachmentSets
from bot.imaging.labels.finish import Labeller, encoded
from bot.imaging.labels.result_reader import decode_result
from bot.imaging.labels.visible.job_corner import JobCorner
from bot.imaging.labels.visible.label import draw_label
from bot.imaging.labels.xmp import Packets, read_marks

SIDE = 4096
SIDES = (1024, 2048)
LIMITS = (100 * 1024 * 1024, 10 * 1024 * 1024)
ROUNDS, STEP_ROUNDS, GAP_ROUNDS = 3, 7, 12
LABEL = Label("AI-generated", "", "0000abcdef123", "an engine", created_at=1.8e9)
# How Pillow is asked for what the results had until 2026-11: the measure for what they have now.
BARE = {
    "PNG": {"compress_level": 3},
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"quality": 90, "method": 4},
}
_TICK_S = 0.0005


def photo(side: int) -> Image.Image:
    """Return a picture as detailed as a photo: light and shade, and grain."""
    shades = Image.frombytes("RGB", (8, 8), os.urandom(192)).resize((side, side))
    half = Image.frombytes("RGB", (side // 2,) * 2, os.urandom(3 * side * side // 4))
    return Image.blend(shades, half.resize((side, side), Image.Resampling.BICUBIC), 0.12)


def file_of(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **BARE[kind])
    return out.getvalue()


def picture() -> bytes:
    """Return a PNG of about 30 MB, as detailed as a photo."""
    noise = Image.frombytes("RGB", (SIDE // 2,) * 2, os.urandom(3 * SIDE * SIDE // 4)).reduce(2)
    out = io.BytesIO()
    noise.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(out, "PNG", compress_level=1)
    return out.getvalue()


async def record(_: Sequence[Posted]) -> None:
    """Keep nothing: the database has a bench of its own."""


def ms(work: Callable[[], object]) -> float:
    """Return the least CPU time in ms of several times: what the work takes, and no neighbour."""
    taken = []
    for _ in range(STEP_ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return 1000 * min(taken)


def steps(side: int, kind: str) -> list[str]:
    """Return one row of the table of steps."""
    original = photo(side)
    raw = file_of(original, kind)
    pixels = decode_result(raw)
    corner = JobCorner(LABEL, [raw]).of(raw, pixels)
    packets = Packets(LABEL, read_marks(raw))
    marked = pixels.copy()
    draw_label(marked, LABEL.text, corner)
    plain = encoded(pixels, kind, raw, float("inf"))
    packed = encoded(marked, kind, raw, float("inf"))
    done = packets.into(packed)
    bare = ms(lambda: file_of(decode_result(raw), kind))
    place = ms(lambda: JobCorner(LABEL, [raw]).of(raw, pixels))
    draw = ms(lambda: draw_label(pixels.copy(), LABEL.text, corner)) - ms(pixels.copy)
    metadata = ms(lambda: Packets(LABEL, read_marks(raw)).into(packed))
    whole = ms(lambda: Labeller(raw, LABEL).within(float("inf")))
    return [
        f"{kind} {side}",
        f"{bare:.0f}",
        f"{ms(lambda: decode_result(raw)):.0f}",
        f"{place:.1f} + {draw:.1f} + {metadata:.1f} = {place + draw + metadata:.1f}",
        f"{ms(lambda: encoded(marked, kind, raw, float('inf'))):.0f}",
        f"{whole:.0f} ({whole / bare:.2f})",
        f"{(len(packed) - len(plain)) / 1000:+.1f} + {(len(done) - len(packed)) / 1000:.1f}",
        f"{len(done) / len(raw):.2f}",
    ]


async def worst_gap(raw: bytes) -> float:
    """Return for how many ms the event loop stood still while all cores labelled.

    It is the least of several rounds' worst: what else runs on the machine only adds to it.
    """
    worst = []
    for _ in range(GAP_ROUNDS):
        turns = [time.perf_counter()]
        ticking = asyncio.create_task(_tick(turns))
        sets = [AttachmentSets([raw], LABEL, record) for _ in range(os.cpu_count() or 1)]
        await asyncio.gather(*(each.make(LIMITS[0]) for each in sets))
        ticking.cancel()
        worst.append(1000 * max(later - sooner for sooner, later in pairwise(turns)))
    return min(worst)


async def _tick(turns: list[float]) -> None:
    while True:
        await asyncio.sleep(_TICK_S)
        turns.append(time.perf_counter())


async def seconds(raw: bytes, limits: tuple[int, ...]) -> float:
    """Return the CPU time that an attachments for each of the limits takes, one after the other."""
    attachment_sets = AttachmentSets([raw], LABEL, record)
    began = time.process_time()
    for limit in limits:
        await attachment_sets.make(limit)
    return time.process_time() - began


async def large() -> None:
    """Print what a large result takes, as it is and over the upload limit."""
    raw = picture()
    rows = []
    for name, limits in (
        ("under the limit", LIMITS[:1]),
        ("over the limit of 10 MiB", LIMITS[1:]),
        ("over it, and asked for by three routes", LIMITS[1:] * 3),
    ):
        taken = median([await seconds(raw, limits) for _ in range(ROUNDS)])
        rows.append([name, f"{taken:.2f} s"])
    title = f"A PNG of {SIDE} x {SIDE} pixels, {len(raw) / 2**20:.0f} MiB, labelled"
    print(table(title, ["result", "CPU time"], rows))
    small = Labeller(raw, LABEL).within(LIMITS[1])
    print(
        f"Posted as {small.mime}, {small.width} x {small.height}, {len(small.data) / 2**20:.1f} MiB"
    )


async def main() -> None:
    rows = [steps(side, kind) for side in SIDES for kind in BARE]
    header = [
        "picture",
        "bare Pillow, as until now",
        "decode",
        "place + draw + metadata",
        "encode",
        "all (of bare)",
        "kB of label + metadata",
        "bytes (of bare)",
    ]
    print(table("Labelling a result, CPU time in ms", header, rows))
    gap = await worst_gap(file_of(photo(2048), "PNG"))
    print(f"\nWorst gap of the event loop, PNGs of 2048 on all cores: {gap:.1f} ms\n")
    await large()


if __name__ == "__main__":
    asyncio.run(main())
