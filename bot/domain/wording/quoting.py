"""Makes typed words plain, and quotes them in Discord's markdown: as typed, doing nothing.

Discord's clients take a backslash before any sign of punctuation out and show the sign, outside
of code and of a link's own text; before a letter or digit it stays (parse-discord, 2026-11).
"""

import re
import unicodedata
from typing import Any

import regex

_KEPT = {"\n", "\t"}
# Embeddings, overrides and isolates: one left open turns what a reader sees after it (UAX #9).
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_UNSEEN = {"Cc", "Cs"}  # control characters; halves of a pair, which no encoding takes
# Marks are seen on a letter only; what is unassigned may be tomorrow's emoji, so it counts as seen.
_SEEN = regex.compile(
    r"[^\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}"
    r"\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Mn}\p{Me}"
    r"\u2800\U0001D159\U00013441\U00013442]"  # blanks that are called signs and letters
)


def plain(text: str) -> str:
    """Return a text without control characters, lone surrogates and marks of direction."""
    if text.isprintable():
        return text
    return "".join(filter(_is_plain, text))


def has_visible(text: str) -> bool:
    """Tell whether a text shows anything: white space, joiners and blank letters alone do not."""
    return _SEEN.search(text) is not None


def make_plain(data: Any) -> None:
    """Make every text that stands as a `value` in nested lists and mappings plain, in place."""
    for part in data if isinstance(data, list) else [data]:
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("value"), str):
            part["value"] = plain(part["value"])
        for key in ("options", "components", "component"):
            make_plain(part.get(key, []))


def _is_plain(letter: str) -> bool:
    if letter in _KEPT:
        return True
    return letter not in _TURNING and unicodedata.category(letter) not in _UNSEEN


_WORD_JOINER = "\u2060"
_LIVE = re.compile(
    r"""
    (?P<kept><a?:\w{2,32}:[0-9]{17,20}>)           # a custom emoji
  | (?P<link>:)(?=//)                              # of a bare link
  | (?P<sign>
        [\\*_~|`\[\]<>@]                           # opens or closes, wherever it stands
      | \A[-+#]                                    # begins a list, a heading or small print
      | (?<![0-9]):(?=\S) | :(?=[^\s0-9]|[\w+-]+:)  # of mailto:, of :smile:, but not of 16:9
      | (?i:(?<=discord)|(?<=discordapp))\.(?=\w)  # an invite gets a card without any scheme
    )
  | \A(?P<number>[0-9]+)\.(?=\s|\Z)              # begins a numbered list, which 25.1 does not
    """,
    re.VERBOSE | re.ASCII,
)
# What Discord draws as one thing, or what a reader takes for one letter (UAX #29).
_PART = regex.compile(
    r"<(?:a?:\w+:\d+|@[!&]?\d+|\#\d+|t:-?\d+(?::\w)?|/[^<>\n]{1,100}:\d+|id:\w+)>|\X"
)


class Markup(str):
    """Markdown of our own, or words that were quoted: to be shown as it is."""

    __slots__ = ()


def quoted(text: str, most: int | None = None) -> Markup:
    """Return a text, in one line, as markdown that shows it; `most` characters of it.

    The markdown has at most twice as many. Custom emoji stay what they are. What is Markup already
    is left alone.
    """
    if isinstance(text, Markup):
        return text
    line = in_one_line(text)
    return Markup(_LIVE.sub(_harmless, line if most is None else shortened(line, most)))


def coded(text: str) -> Markup:
    """Return a text, in one line, as inline code, in which Discord knows no escapes."""
    return Markup(f"`{in_one_line(text).replace('`', '’')}`")


def in_one_line(text: str) -> str:
    """Return a text with single spaces for all white space, and nothing that turns what follows."""
    return " ".join(plain(text).split())


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters, cut between what a reader takes for letters.

    Discord counts code points, as Python does (discord-api-docs issue 1315).
    """
    if len(text) <= most:
        return text
    end = 0
    for part in _PART.finditer(text):
        if part.end() > most - 1:
            break
        end = part.end()
    return f"{text[:end].rstrip()}…"


def _harmless(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["link"]:
        # A client may also look for links in what it has drawn, where no backslash is left.
        return f"\\:{_WORD_JOINER}"
    if found["number"]:
        return f"{found['number']}\\."
    return f"\\{found['sign']}"
