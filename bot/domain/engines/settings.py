"""What the operator may write into an engine's settings; all of it is read at the start."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.wording.durations import seconds_of

# What a request of 10 MB has left besides the largest pictures and prompt (TC3, 2026-08).
LOGO_MOST_CHARACTERS = 200_000
_RECT = re.compile(r"\s*,\s*".join([r"([0-9]{1,5})"] * 4))
_CLASS = re.compile(r"[0-9]{1,18}")  # a whole number of 64 bits (VOD API, 2026-10)
_ADDRESS = re.compile(r"https?://[^\s/?#@\[\]]+([/?#]\S*)?")
_PICTURES: Final = ("/9j/", "iVBORw0KGgo", "UklGR", "Qk")  # JPEG, PNG, WebP and BMP as Base64
_LONGEST_SPAN_S = 3650 * 86_400.0


def rect_of(text: str) -> tuple[int, int, int, int]:
    """Return x, y, width and height in pixels; raises ValueError with the form it should have."""
    match = _RECT.fullmatch(text.strip())
    numbers = [int(number) for number in match.groups()] if match else []
    if not numbers or not all(numbers[2:]):
        raise ValueError("write x,y,width,height in pixels, for example 20,20,160,48")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def class_of(text: str) -> int:
    """Return the number of a class of media; raises ValueError."""
    if not _CLASS.fullmatch(text):
        raise ValueError("write the class's number, for example 12")
    return int(text)


def life_of(text: str) -> float:
    """Return the seconds that a stored file is kept; raises ValueError."""
    seconds = seconds_of(text)
    if not 0 < seconds <= _LONGEST_SPAN_S:
        raise ValueError("write a span up to ten years, for example 30d")
    return seconds


def definition_of(text: str) -> int:
    """Return the number of a template of image processing; raises ValueError."""
    if not _CLASS.fullmatch(text) or not int(text):
        raise ValueError("write the template's number, for example 30023")
    return int(text)


def is_address(logo: str) -> bool:
    """Tell whether a logo is given by its address, rather than as Base64."""
    return logo.startswith(("https://", "http://"))


def _check_logo(text: str) -> None:
    if len(text) > LOGO_MOST_CHARACTERS:
        most = LOGO_MOST_CHARACTERS * 3 // 4
        raise ValueError(f"the picture may have {most:,} bytes, or give its https:// address")
    if is_address(text):
        is_logo = _ADDRESS.fullmatch(text) is not None
    else:
        is_logo = text.startswith(_PICTURES) and _is_base64(text)
    if not is_logo:
        raise ValueError("give an https:// address, or a JPEG, PNG, WebP or BMP as plain Base64")


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    "logo": _check_logo,
    "logo_rect": rect_of,
    "class_id": class_of,
    "expires_after": life_of,
    "definition": definition_of,
}


def check_setting(name: str, text: str, choices: tuple[str, ...] | None) -> None:
    """Refuse what no job could use; raises ValueError with the form the text should have.

    `choices` are the texts it may be: empty for any text, None for an API without such a setting.
    """
    if choices is None:
        raise ValueError("this engine's API has no such setting")
    if choices and text not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}")
    check = _CHECKS.get(name)
    if check is not None:
        check(text)
