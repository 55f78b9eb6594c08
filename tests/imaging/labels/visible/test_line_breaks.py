"""A label's text is parted where a reader would part it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imaging.labels.visible.line_breaks import Breaks, pieces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("AI-generated", ["AI-", "generated"]),
        ("von einem Programm", ["von ", "einem ", "Programm"]),
        ("AI生成", ["AI", "生成"]),
        ("AI 생성", ["AI ", "생성"]),
        ("プログラムで描画", ["プログラムで", "描画"]),
        ("本图片由AI生成、仅供参考", ["本图片由", "AI", "生成、", "仅供参考"]),
    ],
)
def test_words_stay_whole(text: str, parts: list[str]) -> None:
    assert pieces(text, Breaks.BETWEEN_WORDS) == parts


def test_chinese_may_be_parted_between_any_two_signs_but_a_comma_begins_no_line() -> None:
    assert pieces("生成、仅供AI", Breaks.BETWEEN_SIGNS) == ["生", "成、", "仅", "供", "AI"]


@given(st.text(min_size=1, max_size=40), st.sampled_from(Breaks))
def test_nothing_is_lost_between_the_parts(text: str, breaks: Breaks) -> None:
    assert "".join(pieces(text, breaks)) == text
