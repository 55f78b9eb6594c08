"""The record of moderators' acts, which nothing changes or shortens."""

from typing import Protocol

from bot.domain.moderation.acts import Act, WrittenAct


class AuditStore(Protocol):
    """Acts that changed nothing else in the database, and all of them read."""

    async def record(self, act: Act) -> None:
        """Write an act down by itself; one that changes rows is written with them."""

    async def missing_guards(self) -> list[str]:
        """Return what ought to refuse changes of the record and is not there, by its name."""

    async def put_guards_back(self) -> list[str]:
        """Make what is missing of it, and return its names."""

    async def latest(
        self,
        guild_id: int,
        limit: int,
        *,
        user_id: int | None = None,
        up_to: int | None = None,
        skip: int = 0,
    ) -> list[WrittenAct]:
        """Return a server's acts, newest first; `user_id`: those by or about this person.

        `up_to` leaves out what was written after the act of this number, `skip` so many acts.
        """
