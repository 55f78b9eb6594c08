"""Takes in what members upload: fetch, fit, keep, one after the other in fair turns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.domain.jobs.job import Destination, JobId, input_key
from bot.domain.jobs.limits import PictureLimits
from bot.domain.jobs.uploads import check_upload_size, naming
from bot.domain.pictures.picture import Picture
from bot.domain.wording.file_sizes import MIB
from bot.imaging.uploads.kept import as_kept
from bot.ports.clock import Clock
from bot.ports.pictures import BlobStore, Intake
from bot.turns.fair_queue import FairQueue

# Few are decoded at a time; the others of these are being fetched or written meanwhile.
_AT_ONCE = 8
_OF_ONE_MEMBER = 1  # else files that take long to decode, all one member's, would fill every place
_ROOM_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was not fetched yet; `size` is in bytes, as Discord states it.

    `read` raises DownloadFailed. `is_fitted`: it is an earlier job's picture, clean already.
    `name` is the file's.
    """

    size: int
    read: Callable[[], Awaitable[bytes]]
    is_fitted: bool = False
    name: str = ""


class Uploads:
    """Holds a bounded number of bytes; what finds no room waits before it is fetched."""

    def __init__(self, *, intake: Intake, blobs: BlobStore, now: Clock) -> None:
        self._intake = intake
        self._blobs = blobs
        self._turns = FairQueue(_AT_ONCE, _ROOM_BYTES, per_member=_OF_ONE_MEMBER, now=now)

    async def keep(
        self,
        job_id: JobId,
        uploads: Sequence[Upload],
        limits: PictureLimits,
        to: Destination,
        check: Callable[[Picture], None],
    ) -> tuple[str, ...]:
        """Return the blob keys of the fitted pictures; raises NotPossible, then nothing is kept.

        `check` raises NotPossible for a fitted picture that may not be sent.
        """
        keys: list[str] = []
        try:
            # One by one: a holder that waits for a second turn could wait for itself.
            for number, upload in enumerate(uploads):
                keys.append(input_key(job_id, number))
                async with self._turns.turn(to, upload.size):
                    with naming(number, len(uploads), upload.name):
                        data = await self._fitted(upload, limits, to, check)
                    await self._blobs.put(keys[-1], data)
        except BaseException:
            await self.forget(keys)
            raise
        return tuple(keys)

    async def forget(self, keys: Sequence[str]) -> None:
        """Delete what was kept for a job that was not accepted."""
        await self._blobs.delete(keys)

    async def _fitted(
        self,
        upload: Upload,
        limits: PictureLimits,
        to: Destination,
        check: Callable[[Picture], None],
    ) -> bytes:
        data = await upload.read()
        picture = None
        if upload.is_fitted:  # an earlier job's, not a member's: only its header is read
            picture = as_kept(data)
        # What was kept once may be too much for what the engine takes today.
        if picture is None or not limits.allow(picture):
            check_upload_size(len(data))
            picture = await self._intake.fit(data, limits, to.lane)
        check(picture)
        return picture.data
