"""What keeps jobs back: a moderator's hold on one of them, a pause of one server, an approval."""

from collections.abc import Collection
from typing import Protocol

from bot.domain.jobs.job import Job, JobId
from bot.domain.jobs.operations import GuildPause
from bot.domain.jobs.reasons.denial import Denial
from bot.domain.moderation.approvals import Approval, Decision


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


class ApprovalStore(Protocol):
    """Jobs that wait for a moderator's yes; a decision is written down with what it changes."""

    async def unasked(
        self, *, but: Collection[int] = (), nor: Collection[JobId] = ()
    ) -> list[tuple[Approval, Job]]:
        """Return some that wait and whose question no message shows.

        `but` are servers and `nor` jobs that are left out. The oldest of each server come first,
        so that no server waits behind the many of another.
        """

    async def ended(self) -> list[tuple[Approval, Job]]:
        """Return some that nobody decided on, and that wait no more."""

    async def record_try(self, job_id: JobId, channel_id: int) -> None:
        """Note in which channel the question may be from now on."""

    async def record_asked(self, job_id: JobId, channel_id: int, message_id: int) -> None:
        """Note which message shows the question."""

    async def close(self, job_id: JobId, now: float) -> None:
        """Note that there is nothing to decide any more: the job ended by itself."""

    async def find(self, job_id: JobId) -> Approval | None:
        """Return what is known of a job's approval; None where it never needed one."""

    async def decide(
        self, job_id: JobId, by: int, now: float, denial: Denial | None
    ) -> Decision | None:
        """Let a job wait for its turn from now on, or end it where there is a `denial`.

        Of two at once one is new. None where the job never needed a yes.
        """
