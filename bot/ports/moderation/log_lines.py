"""Lines that wait for their log channels."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.moderation.log_lines import LogBatch, Taken, WordHit

PostLines = Callable[[LogBatch], Awaitable[Taken]]
"""Posts lines in one message."""


class LogLineStore(Protocol):
    """Lines noted with what they tell of, until they are posted."""

    async def hold(self, holder: str, now: float, until: float) -> bool:
        """Be the one process that posts lines, until a time; False while another one is."""

    async def waiting(self, most: int) -> list[LogBatch]:
        """Return the oldest lines of each server that has some, at most so many of one."""

    async def drop(self, numbers: Sequence[int]) -> None:
        """Forget lines: they are posted, or nobody is to read them."""

    async def drop_older(self, before: float) -> int:
        """Forget lines noted before a time; returns how many."""

    async def note_hit(self, guild_id: int, hit: WordHit, now: float) -> None:
        """Note what a server's word list has refused, for its log channel."""
