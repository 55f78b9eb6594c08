"""From a job's raw pictures to what one message may carry: labelled, and small enough."""

import asyncio
from collections.abc import Sequence

from bot.domain.jobs import Job
from bot.domain.pictures import Album, Label, Picture
from bot.imaging.finish import finish, shrink

_REQUEST_BYTES = 25 * 1024 * 1024  # all files of one request (Discord docs, 2026-08)
_ROOM_FOR_TEXT = 64 * 1024  # the message itself is part of the request


def label_of(job: Job, *, system: str, producer: str, now: float) -> Label:
    """Return what a job's pictures must say of themselves; `now` is when they are labelled."""
    return Label(
        text="AI-generated",
        producer=producer,
        job_id=job.id,
        system=system,
        edited=bool(job.order.inputs),
        created_at=now,
    )


class Albums:
    """Makes one job's album for every limit it is asked for; the whole pictures are kept."""

    def __init__(self, raw: Sequence[bytes], label: Label) -> None:
        self._raw = raw
        self._label = label
        self._whole: tuple[Picture, ...] | None = None

    async def make(self, max_bytes: int) -> Album:
        """Return the labelled pictures, each at most `max_bytes` and together one request's size.

        Raises what `finish` and `shrink` raise.
        """
        if self._whole is None:
            finished = [await asyncio.to_thread(finish, data, self._label) for data in self._raw]
            self._whole = tuple(finished)
        room = _REQUEST_BYTES - _ROOM_FOR_TEXT
        if sum(len(picture.data) for picture in self._whole) > room:
            max_bytes = min(max_bytes, room // len(self._whole))
        if all(len(picture.data) <= max_bytes for picture in self._whole):
            return Album(self._whole)
        fitted = [
            whole
            if len(whole.data) <= max_bytes
            else await asyncio.to_thread(shrink, data, self._label, max_bytes)
            for data, whole in zip(self._raw, self._whole, strict=True)
        ]
        return Album(tuple(fitted), is_shrunk=True)
