"""What the pixels of foreign files are, whatever stands beside them and however deep they are."""

import io
import random
import re

import pytest
from PIL import Image

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import MAX_PIXELS, PictureLimits
from bot.domain.pictures.errors import (
    PictureDamaged,
    PictureFormatRefused,
    PictureHeaderNonsense,
    PictureNotBaseline,
)
from bot.imaging.files.bare import scale_of
from bot.imaging.pixels.colour import in_srgb
from bot.imaging.pixels.decode import decode, open_picture
from bot.imaging.uploads.fit import fit
from tests.imaging import corpus, foreign, foreign_tiff
from tests.imaging.uploads.fitted import assert_clean_and_within, is_red, pixels

LIMITS = PictureLimits()


def shown(data: bytes) -> Image.Image:
    return in_srgb(decode(data)).convert("L")


@pytest.mark.parametrize("name", foreign.CASES)
def test_each_foreign_file_comes_to_its_end(name: str) -> None:
    case = foreign.CASES[name]
    if isinstance(case.becomes, tuple):
        picture = fit(case.make(), LIMITS)
        assert_clean_and_within(picture, LIMITS)
        assert (picture.width, picture.height) == case.becomes
        return
    with pytest.raises(NotPossible) as refusal:
        fit(case.make(), LIMITS)
    assert type(refusal.value) is case.becomes


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, case in foreign.CASES.items()
        if name.startswith(("png with", "jpeg with ", "webp with")) and case.becomes == corpus.SIZE
    ],
)
def test_what_stands_beside_the_pixels_changes_none(name: str) -> None:
    assert is_red(pixels(fit(foreign.CASES[name].make(), LIMITS)).getpixel((5, 5)))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16, 32])
def test_grey_of_any_depth_is_as_bright_as_its_values_mean(
    bits: int, *, white_is_zero: bool, order: str
) -> None:
    picture = shown(foreign_tiff.grey_ramp(bits, order=order, white_is_zero=white_is_zero))
    row = [picture.getpixel((x, 60)) for x in range(foreign_tiff.WIDTH)]
    assert max(abs(found - level) for found, level in zip(row, foreign_tiff.RAMP, strict=True)) <= 1


def test_thirty_two_bits_that_hold_sixteen_are_read_as_these() -> None:
    row = foreign_tiff.packed([level * 257 for level in foreign_tiff.RAMP], 32)
    for sample_format in (1, 2):
        tags = foreign_tiff.grey_tags(32, sample_format=sample_format)
        assert shown(foreign_tiff.tiff((tags, row * foreign_tiff.HEIGHT))).getextrema() == (0, 255)


@pytest.mark.parametrize(("bits", "white"), [(8, 127), (16, 32767), (32, 2147483647)])
def test_signed_grey_is_white_at_its_largest_and_black_below_nothing(bits: int, white: int) -> None:
    tags = foreign_tiff.grey_tags(bits, sample_format=2)
    for value, level in ((white, 255), (0, 0), ((1 << bits) - 5, 0), (white // 2, 127)):
        row = foreign_tiff.packed([value] * foreign_tiff.WIDTH, bits)
        found = shown(foreign_tiff.tiff((tags, row * foreign_tiff.HEIGHT))).getpixel((9, 9))
        assert abs(found - level) <= 1


@pytest.mark.parametrize(
    ("bits", "colour"), [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2)]
)
def test_what_has_the_transparent_value_becomes_white_and_nothing_else_does(
    bits: int, colour: int
) -> None:
    most = (1 << bits) - 1
    value = most // 3
    ground = shown(foreign.png_with_key(bits, colour, value, value))
    assert ground.getextrema() == (255, 255)
    near = value + 1  # of 16 bits, this one has the same upper half
    kept = shown(foreign.png_with_key(bits, colour, value, near))
    assert kept.getextrema() == (value * 255 // most,) * 2


def test_the_colours_of_a_palette_are_kept() -> None:
    for data in (corpus.saved("PNG", "P"), corpus.saved("BMP", "P")):
        assert is_red(decode(data).convert("RGB").getpixel((5, 5)))


def test_the_colours_of_lab_are_kept() -> None:
    assert is_red(decode(foreign_tiff.lab_tiff()).getpixel((5, 5)))


def test_the_transparent_value_of_a_palette_becomes_white() -> None:
    assert decode(corpus.palette_with_hole()).mode == "RGBA"


@pytest.mark.parametrize(
    "name",
    ["tiff with a preview in front", "tiff with a mask in front", "tiff pyramid",
     "tiff with its picture under a preview", "tiff with tags beyond measure"],
)  # fmt: skip
def test_the_main_picture_of_a_tiff_is_taken(name: str) -> None:
    assert shown(foreign.CASES[name].make()).getextrema() == (200, 200)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tiff of a camera", "Camera raw pictures are not taken"),
        ("tiff of a camera, dng", "Camera raw pictures are not taken"),
        ("canon cr2", "Camera raw"),
        ("tiff of floating-point colour", "Floating-point pictures"),
        ("tiff of 32 bits in colour", "32-bit colour"),
        ("tiff in LogL", "8-bit LogL"),
        ("jpeg of 12 bits", "12-bit JPEG"),
        ("bmp of four bits each", "BMP of an unusual kind"),
    ],
)
def test_a_whole_file_that_is_not_read_is_called_by_its_reason(name: str, reason: str) -> None:
    with pytest.raises(PictureFormatRefused, match=reason):
        fit(foreign.CASES[name].make(), LIMITS)


def test_a_header_that_no_picture_has_is_called_so() -> None:
    with pytest.raises(PictureHeaderNonsense, match="4294967169 × 64 pixels, which no picture is"):
        fit(foreign.bmp_of_size(-127, 64), LIMITS)


def test_a_jpeg_in_too_many_passes_is_told_its_remedy() -> None:
    with pytest.raises(PictureNotBaseline, match=r"Save it as a normal \(baseline\) JPEG"):
        fit(foreign.many_scans(400, (2400, 2400)), LIMITS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_turns_a_picture_and_xmp_does_not(kind: str) -> None:
    turned = corpus.saved(kind, exif=foreign.exif_of(6))
    assert decode(turned).size == foreign.TURNED
    out = io.BytesIO()
    corpus.photo().save(out, kind, xmp=foreign.TURNED_XMP)
    assert decode(out.getvalue()).size == corpus.SIZE


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_turn_is_read_from_exif_however_the_rest_of_it_is_broken(order: str) -> None:
    data = foreign.with_segments(foreign.segment(0xE1, foreign.turned_exif(order)))
    assert decode(data).size == foreign.TURNED


def test_a_text_that_looks_like_exif_turns_nothing() -> None:
    block = foreign.turned_exif("<").hex()
    assert (
        decode(corpus.with_text("Raw profile type exif", f"\nexif\n38\n{block}")).size
        == corpus.SIZE
    )


@pytest.mark.parametrize(
    ("size", "enough", "scale"),
    [
        ((8064, 6048), 2048, 2),
        ((12000, 9000), 2048, 4),
        ((16384, 12288), 2048, 8),
        ((20000, 1000), 2048, 8),
        ((2047, 2047), 2048, 1),
        ((4096, 10), 2048, 2),
        ((9990, 9990), 4999, 2),  # 1/1 would be allowed by the side, and be 100 megapixels
        ((20000, 10000), 4999, 4),
    ],
)
def test_a_picture_is_unpacked_no_larger_than_it_is_needed(
    size: tuple[int, int], enough: int, scale: int
) -> None:
    assert scale_of(size, enough) == scale
    assert size[0] * size[1] <= MAX_PIXELS * scale * scale
    assert scale_of(size, None) == 1


WRITTEN: dict[str, dict[str, object]] = {
    "plain": {},
    "in passes": {"progressive": True},
    "with its own codes": {"optimize": True},
    "with restarts": {"restart_marker_rows": 1},
    "with many restarts": {"restart_marker_blocks": 4},
    "at full colour": {"quality": 95, "subsampling": 0},
}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_that_lacks_nothing_but_its_end_marker_is_whole(way: str, missing: int) -> None:
    data = corpus.saved("JPEG", **WRITTEN[way])
    assert decode(data[:-missing]).tobytes() == decode(data).tobytes()


@pytest.mark.parametrize("way", WRITTEN)
def test_a_jpeg_that_lacks_anything_of_its_pixels_is_damaged(way: str) -> None:
    data, chance = corpus.saved("JPEG", **WRITTEN[way]), random.Random(way)  # noqa: S311 - places
    scan = data.rfind(b"\xff\xda") + 20  # a JPEG in passes may lack the later ones
    ends = [chance.randrange(scan, len(data) - 8) for _ in range(40)]
    restarts = [found.start() for found in re.finditer(rb"\xff[\xd0-\xd7]", data)]
    for end in (*ends, *restarts):
        try:
            picture = decode(data[:end])
        except PictureDamaged:
            continue
        assert picture.tobytes() == decode(data).tobytes(), f"{end} of {len(data)} bytes"


def test_the_colours_of_a_jpeg_are_those_its_markers_say() -> None:
    plain = corpus.saved("JPEG", quality=95)
    for data in (
        plain,
        foreign.with_segments(*[foreign.segment(0xE5, bytes(60_000))] * 3, quality=95),
    ):
        assert is_red(decode(data).convert("RGB").getpixel((5, 5)))
    ink = corpus.saved("JPEG", "CMYK", quality=95)
    assert is_red(decode(ink).convert("RGB").getpixel((5, 5)))
    assert is_red(decode(foreign.told_by_adobe()).getpixel((5, 5)))


def test_a_profile_is_whole_where_its_last_segment_holds_one_byte() -> None:
    profile = corpus.srgb_profile().ljust(2 * 65_519 + 1, b"\1")  # Pillow's own segments
    assert open_picture(corpus.saved("JPEG", icc_profile=profile)).profile == profile


def test_no_library_sees_what_stands_beside_the_pixels() -> None:
    secret = b"SecretPlace" * 9
    for data in (
        foreign.with_segments(
            foreign.segment(0xE1, b"Exif\0\0" + secret), foreign.segment(0xFE, secret)
        ),
        foreign.with_chunks(corpus.png_chunk(b"tEXt", secret), corpus.png_chunk(b"eXIf", secret)),
    ):
        source = open_picture(data)
        assert b"SecretPlace" not in getattr(source, "data")  # noqa: B009 - the port has no bytes
