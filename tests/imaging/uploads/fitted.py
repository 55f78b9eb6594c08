"""What a fitted upload has to be: a clean JPEG within the limits."""

import io

from PIL import Image

from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.picture import Picture


def pixels(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as opened:
        opened.load()
        return opened


def is_red(pixel: tuple[int, int, int]) -> bool:
    return pixel[0] > 200 and max(pixel[1:]) < 60


def assert_clean_and_within(picture: Picture, limits: PictureLimits) -> None:
    opened = pixels(picture)
    assert (opened.format, opened.mode, opened.size) == (
        "JPEG",
        "RGB",
        (picture.width, picture.height),
    )
    assert picture.mime == "image/jpeg"
    assert len(picture.data) <= limits.max_bytes
    assert min(opened.size) > limits.min_side
    assert max(opened.size) <= limits.max_side
    assert not opened.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(opened.info)
