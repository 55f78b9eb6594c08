"""Whoever cannot be reached in time is told so while that is still possible."""

import time

import pytest

from bot.domain.errors import NotReachedInTime
from bot.domain.jobs.job import Destination
from bot.turns.fair_queue import FairQueue


def to(user_id: int = 1, *, token_s: float = 900.0) -> Destination:
    return Destination(
        guild_id=1,
        channel_id=2,
        user_id=user_id,
        application_id=3,
        message_id=4,
        token="token",
        token_expires_at=time.time() + token_s,
        filesize_limit=10,
    )


async def test_a_wait_ends_before_its_member_could_no_longer_be_told() -> None:
    turns = FairQueue(1, now=time.time)
    async with turns.turn(to()):
        with pytest.raises(NotReachedInTime, match="Nothing was used from your quota"):
            async with turns.turn(to(2, token_s=45.05)):
                raise AssertionError("there is no room")
    async with turns.turn(to(2)):
        pass


async def test_what_goes_wrong_in_a_turn_ends_it() -> None:
    turns = FairQueue(1, now=time.time)
    for _ in range(2):
        with pytest.raises(KeyError):
            async with turns.turn(to()):
                raise KeyError
