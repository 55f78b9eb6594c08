"""All that is kept of one person: read for them, or erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.jobs.job import Job, JobId

Table = Sequence[Mapping[str, Any]]
"""Rows as plain values, ready for JSON."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to: whose pictures are to be deleted, and how many jobs still live."""

    jobs: tuple[JobId, ...]
    live: int


class PersonalData(Protocol):
    """One person's rows, over every table."""

    async def live(self, user_id: int) -> list[JobId]:
        """Return their jobs that wait or are at work."""

    async def untold(self, user_id: int) -> list[Job]:
        """Return their jobs whose end no message shows yet."""

    async def erase(self, user_id: int, alias: int, now: float) -> Erased:
        """Erase words, settings and links; what limits them stands under the alias from now on.

        What still lives is noted, to be erased with another call when it has ended.
        """

    async def unfinished(self) -> list[int]:
        """Return whose erasures wait for the end of a job."""

    async def everything(self, user_id: int) -> dict[str, Table]:
        """Return all rows about somebody, by subject, with no secret among them."""

    async def with_pictures(self, user_id: int) -> list[Job]:
        """Return their jobs whose pictures are kept, oldest first."""
