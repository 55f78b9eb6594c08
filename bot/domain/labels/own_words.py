"""Which words somebody may choose for a label: short, on one line, and they say AI made it."""

import unicodedata
from collections.abc import Sequence

import regex

from bot.domain.labels.errors import LabelDeniesAI, LabelNamesNoAI, LabelWordsTooLong

MOST_CHARS = 40

# As words of their own: "ai" is in "painted", too. Chinese and Japanese part no words.
_AI = ("AI", "KI", "IA", "ИИ", "ШІ")
_AI_PARTS = ("人工智能", "人工智慧", "人工知能", "인공지능", "artificial intelligence")
# A denial, or a claim that a person made it: whole words where words are parted.
_DENIES = frozenset(
    (
        *("no", "not", "non", "never", "without", "free", "none", "nope", "neither", "nor"),
        *("cannot", "nothing", "nobody", "zero", "anti", "less", "instead", "isnt", "wasnt"),
        *("didnt", "hand", "handmade", "human", "humans"),
        *("kein", "keine", "keinem", "keinen", "keiner", "keines", "keinerlei", "nicht", "nichts"),
        *("nie", "niemals", "weder", "ohne", "frei", "los", "null", "statt", "anstatt"),
        *("handgemacht", "handgemalt", "handgezeichnet"),
        *("sin", "ni", "nunca", "jamás", "ningún", "ninguna", "ninguno", "nada", "cero", "mano"),
        *("sans", "pas", "aucun", "aucune", "jamais", "rien", "zéro", "humain", "humaine"),
        *("sem", "não", "nem", "nenhum", "nenhuma", "mão", "humano", "humana"),
        *("нет", "нету", "не", "ни", "без", "никак", "никогда", "никакой", "никакого", "никаких"),
        *("ноль", "вручную", "рукой", "руками", "человеком", "людьми", "ні", "немає", "жодного"),
        *("senza", "nessuna", "geen", "niet", "zonder", "bez", "değil", "yok", "bukan", "tanpa"),
    )
)
# Anywhere in what parts no words.
_DENIES_PARTS = (
    *("非", "无", "無", "没", "沒", "不", "未", "别用", "別用", "勿", "反ai", "零ai", "拒"),
    *("ない", "なし", "無し", "ません", "じゃ", "わず", "せず", "ゼロ", "抜き"),
    *("아닌", "아님", "아니", "없", "않", "미사용", "비ai", "제로", " 안 "),
    *(
        "手绘",
        "手繪",
        "手描",
        "手書",
        "手工",
        "手作",
        "亲手",
        "親手",
        "真人",
        "人类",
        "人類",
        "人間",
    ),
    *("손으로", "수작업", "사람이", "인간이"),
    *("≠", "¬", "✗", "✘", "✕", "×"),
)
_DENIES_FORMS = regex.compile(r"n['’]t\b|(?<!\d)0\s*(?:%|ai\b|ki\b|ia\b|ии\b)|[\u0334-\u0338]")
# Nothing of these is drawn, and some turn the text around them.
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+")
_DOTTED = regex.compile(r"\b([aik])\.([ai])\.")
_WORD = regex.compile(r"[\p{Latin}\p{Cyrillic}]+")


def own_words(typed: str) -> str:
    """Return the words as they are drawn.

    Raises LabelWordsTooLong, LabelNamesNoAI, or LabelDeniesAI.
    """
    seen = _UNSEEN.sub("", " ".join(typed.split()))
    text = " ".join(unicodedata.normalize("NFKC", seen).split())
    if len(text) > MOST_CHARS:
        raise LabelWordsTooLong(text=text, most=MOST_CHARS, count=len(text))
    said = text.casefold()
    words = _WORD.findall(_DOTTED.sub(r"\1\2", said))
    if not any(each.casefold() in words for each in _AI) and not _has(said, _AI_PARTS):
        raise LabelNamesNoAI(text=text, words=", ".join((*_AI, *_AI_PARTS)))
    if _denies(said, words):
        raise LabelDeniesAI(text=text)
    return text


def _denies(said: str, words: Sequence[str]) -> bool:
    is_in_words = bool(_DENIES.intersection(words))
    return is_in_words or _has(said, _DENIES_PARTS) or bool(_DENIES_FORMS.search(said))


def _has(text: str, parts: tuple[str, ...]) -> bool:
    return any(part in text for part in parts)
