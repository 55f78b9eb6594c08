"""What labelling a large result takes: 4096 x 4096 pixels, as it is and over the upload limit."""

import asyncio
import io
import os
import time
from collections.abc import Sequence
from statistics import median

from PIL import Image

from bench.figures import table
from bot.domain.labels.fingerprint import Posted
from bot.domain.labels.label import Label
from bot.imaging.labels.attachments import AttachmentSets
from bot.imaging.labels.finish import Labeller

SIDE = 4096
LIMITS = (100 * 1024 * 1024, 10 * 1024 * 1024)
ROUNDS = 3
LABEL = Label("AI-generated", "", "0000abcdef123", "an engine", created_at=1.8e9)


def picture() -> bytes:
    """Return a PNG of about 30 MB, as detailed as a photo."""
    noise = Image.frombytes("RGB", (SIDE // 2,) * 2, os.urandom(3 * SIDE * SIDE // 4)).reduce(2)
    out = io.BytesIO()
    noise.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(out, "PNG", compress_level=1)
    return out.getvalue()


async def record(_: Sequence[Posted]) -> None:
    """Keep nothing: the database has a bench of its own."""


async def seconds(raw: bytes, limits: tuple[int, ...]) -> float:
    """Return the CPU time that an attachments for each of the limits takes, one after the other."""
    attachment_sets = AttachmentSets([raw], LABEL, record)
    began = time.process_time()
    for limit in limits:
        await attachment_sets.make(limit)
    return time.process_time() - began


async def main() -> None:
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


if __name__ == "__main__":
    asyncio.run(main())
