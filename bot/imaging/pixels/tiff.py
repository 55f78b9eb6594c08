"""Finds the main picture of a TIFF, and reads of it what its pixels need.

A new directory behind the file's bytes names that picture alone, so that Pillow and libtiff never
see the others, nor any tag that says nothing of the pixels.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PIL import TiffImagePlugin

from bot.domain.jobs.limits import MAX_PARTS
from bot.domain.pictures.errors import PictureDamaged, PictureFormatRefused, PictureTooDemanding
from bot.imaging.files.bare import Bare, Source, eight_bit
from bot.imaging.files.carriers import MAX_PROFILE_BYTES
from bot.imaging.files.exif import ORIENTATION
from bot.imaging.files.ifd import Layout, Tag, Tags, directories, first_offset, layout_of, numbers
from bot.imaging.pixels import packed
from bot.imaging.pixels.deep import Grey, grey_in

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_FILL_ORDER, _STRIPS, _SAMPLES, _STRIP_SIZES, _PLANAR = 266, 273, 277, 279, 284
_TILES, _TILE_SIZES, _SUB_DIRECTORIES, _EXTRA, _FORMAT = 324, 325, 330, 338, 339
_PROFILE, _DNG_VERSION = 34675, 50706
_LISTS = (_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES)
# Besides those: rows per strip, T4 and T6 options, predictor, colour map, tile sides, JPEG tables,
# the old JPEG's tags, and how YCbCr is stored.
_KEPT = frozenset(
    (_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _SAMPLES, _PLANAR, _EXTRA,
     _FORMAT, *_LISTS, 278, 292, 293, 317, 320, 322, 323, 332, 347, *range(512, 522), 529, 530, 531,
     532)
)  # fmt: skip
_MOST_DIRECTORIES = 64
_MOST_BELOW = 16
_SHORT = 3  # a tag's type: a number of 16 bits
_BYTE, _LONG = 8, 32
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
_SENSOR_VALUES = {32803, 34892}  # a filter array's and linear raw: no picture yet (DNG 1.7)
_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3
_KINDS = {
    _SIGNED: "Signed-number",
    _FLOAT: "Floating-point",
    5: "Complex-number",
    6: "Complex-number",
}
_REDUCED, _MASK = 1, 4
_COLOURS = {0: "grey", 1: "grey", 2: "colour", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr",
            8: "Lab", 9: "Lab", 10: "Lab", 32844: "LogL", 32845: "LogLuv"}  # fmt: skip
# Compressions that every build of libtiff reads: CCITT's, LZW, JPEG, Deflate, PackBits.
_COMMON = {2, 3, 4, 5, 7, 8, 32773, 32946}
_ODD = "TIFF of an unusual kind; such"


@dataclass(frozen=True, slots=True)
class _Directory:
    """One picture of the file."""

    data: bytes
    layout: Layout
    tags: Tags

    def all(self, number: int, most: int = 16) -> tuple[int, ...]:
        return numbers(self.data, self.layout, self.tags.get(number), most)

    def one(self, number: int, default: int = 0) -> int:
        return (*self.all(number), default)[0]

    def below(self) -> Iterator["_Directory"]:
        for at in self.all(_SUB_DIRECTORIES)[:_MOST_BELOW]:
            for _, tags in directories(self.data, self.layout, at, most=_MOST_BELOW):
                yield _Directory(self.data, self.layout, tags)

    @property
    def is_raw(self) -> bool:
        return _DNG_VERSION in self.tags or self.one(_PHOTOMETRIC) in _SENSOR_VALUES

    @property
    def is_main(self) -> bool:
        has_pixels = _STRIPS in self.tags or _TILES in self.tags
        return has_pixels and not self.one(_SUBFILE) & (_REDUCED | _MASK)


def read_tiff(data: bytes) -> Source:
    """Return the main picture as a TIFF of its own, or as samples where Pillow reads none.

    Raises PictureFormatRefused for what is whole and not supported, camera raw files among it;
    PictureDamaged, PictureTooDemanding.
    """
    main = _main(data)
    bits, photometric = main.all(_BITS) or (1,), main.one(_PHOTOMETRIC)
    sample_format = main.one(_FORMAT, _UNSIGNED)
    changed, to_eight_bit = {}, eight_bit
    if _is_packed(main, bits):
        return _packed(main, bits)
    is_deep = bits[0] > _BYTE or sample_format == _SIGNED
    if is_deep and photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO):
        changed[_PHOTOMETRIC] = _BLACK_IS_ZERO
        if bits[0] == _LONG and sample_format == _UNSIGNED:
            changed[_FORMAT] = _SIGNED  # Pillow has no unsigned numbers of 32 bits
        grey = Grey(bits[0], sample_format == _SIGNED, photometric == _WHITE_IS_ZERO)
        to_eight_bit = partial(grey_in, grey)
    _check_supported(main, bits, changed)
    return Bare(
        _alone(main, changed),
        (main.one(_WIDTH), main.one(_HEIGHT)),
        TiffImagePlugin.TiffImageFile,
        main.one(ORIENTATION, 1),
        _profile(main),
        to_eight_bit,
        None if main.one(_COMPRESSION, 1) in _COMMON or not _is_whole(main) else _ODD,
    )


def _is_packed(main: _Directory, bits: tuple[int, ...]) -> bool:
    samples = main.one(_SAMPLES, 1)
    wanted = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3}.get(main.one(_PHOTOMETRIC))
    return (
        samples == wanted
        and bits == bits[:1] * samples
        and bits[0] in packed.BITS
        and main.one(_COMPRESSION, 1) == main.one(_FILL_ORDER, 1) == main.one(_PLANAR, 1) == 1
        and main.one(_FORMAT, _UNSIGNED) == _UNSIGNED
        and _STRIPS in main.tags
    )


def _packed(main: _Directory, bits: tuple[int, ...]) -> packed.Packed:
    if main.tags[_STRIPS].count > MAX_PARTS:
        raise PictureTooDemanding
    places, sizes = main.all(_STRIPS, MAX_PARTS), main.all(_STRIP_SIZES, MAX_PARTS)
    return packed.Packed(
        main.data,
        tuple(zip(places, sizes, strict=False)),
        (main.one(_WIDTH), main.one(_HEIGHT)),
        bits[0],
        len(bits),
        main.one(_PHOTOMETRIC) == _WHITE_IS_ZERO,
        main.one(ORIENTATION, 1),
        _profile(main),
    )


def _main(data: bytes) -> _Directory:
    layout = layout_of(data)
    if layout is None:
        raise PictureDamaged
    chain = [
        _Directory(data, layout, tags)
        for _, tags in directories(data, layout, first_offset(data, layout), _MOST_DIRECTORIES)
    ]
    if not chain:
        raise PictureDamaged
    below = [directory for each in chain for directory in each.below()]
    if any(directory.is_raw for directory in (*chain, *below)):
        raise PictureFormatRefused(format="Camera raw")
    mains = [directory for directory in (*chain, *below) if directory.is_main]
    return mains[0] if mains else chain[0]


def _check_supported(main: _Directory, bits: tuple[int, ...], changed: dict[int, int]) -> None:
    """Raise PictureFormatRefused for a reason, by Pillow's own tables of what it reads."""
    if main.layout.is_big and main.layout.order == ">":
        raise PictureFormatRefused(format="Big-endian BigTIFF")
    compression = main.one(_COMPRESSION, 1)
    if compression not in TiffImagePlugin.COMPRESSION_INFO:
        raise PictureFormatRefused(format=f"TIFF (compression {compression})")
    photometric = changed.get(_PHOTOMETRIC, main.one(_PHOTOMETRIC))
    sample_format = changed.get(_FORMAT, main.one(_FORMAT, _UNSIGNED))
    if not _is_readable(main, bits, photometric, sample_format) or sample_format == _FLOAT:
        if sample_format in _KINDS:
            raise PictureFormatRefused(format=_KINDS[sample_format])
        colour = _COLOURS.get(main.one(_PHOTOMETRIC), "unusual")
        extra = " and extra channels" if main.all(_EXTRA) else ""
        raise PictureFormatRefused(format=f"TIFF (with {bits[0]}-bit {colour}{extra})")
    for number in _LISTS:
        tag = main.tags.get(number)
        if tag is not None and tag.count > MAX_PARTS:
            raise PictureTooDemanding


def _is_readable(
    main: _Directory, bits: tuple[int, ...], photometric: int, sample_format: int
) -> bool:
    samples = main.one(_SAMPLES, 1)
    bits = bits * samples if len(bits) == 1 and samples < _MOST_BELOW else bits[:samples]
    extra = main.all(_EXTRA)
    if main.one(_PLANAR, 1) == 2 and extra and max(extra) == 0:  # noqa: PLR2004 - in planes
        bits, extra = bits[: -len(extra)], ()  # they are left out where each has a plane
    prefix = b"II" if main.layout.order == "<" else b"MM"
    known = TiffImagePlugin.OPEN_INFO
    key = (prefix, photometric, (sample_format,), main.one(_FILL_ORDER, 1), bits, extra)
    return key in known


def _alone(main: _Directory, changed: dict[int, int]) -> bytes:
    """Return the file with a directory of this one picture, and the kept tags, at its end."""
    layout = main.layout
    entries = {
        number: _number_entry(layout, number, changed[number])
        if number in changed
        else main.tags[number].raw
        for number in sorted(_KEPT & (set(main.tags) | set(changed)))
    }
    for number in _KEPT & set(main.tags):
        if number not in changed:
            _check_there(main.data, main.tags[number])
    padding = bytes(len(main.data) % 2)
    at = len(main.data) + len(padding)
    directory = b"".join((struct.pack(layout.count, len(entries)), *entries.values()))
    return b"".join(
        (
            main.data[: layout.first_at],
            struct.pack(layout.offset, at),
            main.data[layout.first_at + layout.inline :],
            padding,
            directory,
            struct.pack(layout.offset, 0),
        )
    )


def _number_entry(layout: Layout, number: int, value: int) -> bytes:
    head = struct.pack(layout.order + "HH", number, _SHORT) + struct.pack(layout.offset, 1)
    return head + struct.pack(layout.order + "H", value).ljust(layout.inline, b"\0")


def _check_there(data: bytes, tag: Tag) -> None:
    if tag.size == 0 or tag.at + tag.size > len(data):
        raise PictureDamaged


def _profile(main: _Directory) -> bytes | None:
    tag = main.tags.get(_PROFILE)
    if tag is None or not 0 < tag.size <= MAX_PROFILE_BYTES or tag.at + tag.size > len(main.data):
        return None
    return main.data[tag.at : tag.at + tag.size]


def _is_whole(main: _Directory) -> bool:
    """Tell whether all strips and tiles end within the file: then a failure is no damage."""
    places = main.all(_STRIPS, MAX_PARTS) or main.all(_TILES, MAX_PARTS)
    sizes = main.all(_STRIP_SIZES, MAX_PARTS) or main.all(_TILE_SIZES, MAX_PARTS)
    return all(at + size <= len(main.data) for at, size in zip(places, sizes, strict=False))
