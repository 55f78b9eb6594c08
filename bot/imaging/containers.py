"""Reads and inserts metadata in JPEG, PNG and WebP byte by byte; pixels are never re-encoded."""

import contextlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.domain.picture_errors import PictureDamaged
from bot.imaging.sniff import sniff

MAX_PACKET_BYTES = 0xFFFF - 2 - 29  # one JPEG segment, less its length field and signature
_MAX_TEXT_BYTES = 1 << 20  # a compressed PNG text may unpack to this much

_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_EXIF = b"Exif\0\0"
_APP0, _APP1, _APP11, _SOS, _EOI = 0xE0, 0xE1, 0xEB, 0xDA, 0xD9
_BARE_MARKERS = {0x01, *range(0xD0, 0xD9)}  # TEM, RSTn and SOI have no length
_PNG_SIGNATURE_BYTES = 8
_PNG_XMP = b"XML:com.adobe.xmp"
_PNG_AIGC = b"AIGC"
_WEBP_HAS_XMP, _WEBP_HAS_ALPHA = 0x04, 0x10
_TIFF_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")
_USER_COMMENT = b"ASCII\0\0\0"


@dataclass(slots=True)
class Carriers:
    """What was found where metadata may be: the XMP packet, AIGC texts outside it, C2PA."""

    xmp: bytes | None = None
    aigc: list[str] = field(default_factory=list)
    c2pa: bool = False


def read(data: bytes) -> Carriers:
    """Return what a picture carries; a damaged rest is passed over, the good part counts."""
    found = Carriers()
    with contextlib.suppress(PictureDamaged):
        match sniff(data):
            case "JPEG":
                _read_jpeg(data, found)
            case "PNG":
                _read_png(data, found)
            case "WEBP":
                _read_webp(data, found)
            case "TIFF":
                found.xmp = _xmp_element(data)
    return found


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """Return the picture with `packet` as its one XMP packet, every other byte as it was.

    Raises PictureDamaged where the file breaks off, ValueError for BMP and TIFF or a packet over
    `MAX_PACKET_BYTES`.
    """
    if len(packet) > MAX_PACKET_BYTES:
        raise ValueError(f"an XMP packet may have {MAX_PACKET_BYTES} bytes, not {len(packet)}")
    match sniff(data):
        case "JPEG":
            return _insert_jpeg(data, packet)
        case "PNG":
            return _insert_png(data, packet)
        case "WEBP":
            return _insert_webp(data, packet)
        case kind:
            raise ValueError(f"no XMP is written into {kind}")


def _xmp_element(data: bytes) -> bytes | None:
    """Find a packet by its looks, which spares the TIFF directories a parser."""
    opening, closing = _TIFF_XMP
    start = data.find(opening)
    end = data.find(closing, start)
    return data[start : end + len(closing)] if 0 <= start < end else None


def webp_size(data: bytes) -> tuple[int, int]:
    """Return (width, height) in pixels as the header says; raises PictureDamaged."""
    for kind, body in _webp_chunks(data):
        extended = _webp_canvas(kind, body)
        if extended:
            return extended[1], extended[2]
    raise PictureDamaged


# --- JPEG: FF D8, then segments FF marker length(2, counts itself) body, up to the scan ---------


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) up to the start of scan, whose end is the file's."""
    at = 2
    while at + 2 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins with this byte
            raise PictureDamaged
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        if marker in (_SOS, _EOI):
            yield marker, at, len(data)
            return
        end = at + 2 if marker in _BARE_MARKERS else at + 2 + _length(data, at + 2)
        if end > len(data):
            break
        yield marker, at, end
        at = end
    raise PictureDamaged


def _length(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2:  # noqa: PLR2004 - the field counts itself
        raise PictureDamaged
    return length


def _read_jpeg(data: bytes, found: Carriers) -> None:
    for marker, start, end in _jpeg_segments(data):
        body = data[start + 4 : end]
        if marker == _APP1 and body.startswith(_JPEG_XMP):
            found.xmp = found.xmp or body[len(_JPEG_XMP) :]
        elif marker == _APP1 and body.startswith(_JPEG_EXIF):
            found.aigc += _aigc_in_exif(body)
        elif marker == _APP11 and b"c2pa" in body[:64]:
            found.c2pa = True


def _insert_jpeg(data: bytes, packet: bytes) -> bytes:
    body = _JPEG_XMP + packet
    ours = b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body
    parts, placed = [data[:2]], False
    for marker, start, end in _jpeg_segments(data):
        head = data[start + 4 : start + 4 + len(_JPEG_XMP)]
        if marker == _APP1 and head == _JPEG_XMP:
            continue
        first = marker == _APP0 or (marker == _APP1 and head.startswith(_JPEG_EXIF))
        if not placed and not first:
            parts.append(ours)
            placed = True
        parts.append(data[start:end])
    return b"".join(parts)


# --- PNG: signature(8), then chunks length(4) type(4) body crc(4) -------------------------------


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) up to IEND, whose end is the file's."""
    at = _PNG_SIGNATURE_BYTES
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            yield kind, at, len(data)
            return
        end = at + 12 + length
        if end > len(data):
            break
        yield kind, at, end
        at = end
    raise PictureDamaged


def _read_png(data: bytes, found: Carriers) -> None:
    for kind, start, end in _png_chunks(data):
        if kind == b"caBX":
            found.c2pa = True
        elif kind == b"eXIf":
            found.aigc += _aigc_in_exif(data[start + 8 : end - 4])
        elif kind in (b"tEXt", b"iTXt"):
            keyword, text = _png_text(kind, data[start + 8 : end - 4])
            if keyword == _PNG_XMP:
                found.xmp = found.xmp or text
            elif keyword == _PNG_AIGC:
                found.aigc.append(text.decode("utf-8", "replace"))


def _png_text(kind: bytes, body: bytes) -> tuple[bytes, bytes]:
    keyword, _, rest = body.partition(b"\0")
    if kind == b"tEXt":
        return keyword, rest
    compressed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.split(b"\0", 2)[-1]  # behind the language and the translated keyword
    if compressed:
        with contextlib.suppress(zlib.error):
            return keyword, zlib.decompressobj().decompress(text, _MAX_TEXT_BYTES)
    return keyword, text


def _insert_png(data: bytes, packet: bytes) -> bytes:
    body = b"iTXt" + _PNG_XMP + b"\0\0\0\0\0" + packet
    ours = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    parts = [data[:_PNG_SIGNATURE_BYTES]]
    for kind, start, end in _png_chunks(data):
        if kind == b"iTXt" and data[start + 8 :].startswith(_PNG_XMP + b"\0"):
            continue
        parts.append(data[start:end])
        if kind == b"IHDR":
            parts.append(ours)
    return b"".join(parts)


# --- WebP: "RIFF" size(4) "WEBP", then chunks fourcc(4) size(4, little-endian) body, padded ------


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise PictureDamaged
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_canvas(kind: bytes, body: bytes) -> tuple[int, int, int] | None:
    """Return (flags, width, height) if this chunk tells them."""
    if kind == b"VP8X" and len(body) >= 10:  # noqa: PLR2004 - the chunk's fixed size
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return body[0], width, height
    if kind == b"VP8 " and len(body) >= 10:  # noqa: PLR2004 - frame tag, start code, sizes
        width, height = struct.unpack_from("<HH", body, 6)
        return 0, width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(body) >= 5:  # noqa: PLR2004 - signature and the packed sizes
        (bits,) = struct.unpack_from("<I", body, 1)
        alpha = _WEBP_HAS_ALPHA if bits >> 28 & 1 else 0
        return alpha, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def _read_webp(data: bytes, found: Carriers) -> None:
    for kind, body in _webp_chunks(data):
        if kind == b"XMP ":
            found.xmp = found.xmp or body
        elif kind == b"EXIF":
            found.aigc += _aigc_in_exif(body)
        elif kind == b"C2PA":
            found.c2pa = True


def _insert_webp(data: bytes, packet: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in _webp_chunks(data) if kind != b"XMP "]
    canvas = _webp_canvas(*chunks[0]) if chunks else None
    if canvas is None:
        raise PictureDamaged
    flags, width, height = canvas
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    header = (b"VP8X", bytes((flags | _WEBP_HAS_XMP, 0, 0, 0)) + sizes)
    rest = chunks[1:] if chunks[0][0] == b"VP8X" else chunks
    body = b"".join(_webp_chunk(*chunk) for chunk in (header, *rest, (b"XMP ", packet)))
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _webp_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


# --- EXIF ---------------------------------------------------------------------------------------


def _aigc_in_exif(exif: bytes) -> list[str]:
    """Find a user comment that is an AIGC label, without parsing the directories around it."""
    found = []
    for rest in exif.split(_USER_COMMENT)[1:]:
        text = rest.decode("utf-8", "ignore")
        with contextlib.suppress(ValueError, RecursionError):
            value, end = json.JSONDecoder().raw_decode(text)
            if isinstance(value, dict) and "AIGC" in value:
                found.append(text[:end])
    return found
