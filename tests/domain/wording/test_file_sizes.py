"""Sizes in words: one measure, and never on the wrong side of a limit."""

import pytest

from bot.domain.wording.file_sizes import MIB, mib, mib_over, room


@pytest.mark.parametrize(
    ("size", "said"), [(25 * MIB, "25 MiB"), (300_000, "0.3 MiB"), (MIB * 3 // 2, "1.5 MiB")]
)
def test_a_file_is_told_in_mib(size: int, said: str) -> None:
    assert mib(size) == said


def test_what_is_a_byte_too_large_reads_as_more_than_the_limit() -> None:
    assert mib_over(25 * MIB + 1, 25 * MIB) == "25.1 MiB"


@pytest.mark.parametrize(
    ("free", "said"),
    [(0, "0.0 MiB"), (32 * MIB - 1, "31.9 MiB"), (1024 * MIB, "1.0 GiB"), (1536 * MIB, "1.5 GiB")],
)
def test_a_disk_has_no_more_room_than_is_said(free: int, said: str) -> None:
    assert room(free) == said
