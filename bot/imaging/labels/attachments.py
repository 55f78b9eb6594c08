"""From a job's raw pictures to what one message may carry: labelled, and small enough."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.domain.discord_limits import REQUEST_BYTES
from bot.domain.errors import NotPossible
from bot.domain.jobs.reasons.result_errors import ResultUnreadable
from bot.domain.labels.fingerprint import Fingerprint, Posted
from bot.domain.labels.label import Label
from bot.domain.pictures.errors import PictureFormatRefused, PictureTooManyPixels
from bot.domain.pictures.picture import Attachments, Picture
from bot.domain.provider_errors import OperatorFault
from bot.domain.storage_errors import StorageUnavailable
from bot.imaging.labels.finish import Labeller, Mark, Seal
from bot.imaging.labels.visible.job_corner import JobCorner

_log = structlog.get_logger(__name__)

Record = Callable[[Sequence[Posted]], Awaitable[None]]
"""Notes pictures before they are posted; raises StorageUnavailable."""

_ROOM_FOR_TEXT = 64 * 1024  # the message itself is part of the request


class AttachmentSets:
    """Makes one job's attachments for every limit it is asked for; nothing is labelled twice.

    A picture that cannot be labelled is in no attachments: nothing unlabelled is ever posted. What
    is handed out was recorded before, so nothing that is posted is unknown.
    """

    def __init__(
        self,
        raw: Sequence[bytes],
        label: Label,
        record: Record,
        seal: Seal | None = None,
        mark: Mark | None = None,
    ) -> None:
        corner = JobCorner(label, raw)
        self._labellers = [Labeller(data, label, seal, corner, mark) for data in raw]
        self._label = label
        self._record = record
        self._recorded: set[Posted] = set()
        self._unreadable: dict[Labeller, Exception] = {}

    async def make(self, max_bytes: int) -> Attachments:
        """Return the labelled pictures, each at most `max_bytes` and together one request's size.

        Raises ResultUnreadable where none of them can be labelled, or StorageUnavailable where they
        cannot be recorded for now.
        """
        made = await self._each(max_bytes)
        room = REQUEST_BYTES - _ROOM_FOR_TEXT
        if sum(len(picture.data) for picture in made.values()) > room:
            made = await self._each(min(max_bytes, room // len(made)))
        if not made:
            raise self._lost()
        await self._note_posted(made)
        is_shrunk = not all(labeller.is_whole(picture) for labeller, picture in made.items())
        unread = len(self._labellers) - len(made)
        pictures = tuple(made.values())
        return Attachments(pictures, is_shrunk=is_shrunk, unread=unread, label=self._label.text)

    async def _each(self, max_bytes: int) -> Mapping[Labeller, Picture]:
        made = {}
        for labeller in self._labellers:
            if labeller in self._unreadable:
                continue
            try:
                made[labeller] = await asyncio.to_thread(labeller.within, max_bytes)
            except MemoryError:
                raise  # that may pass
            except Exception as error:  # noqa: BLE001 - a fault of ours loses no paid picture, too
                self._note(labeller, error)
        return made

    async def _note_posted(self, made: Mapping[Labeller, Picture]) -> None:
        """Record each version once; only a database that is away keeps a picture back for that."""
        posted = [
            self._posted(self._labellers.index(labeller), picture.fingerprint)
            for labeller, picture in made.items()
            if picture.fingerprint is not None
        ]
        new = [each for each in posted if each not in self._recorded]
        try:
            await self._record(new)
        except StorageUnavailable:
            raise
        except Exception:  # noqa: BLE001 - a fault of ours loses no paid picture
            _log.exception("picture_not_recorded", job=self._label.job_id)
        self._recorded.update(new)

    def _posted(self, number: int, fingerprint: Fingerprint) -> Posted:
        label = self._label
        return Posted(
            label.job_id, number, fingerprint, label.system, label.origin, label.created_at
        )

    def _note(self, labeller: Labeller, error: Exception) -> None:
        self._unreadable[labeller] = error
        is_ours = not isinstance(error, NotPossible)
        _log.error(
            "result_unreadable",
            job=self._label.job_id,
            number=self._labellers.index(labeller),
            reason=str(error),
            exc_info=error if is_ours else None,
        )

    def _lost(self) -> ResultUnreadable:
        """Return why there is no attachments, with what whoever runs the bot can do, if anything.

        What this version does not read at all, it will not read in the next job's result either.
        """
        reasons = list(self._unreadable.values())
        detail = "; ".join(dict.fromkeys(map(str, reasons)))
        error = ResultUnreadable(detail=detail)
        if any(isinstance(each, PictureFormatRefused | PictureTooManyPixels) for each in reasons):
            error.__cause__ = OperatorFault(error.code, detail=detail, remedy=_REMEDY)
        return error


_REMEDY = (
    "update Easel, or let the engine make another format or size. What was made is kept, and "
    "/result posts it once Easel can read it."
)
