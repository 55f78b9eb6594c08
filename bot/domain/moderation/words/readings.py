"""The ways a request can be read beside the plain one, each only where the text gives a reason.

Letters that look like others, digits and signs in place of letters, letters with something between
them, letters that are repeated or stand apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, product
from math import prod
from types import MappingProxyType

import regex

from bot.domain.moderation.words.folding import bare, replaced, spelled
from bot.domain.moderation.words.lookalikes import lookalikes

# Read as letters among letters: 0, 1 and | as Unicode's confusables have them, the rest as it is
# typed everywhere.
_READ_AS = MappingProxyType(
    {
        "0": "o", "1": "il", "|": "il", "3": "e", "4": "a", "5": "s", "7": "t",
        "@": "a", "$": "s", "!": "i", "€": "e",
    }
)  # fmt: skip
_SIGNS = frozenset(sign for sign in _READ_AS if not sign.isdecimal())
_ALONE = str.maketrans({sign: letters[0] for sign, letters in _READ_AS.items()})
_LEAST_LETTERS = 2  # besides digits: 4K, 3D and A55 are what they are
_MOST_READINGS = 16  # of one word
_MOST_CHARS = 20_000  # of all readings of one word
_OUTSIDE = "\"#%&'()*+,-./:;<=>?!\\[]^_`{}~“”„«»‘’…–—·、。，！？（）「」"  # noqa: RUF001 - of a word, not in it

_STANDS_FOR = regex.compile(f"[{regex.escape(''.join(_READ_AS))}]")
_NO_LETTER = regex.compile(r"[^\p{L}\p{N}\p{M}]")
_LISTED = re.compile(r"[\s,;:/\\()\[\]{}<>、。，！？（）]+")  # noqa: RUF001 - between words, never in one
_REPEATED = re.compile(r"([^\W\d_])\1\1+")
_RAISED_I = regex.compile(r"\p{Ll}I|I\p{Ll}*I")
_APART = regex.compile(r"(?<= )(?:[\p{L}\p{N}] ){3,}")
_SCRIPTS = regex.compile(r"\p{Cyrillic}"), regex.compile(r"\p{Greek}")
_CYRILLIC = _SCRIPTS[0]
_LATIN = regex.compile(r"\p{Latin}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's spelled words in one reading; in `runs` letters that stand apart are together."""

    words: str
    runs: tuple[str, ...] = ()


def readings_of(text: str, *, has_phrases: bool) -> Iterator[Reading]:
    """Yield a text as it can be read, the plain reading first.

    `has_phrases`: several words in a row are looked for, too.
    """
    plain = bare(text)
    forms = [plain]
    yield _reading(plain)
    if not plain.isascii():
        for form in latin_forms(plain):
            forms.append(form)
            yield _reading(form)
        if both := _cyrillic(plain):
            yield Reading(spelled(both))
    for form in forms:
        if others := list(_otherwise(form)):
            yield Reading(f" {'  '.join(others)} ")  # two spaces: they are no phrase
        if has_phrases and (others or _APART.search(f" {form} ")):
            yield Reading(_as_phrase(form))


def latin_forms(plain: str) -> list[str]:
    """Return a bare text with Latin letters for what looks like them, where that is not it.

    A word of Cyrillic or Greek letters alone stays, unless all such letters of the text are exactly
    like Latin ones: then it is hardly Russian or Greek.
    """
    if lookalikes().near.keys().isdisjoint(plain):
        return []
    signs = "".join(set(plain))
    scripts = [script for script in _SCRIPTS if script.search(signs)]
    if scripts:
        return _latin_words(plain, signs, scripts)
    return _distinct(_near(plain), _near(plain.casefold()))


def _latin_words(plain: str, signs: str, scripts: list["regex.Pattern[str]"]) -> list[str]:
    same = lookalikes().same
    owned = [each for each in scripts if any(sign not in same for sign in each.findall(signs))]
    if not _LATIN.search(signs) and owned == scripts and not _has_others(signs, scripts):
        return []
    tables: tuple[dict[str, str], dict[str, str]] = {}, {}
    for word in set(plain.split()):
        if word.isascii():
            continue
        if not any(script.search(word) for script in scripts) or _LATIN.search(word):
            tables[0][word], tables[1][word] = _near(word), _near(word.casefold())
        elif not any(script.search(word) for script in owned):
            tables[0][word], tables[1][word] = (
                replaced(word, same),
                replaced(word.casefold(), same),
            )
    words = plain.split()
    return _distinct(
        *(" ".join(table.get(word, word) for word in words) for table in tables if table)
    )


def _has_others(signs: str, scripts: list["regex.Pattern[str]"]) -> bool:
    """Tell whether any sign that looks like a letter is of none of these scripts."""
    near = lookalikes().near
    return any(sign in near and not any(each.match(sign) for each in scripts) for sign in signs)


def _distinct(*forms: str) -> list[str]:
    """Return those that are not the same but for case, which only tells where an I is raised."""
    return list({form.casefold(): form for form in reversed(forms)}.values())


def _near(text: str) -> str:
    return replaced(text, lookalikes().near)


def _cyrillic(plain: str) -> str:
    """Return the words of both alphabets as wholly Cyrillic ones, each in a line."""
    if not _CYRILLIC.search(plain) or not _LATIN.search(plain):
        return ""
    words = (word for word in set(plain.casefold().split()) if _LATIN.search(word))
    both = (word for word in words if _CYRILLIC.search(word))
    return "\n".join(replaced(word, lookalikes().cyrillic) for word in both)


def _reading(form: str) -> Reading:
    words = spelled(form)
    runs = [found[0].replace(" ", "") for found in _APART.finditer(words)]
    read = [run.translate(_ALONE) for run in runs if not run.isalpha()]
    return Reading(words, (*runs, *read))


def _otherwise(form: str) -> Iterator[str]:
    """Yield what words can be read as that are not of letters alone, or not as one writes them."""
    is_repeating = _REPEATED.search(form.casefold()) is not None
    has_raised = "I" in form and _RAISED_I.search(form) is not None
    for token in dict.fromkeys(_LISTED.split(form)):
        word = token.strip(_OUTSIDE)
        if word.isalpha() and not is_repeating and not has_raised:
            continue
        folded = word.casefold()
        if not word.isalpha():
            yield from _joined(folded)
            yield from _letters_for_signs(folded)
        if is_repeating and _REPEATED.search(folded):
            yield _REPEATED.sub(r"\1", folded)
            yield _REPEATED.sub(r"\1\1", folded)
        if has_raised and _RAISED_I.search(word):
            yield (word[0] + word[1:].replace("I", "l")).casefold()


def _as_phrase(form: str) -> str:
    """Return a text's words one after the other, each as it can be read of letters alone."""
    words = (token.strip(_OUTSIDE) for token in form.casefold().split())
    read = (word if word.isalpha() else _of_letters(word) for word in words)
    return _APART.sub(_together, spelled(" ".join(read)))


def _of_letters(word: str) -> str:
    return next(chain(_letters_for_signs(word), _joined(word)), word)


def _together(found: "regex.Match[str]") -> str:
    return f"{found[0].replace(' ', '')} "


def _joined(word: str) -> Iterator[str]:
    """Yield a word without what stands between its letters, and without digits at its ends."""
    letters = _NO_LETTER.sub("", word)
    if letters != word:
        yield letters
    if (core := letters.strip("0123456789")) != letters and core:
        yield core


def _letters_for_signs(word: str) -> Iterator[str]:
    """Yield a word with letters for digits and signs, where it is no number, size or model."""
    digits = sum(sign.isdecimal() for sign in word)
    others = sum(sign.isalpha() or sign in _SIGNS for sign in word)
    if not _STANDS_FOR.search(word) or others < max(digits, _LEAST_LETTERS):
        return
    choices = [_READ_AS.get(sign, sign) for sign in word]
    most = max(min(_MOST_READINGS, _MOST_CHARS // len(word)), 1)
    if prod(map(len, choices)) > most:
        choices = [choice[:1] for choice in choices]
    for letters in islice(product(*choices), most):
        yield _NO_LETTER.sub("", "".join(letters))
