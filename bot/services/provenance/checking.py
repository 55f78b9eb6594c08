"""Checks where a picture comes from: what its file says, and what our own records know of it."""

from bot.domain.jobs.job import Destination, JobId
from bot.domain.jobs.uploads import check_upload_size
from bot.domain.labels.fingerprint import Match
from bot.domain.labels.likeness import MOST_DIFFERING, tells_enough
from bot.domain.members.actor import Actor
from bot.domain.provenance.findings import Finding, Ledger, findings_of, looked_for, nearest
from bot.domain.provenance.inspection import Inspection
from bot.domain.wording.file_sizes import MIB
from bot.ports.clock import Clock
from bot.ports.labels.fingerprints import FingerprintStore
from bot.ports.pictures import Intake
from bot.ports.queue import JobReading
from bot.services.members.moderators import Moderators
from bot.services.uploads import Upload
from bot.turns.fair_queue import FairQueue

_AT_ONCE = 4
_OF_ONE_MEMBER = 1
_ROOM_BYTES = 64 * MIB


class Provenance:
    """Tells of pictures, a member's one after the other; it costs no quota and keeps nothing."""

    def __init__(
        self,
        *,
        intake: Intake,
        prints: FingerprintStore,
        jobs: JobReading,
        moderators: Moderators,
        now: Clock,
    ) -> None:
        self._intake = intake
        self._prints = prints
        self._jobs = jobs
        self._moderators = moderators
        self._turns = FairQueue(_AT_ONCE, _ROOM_BYTES, per_member=_OF_ONE_MEMBER, now=now)

    async def check(self, upload: Upload, to: Destination, reader: Actor) -> tuple[Finding, ...]:
        """Return what is found in a picture; who asked for it only where `reader` may know.

        Raises DownloadFailed, a NotPossible that says what is wrong with the file, or
        NotReachedInTime.
        """
        async with self._turns.turn(to, upload.size):
            data = await upload.read()
            check_upload_size(len(data))
            inspection = await self._intake.inspect(data, to.lane)
        match = await match_of(inspection, self._prints)
        asker = await self._asker(match, reader)
        return findings_of(inspection, Ledger(looked_for(inspection, match), match, asker))

    async def _asker(self, match: Match | None, reader: Actor) -> int | None:
        """Return who asked for it: to themselves and, at this moment, that server's moderators."""
        job = None if match is None else await self._jobs.find(JobId(match.posted.job_id))
        if job is None:
            return None
        to = job.order.destination
        may_know = to.user_id == reader.user_id
        if not may_know and not to.private:
            may_know = await self._moderators.include(reader, to.guild_id)
        return to.user_id if may_know and to.user_id > 0 else None


async def match_of(inspection: Inspection, prints: FingerprintStore) -> Match | None:
    """Return the posted picture that this is: by its bytes, else probably by its looks."""
    same = await prints.same(inspection.sha256)
    likeness = inspection.likeness
    if same is not None or likeness is None or not tells_enough(likeness):
        return same
    return nearest(inspection, await prints.alike(likeness, MOST_DIFFERING))
