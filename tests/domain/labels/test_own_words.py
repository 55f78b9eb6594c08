"""Words of one's own for a label: any that name AI, and none that do not or that deny it."""

import pytest

from bot.domain.labels.errors import LabelDeniesAI, LabelNamesNoAI, LabelWordsTooLong
from bot.domain.labels.origin import Origin
from bot.domain.labels.own_words import MOST_CHARS, own_words
from bot.domain.labels.wording import LabelLanguage, label_words


@pytest.mark.parametrize(
    "typed",
    [
        "Made with AI",
        "ai-made",
        "A.I. art",
        "Créé avec l’I.A.",
        "Ein K.I.-Bild",
        "Mit KI gemacht",
        "Fait par une IA",
        "Сделано ИИ",
        "AI生成图片",
        "本图由AI生成",
        "人工智能生成",
        "人工知能が描きました",
        "ＡＩ生成",
        "By artificial intelligence",
    ],
)
def test_words_that_name_ai_may_be_used(typed: str) -> None:
    assert own_words(typed)


@pytest.mark.parametrize("language", LabelLanguage)
@pytest.mark.parametrize("origin", [Origin.GENERATED, Origin.MODIFIED])
def test_the_usual_words_of_every_language_would_do(
    language: LabelLanguage, origin: Origin
) -> None:
    usual = label_words(language, origin)
    assert own_words(usual) == usual


def test_words_come_on_one_line_in_letters_that_are_read_alike() -> None:
    assert own_words("  made \n by\t\uff21\uff29 ") == "made by AI"


@pytest.mark.parametrize(
    "typed", ["painted by hand", "Ada", "maid", "", "  ", "kid", "Жизнь", "生成", "Painted in Aix"]
)
def test_words_that_name_no_ai_are_refused(typed: str) -> None:
    with pytest.raises(LabelNamesNoAI):
        own_words(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("No AI", "not made by AI", "AI-free", "Ohne KI", "keine KI", "sin IA", "не ИИ"),
        *("非AI", "AI不使用", "未使用AI", "AIなし", "AIは使っていません", "AI 없이", "AI 미사용"),
        *("feito sem IA", "сделано без ИИ", "никакого ИИ", "aucune IA", "keinerlei KI", "AI-less"),
        *("AI didn’t make this", "isn't AI", "zero AI", "0% AI", "0 AI", "Anti-AI", "≠AI"),
        *("AI\u0336 art", "Not by AI but by me", "human, no machine (AI)"),
    ],
)
def test_words_that_deny_ai_are_refused(typed: str) -> None:
    with pytest.raises(LabelDeniesAI):
        own_words(typed)


@pytest.mark.parametrize(
    "typed",
    ["painted by hand ~ AI", "Human-made, AI-approved", "手绘AI", "AI 손으로", "вручную (ИИ)"],
)
def test_words_that_say_a_person_made_it_are_refused(typed: str) -> None:
    with pytest.raises(LabelDeniesAI):
        own_words(typed)


@pytest.mark.parametrize("typed", ["100% AI", "Photo: AI", "AI 편안 그림"])
def test_words_that_only_look_like_a_denial_may_be_used(typed: str) -> None:
    assert own_words(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["\u202eAI art", "A\u200bI a\u00adrt", "\u2066AI\u2069 art\x00", "AI\u034f art\u3164\ufe0f"],
)
def test_what_is_not_drawn_and_what_turns_the_text_around_is_left_out(typed: str) -> None:
    assert own_words(typed) == "AI art"


def test_words_too_long_for_a_corner_are_refused_with_the_limit() -> None:
    assert own_words("AI " + "x" * (MOST_CHARS - 3))
    with pytest.raises(LabelWordsTooLong) as caught:
        own_words("AI " + "x" * (MOST_CHARS - 2))
    assert "at most 40 characters" in str(caught.value)
    assert "has 41" in str(caught.value)
