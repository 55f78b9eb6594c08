"""As many lines of a list, or as much of each, as a message has room for."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.wording.sentences import say

_MANY = 1_000_000
_Thing = TypeVar("_Thing")


def and_more(count: int) -> str:
    """Return how many lines are left out."""
    return say("-# and {count} more", count=count)


def and_more_of_many(_: int) -> str:
    """Return that lines are left out, where nobody knows how many there are in all."""
    return say("-# and more")


def fitting(
    lines: Sequence[str], room: int, more: int = 0, *, rest: Callable[[int], str] = and_more
) -> list[str]:
    """Return the first lines that fit into so many characters, and what `rest` says of the others.

    `more` are left out already.
    """
    shown: list[str] = []
    room -= len(rest(_MANY)) + 1
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    more += len(lines) - len(shown)
    return [*shown, rest(more)] if more else shown


def as_long_as_fits(
    things: Sequence[_Thing], text_of: Callable[[_Thing, int], str], mosts: Sequence[int], room: int
) -> list[str]:
    """Return a text of each thing, with as many characters of its words as all have room for.

    `mosts` are tried in order, the most first; the last is one with which all of them fit.
    """
    texts: list[str] = []
    for most in mosts:
        texts = [text_of(thing, most) for thing in things]
        if sum(map(len, texts)) <= room:
            break
    return texts
