"""Whoever cannot be reached in time is told so while that is still possible."""

import time

import pytest

from bot.domain.errors import NotReachedInTime
from bot.turns.fair_queue import FairQueue
from tests.turns.destinations import to


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
