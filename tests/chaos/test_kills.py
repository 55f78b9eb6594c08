"""The short round of chaos: a real bot, killed at random moments, keeps its promises."""

import random
from pathlib import Path

from tests.chaos.round import play

KILLS = 6


async def test_after_kills_every_accepted_job_has_one_visible_end_and_one_payment(
    tmp_path: Path,
) -> None:
    outcome = await play(tmp_path, KILLS, random.Random())  # noqa: S311 - a game
    verdict = outcome.verdict
    assert verdict.accepted > 0
    assert outcome.kills == KILLS
    assert verdict.is_good, verdict
