"""What phones save: HEIC and AVIF, turned by their own properties, decoded where the fence is."""

import io
import struct
import subprocess
import sys
from collections.abc import Callable

import pillow_heif
import pytest
from PIL import Image

from bot.domain.errors import NotPossible
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.errors import (
    PictureDamaged,
    PictureFormatRefused,
    PictureTooManyPixels,
    PictureTooSmall,
)
from bot.imaging.pixels.decode import open_picture
from bot.imaging.pixels.heif import open_heif
from bot.imaging.uploads.fence import Fence
from bot.imaging.uploads.fit import fit
from tests.imaging import corpus, foreign
from tests.imaging.uploads.fitted import assert_clean_and_within, is_red, pixels

LIMITS = PictureLimits()
GPS = b"SecretPlace"


def heic(mode: str = "RGB", size: tuple[int, int] = corpus.SIZE, **options: object) -> bytes:
    """Return `photo` as a HEIC; `tile_size` makes a grid of it, as phones do."""
    out = io.BytesIO()
    file = pillow_heif.from_pillow(corpus.photo(mode, size))
    for image in options.pop("more", ()):  # type: ignore[attr-defined]
        file.add_from_pillow(image)
    file.save(out, quality=90, enc_params={"preset": "ultrafast"}, **options)
    return out.getvalue()


def avif(mode: str = "RGB", size: tuple[int, int] = corpus.SIZE, **options: object) -> bytes:
    return corpus.saved("AVIF", mode, size, quality=90, speed=10, **options)


def turned_by_box(data: bytes, quarter_turns: int) -> bytes:
    """Return a HEIC whose irot property turns it, as phones write it beside EXIF's copy."""
    at = data.index(b"irot")
    return data[: at + 4] + bytes((quarter_turns,)) + data[at + 5 :]


def irot_of(data: bytes) -> int:
    """Return how many quarter turns the property says."""
    return data[data.index(b"irot") + 4]


def turned_twice(write: Callable[..., bytes]) -> bytes:
    """Return a picture that is turned by its box, and whose EXIF says so, too, as phones write it.

    Pillow takes that out of an AVIF's EXIF: it is written as the tag beside it, and made true.
    """
    exif = foreign.exif_of(6)
    exif[0x0113] = 6
    said, beside = (struct.pack(">HHIH", tag, 3, 1, 6) for tag in (0x0112, 0x0113))
    data = write(exif=exif.tobytes()).replace(beside, said)
    assert irot_of(data) == 3
    assert said in data
    return data


def of_size(data: bytes, width: int, height: int) -> bytes:
    """Return a HEIC or AVIF whose every ispe property claims a size."""
    parts = data.split(b"ispe\0\0\0\0")
    claimed = struct.pack(">II", width, height)
    return parts[0] + b"".join(b"ispe\0\0\0\0" + claimed + part[8:] for part in parts[1:])


def with_place() -> bytes:
    """Return EXIF with a word that nobody means to send."""
    exif = Image.Exif()
    exif[0x010F] = GPS.decode()
    return exif.tobytes()


PHONES = {
    "heic": heic,
    "heic in tiles": lambda: heic(size=(700, 525), tile_size=256),
    # The writer turns its box as the XMP says; a phone's is right as it stands.
    "heic with metadata": lambda: turned_by_box(heic(exif=with_place(), xmp=foreign.TURNED_XMP), 0),
    "heic with a profile": lambda: heic(icc_profile=corpus.srgb_profile()),
    "heic 4:4:4": lambda: heic(chroma=444),
    "heic of two pictures": lambda: heic(more=[corpus.photo("L")]),
    "avif": avif,
    "avif 4:4:4 with metadata": lambda: avif(subsampling="4:4:4", exif=with_place()),
    "avif with a profile": lambda: avif(icc_profile=corpus.srgb_profile()),
    "avif animated": lambda: corpus.animated("AVIF"),
}


@pytest.mark.parametrize("name", PHONES)
def test_what_phones_save_is_taken_upright_and_clean(name: str) -> None:
    data = PHONES[name]()
    assert (GPS in data) == ("metadata" in name)
    picture = fit(data, LIMITS)
    assert_clean_and_within(picture, LIMITS)
    assert GPS not in picture.data
    shown = pixels(picture)
    assert shown.width * 3 == shown.height * 4
    assert is_red(shown.getpixel((5, 5)))
    assert shown.getpixel((shown.width - 5, 5))[2] > 200


def test_a_grid_is_a_grid() -> None:
    assert b"grid" in heic(size=(700, 525), tile_size=256)


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_more_bits_than_eight_keep_their_brightness(mode: str, bits: int) -> None:
    level, channels = 0x9000, 3 if mode == "RGB" else 1
    data = struct.pack("<H", level) * (160 * 120 * channels)
    out = io.BytesIO()
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    file = pillow_heif.from_bytes(
        f"{mode};16" if bits > 8 else mode, (160, 120), data if bits > 8 else data[1::2]
    )
    file.save(out, quality=95)
    low, high = pixels(fit(out.getvalue(), LIMITS)).convert("L").getextrema()
    assert abs(low - 0x90) <= 2
    assert abs(high - 0x90) <= 2


@pytest.mark.parametrize("write", [heic, avif])
def test_what_is_transparent_becomes_white(write: Callable[..., bytes]) -> None:
    out = io.BytesIO()
    glass = Image.new("RGBA", corpus.SIZE, (255, 0, 0, 0))
    if write is heic:
        pillow_heif.from_pillow(glass).save(out, quality=-1)
    else:
        glass.save(out, "AVIF", quality=100)
    low, _ = pixels(fit(out.getvalue(), LIMITS)).convert("L").getextrema()
    assert low >= 250


@pytest.mark.parametrize("write", [heic, avif])
def test_a_picture_is_turned_once_by_its_box_and_not_by_exif_again(
    write: Callable[..., bytes],
) -> None:
    picture = fit(turned_twice(write), LIMITS)
    assert (picture.width, picture.height) == foreign.TURNED


@pytest.mark.parametrize("write", [heic, avif])
def test_exif_turns_nothing_where_the_box_does_not(write: Callable[..., bytes]) -> None:
    unturned = turned_by_box(turned_twice(write), 0)
    assert irot_of(unturned) == 0
    picture = fit(unturned, LIMITS)
    assert (picture.width, picture.height) == corpus.SIZE


@pytest.mark.parametrize("write", [heic, avif])
def test_damage_and_nonsense_are_named(write: Callable[..., bytes]) -> None:
    data = write()
    for refusal, spoilt in (
        (PictureDamaged, data[:-60]),
        (PictureDamaged, data[:40]),
        (PictureTooManyPixels, of_size(data, 12_000, 9_000)),
        (PictureTooSmall, write(size=(64, 40))),
    ):
        with pytest.raises(NotPossible) as found:
            fit(spoilt, LIMITS)
        assert type(found.value) is refusal


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_grid_that_breaks_off_is_not_filled_up_with_grey(share: float) -> None:
    data = heic(size=(700, 525), tile_size=256)
    fit(data, LIMITS)
    with pytest.raises(PictureDamaged):
        fit(data[: int(len(data) * share)], LIMITS)


@pytest.mark.parametrize("after", [b"SEFH\0\0\0\1a trailer of a phone", b"\0\0\0\0", bytes(9)])
def test_what_a_phone_hangs_on_behind_a_grid_is_no_damage(after: bytes) -> None:
    data = heic(size=(700, 525), tile_size=256)
    picture = fit(data + after, LIMITS)
    assert (picture.width, picture.height) == (700, 525)


def test_a_codec_nobody_has_is_called_so() -> None:
    data = heic()
    with pytest.raises(PictureFormatRefused, match="HEIF of an unusual kind"):
        fit(data.replace(b"hvc1", b"unci"), LIMITS)


def test_an_avif_of_channels_of_different_depths_is_called_unusual() -> None:
    alike, different = b"pixi\0\0\0\0\3\x08\x08\x08", b"pixi\0\0\0\0\3\x08\x0a\x08"
    data = avif().replace(alike, different)
    assert different in data
    with pytest.raises(PictureFormatRefused, match="HEIF of an unusual kind"):
        fit(data, LIMITS)


def test_large_ones_are_kept_at_a_half_in_bands() -> None:
    data = heic(size=(4400, 1100))
    assert open_heif("HEIC", data).load(LIMITS.max_side).size == (2200, 550)
    picture = fit(data, LIMITS)
    assert (picture.width, picture.height) == (2048, 512)
    shown = pixels(picture)
    assert is_red(shown.getpixel((5, 500)))
    assert shown.getpixel((1024, 250))[1] > 200  # the white disc, over the border of two bands
    assert shown.getpixel((1024, 259))[1] > 200


async def test_the_fence_reads_both_and_the_program_around_it_neither() -> None:
    async with Fence() as fence:
        for data in (heic(size=(1500, 1125), tile_size=512), avif()):
            assert await fence.fit(data, LIMITS, Lane(1, 1)) == fit(data, LIMITS)
    for data in (heic(), avif()):
        with pytest.raises(PictureFormatRefused):
            open_picture(data)
    code = (
        "import sys, bot.app, bot.imaging.labels.finish\n"
        "late = {'pi_heif', '_pi_heif', 'PIL._avif', 'bot.imaging.pixels.heif'}\n"
        "assert not late & set(sys.modules)"
    )
    done = subprocess.run(  # noqa: ASYNC221, S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
