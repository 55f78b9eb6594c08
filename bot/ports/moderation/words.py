"""Word lists of servers."""

from collections.abc import Sequence
from typing import Protocol


class WordStore(Protocol):
    """Word lists; each change is written down with it."""

    async def words(self, guild_id: int) -> tuple[str, ...]:
        """Return a server's list, in order of the alphabet."""

    async def add(
        self, guild_id: int, words: Sequence[str], *, by: int, now: float
    ) -> tuple[str, ...]:
        """Add words, and return those that were not on the list. Raises TooManyWords."""

    async def remove(
        self, guild_id: int, words: Sequence[str] | None, *, by: int, now: float
    ) -> tuple[str, ...]:
        """Remove words, all of them for None, and return those that were on the list."""
