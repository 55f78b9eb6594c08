"""What keeps jobs back: a moderator's hold on one of them."""

from typing import Protocol

from bot.domain.jobs.job import JobId


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
