"""Which words somebody may choose for a label: short, on one line, and they say AI made it."""

import unicodedata

import regex

from bot.domain.labels.errors import LabelDeniesAI, LabelNamesNoAI, LabelWordsTooLong

MOST_CHARS = 40

# As words of their own: "ai" is in "painted", too. Chinese and Japanese part no words.
_AI = ("AI", "KI", "IA", "ИИ", "ШІ")
_AI_PARTS = ("人工智能", "人工智慧", "人工知能", "인공지능", "artificial intelligence")
_DENIES = frozenset(
    (
        *("no", "not", "non", "never", "without", "free"),
        *("kein", "keine", "keiner", "nicht", "ohne", "frei"),
        *("sin", "sans", "pas", "sem", "não", "нет", "не", "без"),
    )
)
_DENIES_PARTS = ("非", "无", "無", "没", "沒", "不", "ない", "아닌", "없")
_WORD = regex.compile(r"[\p{Latin}\p{Cyrillic}]+")


def own_words(typed: str) -> str:
    """Return the words as they are drawn.

    Raises LabelWordsTooLong, LabelNamesNoAI, or LabelDeniesAI.
    """
    text = " ".join(unicodedata.normalize("NFKC", typed).split())
    if len(text) > MOST_CHARS:
        raise LabelWordsTooLong(text=text, most=MOST_CHARS, count=len(text))
    said = text.casefold()
    words = _WORD.findall(said.replace("a.i.", "ai"))
    if not any(each.casefold() in words for each in _AI) and not _has(said, _AI_PARTS):
        raise LabelNamesNoAI(text=text, words=", ".join((*_AI, *_AI_PARTS)))
    if _DENIES.intersection(words) or _has(said, _DENIES_PARTS):
        raise LabelDeniesAI(text=text)
    return text


def _has(text: str, parts: tuple[str, ...]) -> bool:
    return any(part in text for part in parts)
