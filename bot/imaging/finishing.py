"""How results are finished, as the operator set it: what labels say, and who signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.jobs.job import Job
from bot.domain.labels.label import Label, LabelRules
from bot.imaging.credentials.signing import Signer
from bot.imaging.labels.attachments import AttachmentSets
from bot.ports.labels.fingerprints import FingerprintStore
from bot.ports.pictures import BlobStore


@dataclass(frozen=True, slots=True)
class Finishing:
    """Makes a job's attachments, recorded in `prints`; without a `signer` they are not signed."""

    labels: LabelRules
    prints: FingerprintStore
    signer: Signer | None = None

    async def attachment_sets(
        self, job: Job, raw: Sequence[bytes], label: Label, blobs: BlobStore
    ) -> AttachmentSets:
        """Return what makes the attachments of the raw pictures.

        Where its uploads are no longer kept, a signed result says that it was created, of the same
        origin.
        """
        if self.signer is None:
            return AttachmentSets(raw, label, self.prints.record)
        uploads = await _kept(job.order.inputs, blobs)
        return AttachmentSets(raw, label, self.prints.record, self.signer.seal(label, uploads))


async def _kept(keys: Sequence[str], blobs: BlobStore) -> list[bytes]:
    try:
        return [await blobs.get(key) for key in keys]
    except KeyError:
        return []
