"""Reads and inserts metadata in JPEG, PNG and WebP byte by byte; pixels are never re-encoded."""

import contextlib

from bot.domain.pictures.errors import PictureDamaged, PictureFormatRefused
from bot.imaging.files import jpeg_file, png_file, webp_file
from bot.imaging.files.carriers import Carriers
from bot.imaging.files.exif import aigc_texts
from bot.imaging.files.sniff import sniff

_C2PA = b"jumdc2pa"  # the box that a manifest store begins with (C2PA 2.2, 11.1.4)
_TIFF_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")


def read(data: bytes) -> Carriers:
    """Return what a picture carries; a damaged rest is passed over, the good part counts."""
    found = Carriers()
    with contextlib.suppress(PictureDamaged):
        match _kind(data):
            case "JPEG":
                jpeg_file.read(data, found)
            case "PNG":
                png_file.read(data, found)
            case "WEBP":
                webp_file.read(data, found)
            case _:
                found.xmp = _xmp_element(data)
                found.aigc += aigc_texts(data)
                found.c2pa = _C2PA in data
    return found


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """Return the picture with `packet` as its one XMP packet, every other byte as it was.

    Raises PictureDamaged where the file breaks off, ValueError for BMP and TIFF or where a JPEG's
    packet is over `jpeg_file.MAX_PACKET_BYTES`.
    """
    match sniff(data):
        case "JPEG":
            return jpeg_file.with_xmp(data, packet)
        case "PNG":
            return png_file.with_xmp(data, packet)
        case "WEBP":
            return webp_file.with_xmp(data, packet)
        case kind:
            raise ValueError(f"no XMP is written into {kind}")


def _kind(data: bytes) -> str | None:
    with contextlib.suppress(PictureFormatRefused):
        return sniff(data)
    return None


def _xmp_element(data: bytes) -> bytes | None:
    """Find a packet by its looks, which spares TIFF, HEIF and GIF a parser."""
    opening, closing = _TIFF_XMP
    start = data.find(opening)
    end = data.find(closing, start)
    return data[start : end + len(closing)] if 0 <= start < end else None
