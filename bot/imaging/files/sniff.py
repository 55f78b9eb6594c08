"""Tells a picture's format by its first bytes; names and declared types are never believed."""

import struct
from collections.abc import Iterable

from bot.domain.errors import NotPossible
from bot.domain.pictures.errors import NotAPicture, PictureFormatRefused

_TAKEN = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_RAW = "Camera raw"
# First of all: some of these begin like a format that is taken.
_REFUSED = (
    (b"GIF8", "GIF"),
    (b"8BPS", "PSD"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\2\0", "CUR"),
    (b"icns", "ICNS"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\xd8\xff\xf7", "JPEG-LS"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF-", "PDF"),
    (b"qoif", "QOI"),
    (b"DDS ", "DDS"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"#?RGBE", "Radiance HDR"),
    (b"gimp xcf", "XCF"),
    (b"\x8aMNG\r\n\x1a\n", "MNG"),
    (b"\x8bJNG\r\n\x1a\n", "JNG"),
    (b"BPG\xfb", "BPG"),
    (b"FLIF", "FLIF"),
    (b"farbfeld", "Farbfeld"),
    (b"SIMPLE  =", "FITS"),
    (b"AT&TFORM", "DjVu"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"\x0a\x05\x01\x08", "PCX"),
    (b"\x01\xda\0", "SGI"),
    (b"\x01\xda\x01", "SGI"),
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"FOVb", _RAW),
    (b"\0MRM", _RAW),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"MMOR", _RAW),
    (b"IIU\0", _RAW),
    (b"IIII", _RAW),
    (b"MMMM", _RAW),
)
_CANON_RAW = b"CR"  # in the eight bytes behind TIFF's own
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}
_NETPBM = frozenset(b"P%d" % number for number in range(1, 8))
_SVG_WINDOW = 1024
_MOST_BRANDS = 32
# Which of its brands says what a file of ISO's base media format (ISO 23008-12) holds.
_BRANDS = (
    ("AVIF", {b"avif", b"avis"}),
    ("HEIC", {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}),
    (_RAW, {b"crx "}),
    ("JPEG 2000 in HEIF", {b"j2ki", b"j2is"}),
    ("AVC in HEIF", {b"avci", b"avcs"}),
    ("VVC in HEIF", {b"vvic", b"vvis"}),
)
_GENERAL = frozenset((b"mif1", b"msf1", b"mif2", b"miaf"))  # a picture, however it is packed


def sniff(data: bytes) -> str:
    """Return "JPEG", "PNG", "WEBP", "BMP", "TIFF", "HEIC" or "AVIF".

    Raises PictureFormatRefused for other known picture formats, NotAPicture for anything else.
    """
    name = _by_magic(data, _REFUSED)
    if name or (data[:4] == b"II*\0" and data[8:10] == _CANON_RAW):
        raise PictureFormatRefused(format=name or _RAW)
    name = _by_magic(data, _TAKEN)
    if name:
        return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if _is_bmp(data):
        return "BMP"
    if data[4:8] == b"ftyp":
        return _held(data)
    raise _refusal(data)


def _by_magic(data: bytes, known: Iterable[tuple[bytes, str]]) -> str | None:
    return next((name for magic, name in known if data.startswith(magic)), None)


def _is_bmp(data: bytes) -> bool:
    """Two letters are too weak a sign, so the size of the header behind them must be known too."""
    if data[:2] != b"BM" or len(data) < 18:  # noqa: PLR2004 - file header and the size field
        return False
    (header_size,) = struct.unpack_from("<I", data, 14)
    return header_size in _BMP_HEADER_SIZES


def _refusal(data: bytes) -> NotPossible:
    """Name a format by signs so weak that a comment in a JPEG or a PNG may hold them, too."""
    if data[:2] in _NETPBM and data[2:3].isspace():
        return PictureFormatRefused(format="Netpbm")
    if data[128:132] == b"DICM":
        return PictureFormatRefused(format="DICOM")
    if b"<svg" in data[:_SVG_WINDOW].lower():
        return PictureFormatRefused(format="SVG")
    return NotAPicture()


def _held(data: bytes) -> str:
    """Return what a file of ISO's base media format holds: "HEIC" or "AVIF"."""
    (length,) = struct.unpack_from(">I", data)
    listed = data[16 : min(length, 16 + 4 * _MOST_BRANDS)]
    brands = [data[8:12], *(listed[at : at + 4] for at in range(0, len(listed), 4))]
    for brand in brands:  # the file's own comes first
        for name, known in _BRANDS:
            if brand in known:
                return _if_taken(name)
    if _GENERAL.isdisjoint(brands):
        raise NotAPicture  # a film or a sound
    return "HEIC"


def _if_taken(name: str) -> str:
    if name in {"HEIC", "AVIF"}:
        return name
    raise PictureFormatRefused(format=name)
