"""Lets so many in at once, and so many bytes in all; who finds no room waits in fair order."""

import asyncio
import math

from bot.domain.fairness import FairLine, Lane


class Gate:
    """`most` may be inside at once, with `room_bytes` in all; one alone may be of any size."""

    def __init__(self, most: int, room_bytes: float = math.inf) -> None:
        self._most = most
        self._room = room_bytes
        self._inside = 0
        self._held = 0
        self._line: FairLine[_Turn] = FairLine()
        self._reason: Exception | None = None

    async def enter(self, lane: Lane, size: int) -> None:
        """Return when there is room for `size` bytes; whoever entered must `leave`.

        Raises the reason for which the gate was shut.
        """
        if self._reason is not None:
            raise self._reason
        turn = _Turn(size)
        self._line.push(lane, turn, cost=max(size, 1))
        self._let_in()
        try:
            await turn.may_enter
        except asyncio.CancelledError:
            if turn.has_entered:
                self.leave(size)
            else:
                self._line.discard(lane, turn)
                self._let_in()
            raise

    def leave(self, size: int) -> None:
        """Make room again."""
        self._inside -= 1
        self._held -= size
        self._let_in()
        if self._inside == 0:
            self._line = FairLine()  # idle: whatever anybody had is forgotten

    def shut(self, reason: Exception) -> None:
        """Turn everybody away who waits, or comes later."""
        self._reason = reason
        while self._line:
            turn = self._line.pop()
            if not turn.may_enter.done():
                turn.may_enter.set_exception(reason)

    def _let_in(self) -> None:
        while self._line and self._fits(self._line.first().size):
            turn = self._line.pop()
            if turn.may_enter.done():
                continue  # cancelled, and not yet gone from the line
            self._inside += 1
            self._held += turn.size
            turn.has_entered = True
            turn.may_enter.set_result(None)

    def _fits(self, size: int) -> bool:
        if self._inside == 0:
            return True
        return self._inside < self._most and self._held + size <= self._room


class _Turn:
    """Somebody at the gate with so many bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.has_entered = False
        self.may_enter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
