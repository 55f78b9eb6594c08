"""How results are finished, as the operator set it: what labels say, who signs, and a mark."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.jobs.job import Job
from bot.domain.labels.label import Label, LabelRules
from bot.imaging.credentials.signing import Seal, Signer
from bot.imaging.labels.attachments import AttachmentSets
from bot.imaging.watermarks.watermark import Watermark
from bot.ports.labels.fingerprints import FingerprintStore
from bot.ports.pictures import BlobStore


@dataclass(frozen=True, slots=True)
class Finishing:
    """Makes a job's attachments, recorded in `prints`; signed and marked where that is set."""

    labels: LabelRules
    prints: FingerprintStore
    signer: Signer | None = None
    mark: Watermark | None = None

    async def attachment_sets(
        self, job: Job, raw: Sequence[bytes], label: Label, blobs: BlobStore
    ) -> AttachmentSets:
        """Return what makes the attachments of the raw pictures.

        Where its uploads are no longer kept, a signed result says that it was created, of the same
        origin.
        """
        seal = await self._seal(job, label, blobs)
        return AttachmentSets(raw, label, self.prints.record, seal, self.mark)

    async def _seal(self, job: Job, label: Label, blobs: BlobStore) -> Seal | None:
        if self.signer is None:
            return None
        return self.signer.seal(label, await _kept(job.order.inputs, blobs))


async def _kept(keys: Sequence[str], blobs: BlobStore) -> list[bytes]:
    try:
        return [await blobs.get(key) for key in keys]
    except KeyError:
        return []
