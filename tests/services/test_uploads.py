"""Uploads are held within bounds; what cannot be taken in leaves nothing behind."""

import asyncio
import time
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.domain.engines.errors import PictureBelowFilter
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import job_id_of
from bot.domain.jobs.limits import MAX_UPLOAD_BYTES, PictureLimits
from bot.domain.pictures.errors import FileTooLarge, PictureTooSmall
from bot.domain.pictures.picture import Picture
from bot.imaging.uploads.fence import Fence
from bot.imaging.uploads.fit import fit
from bot.services.uploads import Upload, Uploads
from storage.blobs import FileBlobs
from tests.imaging import corpus
from tests.turns.destinations import to

LIMITS = PictureLimits()
PHOTO = corpus.saved("JPEG")
MB = 1024 * 1024


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path)


@pytest.fixture
async def uploads(blobs: FileBlobs) -> AsyncIterator[Uploads]:
    async with Fence() as fence:
        yield Uploads(intake=fence, blobs=blobs, now=time.time)


class Sender:
    """Sends files that claim a size, and counts how much is on its way."""

    def __init__(self) -> None:
        self.held = 0
        self.peak = 0
        self.files = 0
        self.peak_files = 0

    def file(self, size: int, data: bytes = PHOTO) -> Upload:
        async def read() -> bytes:
            self.held += size
            self.files += 1
            self.peak = max(self.peak, self.held)
            self.peak_files = max(self.peak_files, self.files)
            await asyncio.sleep(0.01)
            self.held -= size
            self.files -= 1
            return data

        return Upload(size, read)


async def kept(blobs: FileBlobs) -> list[str]:
    return await blobs.job_ids("z")


def takes_any(_: Picture) -> None:
    """Refuse no picture."""


@pytest.mark.parametrize(("size", "files"), [(20 * MB, 3), (MB, 8)])
async def test_no_more_bytes_and_files_are_on_their_way_than_allowed(
    uploads: Uploads, blobs: FileBlobs, size: int, files: int
) -> None:
    sender = Sender()
    await asyncio.gather(
        *(
            uploads.keep(job_id_of(number), [sender.file(size)], LIMITS, to(number), takes_any)
            for number in range(1, 20)
        )
    )
    assert sender.peak_files == files
    assert sender.peak <= 64 * MB
    assert len(await kept(blobs)) == 19


async def test_several_pictures_of_one_request_never_wait_for_themselves(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    sender = Sender()
    async with asyncio.timeout(10):
        found = await asyncio.gather(
            *(
                uploads.keep(
                    job_id_of(number), [sender.file(25 * MB)] * 4, LIMITS, to(number), takes_any
                )
                for number in range(1, 4)
            )
        )
    assert [len(keys) for keys in found] == [4, 4, 4]
    assert sender.peak <= 64 * MB
    for keys in found:
        for key in keys:
            assert (await blobs.get(key)).startswith(b"\xff\xd8")


async def test_one_members_files_leave_places_for_everybody_else(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    asked, arrive = asyncio.Event(), asyncio.Event()

    async def read() -> bytes:
        asked.set()
        await arrive.wait()
        return PHOTO

    stuck = [
        asyncio.create_task(
            uploads.keep(job_id_of(number), [Upload(MB, read)], LIMITS, to(1), takes_any)
        )
        for number in range(1, 13)
    ]
    async with asyncio.timeout(30):
        await asked.wait()  # whoever has a place holds it from here on
        await uploads.keep(job_id_of(99), [Sender().file(MB)], LIMITS, to(2), takes_any)
    assert not any(task.done() for task in stuck)
    arrive.set()
    await asyncio.gather(*stuck)
    assert len(await kept(blobs)) == 13


async def test_one_bad_picture_among_good_ones_keeps_none(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    sender = Sender()
    files = [sender.file(MB), sender.file(MB, b"no picture")]
    with pytest.raises(NotPossible, match="not a picture"):
        await uploads.keep(job_id_of(1), files, LIMITS, to(1), takes_any)
    assert await kept(blobs) == []


async def test_a_file_larger_than_it_claimed_is_refused(uploads: Uploads, blobs: FileBlobs) -> None:
    files = [Sender().file(10, bytes(MAX_UPLOAD_BYTES + 1))]
    with pytest.raises(FileTooLarge):
        await uploads.keep(job_id_of(1), files, LIMITS, to(1), takes_any)
    assert await kept(blobs) == []


def kept_before(data: bytes) -> Upload:
    async def read() -> bytes:
        return data

    return Upload(len(data), read, is_fitted=True)


async def test_a_kept_picture_is_sent_as_it_is_while_the_engine_takes_it(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    data, seen = fit(PHOTO, LIMITS).data, list[Picture]()
    [key] = await uploads.keep(job_id_of(1), [kept_before(data)], LIMITS, to(1), seen.append)
    assert await blobs.get(key) == data
    with Image.open(BytesIO(data)) as opened:
        assert [(picture.width, picture.height) for picture in seen] == [opened.size]


async def test_a_kept_opaque_png_is_sent_with_the_same_pixels_and_nothing_beside_them(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    texts = PngInfo()
    texts.add_text("Comment", "who made this")
    data = corpus.saved("PNG", pnginfo=texts)
    limits = PictureLimits(alpha=True)
    [key] = await uploads.keep(job_id_of(1), [kept_before(data)], limits, to(1), takes_any)
    assert await blobs.get(key) == corpus.saved("PNG")


@pytest.mark.parametrize(
    ("data", "limits", "kind"),
    [
        (corpus.saved("PNG"), LIMITS, "JPEG"),
        (corpus.saved("PNG", "L"), PictureLimits(alpha=True), "JPEG"),
        (corpus.saved("PNG", transparency=(255, 0, 0)), PictureLimits(alpha=True), "PNG"),
        (corpus.saved("PNG", icc_profile=corpus.srgb_profile()), PictureLimits(alpha=True), "JPEG"),
        (corpus.with_exif("PNG"), PictureLimits(alpha=True), "JPEG"),
    ],
    ids=["not taken", "grey", "a transparent value", "a profile", "turned"],
)
async def test_a_kept_png_of_any_other_form_is_fitted(
    uploads: Uploads, blobs: FileBlobs, data: bytes, limits: PictureLimits, kind: str
) -> None:
    [key] = await uploads.keep(job_id_of(1), [kept_before(data)], limits, to(1), takes_any)
    fitted = await blobs.get(key)
    assert fitted != data
    with Image.open(BytesIO(fitted)) as opened:
        assert (opened.format, "icc_profile" in opened.info) == (kind, False)


async def test_a_kept_picture_over_todays_limits_is_fitted_anew(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    data = fit(corpus.saved("JPEG", size=(600, 400)), LIMITS).data
    for limits in (PictureLimits(max_side=300), PictureLimits(max_bytes=len(data) - 1)):
        [key] = await uploads.keep(job_id_of(1), [kept_before(data)], limits, to(1), takes_any)
        again = await blobs.get(key)
        with Image.open(BytesIO(again)) as opened:
            assert max(opened.size) <= limits.max_side
        assert len(again) <= limits.max_bytes


async def test_a_kept_picture_that_no_longer_does_is_refused(
    uploads: Uploads, blobs: FileBlobs
) -> None:
    def takes_none(_: Picture) -> None:
        raise PictureBelowFilter(width=1, height=1, minimum=500)

    data = fit(PHOTO, LIMITS).data
    with pytest.raises(PictureBelowFilter):
        await uploads.keep(job_id_of(1), [kept_before(data)], LIMITS, to(1), takes_none)
    with pytest.raises(PictureTooSmall):
        await uploads.keep(
            job_id_of(1), [kept_before(data)], PictureLimits(min_side=1999), to(1), takes_any
        )
    assert await kept(blobs) == []
