"""All pictures of a job go out in one message, however large they came."""

import io
import random

from PIL import Image

from bot.domain.labels.label import Label
from bot.domain.wording.file_sizes import MIB
from bot.imaging.labels.attachments import AttachmentSets

LABEL = Label("AI-generated", "Ada", "job-1", "HY 3.0", created_at=1_790_000_000)


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
    alone = await AttachmentSets([raw], LABEL).make(25 * MIB)
    assert not alone.is_shrunk
    attachments = await AttachmentSets([raw, raw], LABEL).make(25 * MIB)
    assert len(attachments.pictures) == 2
    assert sum(len(picture.data) for picture in attachments.pictures) < 25 * MIB
    assert attachments.is_shrunk
    assert attachments.unread == 0
