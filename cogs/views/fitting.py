"""As many lines of a list as a message has room for."""

from collections.abc import Callable, Sequence

from bot.domain.wording.sentences import say

_MANY = 1_000_000


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
