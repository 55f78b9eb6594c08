"""A small reader of Discord's markdown, stricter than any client: what would not be plain text.

Rules as the clients have them (parse-discord, 2026-11): a backslash takes the meaning of the sign
of punctuation behind it, outside of code. A pair of signs counts wherever it stands.
"""

import re
from typing import NamedTuple


class Node(NamedTuple):
    """A part of a message: its kind, and what is seen of it."""

    kind: str
    text: str


_AT_LINE_START = (
    ("heading", r"#{1,3}\s+\S"),
    ("small print", r"-#\s"),
    ("quote", r">(>>)?\s"),
    ("list", r"([-*+]|[0-9]+\.)\s"),
)
_ANYWHERE = (
    ("escape", r"\\[^A-Za-z0-9\s]"),
    ("code", r"(?s)(`+).+?(?<!`)\1(?!`)"),
    ("emoji", r"<a?:[A-Za-z0-9_]{2,32}:[0-9]{17,20}>"),
    ("time", r"<t:-?[0-9]+(:\w)?>"),
    ("mention", r"<(@[!&]?|#)[0-9]+>|@everyone|@here"),
    ("command", r"</[^>]+:[0-9]+>|<id:\w+>"),
    ("masked link", r"!?\[.*?\]\(.*?\)"),
    ("link in brackets", r"<[^: >]+:[^ >]+>|<[^ >@]+@[^ >]+>|<\+[0-9]+>"),
    ("bare link", r"\w+://\S+|\b(?:mailto|tel|sms|discord):\S+"),
    ("invite", r"\bdiscord(?:app)?\.(?:gg|com/invite)/\w+"),
    ("shortcode", r":[\w+-]+:"),
    ("bold or italic", r"(?s)(\*+).+?\1"),
    ("underline or italic", r"(?s)(_+).+?\1"),
    ("struck", r"(?s)~~.+?~~"),
    ("spoiler", r"(?s)\|\|.+?\|\|"),
)


def read(source: str) -> list[Node]:
    """Return the parts of a message; neighbouring plain text is one."""
    nodes: list[Node] = []
    at = 0
    while at < len(source):
        kind, text = _next(source, at)
        at += len(text)
        if kind == "escape":
            kind, text = "text", text[1]
        if kind == "text" and nodes and nodes[-1].kind == "text":
            nodes[-1] = Node("text", nodes[-1].text + text)
        else:
            nodes.append(Node(kind, text))
    return nodes


def _next(source: str, at: int) -> tuple[str, str]:
    rules = _ANYWHERE
    if not source[source.rfind("\n", 0, at) + 1 : at].strip(" "):
        rules = _AT_LINE_START + rules
    for kind, pattern in rules:
        # A link is looked for inside of words, too, as some clients do.
        found = re.compile(pattern).match(source, at)
        if found:
            return kind, found.group()
    return "text", source[at]


def drawn(source: str) -> str:
    """Return what a reader sees, as far as it is text or emoji."""
    return "".join(node.text for node in read(source))


def live(source: str) -> list[Node]:
    """Return whatever is neither text nor a custom emoji."""
    return [node for node in read(source) if node.kind not in ("text", "emoji")]
