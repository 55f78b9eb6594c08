"""The words that a result is labelled with: in its message, in its alt text and in its pixels."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class LabelLanguage(StrEnum):
    """Languages that labels exist in, by their codes (BCP 47)."""

    ENGLISH = "en"
    CHINESE = "zh"
    FRENCH = "fr"
    GERMAN = "de"
    JAPANESE = "ja"
    KOREAN = "ko"
    PORTUGUESE = "pt"
    RUSSIAN = "ru"
    SPANISH = "es"


# Contract, "What a result message holds": what was made of a person's own picture says the same
# until members choose a language of their own.
_GENERATED: Mapping[LabelLanguage, str] = MappingProxyType(
    {
        LabelLanguage.ENGLISH: "AI-generated",
        LabelLanguage.CHINESE: "AI生成",
        LabelLanguage.FRENCH: "Généré par IA",
        LabelLanguage.GERMAN: "KI-generiert",
        LabelLanguage.JAPANESE: "AI生成",
        LabelLanguage.KOREAN: "AI 생성",
        LabelLanguage.PORTUGUESE: "Gerado por IA",
        LabelLanguage.RUSSIAN: "Сгенерировано ИИ",
        LabelLanguage.SPANISH: "Generado por IA",
    }
)


_MODIFIED = _GENERATED
USUAL_LABEL = _GENERATED[LabelLanguage.ENGLISH]


def label_words(language: LabelLanguage = LabelLanguage.ENGLISH, *, is_modified: bool) -> str:
    """Return the label of what was made from words, or from a picture of a person's own."""
    return (_MODIFIED if is_modified else _GENERATED)[language]


def all_labels() -> tuple[str, ...]:
    """Return the labels of all languages: the font must be able to draw each."""
    return (*_GENERATED.values(), *_MODIFIED.values())
