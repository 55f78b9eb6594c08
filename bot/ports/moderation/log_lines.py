"""Lines that wait for their log channels."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.moderation.log_lines import LogBatch, Taken, Told, WordHit

PostLines = Callable[[LogBatch], Awaitable[Told]]
"""Posts lines in one message."""

EditLines = Callable[[LogBatch], Awaitable[Taken]]
"""Shows the lines of a message as they are to be told now; takes it away where none is left."""


class LogLineStore(Protocol):
    """Lines noted with what they tell of, until they are posted."""

    async def hold(self, holder: str, now: float, until: float) -> bool:
        """Be the one process that posts lines, until a time; False while another one is."""

    async def waiting(self, most: int) -> list[LogBatch]:
        """Return the oldest lines of each server that has some, at most so many of one."""

    async def drop(self, numbers: Sequence[int]) -> None:
        """Forget lines: they are posted, or nobody is to read them."""

    async def keep_posted(self, batch: LogBatch, message_id: int) -> None:
        """Forget lines that are posted, and keep in which message they stand."""

    async def stale(self, most: int) -> list[LogBatch]:
        """Return messages that tell of what was deleted or erased, with all their lines."""

    async def shown_anew(self, batch: LogBatch) -> None:
        """Note that a message was shown anew, or can be reached no more."""

    async def forget_posted(self, before: float) -> None:
        """Forget in which messages lines from before a time stand."""

    async def drop_older(self, before: float) -> int:
        """Forget lines noted before a time; returns how many."""

    async def note_hit(self, guild_id: int, hit: WordHit, now: float) -> None:
        """Note what a server's word list has refused, for its log channel."""
