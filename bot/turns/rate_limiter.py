"""Keeps the calls of one action under its limit of requests per second."""

from typing import Protocol

from bot.ports.clock import Clock, Sleep
from bot.ports.engines import RateLimits

_SHARE = 0.95  # of the limit: the way to the API squeezes neighbouring requests together
# A second's turns are spread over 1 / _SHARE seconds; half of what that leaves is for the way.
_LATE_S = (1 / _SHARE - 1) / 2
_TRIES = 8


class Limiter(Protocol):
    """Something that says when the next request may leave."""

    async def turn(self) -> None:
        """Wait for the next turn; one whose waiting is cancelled is not given to another."""


class RateLimiter:
    """Evenly spaced turns in the order of asking, for this process; `clock` has any zero."""

    def __init__(self, per_second: float, *, clock: Clock, sleep: Sleep) -> None:
        self._interval_s = _interval_s(per_second)
        self._clock = clock
        self._sleep = sleep
        self._next_at = float("-inf")

    async def turn(self) -> None:
        """Wait for the next turn."""
        now = self._clock()
        at = max(now, self._next_at)
        self._next_at = at + self._interval_s
        if at > now:
            await self._sleep(at - now)


class SharedRateLimiter:
    """Evenly spaced turns for every process on the same database; `now` is in unix seconds.

    A process too busy to be there in time takes another turn, so as not to meet those behind it.
    Machines whose clocks differ keep the rate, but a change from one to another may squeeze two
    turns together, or pull them apart, by the difference.
    """

    def __init__(
        self, limits: RateLimits, name: str, per_second: float, *, now: Clock, sleep: Sleep
    ) -> None:
        self._limits = limits
        self._name = name
        self._interval_s = _interval_s(per_second)
        self._now = now
        self._sleep = sleep

    async def turn(self) -> None:
        """Wait for the next turn."""
        for _ in range(_TRIES):
            at = await self._limits.take(self._name, self._interval_s, self._now())
            early_s = at - self._now()
            if early_s > 0:
                await self._sleep(early_s)
            if self._now() - at <= _LATE_S:
                return


def _interval_s(per_second: float) -> float:
    return 1 / (per_second * _SHARE)
