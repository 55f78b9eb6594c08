"""Whatever is sent becomes a clean JPEG within the limits, or one clear sentence."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import MAX_UPLOAD_BYTES, PictureLimits
from bot.domain.pictures.errors import FileTooLarge, PictureFormatRefused, PictureTooSmall
from bot.imaging.files.sniff import sniff
from bot.imaging.labels.xmp import read_marks
from bot.imaging.pixels.decode import decode
from bot.imaging.uploads.fit import fit
from tests.imaging import corpus
from tests.imaging.uploads.fitted import assert_clean_and_within, is_red, pixels

LIMITS = PictureLimits()
GOOD = (
    *(corpus.saved(kind, size=(96, 72)) for kind in ("JPEG", "PNG", "WEBP", "BMP", "TIFF")),
    corpus.with_exif(),
    corpus.animated("WEBP"),
    corpus.animated("TIFF"),
    corpus.palette_with_hole(),
)


@pytest.mark.parametrize("name", corpus.CASES)
def test_each_file_of_the_corpus_comes_to_its_end(name: str) -> None:
    case = corpus.CASES[name]
    if isinstance(case.becomes, tuple):
        picture = fit(case.make(), LIMITS)
        assert_clean_and_within(picture, LIMITS)
        assert (picture.width, picture.height) == case.becomes
        return
    with pytest.raises(NotPossible) as refusal:
        fit(case.make(), LIMITS)
    assert type(refusal.value) is case.becomes


@settings(max_examples=120)
@given(st.data())
def test_no_damage_to_a_good_file_raises_anything_but_a_refusal(data: st.DataObject) -> None:
    spoilt = bytearray(data.draw(st.sampled_from(GOOD)))
    for _ in range(data.draw(st.integers(0, 8))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    kept = data.draw(st.one_of(st.just(len(spoilt)), st.integers(0, len(spoilt))))
    try:
        picture = fit(bytes(spoilt[:kept]), LIMITS)
    except NotPossible:
        return
    assert_clean_and_within(picture, LIMITS)


@settings(max_examples=80)
@given(
    st.sampled_from(
        (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"II*\0", b"BM")
    ),
    st.binary(max_size=400),
)
def test_no_bytes_raise_anything_but_a_refusal(magic: bytes, rest: bytes) -> None:
    with pytest.raises(NotPossible):
        fit(magic + rest, LIMITS)


def test_camera_place_and_comment_never_leave() -> None:
    data = corpus.with_exif()
    assert b"SecretCamera" in data
    assert b"SecretComment" in data

    fitted = fit(data, LIMITS).data

    assert b"Secret" not in fitted
    assert b"Exif" not in fitted
    assert read_marks(fitted).xmp is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    turns = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # what the camera did; the reader turns it back
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corpus.photo()
    turn = turns[orientation]
    if turn is not None:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "PNG", exif=exif)

    upright = pixels(fit(out.getvalue(), LIMITS))

    assert upright.size == corpus.SIZE
    assert is_red(upright.getpixel((10, 110)))
    assert not is_red(upright.getpixel((150, 110)))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_become_eight_by_scale_and_not_by_clipping(kind: str) -> None:
    out = io.BytesIO()
    Image.new("I", (64, 64), 40_000).convert("I;16").save(out, kind)
    assert decode(out.getvalue()).getpixel((9, 9)) in (155, 156)


def test_what_is_transparent_becomes_white() -> None:
    assert pixels(fit(corpus.rgba(), LIMITS)).getpixel((80, 60)) == (255, 255, 255)


def test_a_phone_picture_with_a_second_one_inside_is_the_first() -> None:
    assert is_red(pixels(fit(corpus.animated("MPO"), LIMITS)).getpixel((10, 10)))


def test_noise_is_pressed_under_the_limit_of_bytes() -> None:
    noise = random.Random(5).randbytes(700 * 700 * 3)  # noqa: S311 - a pattern, not a secret
    out = io.BytesIO()
    Image.frombytes("RGB", (700, 700), noise).save(out, "PNG")
    limits = PictureLimits(max_bytes=60_000)
    picture = fit(out.getvalue(), limits)
    assert_clean_and_within(picture, limits)
    assert picture.width < 700


def test_a_limit_of_bytes_that_cannot_be_met_is_said() -> None:
    with pytest.raises(FileTooLarge):
        fit(corpus.saved("JPEG"), PictureLimits(max_bytes=300))


def test_colour_keeps_its_whole_resolution_until_the_second_step_down_in_quality() -> None:
    data, most = corpus.saved("PNG"), LIMITS.max_bytes
    sampled = []
    for _ in range(3):
        fitted = fit(data, PictureLimits(max_bytes=most)).data
        most = len(fitted) - 1
        sampled.append(JpegImagePlugin.get_sampling(Image.open(io.BytesIO(fitted))))
    assert sampled == [0, 0, 2]  # 4:4:4 and 4:2:0, as Pillow numbers them


def test_no_side_is_pressed_under_the_shortest_that_an_engine_takes() -> None:
    chance = random.Random(5)  # noqa: S311 - a pattern, not a secret
    out = io.BytesIO()
    Image.frombytes("RGB", (64, 700), chance.randbytes(64 * 700 * 3)).save(out, "PNG")
    pressed = len(fit(out.getvalue(), PictureLimits(min_side=40, max_bytes=22_000)).data)
    assert pressed < 22_000
    with pytest.raises(FileTooLarge):
        fit(out.getvalue(), PictureLimits(min_side=50, max_bytes=22_000))


def test_an_upload_over_the_limit_is_not_even_opened() -> None:
    with pytest.raises(FileTooLarge, match=r"25\.1 MiB; pictures up to 25 MiB"):
        fit(b"\xff\xd8\xff" + bytes(MAX_UPLOAD_BYTES), LIMITS)


def test_a_refusal_names_format_size_and_limit() -> None:
    with pytest.raises(PictureFormatRefused, match="GIF pictures are not taken"):
        sniff(corpus.animated("GIF"))
    with pytest.raises(PictureTooSmall, match="50 × 300 pixels; both sides must be over 50"):
        fit(corpus.saved("PNG", size=(50, 300)), LIMITS)


def _see_through(alpha: int) -> bytes:
    noise = Image.effect_noise((200, 120), 90)  # of which a PNG is larger than a JPEG
    picture = Image.merge("RGBA", (noise, noise, noise, Image.new("L", noise.size, 255)))
    picture.paste((10, 200, 30, alpha), (0, 0, 100, 120))
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=None, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")
    return out.getvalue()


def test_what_is_transparent_stays_so_where_the_engine_takes_it() -> None:
    kept = fit(_see_through(40), PictureLimits(alpha=True))
    shown = Image.open(io.BytesIO(kept.data))
    assert (kept.mime, shown.format, shown.mode, shown.size) == (
        "image/png",
        "PNG",
        "RGBA",
        (200, 120),
    )
    assert shown.getpixel((5, 5)) == (10, 200, 30, 40)
    assert (shown.info, dict(shown.getexif())) == ({}, {})


def test_what_is_transparent_and_has_too_many_bytes_is_made_smaller_and_stays_transparent() -> None:
    limits = PictureLimits(alpha=True, max_bytes=20_000)
    kept = fit(_see_through(40), limits)
    shown = Image.open(io.BytesIO(kept.data))
    assert (kept.mime, shown.mode, shown.size) == ("image/png", "RGBA", (kept.width, kept.height))
    assert len(kept.data) <= limits.max_bytes
    assert 100 < kept.width < 200
    assert kept.width / kept.height == pytest.approx(200 / 120, rel=0.02)
    assert shown.getpixel((5, 5)) == pytest.approx((10, 200, 30, 40), abs=4)


@pytest.mark.parametrize(
    ("alpha", "limits"),
    [
        (40, PictureLimits()),
        (255, PictureLimits(alpha=True)),
        (40, PictureLimits(alpha=True, max_bytes=9_000, min_side=100)),
    ],
    ids=["not taken", "nothing transparent", "too large as far as it may shrink"],
)
def test_else_it_is_laid_on_white_in_a_jpeg(alpha: int, limits: PictureLimits) -> None:
    assert_clean_and_within(fit(_see_through(alpha), limits), limits)
