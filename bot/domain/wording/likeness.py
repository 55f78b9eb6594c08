"""How like a typed text is to a name: its beginning, words of it, with a slip or two."""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar

_Item = TypeVar("_Item")

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_SLIP = 4  # characters; of shorter words almost any is like any other
_LIKE = 0.75  # of the characters in common, in their order
_REMEMBERED = 20_000  # pairs of words; a few MB at most

BEGINS, WORD_BEGINS, HELD, WORDS, SLIPS = range(5)
"""The ways to be like a text, best first."""


def likeness(typed: str, text: str) -> int | None:
    """Return which way a text is like what was typed; None for none. Nothing typed begins all."""
    typed, text = typed.strip().casefold(), text.casefold()
    if text.startswith(typed):
        return BEGINS
    if typed in text:
        return WORD_BEGINS if re.search(rf"(?<!\w){re.escape(typed)}", text) else HELD
    asked, words = _WORD.findall(typed), _words(text)
    if "".join(asked) in "".join(words):
        return HELD if asked else None
    if all(each.isdecimal() for each in asked):
        return None  # 16:9 is not 9:16
    if all(_begins(each, words) for each in asked):
        return WORDS
    slips = all(_begins(each, words) or _slipped(each, words) for each in asked)
    return SLIPS if slips else None


def most_like(typed: str, items: Iterable[_Item], text: Callable[[_Item], str]) -> list[_Item]:
    """Return the items whose texts are like the typed one, most like it first."""
    ranked = [(likeness(typed, text(item)), item) for item in items]
    found = [(rank, item) for rank, item in ranked if rank is not None]
    return [item for _, item in sorted(found, key=lambda each: each[0])]


@lru_cache(maxsize=_REMEMBERED)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text))


def _begins(typed: str, words: tuple[str, ...]) -> bool:
    return any(word.startswith(typed) for word in words)


def _slipped(typed: str, words: tuple[str, ...]) -> bool:
    return len(typed) >= _SHORTEST_SLIP and any(_is_slip(typed, word) for word in words)


@lru_cache(maxsize=_REMEMBERED)
def _is_slip(typed: str, word: str) -> bool:
    """Tell whether a word begins with nearly what was typed, which may go on."""
    begun = word[: len(typed) + 1]
    matcher = SequenceMatcher(None, begun, typed, autojunk=False)
    likely = matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE
    return likely and matcher.ratio() >= _LIKE
