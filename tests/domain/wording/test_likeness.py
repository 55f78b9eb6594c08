"""What a typed text is like: beginnings first, words of it, slips last."""

import pytest

from bot.domain.wording.likeness import likeness, most_like

STYLES = ("Shinkai", "Ink", "Watercolour", "Colour Pencil", "2.5D Anime", "Film", "Japanese Anime")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ink", ["Ink", "Shinkai"]),
        ("WATER", ["Watercolour"]),
        ("colour", ["Colour Pencil", "Watercolour"]),
        ("pencil colour", ["Colour Pencil"]),
        ("pen col", ["Colour Pencil"]),
        ("watrecolour", ["Watercolour"]),
        ("watercolor", ["Watercolour"]),
        ("japnese", ["Japanese Anime"]),
        ("25d", ["2.5D Anime"]),
        ("anime", ["2.5D Anime", "Japanese Anime"]),
        ("xyz", []),
        ("wat3", []),
        ("…", []),
        ("🖼", []),
    ],
)
def test_what_is_typed_finds_the_names_like_it_and_nothing_else(
    typed: str, found: list[str]
) -> None:
    assert most_like(typed, STYLES, str) == found


def test_nothing_typed_finds_everything_in_its_order() -> None:
    assert most_like("", STYLES, str) == list(STYLES)
    assert most_like("  ", STYLES, str) == list(STYLES)


def test_short_words_are_never_taken_for_slips() -> None:
    assert likeness("ikn", "Ink") is None


def test_numbers_in_another_order_are_another_thing() -> None:
    assert most_like("16:9", ["9:16", "16:9"], str) == ["16:9"]
    assert most_like("1024x768", ["768x1024", "1024x768"], str) == ["1024x768"]
