"""A server's word list, compiled once: which of its words a text has, however it was typed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import ahocorasick

from bot.domain.moderation.words.folding import bare, begins_unseen, ends_unseen, spelled
from bot.domain.moderation.words.readings import latin_forms, readings_of

_LEAST_APART = 3  # letters; two that stand apart are no word


@dataclass(frozen=True, slots=True)
class _Gapped:
    """A word with `*` inside: its pieces follow one another in one word of the text."""

    word: str
    longest: str
    pattern: str


def _gapped(word: str, pieces: Sequence[str], *, begins: bool, ends: bool) -> _Gapped:
    """Return a word whose pieces are taken where they come first, so that no text takes long."""
    first, *middle, last = map(re.escape, pieces)
    head = first if begins else f"(?>.*?{first})"
    between = "".join(f"(?>.*?{piece})" for piece in middle)
    tail = f".*{last}\\Z" if ends else f".*?{last}"
    return _Gapped(word, max(pieces, key=len), f"({head}{between}{tail})")


class WordList:
    """Finds words that stand whole in a text, and with `*` at an end also within others."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._automaton = ahocorasick.Automaton()
        self._gapped: list[_Gapped] = []
        self._has_phrases = False
        self._apart = ahocorasick.Automaton()
        for word in words:
            self._add(word)
        self._automaton.make_automaton()
        self._apart.make_automaton()
        self._any_gapped = re.compile("|".join(each.pattern for each in self._gapped), re.DOTALL)
        self.is_empty = not (self._gapped or len(self._automaton))

    def find(self, text: str) -> str | None:
        """Return a word of the list that a text has, as the list has it; None where it has none."""
        if self.is_empty:
            return None
        for reading in readings_of(text, has_phrases=self._has_phrases):
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
            self._gapped.append(_gapped(word, pieces, begins=begins, ends=ends))
            return
        for core in _cores(body):
            before = " " if begins and not begins_unseen(core) else ""
            after = " " if ends and not ends_unseen(core) else ""
            self._automaton.add_word(f"{before}{core}{after}", word)
            if " " in core:
                self._has_phrases = True
            elif len(core) >= _LEAST_APART:
                self._apart.add_word(core, word)

    def _in_words(self, reading: str) -> str | None:
        found = _first(self._automaton, reading)
        if found is not None:
            return found
        if not any(gapped.longest in reading for gapped in self._gapped):
            return None
        hits = map(self._any_gapped.match, dict.fromkeys(reading.split()))
        hit = next(filter(None, hits), None)
        return None if hit is None else self._gapped[(hit.lastindex or 1) - 1].word


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
