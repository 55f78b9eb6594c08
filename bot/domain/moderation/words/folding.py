"""Folds a text to the plain reading, in which a word is the same however it was typed.

It knows neither case, accents, width nor what is invisible, and one space between words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

import regex

_MARKS = (
    *range(0x300, 0x370),
    *range(0x483, 0x48A),
    *range(0x591, 0x5C8),  # Hebrew points
    *range(0x610, 0x61B),
    0x640,
    *range(0x64B, 0x660),  # Arabic vowels
    *range(0x1AB0, 0x1B00),
    *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x2100),
    *range(0xFE20, 0xFE30),
)
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}--[\t\n\r]]", regex.V1)
# Written without spaces, so a word's borders are not to be seen; katakana end where they end.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_KATAKANA = r"\p{Katakana}ー"
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_WORD_OF_ONE_KIND = regex.compile(
    rf"[{_UNSPACED}]+|[{_KATAKANA}]+|[[\p{{L}}\p{{N}}\p{{M}}]--[{_UNSPACED}{_KATAKANA}]]+", regex.V1
)
_IS_OF_MANY_KINDS = regex.compile(rf"[{_UNSPACED}{_KATAKANA}]")
_APART = regex.compile(rf"(?<=[{_UNSPACED}])[ .·・…_*~+\-/|]+(?=[{_UNSPACED}])", regex.V1)
# What nearly always stands between words; each is no letter, number or mark.
_BETWEEN = MappingProxyType(dict.fromkeys(".,;:!?-–—_/()[]{}\"'“”„«»‘’…*#&+", " "))  # noqa: RUF001 - as they are typed
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_MANY_SIGNS = 40  # each further one costs a walk through the text
_IS_UNSPACED = regex.compile(rf"[{_UNSPACED}]")


def bare(text: str) -> str:
    """Return a text without accents, width and what is invisible; its case stays."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", replaced(parts, _marks()))


def spelled(text: str) -> str:
    """Return a bare text's words, with one space before, between and after them, without case.

    Scripts that are written without spaces have none within, whatever stands between two of theirs.
    """
    folded = text.casefold()
    if folded.isascii():
        return f" {' '.join(_ASCII_WORD.findall(folded))} "
    if _IS_OF_MANY_KINDS.search(folded):
        return f" {' '.join(_WORD_OF_ONE_KIND.findall(_APART.sub('', folded)))} "
    words = replaced(folded, _BETWEEN).split()
    if not "".join(words).isalpha():
        words = _WORD.findall(folded)
    return f" {' '.join(words)} "


def with_each(text: str, is_it: Callable[[str], bool], other: str) -> str:
    """Return a text with another sign in place of each that is such a one."""
    return replaced(text, {sign: other for sign in set(text) if is_it(sign)})


@lru_cache(4096)
def is_between(sign: str) -> bool:
    """Tell whether a sign stands between words: it is no letter, number or mark."""
    return _WORD.match(sign) is None


def replaced(text: str, table: Mapping[str, str]) -> str:
    """Return a text with signs replaced; faster than `translate` alone where few are in it."""
    found = [sign for sign in (table if len(table) <= _MANY_SIGNS else set(text)) if sign in table]
    if len(found) > _MANY_SIGNS:
        return text.translate({ord(sign): table[sign] for sign in found})
    for sign in found:
        text = text.replace(sign, table[sign])
    return text


def begins_unseen(word: str) -> bool:
    """Tell whether nothing shows where a spelled word begins in a text."""
    return _IS_UNSPACED.match(word) is not None


def ends_unseen(word: str) -> bool:
    """Tell whether nothing shows where a spelled word ends in a text."""
    return _IS_UNSPACED.match(word[-1:]) is not None


@cache
def _marks() -> dict[str, str]:
    return dict.fromkeys(map(chr, _MARKS), "")
