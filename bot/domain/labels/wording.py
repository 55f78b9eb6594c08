"""The words that a result is labelled with: in its message, its alt text and its pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.labels.origin import Origin


class LabelLanguage(StrEnum):
    """Languages that labels exist in, by their codes (BCP 47); `zh` is Simplified Chinese."""

    ENGLISH = "en"
    CHINESE = "zh"
    TRADITIONAL_CHINESE = "zh-TW"
    FRENCH = "fr"
    GERMAN = "de"
    JAPANESE = "ja"
    KOREAN = "ko"
    PORTUGUESE = "pt"
    RUSSIAN = "ru"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words somebody chose in place of the usual ones; what no model made keeps the usual ones."""

    generated: str | None = None
    modified: str | None = None

    def of(self, origin: Origin) -> str | None:
        """Return the words for a picture of that origin, if any were chosen."""
        return {Origin.GENERATED: self.generated, Origin.MODIFIED: self.modified}.get(origin)


# The Chinese ones hold both words that GB 45438-2025 asks for: AI, and 生成 or 合成.
_WORDS: Mapping[LabelLanguage, Mapping[Origin, str]] = MappingProxyType(
    {
        language: MappingProxyType(dict(zip(Origin, words, strict=True)))
        for language, words in {
            LabelLanguage.ENGLISH: ("AI-generated", "AI-modified", "drawn by a program"),
            LabelLanguage.CHINESE: ("AI生成", "AI合成", "程序绘制"),
            LabelLanguage.TRADITIONAL_CHINESE: ("AI生成", "AI合成", "程式繪製"),
            LabelLanguage.FRENCH: ("Généré par IA", "Modifié par IA", "Dessiné par un programme"),
            LabelLanguage.GERMAN: (
                "KI-generiert",
                "KI-bearbeitet",
                "von einem Programm gezeichnet",
            ),
            LabelLanguage.JAPANESE: ("AI生成", "AI加工", "プログラムで描画"),
            LabelLanguage.KOREAN: ("AI 생성", "AI 수정", "프로그램으로 그림"),
            LabelLanguage.PORTUGUESE: (
                "Gerado por IA",
                "Modificado por IA",
                "Desenhado por um programa",
            ),
            LabelLanguage.RUSSIAN: ("Сгенерировано ИИ", "Изменено ИИ", "Нарисовано программой"),
            LabelLanguage.SPANISH: (
                "Generado por IA",
                "Modificado por IA",
                "Dibujado por un programa",
            ),
        }.items()
    }
)
USUAL_LABEL = _WORDS[LabelLanguage.ENGLISH][Origin.GENERATED]


def label_words(language: LabelLanguage | None, origin: Origin) -> str:
    """Return the usual label of a picture of that origin; None for English."""
    return _WORDS[language or LabelLanguage.ENGLISH][origin]


# For pictures of some fifty pixels, which the longest words of these labels do not fit into.
_SHORT: Mapping[str, str] = MappingProxyType({"Сгенерировано ИИ": "Создано ИИ"})


def short_label(text: str) -> str:
    """Return a usual label in shorter words that say the same; any other text as it is."""
    return _SHORT.get(text, text)


def all_labels() -> tuple[str, ...]:
    """Return the labels of all languages: the font must be able to draw each."""
    usual = (text for words in _WORDS.values() for text in words.values())
    return tuple(dict.fromkeys((*usual, *_SHORT.values())))
