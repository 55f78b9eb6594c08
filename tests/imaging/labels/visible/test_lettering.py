"""A label's letters are as high as the law and a preview ask, and never higher than that."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.labels.own_words import MOST_CHARS
from bot.domain.labels.wording import all_labels, short_label
from bot.imaging.labels.visible.lettering import (
    CAP_SHARE,
    PREVIEW_PX,
    READABLE_CAP_PX,
    lettering,
)

Size = tuple[int, int]


def in_preview(size: Size) -> float:
    """How large Discord shows one pixel of a picture."""
    return min(1.0, PREVIEW_PX[0] / size[0], PREVIEW_PX[1] / size[1])


def said(size: Size, text: str) -> str:
    return "".join(lettering(size, text).lines).replace(" ", "")


sides = st.one_of(st.integers(51, 8192), st.integers(51, 400))


@settings(max_examples=300, deadline=None)
@given(sides, sides, st.sampled_from(all_labels()))
@example(51, 51, "von einem Programm gezeichnet")
def test_every_label_is_whole_legal_and_inside(width: int, height: int, text: str) -> None:
    size = (width, height)
    letters = lettering(size, text)
    assert letters.cap >= CAP_SHARE * min(size)
    assert letters.cap >= 5
    assert letters.room[0] <= width
    # Three lines are the least for the longest label on the smallest picture.
    assert letters.room[1] <= (0.75 if height < 64 else 0.6) * height
    assert said(size, text) in {text.replace(" ", ""), short_label(text).replace(" ", "")}


@settings(max_examples=200, deadline=None)
@given(
    sides,
    sides,
    st.text(st.sampled_from("AIWgenerated Ж人工成で생-"), min_size=1, max_size=MOST_CHARS),
)
def test_own_words_are_drawn_to_the_last_letter_and_inside(
    width: int, height: int, text: str
) -> None:
    size, text = (width, height), f"AI{text}"
    letters = lettering(size, text)
    assert said(size, text) == text.replace(" ", "")
    assert letters.plate[0] <= width
    assert letters.plate[1] <= height
    if min(size) >= 160:
        assert letters.cap >= CAP_SHARE * min(size)


@pytest.mark.parametrize("text", ["AI-generated", "AI-modified", "AI生成", "KI-generiert"])
@pytest.mark.parametrize(
    "size",
    [(1024, 1024), (768, 1344), (2000, 200), (5000, 500), (1344, 768), (512, 2048), (1600, 200)],
)
def test_it_can_be_read_in_the_preview(size: Size, text: str) -> None:
    assert lettering(size, text).cap * in_preview(size) >= READABLE_CAP_PX - 0.1


@pytest.mark.parametrize("size", [(1024, 1024), (4096, 4096), (1344, 768), (512, 512), (300, 200)])
def test_it_is_no_larger_than_it_must_be(size: Size) -> None:
    least = max(CAP_SHARE * min(size), READABLE_CAP_PX / in_preview(size))
    assert lettering(size, "AI-generated").cap <= least + 2


@pytest.mark.parametrize("size", [(51, 51), (64, 64), (51, 800), (800, 51), (52, 100)])
@pytest.mark.parametrize("text", all_labels())
def test_small_pictures_say_all_of_it(size: Size, text: str) -> None:
    assert said(size, text) in {text.replace(" ", ""), short_label(text).replace(" ", "")}


def test_a_picture_of_51_pixels_says_generated_and_modified() -> None:
    assert lettering((51, 51), "AI-generated").lines == ("AI-", "generated")
    assert lettering((51, 51), "AI-modified").lines == ("AI-", "modified")
    assert lettering((51, 51), "AI生成").lines == ("AI生成",)


def test_lines_are_about_as_wide_as_each_other() -> None:
    assert lettering((512, 2048), "von einem Programm gezeichnet").lines == (
        "von einem",
        "Programm",
        "gezeichnet",
    )


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (20, 20)])
def test_what_is_smaller_than_any_result_is_no_fault(size: Size) -> None:
    assert lettering(size, "AI-generated").lines
