"""Pictures that a client hands in: really decoded, held to a service's limits, searched for GPS."""

import asyncio
import base64
import binascii
import ipaddress
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout
from PIL import ExifTags, Image

from bot.sandbox.tencent.account import Faults
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR, Params

_GPS_IFD = 0x8825  # (EXIF: the GPS directory's tag)
_LYING = (5, 6, 7, 8)  # (EXIF: orientations that exchange width and height)
_SIDE_BELOW = 10_000  # px; where a service names no limit, this one bounds the decoding
_FETCH_TIMEOUT: Final = ClientTimeout(total=10)


class Unreadable(Exception):
    """The bytes are no picture of an accepted format."""


class TooLarge(Unreadable):
    """The picture has more pixels than anybody would decode."""


class OutOfReach(Exception):
    """The URL is not on loopback, or nothing usable answered there."""


@dataclass(frozen=True)
class Limits:
    """An action's limits for a picture; sides in px and Base64 in characters, all exclusive."""

    side_above: int
    side_below: int
    base64_below: int
    formats: frozenset[str]


def decode_base64(text: str) -> bytes:
    """Decode strict Base64 without a `data:` prefix. Raises Unreadable."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(str(error)) from error


def measure(
    data: bytes, formats: frozenset[str], faults: Faults, *, side_below: int = _SIDE_BELOW
) -> tuple[int, int]:
    """Decode a picture whole and give (width, height) upright; tells `faults` of a location inside.

    Raises TooLarge before decoding where a side reaches `side_below` px, and Unreadable for what
    cannot be decoded or is not in `formats` (Pillow's names).
    """
    try:
        with Image.open(BytesIO(data)) as picture:
            _check_size(picture.size, side_below)  # first: to look for EXIF decodes a PNG
            kind, size = picture.format, upright_size(picture)
            located = bool(picture.getexif().get_ifd(_GPS_IFD)) or _names_gps(picture)
            picture.load()
    except Image.DecompressionBombError as error:
        raise TooLarge(str(error)) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable(str(error)) from error
    if kind not in formats:
        raise Unreadable(f"{kind} is not among the accepted formats.")
    if located:
        faults.append("location sent on: a picture still carries GPS metadata")
    return size


def upright_size(picture: Image.Image) -> tuple[int, int]:
    """Give (width, height) as a viewer sees the picture, its EXIF orientation heeded."""
    width, height = picture.size
    lying = picture.getexif().get(ExifTags.Base.Orientation) in _LYING
    return (height, width) if lying else (width, height)


def is_web_url(url: str) -> bool:
    """Tell whether this is an http or https URL with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


async def fetch(url: str) -> bytes:
    """Download a picture from loopback. Raises OutOfReach."""
    if not _on_loopback(url):
        raise OutOfReach("The stand-in reaches nothing but loopback.")
    try:
        async with (
            ClientSession(timeout=_FETCH_TIMEOUT) as session,
            session.get(url, allow_redirects=False) as reply,
        ):
            data = await reply.read()
            found = reply.status == 200
    except (ClientError, TimeoutError) as error:
        raise OutOfReach(type(error).__name__) from error
    if not found:
        raise OutOfReach("The URL does not answer with a picture.")
    return data


async def input_picture(
    params: Params, limits: Limits, faults: Faults, names: tuple[str, str]
) -> tuple[bytes, tuple[int, int]]:
    """Give an aiart action's input and its size from its Base64 or URL field; the URL prevails.

    `names` are the two fields. Raises Refusal with aiart's documented code (seed 003).
    """
    text, url = params.get(names[0]), params.get(names[1])
    if url:
        text = await _downloaded(url)
    return await _held_to(text, limits, faults)


async def picture_of(text: str, limits: Limits, faults: Faults) -> tuple[bytes, tuple[int, int]]:
    """Give a picture and its size from a text that is its URL or its Base64; as `input_picture`."""
    return await _held_to(await _downloaded(text) if is_web_url(text) else text, limits, faults)


async def _held_to(
    text: str | None, limits: Limits, faults: Faults
) -> tuple[bytes, tuple[int, int]]:
    if not text:
        raise refuse("InvalidParameterValue.ImageEmpty", "No picture is given.")
    if len(text) >= limits.base64_below:
        raise refuse("FailedOperation.ImageSizeExceed", "The picture's Base64 is too long.")
    data, size = await asyncio.to_thread(_decoded, text, limits, faults)
    if min(size) <= limits.side_above:
        raise refuse(PARAMETER_VALUE_ERROR, f"{size[0]}x{size[1]} is too small.")
    return data, size


async def _downloaded(url: str) -> str:
    """Give a picture's Base64, whose length is limited however the picture comes."""
    if not is_web_url(url):
        raise refuse("InvalidParameterValue.UrlIllegal", "The URL is malformed.")
    try:
        return base64.b64encode(await fetch(url)).decode()
    except OutOfReach as error:
        raise Refusal("FailedOperation.ImageDownloadError", str(error)) from error


def _decoded(text: str, limits: Limits, faults: Faults) -> tuple[bytes, tuple[int, int]]:
    try:
        data = decode_base64(text)
        return data, measure(data, limits.formats, faults, side_below=limits.side_below)
    except TooLarge as error:
        raise refuse("FailedOperation.ImageResolutionExceed", str(error)) from error
    except Unreadable as error:
        raise refuse("FailedOperation.ImageDecodeFailed", str(error)) from error


def _check_size(size: tuple[int, int], side_below: int) -> None:
    if max(size) >= side_below:
        raise TooLarge(f"{size[0]}x{size[1]} is too large.")


def _on_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names_gps(picture: Image.Image) -> bool:
    xmp = picture.info.get("xmp", b"")
    return b"GPSLatitude" in (xmp if isinstance(xmp, bytes) else str(xmp).encode())
