"""PNG byte by byte: signature(8), then chunks length(4) type(4) body crc(4)."""

import contextlib
import struct
import zlib
from collections.abc import Iterator

from bot.domain.jobs.limits import MAX_PARTS
from bot.domain.pictures.errors import PictureDamaged, PictureTooDemanding
from bot.imaging.files.carriers import MAX_PROFILE_BYTES, MAX_TEXT_BYTES, Carriers, Split

_SIGNATURE_BYTES = 8
_HEADER = struct.pack(">I4s", 13, b"IHDR")  # the first chunk (PNG 3rd edition, 5.6)
_FORM = slice(24, 26)  # signature, IHDR's length and type, width(4) height(4): bits, colour type
_EIGHT_BIT_RGB = bytes((8, 2))
_XMP = b"XML:com.adobe.xmp"
_AIGC = b"AIGC"
_KEYWORD_BYTES = 79  # (PNG specification, 11.3.4)
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_TRANSPARENT = b"tRNS"  # the one chunk of those that may be left out that pixels depend on


def read(data: bytes, found: Carriers) -> None:
    """Note what a PNG carries; raises PictureDamaged behind the good part."""
    for kind, start, end in _chunks(data):
        body = data[start + 8 : end - 4]
        if kind == b"caBX":
            found.c2pa = True
        elif kind == b"eXIf":
            found.note_exif(body)
        elif kind in _TEXTS:
            _note_text(found, *_text(kind, body, min(found.room, MAX_TEXT_BYTES)))


def _note_text(found: Carriers, keyword: bytes, text: bytes, unpacked: int) -> None:
    found.room -= unpacked
    if keyword == _XMP:
        found.xmp = found.xmp or text
    elif keyword == _AIGC:
        found.aigc.append(_decoded(text))
    else:
        found.note_text(keyword[:_KEYWORD_BYTES].decode("latin-1"), _decoded(text[:MAX_TEXT_BYTES]))


def split(data: bytes) -> Split:
    """Take a PNG apart; what may be left out is, whatever is wrong with it.

    A checksum that does not fit matters to the chunks that pixels are made of, and to no other.
    """
    kept, profile, exif = [data[:_SIGNATURE_BYTES]], None, None
    for kind, start, end in _lenient(data):
        body = data[start + 8 : end - 4]
        if kind == b"iCCP":
            profile = profile or _profile(body)
        elif kind == b"eXIf":
            exif = exif or body
        elif kind == _TRANSPARENT:
            kept.append(_chunk(kind, body))
        elif kind[:1].isupper():  # critical
            kept.append(data[start:end])
    return Split(b"".join(kept), profile, exif)


def is_plain_rgb(data: bytes) -> bool:
    """Tell whether its pixels are 8-bit RGB, none of them transparent."""
    is_rgb = data[_FORM] == _EIGHT_BIT_RGB
    return is_rgb and all(kind != _TRANSPARENT for kind, _, _ in _lenient(data))


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """Return the picture with `packet` as its one XMP packet, every other byte as it was.

    Raises PictureDamaged, also where there is no header to put it behind.
    """
    if not data.startswith(_HEADER, _SIGNATURE_BYTES):
        raise PictureDamaged
    parts = [data[:_SIGNATURE_BYTES]]
    for kind, start, end in _chunks(data):
        if kind in _TEXTS and data[start + 8 : end].startswith(_XMP + b"\0"):
            continue
        parts.append(data[start:end])
        if start == _SIGNATURE_BYTES:
            parts.append(_chunk(b"iTXt", _XMP + b"\0\0\0\0\0" + packet))
    return b"".join(parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) up to IEND, whose end is the file's.

    Raises PictureDamaged, or PictureTooDemanding for more than any file has.
    """
    at, count = _SIGNATURE_BYTES, 0
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            yield kind, at, len(data)
            return
        end = at + 12 + length
        if end > len(data):
            break
        yield kind, at, end
        at, count = end, count + 1
        if count > MAX_PARTS:
            raise PictureTooDemanding
    raise PictureDamaged


def _lenient(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the chunks; from where the file breaks off its rest, as one that is needed."""
    at = _SIGNATURE_BYTES
    try:
        for kind, start, end in _chunks(data):
            yield kind, start, end
            at = end
    except PictureDamaged:
        yield b"IDAT", at, len(data)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _profile(body: bytes) -> bytes | None:
    """Return a colour profile: name, 0, method(1) 0, packed; None for one that does not unpack."""
    _, _, packed = body.partition(b"\0")
    profile = _unpacked(packed[1:], MAX_PROFILE_BYTES)
    return profile or None


def _text(kind: bytes, body: bytes, most: int) -> tuple[bytes, bytes, int]:
    """Return keyword, text and how many bytes were unpacked for it; what is too large is empty."""
    keyword, _, rest = body.partition(b"\0")
    is_packed, text = kind == b"zTXt", rest
    if kind == b"zTXt":
        text = rest[1:]
    elif kind == b"iTXt":
        is_packed = rest[:1] == b"\1"
        text = rest[2:].split(b"\0", 2)[-1]  # behind the language and the translated keyword
    if is_packed:
        whole = _unpacked(text, most) if most else None
        return keyword, whole or b"", most if whole is None else len(whole)
    return keyword, text, 0


def _unpacked(packed: bytes, most: int) -> bytes | None:
    """Unpack so many bytes at most; None for what is broken or larger."""
    with contextlib.suppress(zlib.error):
        stream = zlib.decompressobj()
        unpacked = stream.decompress(packed, most)
        return None if stream.unconsumed_tail else unpacked
    return None


def _decoded(text: bytes) -> str:
    """Read a text as UTF-8, which tools write everywhere, or as what the standard says."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")
