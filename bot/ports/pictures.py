"""Pictures: kept, taken in, fetched, and put together for a message."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.picture import Attachments, Picture
from bot.domain.provenance.inspection import Inspection

Fetch = Callable[[str], Awaitable[bytes]]
"""Returns the picture behind a result's address; raises ServerFault (passing) or ResultLost."""


AttachmentMaker = Callable[[int], Awaitable[Attachments]]
"""Returns a job's labelled pictures, none larger than so many bytes."""


class BlobStore(Protocol):
    """Pictures by key, e.g. "<job id>/in/0"."""

    async def put(self, key: str, data: bytes) -> None:
        """Store, durably; the same key again replaces it."""

    async def get(self, key: str) -> bytes:
        """Return the bytes; raises KeyError."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Forget; unknown keys are no error."""

    async def job_ids(self, before: str) -> list[str]:
        """Return the ids of the jobs below `before` that pictures are kept for."""

    async def delete_all(self, job_id: str) -> None:
        """Forget every picture of a job."""


class Intake(Protocol):
    """Reads untrusted uploads: into a picture an engine takes, or for what they say."""

    async def fit(self, data: bytes, limits: PictureLimits, lane: Lane) -> Picture:
        """Decode, clean and fit in the lane's turn; raises the NotPossible that names the limit."""

    async def inspect(self, data: bytes, lane: Lane) -> Inspection:
        """Return what a file says of itself, in the lane's turn; raises NotPossible likewise."""
