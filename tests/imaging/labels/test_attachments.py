"""All pictures of a job go out in one message, however large they came."""

import hashlib
import io
import random
from collections.abc import Sequence

import pytest
from PIL import Image

from bot.domain.labels.fingerprint import Posted
from bot.domain.labels.label import Label
from bot.domain.storage_errors import StorageUnavailable
from bot.domain.wording.file_sizes import MIB
from bot.imaging.labels.attachments import AttachmentSets

LABEL = Label("AI-generated", "Ada", "job-1", "HY 3.0", created_at=1_790_000_000)


class Recorded:
    """What was recorded, in the order it was."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.posted: list[Posted] = []
        self.fault = fault

    async def record(self, posted: Sequence[Posted]) -> None:
        """Keep them in mind, or fail."""
        if self.fault is not None:
            raise self.fault
        self.posted += posted


def noise() -> bytes:
    """Return a JPEG that has some 13 MiB as it is labelled."""
    out = io.BytesIO()
    side, chance = 2400, random.Random(7)  # noqa: S311 - a pattern, not a secret
    picture = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
    picture.save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


async def test_pictures_that_are_too_large_together_are_made_smaller_until_they_fit() -> None:
    raw = noise()
    assert 12.5 * MIB < len(raw) < 20 * MIB
    alone = await AttachmentSets([raw], LABEL, Recorded().record).make(25 * MIB)
    assert not alone.is_shrunk
    attachments = await AttachmentSets([raw, raw], LABEL, Recorded().record).make(25 * MIB)
    assert len(attachments.pictures) == 2
    assert sum(len(picture.data) for picture in attachments.pictures) < 25 * MIB
    assert attachments.is_shrunk
    assert attachments.unread == 0


def small() -> bytes:
    """Return a PNG with something in it."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((300, 200)).convert("RGB").save(out, "PNG")
    return out.getvalue()


async def test_each_version_is_recorded_once_with_its_own_bytes_before_it_is_handed_out() -> None:
    recorded = Recorded()
    sets = AttachmentSets([b"no picture", small()], LABEL, recorded.record)
    handed_out = [await sets.make(limit) for limit in (MIB, 20_000, MIB)]
    bytes_of = {made.pictures[0].data for made in handed_out}
    assert len(bytes_of) == 2
    kept = {posted.fingerprint.sha256 for posted in recorded.posted}
    assert kept == {hashlib.sha256(data).digest() for data in bytes_of}
    assert [(posted.job_id, posted.number) for posted in recorded.posted] == [("job-1", 1)] * 2


async def test_a_database_that_is_away_keeps_a_picture_back_and_another_fault_does_not() -> None:
    away = AttachmentSets([small()], LABEL, Recorded(StorageUnavailable()).record)
    with pytest.raises(StorageUnavailable):
        await away.make(MIB)
    broken = AttachmentSets([small()], LABEL, Recorded(RuntimeError("bug")).record)
    assert len((await broken.make(MIB)).pictures) == 1
