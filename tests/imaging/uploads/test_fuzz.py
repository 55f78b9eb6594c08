"""A bounded number of the fuzz's rounds; `make fuzz` runs 20,000."""

import pytest

from tests.imaging.uploads.fuzz import run


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_mutated_headers_end_in_a_picture_or_a_refusal(seed: int) -> None:
    ends = await run(120, seed)
    assert ends["taken"] > 5
    assert len(ends) > 3
    assert ends["too demanding"] < 12
