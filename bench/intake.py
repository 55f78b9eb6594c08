"""Taking in large pictures: time and the reader's peak memory, beside bare Pillow; and who waits.

Bare Pillow opens the file, makes it smaller and saves it as a JPEG, in a process without limits.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pillow_heif
from PIL import Image

from bench.figures import table
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import MAX_UPLOAD_BYTES, PictureLimits
from bot.domain.wording.file_sizes import MIB
from bot.imaging.uploads.fence import Fence
from tests.imaging import corpus, foreign

_SIZES = {
    12: (4032, 3024),
    24: (5712, 4284),
    48: (8064, 6048),
    108: (12000, 9000),
    200: (16320, 12240),
}
_LIMITS = PictureLimits()
_SIDE = _LIMITS.max_side
_BARE = """
import io, json, sys, time
import pi_heif
from PIL import Image
Image.MAX_IMAGE_PIXELS = None
pi_heif.register_heif_opener()
began = time.perf_counter()
picture = Image.open(sys.argv[1]).convert("RGB")
picture.thumbnail((int(sys.argv[2]),) * 2)
picture.save(io.BytesIO(), "JPEG", quality=95)
took = time.perf_counter() - began
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([took, int(peak.split()[1]) / 1024]))
"""


async def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [await _row(Path(folder), name, make) for name, make in _pictures()]
    print(
        table(
            "intake: large pictures, fitted to 2048 pixels",
            ("picture", "MiB", "Easel s", "reader's peak MiB", "bare Pillow s", "its peak MiB"),
            rows,
        )
    )
    print()
    print(
        table(
            "intake: another member's wait for a small picture",
            ("behind the worst file", "s"),
            [await _wait(*sent) for sent in ((0, 0), (1, 1), (1, 10), (2, 10))],
        )
    )


def _pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for megapixels, size in _SIZES.items():
        yield f"{megapixels} MP JPEG, baseline", lambda size=size: _jpeg(size)
        yield (
            f"{megapixels} MP JPEG, progressive",
            lambda size=size: _jpeg(size, progressive=True),
        )
        if megapixels <= 48:
            yield f"{megapixels} MP HEIC in tiles", lambda size=size: _heic(size)
            yield f"{megapixels} MP AVIF", lambda size=size: _saved(size, "AVIF", speed=10)


def _photo(size: tuple[int, int]) -> Image.Image:
    """Return a picture with a photo's amount of detail, however large."""
    small = (size[0] // 8, size[1] // 8)
    channels = [Image.effect_noise(small, 30).resize(size, Image.Resampling.BICUBIC)]
    channels += [channels[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT), channels[0]]
    return Image.merge("RGB", channels)


def _saved(size: tuple[int, int], kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    _photo(size).save(out, kind, **options)
    return out.getvalue()


def _jpeg(size: tuple[int, int], **options: object) -> bytes:
    picture = _photo(size)
    for quality in (85, 75, 60, 40, 20):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, **options)
        if len(out.getvalue()) <= MAX_UPLOAD_BYTES:
            break
    return out.getvalue()


def _heic(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    options = {"quality": 50, "tile_size": 512, "enc_params": {"preset": "ultrafast"}}
    pillow_heif.from_pillow(_photo(size)).save(out, **options)
    return out.getvalue()


async def _row(folder: Path, name: str, make: Callable[[], bytes]) -> tuple[object, ...]:
    data = await asyncio.to_thread(make)
    file = folder / "picture"
    file.write_bytes(data)
    async with Fence() as fence:
        (pid,) = fence.pids
        began = time.perf_counter()
        try:
            await fence.fit(data, _LIMITS, Lane(1, 1))
        except Exception as refusal:  # noqa: BLE001 - what a member would read is the figure
            easel: tuple[str, ...] = (type(refusal).__name__, "–")
        else:
            took = time.perf_counter() - began
            easel = (f"{took:.1f}", f"{_peak_mib(pid):.0f}")
    bare, peak = await _bare(file)
    return (name, f"{len(data) / MIB:.1f}", *easel, f"{bare:.1f}", f"{peak:.0f}")


async def _bare(file: Path) -> tuple[float, float]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BARE, str(file), str(_SIDE), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await running.communicate()
    took, peak = json.loads(out)
    return took, peak


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


async def _wait(members: int, files: int) -> tuple[object, ...]:
    """Return how long a small picture takes while so many members sent so many bad files each."""
    worst, small = foreign.tiff_of_scans(98), corpus.saved("JPEG")
    async with Fence() as fence:
        jobs = [
            asyncio.create_task(fence.fit(worst, _LIMITS, Lane(1, member)))
            for member in range(members)
            for _ in range(files)
        ]
        await asyncio.sleep(0.2)
        began = time.perf_counter()
        await fence.fit(small, _LIMITS, Lane(2, 99))
        took = time.perf_counter() - began
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
    return f"{members} members, {files} files each", f"{took:.2f}"


if __name__ == "__main__":
    asyncio.run(main())
