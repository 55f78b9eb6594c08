"""The entries of a word list as moderators type them: one a line, or between commas."""

import re
from collections.abc import Iterable

from bot.domain.moderation.errors import (
    StarBetweenWords,
    TooManyGaps,
    TooManyWords,
    WordTooLong,
    WordTooWide,
    WordWithoutLetters,
)
from bot.domain.moderation.words.folding import bare, spelled
from bot.domain.wording.quoting import plain, shortened

MOST_WORDS = 2000  # of one server
MOST_PARTS = 2 * MOST_WORDS  # typed differently; the same words in two cases are a whole list, too
WORD_CHARS = 100
MOST_GAPPED = 100  # with a star inside: each is looked for by itself
_LEAST_LETTERS = 2  # of a word with a star; fewer would be in nearly every text
_BETWEEN = re.compile(r"[\n\r,;]+")


def entries_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once; raises the NotPossible that names what is wrong.

    More than any list has are counted and not read, however large the text.
    """
    parts = dict.fromkeys(_BETWEEN.split(text.removeprefix("\ufeff")))
    if len(parts) > MOST_PARTS:
        raise TooManyWords(most=MOST_WORDS, count=len(parts))
    entries: dict[str, str] = {}
    for word in filter(None, (" ".join(plain(part).split()) for part in parts)):
        _check(word)
        entries.setdefault(key_of(word), word)
    return tuple(entries.values())


def key_of(word: str) -> str:
    """Return what is the same of two entries that find the same."""
    pieces = (spelled(bare(piece)).strip() for piece in word.split("*"))
    return "*".join(pieces)


def check_together(words: Iterable[str]) -> None:
    """Raise TooManyGaps where too many of a list's entries have a star inside."""
    if sum(is_gapped(word) for word in words) > MOST_GAPPED:
        raise TooManyGaps(most=MOST_GAPPED)


def is_gapped(word: str) -> bool:
    """Tell whether an entry has a star between letters."""
    return "*" in word.strip("*")


def _check(word: str) -> None:
    if len(word) > WORD_CHARS:
        raise WordTooLong(word=shortened(word, WORD_CHARS), most=WORD_CHARS)
    key = key_of(word)
    letters = key.replace("*", "").replace(" ", "")
    if not letters:
        raise WordWithoutLetters(word=word)
    if is_gapped(word) and " " in key:
        raise StarBetweenWords(word=word)
    if "*" in word and letters.isascii() and len(letters) < _LEAST_LETTERS:
        raise WordTooWide(word=word)
