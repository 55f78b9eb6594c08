"""How results are finished, as the operator set it: what labels say, who signs, and a mark."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.domain.jobs.job import Job
from bot.domain.labels.label import Label, LabelRules
from bot.domain.storage_errors import StorageUnavailable
from bot.imaging.credentials.signing import Seal, Signer
from bot.imaging.labels.attachments import AttachmentSets
from bot.imaging.watermarks.watermark import Watermark
from bot.ports.labels.fingerprints import FingerprintStore
from bot.ports.pictures import BlobStore

_log = structlog.get_logger(__name__)


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

        Where its uploads are no longer kept, or cannot be read now, a signed result says that it
        was created, of the same origin: a picture does not wait for its ingredients.
        """
        seal = await self._seal(job, label, blobs)
        return AttachmentSets(raw, label, self.prints.record, seal, self.mark)

    async def _seal(self, job: Job, label: Label, blobs: BlobStore) -> Seal | None:
        if self.signer is None:
            return None
        return self.signer.seal(label, await _uploads(job, blobs))


async def _uploads(job: Job, blobs: BlobStore) -> list[bytes]:
    try:
        return [await blobs.get(key) for key in job.order.inputs]
    except KeyError:
        return []
    except StorageUnavailable as error:
        _log.warning("uploads_not_in_manifest", job=job.id, reason=repr(error.__cause__))
        return []
