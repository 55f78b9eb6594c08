"""A server's word list, compiled once: which of its words a text has, however it was typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from bot.domain.moderation.words.folding import bare, begins_unseen, ends_unseen, spelled
from bot.domain.moderation.words.readings import latin_forms, readings_of

_LEAST_APART = 3  # letters; two that stand apart are no word


@dataclass(frozen=True, slots=True)
class _Gapped:
    """A word with `*` inside: its pieces follow one another in one word of the text."""

    word: str
    pieces: tuple[str, ...]
    begins: bool
    ends: bool

    @property
    def longest(self) -> str:
        return max(self.pieces, key=len)

    def is_in(self, token: str) -> bool:
        first, *middle, last = self.pieces
        if (self.begins and not token.startswith(first)) or (
            self.ends and not token.endswith(last)
        ):
            return False
        at = token.find(first)
        for piece in middle:
            at = token.find(piece, at + len(first)) if at >= 0 else at
            first = piece
        if at < 0:
            return False
        return token.rfind(last) >= at + len(first)


class WordList:
    """Finds words that stand whole in a text, and with `*` at an end also within others."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._automaton = ahocorasick.Automaton()
        self._gapped: list[_Gapped] = []
        self._apart = ahocorasick.Automaton()
        for word in words:
            self._add(word)
        self._automaton.make_automaton()
        self._apart.make_automaton()
        self.is_empty = not (self._gapped or len(self._automaton))

    def find(self, text: str) -> str | None:
        """Return a word of the list that a text has, as the list has it; None where it has none."""
        if self.is_empty:
            return None
        for reading in readings_of(text):
            found = self._in_words(reading.words)
            for run in reading.runs:
                found = found or _first(self._apart, run)
            if found is not None:
                return found
        return None

    def _add(self, word: str) -> None:
        begins, ends = not word.startswith("*"), not word.endswith("*")
        body = word.strip("*")
        pieces = tuple(filter(None, (spelled(bare(each)).strip() for each in body.split("*"))))
        if "*" in body and len(pieces) > 1:
            self._gapped.append(_Gapped(word, pieces, begins, ends))
            return
        for core in _cores(body):
            before = " " if begins and not begins_unseen(core) else ""
            after = " " if ends and not ends_unseen(core) else ""
            self._automaton.add_word(f"{before}{core}{after}", word)
            if " " not in core and len(core) >= _LEAST_APART:
                self._apart.add_word(core, word)

    def _in_words(self, reading: str) -> str | None:
        found = _first(self._automaton, reading)
        if found is not None:
            return found
        for gapped in self._gapped:
            if gapped.longest in reading and any(map(gapped.is_in, reading.split())):
                return gapped.word
        return None


def _first(automaton: "ahocorasick.Automaton", text: str) -> str | None:
    if not len(automaton):  # an empty one may not be asked
        return None
    return next((str(word) for _, word in automaton.iter(text)), None)


def _cores(body: str) -> Iterator[str]:
    """Yield a word's own spellings: the plain one, and the one in Latin letters."""
    plain = bare(body)
    forms = [plain] if plain.isascii() else [plain, *_latin(plain)]
    yield from filter(None, dict.fromkeys(spelled(form).strip() for form in forms))


def _latin(plain: str) -> list[str]:
    """Return a word in Latin letters, where it is no word of another alphabet."""
    return [form for form in latin_forms(plain) if form.isascii()]
