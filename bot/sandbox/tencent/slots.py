"""How much one account may do at a time: concurrency slots, their queue, and requests a second."""

import asyncio
import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.tencent.refusals import Refusal


@dataclass
class Slots:
    """The concurrency quota of one service; `peak` and `refused` are what it has seen so far."""

    limit: int
    running: int = 0
    peak: int = 0
    refused: int = 0
    _queue: list[tuple[int, int, asyncio.Future[None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def take(self) -> None:
        """Take a slot now. Raises Refusal RequestLimitExceeded.JobNumExceed when all are taken."""
        if self.running >= self.limit:
            self.refused += 1
            raise Refusal("RequestLimitExceeded.JobNumExceed", "Too many tasks are in work.")
        self._start()

    async def wait(self, priority: int = 0) -> None:
        """Take a slot when one is free: higher priority first, then first come, first served."""
        if self.running < self.limit:
            self._start()
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (-priority, next(self._order), turn))
        await turn

    def free(self) -> None:
        """Give a slot back, and start whoever is next in the queue."""
        self.running -= 1
        while self._queue and self.running < self.limit:
            turn = heapq.heappop(self._queue)[2]
            if not turn.done():
                self._start()
                turn.set_result(None)

    def resize(self, limit: int) -> None:
        """Change the quota: what is in work goes on, and whoever waits starts where room is."""
        self.limit = limit
        self.running += 1
        self.free()

    def _start(self) -> None:
        self.running += 1
        self.peak = max(self.peak, self.running)


@dataclass
class Rate:
    """Requests of one action within the last second, on the event loop's clock."""

    per_second: int
    _recent: deque[float] = field(default_factory=deque)

    def admit(self, at: float) -> None:
        """Count a request at `at` (seconds). Raises Refusal RequestLimitExceeded over the limit."""
        while self._recent and self._recent[0] <= at - 1:
            self._recent.popleft()
        if len(self._recent) >= self.per_second:
            raise Refusal("RequestLimitExceeded", f"Over {self.per_second} requests a second.")
        self._recent.append(at)
