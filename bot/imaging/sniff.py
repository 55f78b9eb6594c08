"""Tells a picture's format by its first bytes; names and declared types are never believed."""

import struct

from bot.domain.picture_errors import NotAPicture, PictureFormatRefused

_TAKEN = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
)
_REFUSED = (
    (b"GIF8", "GIF"),
    (b"8BPS", "PSD"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF-", "PDF"),
    (b"qoif", "QOI"),
    (b"DDS ", "DDS"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
)
_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"hevc": "HEIC",
    b"mif1": "HEIC",
    b"msf1": "HEIC",
}
_BMP_HEADER_SIZES = {12, 16, 40, 52, 56, 64, 108, 124}
_SVG_WINDOW = 1024


def sniff(data: bytes) -> str:
    """Return "JPEG", "PNG", "WEBP", "BMP" or "TIFF", the formats the API takes (seed 003).

    Raises PictureFormatRefused for other known picture formats, NotAPicture for anything else.
    """
    for magic, name in _TAKEN:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if _is_bmp(data):
        return "BMP"
    refused = _refused(data)
    if refused:
        raise PictureFormatRefused(format=refused)
    raise NotAPicture


def _is_bmp(data: bytes) -> bool:
    """Two letters are too weak a sign, so the size of the header behind them must be known too."""
    if data[:2] != b"BM" or len(data) < 18:  # noqa: PLR2004 - file header and the size field
        return False
    (header_size,) = struct.unpack_from("<I", data, 14)
    return header_size in _BMP_HEADER_SIZES


def _refused(data: bytes) -> str | None:
    for magic, name in _REFUSED:
        if data.startswith(magic):
            return name
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12])
    if b"<svg" in data[:_SVG_WINDOW].lower():
        return "SVG"
    return None
