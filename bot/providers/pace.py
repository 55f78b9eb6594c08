"""Keeps the calls of one action under its limit of requests per second."""

from bot.domain.ports import Clock
from bot.providers.results import Sleep

_SHARE = 0.95  # of the limit: the way to the API squeezes neighbouring requests together


class Pace:
    """Hands out evenly spaced turns in the order of asking; `clock` returns seconds, any zero."""

    def __init__(self, per_second: float, *, clock: Clock, sleep: Sleep) -> None:
        self._interval_s = 1 / (per_second * _SHARE)
        self._clock = clock
        self._sleep = sleep
        self._next_at = float("-inf")

    async def turn(self) -> None:
        """Wait for the next turn; one whose waiting is cancelled is not given to another."""
        now = self._clock()
        at = max(now, self._next_at)
        self._next_at = at + self._interval_s
        if at > now:
            await self._sleep(at - now)
