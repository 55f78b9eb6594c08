"""The queue as a whole: looked at, stopped, and cleared of what is old."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.jobs.job import Job, JobId
from bot.domain.jobs.operations import Overview, Pause


class OperationsStore(Protocol):
    """The queue as a whole."""

    async def pause(self, reason: str, now: float) -> None:
        """Let no job start any more, in no process; a later reason replaces an earlier one."""

    async def resume(self) -> bool:
        """Let jobs start again; False when they were not paused."""

    async def paused(self) -> Pause | None:
        """Return why no jobs are started, None while they are."""

    async def overview(self, now: float, guild_id: int | None = None) -> Overview:
        """Look at the queue; `guild_id` narrows down what waits and what is unknown."""

    async def live(self, guild_id: int, limit: int) -> list[Job]:
        """Return what runs in a server, then what waits: what was put first, who came first."""

    async def free(self, guild_id: int, after: JobId | None, limit: int) -> list[Job]:
        """Return what waits in a server and is not held, by id, from the one after on."""

    async def put_first(self, job_id: JobId, by: int, now: float) -> bool:
        """Let a waiting job start before all that wait in its lane; False when it waits no more.

        Whose act it is, is written down, unless it was first already.
        """


class RetentionStore(Protocol):
    """Old rows; every method does one batch and says how much it found."""

    async def with_old_pictures(self, before: float, limit: int) -> dict[JobId, list[str]]:
        """Return jobs that ended before a time and still name pictures, with the blobs' keys."""

    async def forget_pictures(self, job_ids: Sequence[JobId]) -> None:
        """Note that the pictures of these jobs are gone."""

    async def forget_words(self, before: float, limit: int) -> int:
        """Clear prompts of jobs that ended before a time."""

    async def forget_jobs(self, before: float, limit: int) -> int:
        """Delete jobs that ended before a time and are cleared; their ledger rows stay."""

    async def forget_tokens(self, before: float, limit: int) -> int:
        """Clear the interaction tokens of jobs accepted before a time."""

    async def forget_lanes(self, limit: int) -> int:
        """Delete lanes that are idle and owe nothing: they would start at the clock again."""

    async def strangers(self, job_ids: Sequence[str]) -> list[str]:
        """Return those of the ids that no job has."""
