"""The label's font draws the labels of many languages, and says what it cannot draw."""

import pytest

from bot.domain.labels.wording import all_labels
from bot.imaging.labels.visible.font import check_font, font_with_caps

LANGUAGES = (
    "AI-generated",
    "AI生成",
    "AI 生成",
    "AIが生成",
    "AI 생성",
    "人工智能生成",
    "AI合成",
    "IA généré",
    "KI-generiert",
    "Generado por IA",
    "Gerado por IA",
    "Сгенерировано ИИ",
    "Wygenerowane przez AI",
    "Yapay zekâ ile oluşturuldu",
    "Tạo bởi AI",
    "Δημιουργήθηκε από τεχνητή νοημοσύνη",
    "Створено ШІ: ґії",
    "本图片由人工智能自动生成、仅供参考",
    "此圖片由人工智慧產生、編輯",
    "人工知能によって生成された画像です「加工済み」",
    "인공지능으로 만든 그림입니다",
)


def test_the_shipped_font_draws_the_labels_of_many_languages() -> None:
    check_font((*LANGUAGES, *all_labels()))


def test_letters_the_font_lacks_are_named() -> None:
    with pytest.raises(ValueError, match="ก 🎨"):
        check_font(["AI", "ก🎨ก"])


@pytest.mark.parametrize("least", [1, 2, 3, 5, 9, 17, 52, 103, 410])
def test_a_font_is_as_large_as_its_capitals_must_be_and_no_larger(least: int) -> None:
    _, cap = font_with_caps(least)
    assert least <= cap <= least + 1
