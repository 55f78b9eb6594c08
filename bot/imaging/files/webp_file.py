"""WebP byte by byte: "RIFF" size(4) "WEBP", then chunks fourcc(4) size(4, little-endian) body."""

import struct
from collections.abc import Iterator

from bot.domain.jobs.limits import MAX_PARTS
from bot.domain.pictures.errors import PictureDamaged, PictureTooDemanding
from bot.imaging.files.carriers import Carriers, Split

_HAS_XMP, _HAS_ALPHA = 0x04, 0x10
_OF_PIXELS = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
_PICTURES = {b"VP8 ", b"VP8L", b"ANMF"}
_FRAME_HEAD = 16  # what stands in an ANMF chunk before the frame's own chunks


def read(data: bytes, found: Carriers) -> None:
    """Note what a WebP carries; raises PictureDamaged behind the good part."""
    for kind, body in _chunks(data):
        if kind == b"XMP ":
            found.xmp = found.xmp or body
        elif kind == b"EXIF":
            found.note_exif(_exif(body))
        elif kind == b"C2PA":
            found.c2pa = True


def split(data: bytes) -> Split:
    """Take a WebP apart; of an animation, the first frame is kept.

    Raises PictureDamaged where it breaks off before its pixels are there.
    """
    found: dict[bytes, bytes] = {}
    kept = []
    try:
        for kind, body in _chunks(data):
            is_later = kind == b"ANMF" and kind in found
            found.setdefault(kind, body)
            if kind in _OF_PIXELS and not is_later:
                kept.append((kind, body))
    except PictureDamaged:
        if not _PICTURES & found.keys():
            raise
    return Split(_riff(kept), found.get(b"ICCP"), _exif(found.get(b"EXIF", b"")) or None)


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) in pixels as the header says; raises PictureDamaged."""
    for kind, body in _chunks(data):
        extended = _canvas(kind, body)
        if extended:
            return extended[1], extended[2]
    raise PictureDamaged


def is_lossless(data: bytes) -> bool:
    """Tell whether the picture, or its first frame, is stored without loss."""
    for kind, body in _chunks(data):
        if kind == b"ANMF":
            return b"VP8L" in (frame for frame, _ in _chunks(body, _FRAME_HEAD))
        if kind in (b"VP8 ", b"VP8L"):
            return kind == b"VP8L"
    return False


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """Return the picture with `packet` as its one XMP packet, its pixels as they were.

    Raises PictureDamaged.
    """
    chunks = [(kind, body) for kind, body in _chunks(data) if kind != b"XMP "]
    canvas = _canvas(*chunks[0]) if chunks else None
    if canvas is None:
        raise PictureDamaged
    flags, width, height = canvas
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    header = (b"VP8X", bytes((flags | _HAS_XMP, 0, 0, 0)) + sizes)
    rest = chunks[1:] if chunks[0][0] == b"VP8X" else chunks
    return _riff([header, *rest, (b"XMP ", packet)])


def _exif(body: bytes) -> bytes:
    return body.removeprefix(b"Exif\0\0")  # as some writers have it


def _chunks(data: bytes, at: int = 12) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise PictureDamaged
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise PictureTooDemanding


def _canvas(kind: bytes, body: bytes) -> tuple[int, int, int] | None:
    """Return (flags, width, height) if this chunk tells them."""
    if kind == b"VP8X" and len(body) >= 10:  # noqa: PLR2004 - the chunk's fixed size
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return body[0], width, height
    if kind == b"VP8 " and len(body) >= 10:  # noqa: PLR2004 - frame tag, start code, sizes
        width, height = struct.unpack_from("<HH", body, 6)
        return 0, width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(body) >= 5:  # noqa: PLR2004 - signature and the packed sizes
        (bits,) = struct.unpack_from("<I", body, 1)
        alpha = _HAS_ALPHA if bits >> 28 & 1 else 0
        return alpha, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for kind, body in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body
