"""What keeps jobs back: a moderator's hold on one of them, a pause of one server."""

from typing import Protocol

from bot.domain.jobs.job import JobId
from bot.domain.jobs.operations import GuildPause


class HoldStore(Protocol):
    """Waiting jobs that moderators hold back; each act is written down with what it changes."""

    async def hold(self, job_id: JobId, by: int, now: float) -> bool:
        """Hold a waiting job back, which stops the clock of its wait.

        False where it is held already, or waits no more: it started, or its time is over.
        """

    async def release(self, job_id: JobId, by: int, now: float) -> bool:
        """Let a job go that a moderator held: it waits on, in its place in time.

        False where none holds it.
        """


class GuildPauseStore(Protocol):
    """Servers whose queue their moderators have stopped; each act is written down with it."""

    async def pause(self, guild_id: int, pause: GuildPause, by: int) -> GuildPause:
        """Let nothing of a server start; a drain takes no new requests either.

        It replaces an earlier pause or drain, whose reason stays where there is no new one.
        Returns what holds now.
        """

    async def resume(self, guild_id: int, by: int, now: float) -> bool:
        """Let a server's jobs start again; False where nothing stopped them."""

    async def paused(self, guild_id: int) -> GuildPause | None:
        """Return what stops a server's queue, None where nothing does."""
