"""Lets so many in at once, and so many bytes in all; who finds no room waits in fair order."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable

from bot.domain.jobs.fairness import Allowed, FairLine, Lane


class FairSemaphore:
    """`most` may be inside at once, `per_member` of them one member's, `room_bytes` in all.

    One alone may be of any size.
    """

    def __init__(
        self,
        most: int,
        room_bytes: float = math.inf,
        *,
        per_member: float = math.inf,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._room = room_bytes
        self._per_member = per_member
        self._now = now
        self._held = 0
        self._inside: Counter[int] = Counter()
        self._behind: dict[int, float] = {}
        self._line: FairLine[_Turn] = FairLine()
        self._reason: Exception | None = None

    async def enter(self, lane: Lane, size: int) -> None:
        """Return when there is room for `size` bytes; whoever entered must `leave`.

        Raises the reason for which the gate was shut.
        """
        if self._reason is not None:
            raise self._reason
        turn = _Turn(lane, size)
        self._line.push(lane, turn, cost=max(size, 1))
        self._let_in()
        try:
            await turn.may_enter
        except asyncio.CancelledError:
            if turn.has_entered:
                self.leave(lane, size)
            else:
                self._line.discard(lane, turn)
                self._let_in()
            raise

    def leave(self, lane: Lane, size: int) -> None:
        """Make room again."""
        self._inside[lane.user_id] -= 1
        self._inside += Counter()  # whoever has nobody inside is forgotten
        self._held -= size
        self._let_in()
        if not self._inside:
            self._line = FairLine()  # idle: whatever anybody had is forgotten

    def put_behind(self, lane: Lane, seconds: float) -> None:
        """Let a member in only where nobody else waits who may enter, for so long."""
        now = self._now()
        self._behind = {user: until for user, until in self._behind.items() if until > now}
        self._behind[lane.user_id] = now + seconds

    def shut(self, reason: Exception) -> None:
        """Turn everybody away who waits, or comes later."""
        self._reason = reason
        while self._line:
            turn = self._line.pop()
            if not turn.may_enter.done():
                turn.may_enter.set_exception(reason)

    def _let_in(self) -> None:
        for allowed in (self._may, self._has_room) if self._behind else (self._has_room,):
            while (first := self._first(allowed)) is not None:
                if not self._fits(first.size):
                    return
                self._admit(self._line.pop(allowed))

    def _first(self, allowed: Allowed) -> "_Turn | None":
        try:
            return self._line.first(allowed)
        except LookupError:
            return None

    def _admit(self, turn: "_Turn") -> None:
        if turn.may_enter.done():
            return  # cancelled, and not yet gone from the line
        self._inside[turn.lane.user_id] += 1
        self._held += turn.size
        turn.has_entered = True
        turn.may_enter.set_result(None)

    def _may(self, lane: Lane) -> bool:
        return self._has_room(lane) and self._behind.get(lane.user_id, 0.0) <= self._now()

    def _has_room(self, lane: Lane) -> bool:
        return self._inside[lane.user_id] < self._per_member

    def _fits(self, size: int) -> bool:
        inside = self._inside.total()
        if inside == 0:
            return True
        return inside < self._most and self._held + size <= self._room


class _Turn:
    """Somebody at the gate with so many bytes."""

    def __init__(self, lane: Lane, size: int) -> None:
        self.lane = lane
        self.size = size
        self.has_entered = False
        self.may_enter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
