"""Characters that look like letters: Unicode's confusables, as a well-kept package ships them.

Its data is read once, when the first word list is compiled; its code, which would keep all of the
data, is not imported.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType

_NAMED = re.compile(
    r"LATIN (?:SMALL|CAPITAL) LETTER(?: (?:DOTLESS|LONG|SCRIPT|OPEN|INSULAR))? ([A-Z])(?: WITH .*)?"
    r"|LATIN LETTER SMALL CAPITAL ([A-Z])"
)
_LATIN = (
    *range(0xC0, 0x2B0),
    *range(0x1D00, 0x1DC0),
    *range(0x1E00, 0x1F00),
    *range(0x2C60, 0x2C80),
    *range(0xA720, 0xA800),
    *range(0xAB30, 0xAB70),
)
# Letters on signs that have no compatible letter of their own (UnicodeData 16).
_SIGNS = (0x1F1E6, 0x1F150, 0x1F170)
_CYRILLIC = (*range(0x430, 0x450), 0x455, 0x456, 0x458)  # of Russian, and dze, i, je

# Syllabics, Greek and Cyrillic letters that are typed for these, and that Unicode's table lacks.
_TYPED_FOR = MappingProxyType(
    dict(zip("ᑎᗴᗩᑕᔕᗯᘔμπυβωλпдицшщякм", "neacswzunubwandnuwwrkm", strict=True))
)


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Tables of single characters.

    `near` are Latin letters for what looks like one at a glance, `same` of these what can hardly be
    told from one; `cyrillic` the Cyrillic letters that Latin ones look like.
    """

    near: Mapping[str, str]
    same: Mapping[str, str]
    cyrillic: Mapping[str, str]


@cache
def lookalikes() -> Lookalikes:
    """Return the tables; the first call reads them, which takes a tenth of a second."""
    data = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_bytes())
    alike = {
        sign: [_without_marks(each["c"]) for each in others]
        for sign, others in data.items()
        if len(sign) == 1 and not sign.isascii()
    }
    same = {sign: found for sign, others in alike.items() if (found := _first_ascii(others))}
    named = {chr(code): letter for code, letter in _named_letters()}
    second = {
        sign: found
        for sign, others in alike.items()
        if (found := next((named[other] for other in others if other in named), None))
    }
    cyrillic = {
        letter: sign
        for sign, letter in chain(second.items(), same.items())
        if ord(sign) in _CYRILLIC and len(letter) == 1
    }
    return Lookalikes({**_TYPED_FOR, **second, **named, **same}, same, cyrillic)


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _first_ascii(others: list[str]) -> str | None:
    return next((o for o in others if o.isascii() and o.isalpha() and len(o) <= 2), None)  # noqa: PLR2004 - such as "ae"


def _named_letters() -> Iterator[tuple[int, str]]:
    """Yield the Latin letters that no normalization knows, by the letters in their names."""
    for code in _LATIN:
        found = _NAMED.fullmatch(unicodedata.name(chr(code), ""))
        if found:
            yield code, (found[1] or found[2]).lower()
    for first in _SIGNS:
        for number in range(26):
            yield first + number, chr(ord("a") + number)
