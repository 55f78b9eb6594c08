"""All pictures of a job carry their label in one corner, and never where the API's mark is."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from bot.domain.labels.corners import Corner, Rect
from bot.domain.labels.fingerprint import Posted
from bot.domain.labels.label import Label
from bot.imaging.labels.attachments import AttachmentSets
from bot.imaging.labels.finish import Labeller
from bot.imaging.labels.visible import job_corner
from bot.imaging.labels.visible.job_corner import JobCorner
from bot.sandbox.tencent.results import Mark, finish
from tests.imaging import corpus
from tests.imaging.labels.visible.pictures import Size, noise

LABEL = Label("AI-generated", "Ada", "job-1", "HY 3.0", created_at=1_790_000_000)
LIMIT = 25 * 1024 * 1024
LOGO = Image.new("RGB", (40, 20), "red")


async def unrecorded(_: Sequence[Posted]) -> None:
    """No fingerprint is looked for here."""


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def calm(corner: Corner, size: Size = (600, 400), kind: str = "PNG") -> bytes:
    """Return a noisy picture that is calm in one corner."""
    picture = noise(size)
    width, height = size
    x = width // 2 if "right" in corner else 0
    y = height // 2 if "bottom" in corner else 0
    picture.paste("teal", (x, y, x + width // 2, y + height // 2))
    return png(picture, kind)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def where(raw: bytes, labelled: bytes) -> str:
    """Return the corner in which two pictures differ."""
    changed = ImageChops.difference(opened(raw), opened(labelled)).convert("L")
    box = changed.point(lambda value: 255 * (value > 60)).getbbox()
    assert box is not None
    at_top = box[1] < changed.height - box[3]
    at_left = box[0] < changed.width - box[2]
    return f"{'top' if at_top else 'bottom'} {'left' if at_left else 'right'}"


@pytest.mark.parametrize("corner", Corner)
async def test_one_picture_has_its_label_in_its_calmest_corner(corner: Corner) -> None:
    raw = calm(corner)
    made = await AttachmentSets([raw], LABEL, unrecorded).make(LIMIT)
    assert where(raw, made.pictures[0].data) == corner


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
async def test_all_pictures_of_a_job_have_it_in_the_same_corner(kind: str) -> None:
    size = (1400, 900)  # large enough for a JPEG to be looked at in half its size
    calm_below, calm_above = calm(Corner.BOTTOM_LEFT, size, kind), calm(Corner.TOP_LEFT, size, kind)
    raws = [calm_below, calm_above, bytes(bytearray(calm_above))]
    made = await AttachmentSets(raws, LABEL, unrecorded).make(LIMIT)
    corners = [where(raw, each.data) for raw, each in zip(raws, made.pictures, strict=True)]
    assert corners == ["top left"] * 3


async def test_a_picture_that_cannot_be_read_has_no_say() -> None:
    raws = [calm(Corner.TOP_RIGHT), corpus.saved("JPEG")[:400], b"nonsense"]
    made = await AttachmentSets(raws, LABEL, unrecorded).make(LIMIT)
    assert where(raws[0], made.pictures[0].data) == "top right"
    assert made.unread == 2


async def test_a_smaller_copy_has_it_in_the_same_corner() -> None:
    raw = calm(Corner.TOP_LEFT)
    small = (await AttachmentSets([raw], LABEL, unrecorded).make(60_000)).pictures[0]
    calm_part = opened(small.data).crop((0, 0, small.width // 2 - 8, small.height // 2 - 8))
    assert small.width < 600
    assert calm_part.convert("L").getextrema()[1] > 220  # letters, where all else is teal


@pytest.mark.parametrize("label", [LABEL, replace(LABEL, corner=Corner.TOP_LEFT)])
def test_a_job_of_one_picture_and_a_fixed_corner_unpack_nothing_more(
    label: Label, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(job_corner, "decode_small", refused)
    raw = calm(Corner.TOP_RIGHT)
    raws = [raw] if label.corner is None else [raw, calm(Corner.BOTTOM_LEFT)]
    corner = JobCorner(label, raws).of(raw, opened(raw))
    assert corner is (label.corner or Corner.TOP_RIGHT)


def test_a_picture_that_lies_on_its_side_is_looked_at_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    out = io.BytesIO()
    lying = opened(calm(Corner.TOP_RIGHT, (800, 600))).transpose(Image.Transpose.ROTATE_90)
    lying.save(out, "JPEG", quality=95, exif=exif)
    other = Image.new("RGB", (800, 600), "teal")
    corner = JobCorner(LABEL, [b"", out.getvalue()]).of(b"", other)
    assert corner is Corner.TOP_RIGHT


def of_mark(size: Size, mark: Mark) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Return a result with the API's own mark, as the stand-in draws it, and where that is."""
    bare = png(Image.new("RGB", size, "teal"))
    marked = opened(finish(bare, size, mark, "png"))
    box = ImageChops.difference(opened(finish(bare, size, None, "png")), marked).getbbox()
    assert box is not None
    return marked, box


@pytest.mark.parametrize("size", [(1024, 1024), (768, 1024), (1280, 720), (512, 512), (256, 256)])
@pytest.mark.parametrize("text", ["AI-generated", "AI生成", "Сгенерировано ИИ"])
@pytest.mark.parametrize("fixed", [None, *Corner])
def test_the_label_is_clear_of_the_text_that_the_api_draws(
    size: Size, text: str, fixed: Corner | None
) -> None:
    check(size, replace(LABEL, text=text, corner=fixed, marked=Corner.BOTTOM_RIGHT), Mark())


@pytest.mark.parametrize(
    "rect", [(0, 0, 160, 48), (20, 900, 300, 100), (860, 20, 140, 60), (400, 940, 300, 60)]
)
@pytest.mark.parametrize("fixed", [None, *Corner])
def test_the_label_is_clear_of_a_logo_in_its_own_place(rect: Rect, fixed: Corner | None) -> None:
    check((1024, 1024), replace(LABEL, corner=fixed, marked=rect), Mark(png(LOGO), rect))


def check(size: Size, label: Label, mark: Mark) -> None:
    """Label a result that has the API's mark, and see that the mark is as it was."""
    marked, box = of_mark(size, mark)
    labelled = opened(Labeller(png(marked), label).within(LIMIT).data)
    assert labelled.crop(box).tobytes() == marked.crop(box).tobytes()
    assert ImageChops.difference(marked, labelled).getbbox() is not None
