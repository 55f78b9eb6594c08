"""Turns of members at something that serves few at a time, for as long as they can be answered."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.errors import NotReachedInTime
from bot.domain.jobs.job import Destination
from bot.ports.clock import Clock
from bot.turns.fair_semaphore import FairSemaphore

_TELL_S = 45.0  # before the interaction token ends, so that a refusal still reaches its member


class FairQueue:
    """Serves `most` at once, with `room_bytes` in all; the rest waits in fair order.

    Of those, `per_member` may be one member's.
    """

    def __init__(
        self,
        most: int,
        room_bytes: float = math.inf,
        *,
        per_member: float = math.inf,
        now: Clock,
    ) -> None:
        self._semaphore = FairSemaphore(most, room_bytes, per_member=per_member)
        self._now = now

    @asynccontextmanager
    async def turn(self, to: Destination, size: int = 0) -> AsyncIterator[None]:
        """Wait for room for `size` bytes and hold it for the length of the block.

        Raises NotReachedInTime, just before the member could no longer be told so.
        """
        try:
            async with asyncio.timeout(to.token_expires_at - _TELL_S - self._now()):
                await self._semaphore.enter(to.lane, size)
        except TimeoutError:
            raise NotReachedInTime from None
        try:
            yield
        finally:
            self._semaphore.leave(to.lane, size)
