"""What makes pictures, and what it writes down while it does."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import JobId, Options


@dataclass(frozen=True, slots=True)
class Work:
    """What a provider is to draw; `pictures` are fitted inputs, `remote_task` an earlier try's."""

    job_id: JobId
    engine: Engine
    options: Options
    pictures: tuple[bytes, ...] = ()
    remote_task: str | None = None
    was_sent: bool = False
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the API gave: encoded pictures, not yet labelled, or the addresses to fetch them from.

    Addresses live for an hour at the least (seed 003).
    """

    pictures: tuple[bytes, ...] = ()
    request_id: str = ""
    urls: tuple[str, ...] = ()


class LeaseLost(Exception):
    """Another worker holds the job now: drop this attempt without a trace."""


class Journal(Protocol):
    """What a provider writes down while it works, so that a crash neither loses nor pays twice."""

    async def sending(self) -> None:
        """Commit "sent" just before the paid request leaves; raises LeaseLost."""

    async def accepted(self, task_id: str) -> None:
        """Commit the API's task id before the first poll; raises LeaseLost."""

    def progress(self, percent: int) -> None:
        """Pass on how far the API says that it is, 0 to 100; nothing of it is committed."""


class Provider(Protocol):
    """One way to get pictures made."""

    def is_resumable(self, engine: Engine) -> bool:
        """Whether a sent job can be taken up again, even before its task's id is known."""

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make the pictures; raises ProviderError."""
