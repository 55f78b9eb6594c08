"""Servers that the bot was removed from."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bot.domain.jobs.job import JobId


class DepartureStore(Protocol):
    """Which servers are gone, and what of them is kept for how long."""

    async def leave(self, guild_id: int, now: float) -> Sequence[JobId]:
        """Note that the bot was removed, and end what waits there, refunded; returns these jobs."""

    async def come_back(self, guild_ids: Collection[int]) -> None:
        """Forget that the bot was ever removed from these servers."""

    async def known(self) -> set[int]:
        """Return the servers that something is set in or waits in, but for those noted as gone."""

    async def forget_left_before(self, before: float) -> Sequence[int]:
        """Erase what moderators had set in servers left before a time; returns those servers.

        The ledger stays, and so does the audit, which nothing shortens.
        """
