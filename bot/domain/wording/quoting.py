"""Quotes typed words in Discord's markdown: they read as they were typed, and do nothing else.

Discord's clients take a backslash before any sign of punctuation out and show the sign, outside
of code and of a link's own text; before a letter or digit it stays (parse-discord, 2026-11).
"""

import re

import regex

from bot.domain.wording.plain import plain

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
