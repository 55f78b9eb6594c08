"""The way to members: waiting messages with a standing, results and ends."""

from collections.abc import Collection
from typing import Protocol

from bot.domain.jobs.job import Job, JobId
from bot.domain.jobs.line import Standing
from bot.ports.pictures import AttachmentMaker

Place = tuple[int, int]
"""A channel and a message in it."""


class Deliverer(Protocol):
    """Hands results and ends to members.

    Raises Undeliverable when Discord has a bad day, Unreachable when no route is left.
    """

    async def announce(self, job: Job, standing: Standing, *, at_any_time: bool = False) -> None:
        """Show in the deferred reply that the job waits; never raises for Discord's faults.

        `at_any_time`: also once the interaction's token is over, where the message is public.
        """

    def shown(self, job_id: JobId) -> Standing | None:
        """Return what a waiting message says, as far as this process wrote it."""

    async def refresh(self, job: Job, standing: Standing) -> None:
        """Show a waiting job's new standing, unless its end is being shown; as `announce`."""

    async def post(self, job: Job, system: str, attachments: AttachmentMaker) -> None:
        """Post the labelled pictures; `system` names what made them."""

    async def tell(self, job: Job) -> None:
        """Say in the waiting message how the job ended without a picture."""

    async def remove(self, job: Job, shown: Collection[Place] = ()) -> bool:
        """Take a deleted job's messages away, and where it is `shown` besides; gone is no error.

        False where one stays that the bot may not reach. Raises Undeliverable.
        """


class PostStore(Protocol):
    """Where the id of a new message is kept."""

    async def record_posted(self, job_id: JobId, channel_id: int, message_id: int) -> None:
        """Note which new message shows the job's result."""


class Standings(Protocol):
    """Where jobs stand, and about how long they take."""

    async def survey(self, pool: str) -> dict[JobId, Standing]:
        """Return who runs and starts next in a pool, nearest first, then who is held back."""

    async def of(self, job: Job, ahead: int | None = None) -> Standing:
        """Return the standing of a waiting or running job; `ahead` of it are so many, if known."""

    def expire(self) -> None:
        """Read anew for whoever asks next: jobs have started or ended."""
