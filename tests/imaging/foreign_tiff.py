"""TIFF files as cameras, scanners and hands write them, directory by directory."""

import io
import itertools
import struct
from collections.abc import Mapping, Sequence

from tests.imaging.corpus import SIZE, photo

WIDTH, HEIGHT = SIZE


RAMP = [x * 255 // (WIDTH - 1) for x in range(WIDTH)]


Tags = Mapping[int, Sequence[int]]


def tiff(*pictures: tuple[Tags, bytes], order: str = "<", below: Tags | None = None) -> bytes:
    """Return a TIFF of pictures, each its tags (whole numbers) and its strip; `below`: SubIFDs.

    `below` maps a picture's number to the numbers of those that are under it, not in the chain.
    """
    below = below or {}
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0))
    strips, places = [], [0] * len(pictures)
    for _, strip in pictures:
        strips.append(len(out))
        out += strip + bytes(len(strip) % 2)
    hidden = set(itertools.chain(*below.values()))
    chain = [number for number in range(len(pictures)) if number not in hidden]
    for number in (*sorted(hidden), *reversed(chain)):
        tags, strip = pictures[number]
        given = {**tags, 273: [strips[number]], 279: [len(strip)]}
        if number in below:
            given[330] = [places[each] for each in below[number]]
        later = chain[chain.index(number) + 1 :] if number in chain else []
        places[number] = _directory(out, given, places[later[0]] if later else 0, order)
    struct.pack_into(order + "I", out, 4, places[chain[0]])
    return bytes(out)


def _directory(out: bytearray, tags: Tags, following: int, order: str) -> int:
    entries = b""
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}I", *values)
        if len(values) > 1:
            place = struct.pack(order + "I", len(out))
            out += packed
            packed = place
        entries += struct.pack(order + "HHI", tag, 4, len(values)) + packed
    at = len(out)
    out += struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", following)
    return at


def grey_tags(
    bits: int, *, white_is_zero: bool = False, sample_format: int = 1
) -> dict[int, list[int]]:
    """Return the tags of a bare grey picture."""
    tags = {256: [WIDTH], 257: [HEIGHT], 258: [bits], 259: [1], 262: [0 if white_is_zero else 1]}
    return tags | {277: [1], 278: [HEIGHT], 339: [sample_format]}


def grey_ramp(bits: int, *, order: str = "<", white_is_zero: bool = False) -> bytes:
    """Return RAMP as a TIFF of so many bits; black reads as the largest value if white is 0."""
    most = (1 << bits) - 1
    levels = [255 - level for level in RAMP] if white_is_zero else RAMP
    row = packed([level * most // 255 for level in levels], bits, order)
    return tiff((grey_tags(bits, white_is_zero=white_is_zero), row * HEIGHT), order=order)


def packed(values: Sequence[int], bits: int, order: str = "<") -> bytes:
    """Return numbers of so many bits one after the other, a row of a TIFF."""
    if bits in {8, 16, 32}:
        shape = {8: "B", 16: "H", 32: "I"}[bits]
        return struct.pack(f"{order}{len(values)}{shape}", *values)
    whole = 0
    for value in values:
        whole = whole << bits | value
    spare = -len(values) * bits % 8
    return (whole << spare).to_bytes((len(values) * bits + spare) // 8, "big")


def colour_tiff(bits: int, sample_format: int = 1, **more: object) -> bytes:
    """Return a TIFF of grey pixels in three channels."""
    tags = grey_tags(bits, sample_format=sample_format)
    tags |= {258: [bits] * 3, 339: [sample_format] * 3, 262: [2], 277: [3]}
    return tiff((tags, bytes(WIDTH * HEIGHT * 3 * bits // 8)), **more)  # type: ignore[arg-type]


def grey_picture(level: int, **tags: int) -> tuple[Tags, bytes]:
    """Return a picture of one level for `tiff`; tags are written t254=1."""
    more = {int(name[1:]): [value] for name, value in tags.items()}
    return grey_tags(8) | more, bytes([level]) * (WIDTH * HEIGHT)


def small_picture(level: int, **tags: int) -> tuple[Tags, bytes]:
    """Return the same of 64 x 64 pixels, as previews are."""
    known, _ = grey_picture(level, **tags)
    return {**known, 256: [64], 257: [64], 278: [64]}, bytes([level]) * 64 * 64


def camera_raw() -> bytes:
    """Return what a camera writes: a preview in front, sensor values under it."""
    return tiff(small_picture(9, t254=1), grey_picture(200, t262=32803), below={0: [1]})


def dng() -> bytes:
    """Return a raw file that says so only by its version tag."""
    return tiff(small_picture(9, t254=1, t50706=0x0104), grey_picture(200, t254=0))


def tagged_beyond_measure() -> bytes:
    """Return a TIFF whose description claims 4 GB and whose date is no text."""
    tags, strip = grey_picture(200)
    plain = tiff(({**tags, 270: [1, 2], 306: [7]}, strip))
    at = plain.index(struct.pack("<HHI", 270, 4, 2))
    return plain[: at + 4] + b"\xff\xff\xff\xff" + plain[at + 8 :]


def endless_directories() -> bytes:
    """Return a TIFF whose one directory names itself as the next one."""
    plain = bytearray(tiff(grey_picture(200)))
    (at,) = struct.unpack_from("<I", plain, 4)
    plain[-4:] = struct.pack("<I", at)
    return bytes(plain)


def lab_tiff() -> bytes:
    """Return a photo in CIE L*a*b*."""
    out = io.BytesIO()
    photo().convert("LAB").save(out, "TIFF")
    return out.getvalue()
