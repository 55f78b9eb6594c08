"""A toy mark, installed as any package is: a module, and metadata with its entry points."""

import io
from pathlib import Path

import pytest
from PIL import Image

# The job's id, one bit in the lowest of each blue value; a red first pixel lets it go wrong.
_SOURCE = """
import os, time

def mark(picture, job_id):
    print("a mark may print")
    first = picture.getpixel((0, 0))[:3]
    if first == (255, 0, 0):
        raise RuntimeError("no red pictures")
    if first == (254, 0, 0):
        time.sleep(60)
    if first == (253, 0, 0):
        os._exit(3)
    if first == (252, 0, 0):
        return picture.convert("L")
    if first == (251, 0, 0):
        return picture.resize((8, 8))
    if first == (250, 0, 0):
        assert not [name for name in os.environ if "TOKEN" in name or "EASEL" in name]
    bits = "".join(f"{byte:08b}" for byte in job_id.encode())
    for x, bit in enumerate(bits):
        values = list(picture.getpixel((x, 0)))
        values[2] = values[2] & ~1 | int(bit)
        picture.putpixel((x, 0), tuple(values))
    return picture
"""
_BROKEN = "raise RuntimeError('no weights here')\n"
_POINTS = """[easel.watermark]
toy = toy_mark:mark
broken = toy_broken:mark
absent = toy_mark:nothing
"""


def install(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Put the package where Python finds it."""
    site = folder / "site"
    info = site / "toy_mark-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "toy_mark.py").write_text(_SOURCE)
    (site / "toy_broken.py").write_text(_BROKEN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-mark\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(_POINTS)
    patch.syspath_prepend(str(site))


def read(data: bytes, job_id: str) -> str:
    """What a picture's mark says, as long as that id is."""
    with Image.open(io.BytesIO(data)) as picture:
        values = [picture.convert("RGB").getpixel((x, 0)) for x in range(8 * len(job_id))]
    bits = "".join(str(value[2] & 1) for value in values if isinstance(value, tuple))
    octets = (int(bits[start : start + 8], 2) for start in range(0, len(bits), 8))
    return bytes(octets).decode("latin-1")
