"""Reads TIFF's directories (TIFF 6.0 and BigTIFF), which EXIF is written in, too."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

# Bytes of one value, by type.
_SIZES = MappingProxyType(
    dict.fromkeys((1, 2, 6, 7), 1)
    | dict.fromkeys((3, 8), 2)
    | dict.fromkeys((4, 9, 11, 13), 4)
    | dict.fromkeys((5, 10, 12, 16, 17, 18), 8)
)
_WHOLE = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_TAGS = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: byte order, and the widths of BigTIFF or of the classic one."""

    order: str
    is_big: bool

    @property
    def first_at(self) -> int:
        """Where the offset of the first directory stands."""
        return 8 if self.is_big else 4

    @property
    def offset(self) -> str:
        """The struct format of an offset."""
        return self.order + ("Q" if self.is_big else "I")

    @property
    def count(self) -> str:
        """The struct format of a directory's number of tags."""
        return self.order + ("Q" if self.is_big else "H")

    @property
    def inline(self) -> int:
        """How many bytes of a value stand in the tag itself."""
        return 8 if self.is_big else 4


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry as it is written: `raw` is the entry, `at` where its value begins."""

    raw: bytes
    kind: int
    count: int
    at: int

    @property
    def size(self) -> int:
        """Bytes of the value; 0 for a type nobody knows."""
        return _SIZES.get(self.kind, 0) * self.count


Tags = dict[int, Tag]


def layout_of(data: bytes) -> Layout | None:
    """Return how a file is written; None where this is no TIFF."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:  # noqa: PLR2004 - the shortest header
        return None
    (version,) = struct.unpack_from(order + "H", data, 2)
    return Layout(order, version == 43)  # noqa: PLR2004 - BigTIFF's number


def first_offset(data: bytes, layout: Layout) -> int:
    """Return where the first directory begins."""
    return _unpacked(layout.offset, data, layout.first_at) or 0


def read_directory(data: bytes, layout: Layout, at: int) -> tuple[Tags, int]:
    """Return the tags of a directory, as far as it goes, and the offset of the next one or 0."""
    count = _unpacked(layout.count, data, at)
    if at < layout.first_at or not count:
        return {}, 0
    tags: Tags = {}
    step = 20 if layout.is_big else 12
    begin = at + struct.calcsize(layout.count)
    for entry in range(begin, begin + step * min(count, _MOST_TAGS), step):
        raw = data[entry : entry + step]
        if len(raw) < step:
            return tags, 0
        number, kind = struct.unpack_from(layout.order + "HH", raw)
        (values,) = struct.unpack_from(layout.offset, raw, 4)
        size = _SIZES.get(kind, 0) * values
        inline_at = entry + step - layout.inline
        value_at = inline_at
        if size > layout.inline:
            value_at = _unpacked(layout.offset, data, inline_at) or 0
        tags.setdefault(number, Tag(raw, kind, values, value_at))
    return tags, _unpacked(layout.offset, data, begin + step * count) or 0


def numbers(data: bytes, layout: Layout, tag: Tag | None, most: int = 16) -> tuple[int, ...]:
    """Return a tag's whole numbers, at most so many; empty where there are none."""
    if tag is None or tag.kind not in _WHOLE:
        return ()
    shape = f"{layout.order}{min(tag.count, most)}{_WHOLE[tag.kind]}"
    if tag.at + struct.calcsize(shape) > len(data):
        return ()
    return struct.unpack_from(shape, data, tag.at)


def directories(data: bytes, layout: Layout, at: int, most: int) -> Iterator[tuple[int, Tags]]:
    """Yield (offset, tags) along a chain, at most so many, and none twice."""
    seen: set[int] = set()
    while at and at not in seen and len(seen) < most:
        seen.add(at)
        tags, after = read_directory(data, layout, at)
        if not tags:
            return
        yield at, tags
        at = after


def _unpacked(shape: str, data: bytes, at: int) -> int | None:
    if at < 0 or at + struct.calcsize(shape) > len(data):
        return None
    (value,) = struct.unpack_from(shape, data, at)
    return int(value)
