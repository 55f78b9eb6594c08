"""The ways a request can be read beside the plain one, each only where the text gives a reason.

Letters that look like others, digits and signs in place of letters, letters with something between
them, letters that are repeated or stand apart.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from types import MappingProxyType

import regex

from bot.domain.moderation.words.folding import bare, is_between, replaced, spelled, with_each
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
_SLASH = re.compile(r"[/\\]+")
_SHORT_PART = 2  # letters; of two whole words side by side it is neither
_LEAST_LETTERS = 2  # besides digits: 4K, 3D and A55 are what they are
_MOST_READINGS = 16  # of one word
_MOST_CHARS = 20_000  # of all readings of one word
_OUTSIDE = "\"#%&'()*+,-./:;<=>?!\\[]^_`{}~“”„«»‘’…–—·、。，！？（）「」"  # noqa: RUF001 - of a word, not in it

_STANDS_FOR = frozenset(_READ_AS)
_UNSURE = frozenset(sign for sign, letters in _READ_AS.items() if len(letters) > 1)
_BY_UNSURE = re.compile(f"[{re.escape(''.join(sorted(_UNSURE)))}]")
_SURE = str.maketrans({sign: each for sign, each in _READ_AS.items() if sign not in _UNSURE})
_DIGITS = "0123456789"
_LISTED = MappingProxyType(dict.fromkeys(",;:/\\()[]{}<>、。，！？（）", " "))  # noqa: RUF001 - between words, never in one
_REPEATED = re.compile(r"([^\W\d_])\1\1+")
_RAISED_I = regex.compile(r"\p{Ll}I|I\p{Ll}*I")
_APART = regex.compile(r"(?<= )(?:[\p{L}\p{N}] ){3,}")
_IS_APART = re.compile(r" \S \S \S ")  # sooner answered, and nearly always no
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
        signs = "".join(set(plain))
        for form in _latin_forms(plain, signs):
            forms.append(form)
            yield _reading(form)
        if both := _cyrillic(plain, signs):
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
    return _latin_forms(plain, "".join(set(plain)))


def _latin_forms(plain: str, signs: str) -> list[str]:
    if lookalikes().near.keys().isdisjoint(signs):
        return []
    scripts = [script for script in _SCRIPTS if script.search(signs)]
    if scripts:
        return _latin_words(plain, signs, scripts)
    return _distinct(_near(plain), _near(plain.casefold()))


def _latin_words(plain: str, signs: str, scripts: list["regex.Pattern[str]"]) -> list[str]:
    same = lookalikes().same
    owned = [each for each in scripts if any(sign not in same for sign in each.findall(signs))]
    latin, of_scripts, of_owned = (
        _among(signs, [_LATIN]),
        _among(signs, scripts),
        _among(signs, owned),
    )
    if not latin and owned == scripts and not _has_others(signs, scripts):
        return []
    words = plain.split()
    others = {word for word in words if not word.isascii()}
    mixed = {w for w in others if of_scripts.isdisjoint(w) or not latin.isdisjoint(w)}
    alike = {w for w in others - mixed if of_owned.isdisjoint(w)}
    if not mixed and not alike:
        return []
    forms = []
    is_folded = plain == plain.casefold()
    for folded in (str,) if is_folded else (str, str.casefold):
        table = _each(mixed, folded, lookalikes().near) | _each(alike, folded, same)
        forms.append(" ".join([table.get(word, word) for word in words]))
    return _distinct(*forms)


def _among(signs: str, scripts: Iterable["regex.Pattern[str]"]) -> frozenset[str]:
    """Return which of some signs are of any of these scripts."""
    return frozenset(sign for script in scripts for sign in script.findall(signs))


def _each(
    words: Iterable[str], folded: Callable[[str], str], table: Mapping[str, str]
) -> dict[str, str]:
    """Return words with their signs replaced: all at once, as each alone takes longer."""
    listed = list(words)
    if not listed:
        return {}
    return dict(zip(listed, replaced(folded("\n".join(listed)), table).split("\n"), strict=True))


def _has_others(signs: str, scripts: list["regex.Pattern[str]"]) -> bool:
    """Tell whether any sign that looks like a letter is of none of these scripts."""
    near = lookalikes().near
    return any(sign in near and not any(each.match(sign) for each in scripts) for sign in signs)


def _distinct(*forms: str) -> list[str]:
    """Return those that are not the same but for case, which only tells where an I is raised."""
    return list({form.casefold(): form for form in reversed(forms)}.values())


def _near(text: str) -> str:
    return replaced(text, lookalikes().near)


def _cyrillic(plain: str, signs: str) -> str:
    """Return the words of both alphabets as wholly Cyrillic ones, each in a line."""
    latin, cyrillic = _among(signs.casefold(), [_LATIN]), _among(signs.casefold(), [_CYRILLIC])
    if not latin or not cyrillic:
        return ""
    words = (word for word in dict.fromkeys(plain.casefold().split()) if not latin.isdisjoint(word))
    both = (word for word in words if not cyrillic.isdisjoint(word))
    return replaced("\n".join(both), lookalikes().cyrillic)


def _reading(form: str) -> Reading:
    words = spelled(form)
    if not _IS_APART.search(words):
        return Reading(words)
    runs = [found[0].replace(" ", "") for found in _APART.finditer(words)]
    read = [run.translate(_ALONE) for run in runs if not run.isalpha()]
    return Reading(words, (*runs, *read))


def _otherwise(form: str) -> Iterator[str]:
    """Yield what words can be read as that are not of letters alone, or not as one writes them."""
    words = list(dict.fromkeys(replaced(form, _LISTED).split()))
    if not "".join(words).isalpha():
        words = [word.strip(_OUTSIDE) for word in words]
        signed = [word.casefold() for word in words if not word.isalpha()]
        yield from (other for _, other in (*_joined(signed), *_letters_for_signs(signed)))
    yield from _slashed(form)
    text = "\n".join(words).casefold()
    if _REPEATED.search(text):
        for folded in filter(_REPEATED.search, text.split("\n")):
            yield _REPEATED.sub(r"\1", folded)
            yield _REPEATED.sub(r"\1\1", folded)
    for word in words if "I" in form else ():
        if "I" in word and _RAISED_I.search(word):
            yield (word[0] + word[1:].replace("I", "l")).casefold()


def _slashed(form: str) -> Iterator[str]:
    """Yield words that a slash cuts into parts of which one is hardly a word."""
    if "/" not in form and "\\" not in form:
        return
    for word in dict.fromkeys(form.casefold().split()):
        parts = _SLASH.split(word.strip(_OUTSIDE))
        if len(parts) > 1 and min(map(len, parts)) <= _SHORT_PART and "".join(parts).isalpha():
            yield "".join(parts)


def _as_phrase(form: str) -> str:
    """Return a text's words one after the other, each as it can be read of letters alone."""
    words = [token.strip(_OUTSIDE) for token in form.casefold().split()]
    signed = list(dict.fromkeys(word for word in words if not word.isalpha()))
    read: dict[str, str] = {}
    for word, other in chain(_letters_for_signs(signed), _joined(signed)):
        read.setdefault(word, other)
    return _APART.sub(_together, spelled(" ".join([read.get(word, word) for word in words])))


def _together(found: "regex.Match[str]") -> str:
    return f"{found[0].replace(' ', '')} "


def _joined(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield words with what they are without signs between letters and digits at their ends."""
    for word, letters in zip(words, _without(words, is_between), strict=True):
        if letters != word:
            yield word, letters
        if (core := letters.strip(_DIGITS)) != letters and core:
            yield word, core


def _letters_for_signs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield words with what they are with letters for signs, if no number, size or model."""
    counted = zip(words, _without(words, str.isdecimal), _without(words, _is_no_sign), strict=True)
    read = [
        word
        for word, undecimal, others in counted
        if not _STANDS_FOR.isdisjoint(word)
        and len(others) >= max(len(word) - len(undecimal), _LEAST_LETTERS)
    ]
    sure = [word for word in read if _UNSURE.isdisjoint(word)]
    forms = "\n".join(sure).translate(_ALONE).split("\n") if sure else []
    of = list(sure)
    for word in read:
        if not _UNSURE.isdisjoint(word):
            several = list(_forms_of(word))
            of += [word] * len(several)
            forms += several
    yield from zip(of, _without(forms, is_between), strict=True)


def _forms_of(word: str) -> Iterator[str]:
    """Yield a word with each letter that its signs are read as; of too many forms, the first."""
    unsure = _BY_UNSURE.findall(word)
    if 2 ** len(unsure) > max(min(_MOST_READINGS, _MOST_CHARS // len(word)), 1):
        yield word.translate(_ALONE)
        return
    parts = _BY_UNSURE.split(word.translate(_SURE))
    for letters in product(*map(_READ_AS.__getitem__, unsure)):
        yield "".join(chain.from_iterable(zip(parts, (*letters, ""), strict=True)))


def _without(words: Sequence[str], is_left_out: Callable[[str], bool]) -> list[str]:
    """Return words without some of their signs: all at once, as each alone takes longer."""
    if not words:
        return []
    text = with_each("\n".join(words), lambda sign: sign != "\n" and is_left_out(sign), "")
    return text.split("\n")


def _is_no_sign(sign: str) -> bool:
    return not sign.isalpha() and sign not in _SIGNS
