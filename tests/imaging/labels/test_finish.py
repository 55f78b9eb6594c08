"""What an engine returns comes out labelled, in its own format and under any size limit."""

import io
import json
import random
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.domain.errors import NotPossible
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import Label
from bot.domain.labels.origin import Origin
from bot.domain.pictures.errors import (
    FileTooLarge,
    NotAPicture,
    PictureDamaged,
    PictureFormatRefused,
)
from bot.domain.pictures.picture import Picture
from bot.imaging.files import containers
from bot.imaging.labels.finish import Labeller
from bot.imaging.labels.visible.label import letters_of
from bot.imaging.labels.visible.placement import corner_box
from bot.imaging.labels.xmp import read_marks
from bot.imaging.pixels.colour import space_of
from tests.imaging import corpus
from tests.imaging.labels.upstream import AIGC, rdf

LABEL = Label(
    *("AI-generated", "Ada", "job-1", "HY 3.0"),
    created_at=1_790_000_000,
    corner=Corner.BOTTOM_RIGHT,
)


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return picture


def finish(raw: bytes) -> Picture:
    """The picture labelled, whatever its size."""
    return Labeller(raw, LABEL).within(float("inf"))


def noise(size: tuple[int, int]) -> bytes:
    chance = random.Random(11)  # noqa: S311 - a pattern, not a secret
    out = io.BytesIO()
    Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode", "mime"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("PNG", "1", "image/png"),
        ("WEBP", "RGB", "image/webp"),
        ("WEBP", "RGBA", "image/webp"),
        ("BMP", "RGB", "image/png"),
        ("TIFF", "RGB", "image/png"),
        ("GIF", "P", "image/png"),
        ("AVIF", "RGB", "image/png"),
        ("AVIF", "RGBA", "image/png"),
    ],
)
def test_every_result_is_labelled_in_pixels_and_metadata(kind: str, mode: str, mime: str) -> None:
    raw = corpus.saved(kind, mode, (400, 300))
    picture = finish(raw)
    assert picture.mime == mime

    after = opened(picture.data)
    assert (picture.mime, picture.width, picture.height) == (mime, 400, 300)
    assert Image.MIME[after.format or ""] == mime
    assert after.size == (400, 300)
    before = opened(raw).convert("RGB") if mode != "I;16" else corpus.photo("L", (400, 300))
    changed = ImageChops.difference(before.convert("L"), after.convert("L"))
    assert changed.crop((250, 260, 400, 300)).getextrema()[1] > 100
    assert read_marks(picture.data).digital_source_type == Origin.GENERATED.source_type


def test_the_rest_of_a_lossless_picture_is_untouched() -> None:
    raw = corpus.saved("PNG", size=(400, 300))
    after = opened(finish(raw).data)
    changed = ImageChops.difference(opened(raw), after).getbbox()
    assert changed is not None
    assert changed[1] > 300 * 0.85


def test_a_colour_profile_is_kept() -> None:
    raw = corpus.saved("JPEG", icc_profile=corpus.srgb_profile())
    assert opened(finish(raw).data).info["icc_profile"] == corpus.srgb_profile()


@pytest.mark.parametrize("gamma", [1.0, 1.8])
@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "LA"), ("PNG", "L"), ("JPEG", "L"), ("WEBP", "L")]
)
def test_a_grey_profile_gives_way_to_one_that_fits(kind: str, mode: str, gamma: float) -> None:
    raw = corpus.saved(kind, mode, (400, 300), icc_profile=corpus.grey_profile(gamma))
    after = opened(finish(raw).data)
    assert after.mode == ("RGBA" if mode == "LA" else "RGB")
    assert space_of(after.info["icc_profile"]) == "RGB"
    grey = opened(raw).getpixel((10, 10))
    value = (grey[0] if isinstance(grey, tuple) else grey) / 255
    linear = value**gamma
    wanted = 255 * (linear * 12.92 if linear < 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)
    found = after.getpixel((10, 10))
    assert isinstance(found, tuple)
    assert found[:3] == pytest.approx((wanted,) * 3, abs=3)


def test_a_profile_of_no_space_that_pixels_have_is_left_out() -> None:
    good = corpus.srgb_profile()
    for odd in (good[:16] + b"GRAY" + good[20:], b"nonsense" * 30):
        raw = corpus.saved("PNG", "LA", (400, 300), icc_profile=odd)
        after = opened(finish(raw).data)
        assert "icc_profile" not in after.info
        assert after.getpixel((10, 10)) == opened(raw).convert("RGBA").getpixel((10, 10))


def test_a_grey_picture_keeps_a_profile_of_colours() -> None:
    raw = corpus.saved("JPEG", "L", (400, 300), icc_profile=corpus.srgb_profile())
    after = opened(finish(raw).data)
    assert (after.mode, after.info["icc_profile"]) == ("RGB", corpus.srgb_profile())


def test_xmp_turns_no_result() -> None:
    raw = corpus.saved("JPEG", size=(300, 200), xmp=corpus.TURNED)
    assert opened(finish(raw).data).size == (300, 200)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_lossless_stays_lossless(kind: str, mode: str) -> None:
    out = io.BytesIO()
    layers = [Image.effect_noise((400, 300), 60 + 20 * n) for n in range(len(mode))]
    Image.merge(mode, layers).save(
        out, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {})
    )
    before, after = opened(out.getvalue()), opened(finish(out.getvalue()).data)
    above = (0, 0, 400, 255)
    assert after.mode == mode
    assert after.crop(above).tobytes() == before.crop(above).tobytes()


def test_a_lossy_webp_is_not_blown_up_as_lossless() -> None:
    noisy = io.BytesIO()
    opened(noise((400, 300))).save(noisy, "WEBP", quality=80)
    assert len(finish(noisy.getvalue()).data) < 3 * len(noisy.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_frames_that_move_the_first_is_labelled(kind: str) -> None:
    after = opened(finish(corpus.animated(kind)).data)
    assert getattr(after, "n_frames", 1) == 1
    assert after.convert("RGB").getpixel((5, 5)) == pytest.approx((254, 0, 0), abs=6)


def test_a_picture_is_encoded_once_for_each_size_that_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[object, ...]] = []
    save = Image.Image.save

    def counted(picture: Image.Image, out: object, kind: str, **options: Any) -> None:
        seen.append((kind, picture.size, *sorted(options.items())))
        save(picture, out, kind, **options)  # type: ignore[arg-type] # as it came

    raw = noise((800, 600))
    monkeypatch.setattr(Image.Image, "save", counted)
    labeller = Labeller(raw, LABEL)
    limits = (900_000, 900_000, 400_000, 60_000, 60_000, 50_000)
    sizes = [len(labeller.within(limit).data) for limit in limits]
    assert all(size <= limit for size, limit in zip(sizes, limits, strict=True))
    assert sorted(sizes, reverse=True) == sizes
    assert len(seen) == len(set(seen)) > 6


def test_a_larger_limit_later_on_gets_the_better_picture() -> None:
    labeller = Labeller(noise((400, 300)), LABEL)
    small, large = labeller.within(20_000), labeller.within(100_000)
    assert len(small.data) <= 20_000 < len(large.data) <= 100_000
    assert labeller.within(10_000_000) == finish(noise((400, 300)))


def test_marks_from_upstream_survive_the_new_encoding() -> None:
    label = f"<T:AIGC>{escape(json.dumps(AIGC))}</T:AIGC>"
    raw = containers.with_xmp(corpus.saved("WEBP"), rdf(label, "xmp:Rating='4'"))

    after = read_marks(finish(raw).data)

    assert after.xmp is not None
    assert b'xmp:Rating="4"' in after.xmp
    assert after.aigc == {**AIGC, "ContentPropagator": "Ada", "PropagateID": "job-1"}


def test_no_exif_of_the_engine_gets_through() -> None:
    assert b"Secret" not in finish(corpus.with_exif()).data


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"{}", NotAPicture),
        (b"", NotAPicture),
        (corpus.saved("JPEG")[:400], PictureDamaged),
        (corpus.saved("JPEG2000"), PictureFormatRefused),
        (corpus.animated("GIF")[:40], PictureDamaged),
    ],
)
def test_garbage_from_an_engine_is_told_apart(raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        finish(raw)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_result_is_finished_or_refused_and_nothing_else(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(("JPEG", "PNG", "WEBP", "TIFF", "BMP")))
    raw = bytearray(corpus.saved(kind, size=(80, 60)))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = finish(bytes(raw))
    except NotPossible:
        return
    assert read_marks(picture.data).digital_source_type == Origin.GENERATED.source_type


def test_a_result_that_is_small_enough_is_not_shrunk() -> None:
    raw = corpus.saved("PNG")
    assert Labeller(raw, LABEL).within(10_000_000) == finish(raw)


@pytest.mark.parametrize("limit", [400_000, 120_000, 20_000])
def test_shrinking_meets_the_limit_and_keeps_the_label_legal(limit: int) -> None:
    picture = Labeller(noise((800, 600)), LABEL).within(limit)

    after = opened(picture.data)
    assert len(picture.data) <= limit
    assert picture.mime == "image/jpeg"
    assert read_marks(picture.data).aigc is not None
    cap = letters_of(after.size, LABEL.text).cap
    assert cap >= 0.05 * min(after.size)
    corner = after.convert("L").crop(
        (after.width * 2 // 3, after.height - 2 * cap, after.width - cap, after.height - cap)
    )
    assert corner.getextrema()[1] > 235


def test_a_limit_nothing_fits_under_is_said() -> None:
    with pytest.raises(FileTooLarge):
        Labeller(noise((200, 200)), LABEL).within(1500)


def test_a_transparent_picture_that_is_too_large_stays_transparent() -> None:
    picture = opened(noise((600, 400))).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 600, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    smaller = Labeller(out.getvalue(), LABEL).within(200_000)
    after = opened(smaller.data)
    assert (smaller.mime, after.mode) == ("image/webp", "RGBA")
    assert len(smaller.data) <= 200_000
    assert after.getpixel((after.width // 2, 5))[3] == 0
    assert read_marks(smaller.data)


def test_an_opaque_picture_with_an_alpha_channel_becomes_a_jpeg_when_too_large() -> None:
    out = io.BytesIO()
    opened(noise((600, 400))).convert("RGBA").save(out, "PNG")
    assert Labeller(out.getvalue(), LABEL).within(200_000).mime == "image/jpeg"


@settings(max_examples=40, deadline=None)
@given(
    st.integers(51, 600),
    st.integers(51, 600),
    st.sampled_from(("RGB", "RGBA", "P", "L", "LA", "1")),
    st.sampled_from(Corner),
)
def test_a_png_has_all_its_pixels_beside_the_label_and_its_very_profile(
    width: int, height: int, mode: str, corner: Corner
) -> None:
    profile = corpus.srgb_profile()
    raw = corpus.saved("PNG", mode, (width, height), icc_profile=profile)
    label = replace(LABEL, corner=corner)
    after = opened(Labeller(raw, label).within(float("inf")).data)
    before = opened(raw).convert(after.mode)
    box = corner_box(after.size, letters_of(after.size, label.text), corner)
    for picture in (before, after):
        picture.paste((0,) * len(after.mode), box)
    assert after.tobytes() == before.tobytes()
    assert after.info["icc_profile"] == profile
