"""The 128 bits of a picture: parts that make up the whole, each from all over the picture."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.labels.likeness import (
    BAND_BITS,
    BANDS,
    BITS,
    SIDE,
    bands,
    distance,
    interleaved,
)

_LIKENESS = st.integers(0, 2**BITS - 1)


@given(_LIKENESS)
def test_parts_make_up_the_whole(likeness: int) -> None:
    parts = bands(likeness)
    assert len(parts) == BANDS
    assert sum(part << number * BAND_BITS for number, part in enumerate(parts)) == likeness


@given(_LIKENESS, _LIKENESS)
def test_distances_are_the_same_both_ways_and_zero_for_the_same_alone(a: int, b: int) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)


def test_every_bit_is_kept_and_a_row_of_the_picture_comes_into_many_parts() -> None:
    dark = [False] * (SIDE * SIDE)
    for row in range(SIDE):
        lit = [at // SIDE == row for at in range(SIDE * SIDE)]
        likeness = interleaved(lit, dark)
        assert likeness.bit_count() == SIDE
        assert sum(part > 0 for part in bands(likeness)) >= BANDS // 2
