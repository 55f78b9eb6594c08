"""As many lines of a list as a message has room for."""

from collections.abc import Sequence

_REST = len("-# and 1000000 more\n")


def fitting(
    lines: Sequence[str], room: int, more: int = 0, *, is_whole: bool = True, where: str = ""
) -> list[str]:
    """Return the first lines that fit into so many characters, and how many are left out.

    `more` are left out already; `is_whole`: there are no others of which nobody knows how many.
    `where` says in a few words who has all of them.
    """
    shown: list[str] = []
    room -= _REST + len(where)
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    more += len(lines) - len(shown)
    if not more:
        return shown
    return [*shown, f"-# and {more} more{where}" if is_whole else "-# and more"]
