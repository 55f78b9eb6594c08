"""JPEG byte by byte: FF D8, then segments FF marker length(2, counts itself) body, up to a scan."""

import hashlib
import struct
from collections.abc import Iterator

from bot.domain.jobs.limits import MAX_PARTS
from bot.domain.pictures.errors import PictureDamaged, PictureTooDemanding
from bot.imaging.files.carriers import MAX_TEXT_BYTES, Carriers, Split

MAX_PACKET_BYTES = 0xFFFF - 2 - 29  # one segment, less its length field and signature

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXIF = b"Exif\0\0"
_PROFILE = b"ICC_PROFILE\0"
# Signature, the packet's id (32), its full length (4), where this piece belongs (4), the piece
# (XMP specification part 3, 1.1.3.1).
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENDED_HEAD = len(_EXTENDED) + 40
_EXTENDED_PIECE = 0xFFFF - 2 - _EXTENDED_HEAD
_APP0, _APP1, _APP2, _APP11, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xEB, 0xEE, 0xEF, 0xFE
_SOS, _EOI = 0xDA, 0xD9
BARE_MARKERS = {0x00, 0x01, *range(0xD0, 0xD9)}  # a stuffed 0, TEM, RSTn and SOI have no length
# Both tell how the colours are stored; shorter ones tell nothing and trip parsers up.
_COLOUR_TELLERS = {_APP0: (b"JFIF\0", 14), _APP14: (b"Adobe", 12)}


def read(data: bytes, found: Carriers) -> None:
    """Note what a JPEG carries; raises PictureDamaged behind the good part."""
    pieces: dict[bytes, bytearray] = {}
    for marker, start, end in segments(data):
        body = data[start + 4 : end]
        if marker == _APP1 and body.startswith(_XMP):
            found.xmp = found.xmp or body[len(_XMP) :]
        elif marker == _APP1 and body.startswith(_EXTENDED):
            _collect(body, pieces)
        elif marker == _APP1 and body.startswith(_EXIF):
            found.note_exif(body[len(_EXIF) :])
        elif marker == _COM:
            found.note_text("Comment", body[:MAX_TEXT_BYTES].decode("utf-8", "replace"))
        elif marker == _APP11 and b"c2pa" in body[:64]:
            found.c2pa = True
        found.extended = _whole(pieces, found.xmp)


def split(data: bytes) -> Split:
    """Take a JPEG apart; one that breaks off keeps its rest as it is."""
    kept, profiles, exif = [data[:2]], list[bytes](), b""
    for marker, start, end in _lenient(data):
        body = data[start + 4 : end]
        if marker == _APP2 and body.startswith(_PROFILE):
            profiles.append(body[len(_PROFILE) :])
        elif marker == _APP1 and body.startswith(_EXIF):
            exif = exif or body[len(_EXIF) :]
        elif _tells_of_pixels(marker, body):
            kept.append(data[start:end])
    return Split(b"".join(kept), _profile(profiles), exif or None)


def with_xmp(data: bytes, packet: bytes, extended: bytes = b"") -> bytes:
    """Return the picture with `packet` as its one XMP packet, every other byte as it was.

    `extended` is a second packet of any size, for readers that look for one; `packet` must name
    it: see `extended_id`. Raises PictureDamaged, or ValueError for too large a packet.
    """
    if len(packet) > MAX_PACKET_BYTES:
        raise ValueError(f"an XMP packet may have {MAX_PACKET_BYTES} bytes, not {len(packet)}")
    ours = [_segment(_XMP + packet), *_extended_segments(extended)]
    parts, placed = [data[:2]], False
    for marker, start, end in segments(data):
        head = data[start + 4 : start + 4 + len(_EXTENDED)]
        if marker == _APP1 and head.startswith((_XMP, _EXTENDED)):
            continue
        first = marker == _APP0 or (marker == _APP1 and head.startswith(_EXIF))
        if not placed and not first:
            parts += ours
            placed = True
        parts.append(data[start:end])
    return b"".join(parts)


def extended_id(extended: bytes) -> str:
    """Return the name that the first packet must have for the second one."""
    return hashlib.md5(extended, usedforsecurity=False).hexdigest().upper()


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) up to the start of scan, whose end is the file's.

    Bytes between segments are skipped, as decoders do. Raises PictureDamaged, or
    PictureTooDemanding for more than any file has.
    """
    at, count = 2, 0
    while (at := data.find(b"\xff", at)) >= 0 and at + 2 <= len(data):
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        if marker in (_SOS, _EOI):
            yield marker, at, len(data)
            return
        end = at + 2 if marker in BARE_MARKERS else at + 2 + segment_length(data, at + 2)
        if end > len(data):
            break
        yield marker, at, end
        at, count = end, count + 1
        if count > MAX_PARTS:
            raise PictureTooDemanding
    raise PictureDamaged


def _lenient(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the segments; from where the file makes no sense its rest, as if the scan began."""
    at = 2
    try:
        for marker, start, end in segments(data):
            yield marker, start, end
            at = end
    except PictureDamaged:
        yield _SOS, at, len(data)


def segment_length(data: bytes, at: int) -> int:
    """Return what the field says, which counts itself; raises PictureDamaged."""
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2:  # noqa: PLR2004 - the field counts itself
        raise PictureDamaged
    return length


def _tells_of_pixels(marker: int, body: bytes) -> bool:
    if marker in _COLOUR_TELLERS:
        sign, least = _COLOUR_TELLERS[marker]
        return body.startswith(sign) and len(body) >= least
    return not (_APP0 <= marker <= _APP15 or marker == _COM)


def _profile(pieces: list[bytes]) -> bytes | None:
    """Join a colour profile's segments: number, how many, piece; None unless all are there."""
    numbered = {piece[0]: piece for piece in pieces if len(piece) > 2}  # noqa: PLR2004 - the two numbers
    count = max((piece[1] for piece in numbered.values()), default=0)
    if not count or sorted(numbered) != list(range(1, count + 1)):
        return None
    return b"".join(numbered[number][2:] for number in sorted(numbered))


def _collect(body: bytes, pieces: dict[bytes, bytearray]) -> None:
    """Put a piece of an extended packet where it says it belongs."""
    if len(body) <= _EXTENDED_HEAD:
        return
    name = body[len(_EXTENDED) :][:32]
    length, at = struct.unpack_from(">II", body, len(_EXTENDED) + 32)
    piece = body[_EXTENDED_HEAD:]
    if at + len(piece) <= length <= MAX_TEXT_BYTES:
        whole = pieces.setdefault(name, bytearray(length))
        whole[at : at + len(piece)] = piece


def _whole(pieces: dict[bytes, bytearray], packet: bytes | None) -> bytes | None:
    """Return the extended packet that the first one names, if it is there as it was written."""
    for name, whole in pieces.items():
        is_whole = extended_id(bytes(whole)).encode() == name.upper()
        if packet is not None and name in packet and is_whole:
            return bytes(whole)
    return None


def _segment(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body


def _extended_segments(extended: bytes) -> Iterator[bytes]:
    name = extended_id(extended).encode()
    for at in range(0, len(extended), _EXTENDED_PIECE):
        head = _EXTENDED + name + struct.pack(">II", len(extended), at)
        yield _segment(head + extended[at : at + _EXTENDED_PIECE])
