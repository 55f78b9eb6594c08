"""aiart's actions that start from words, at the stand-in: sizes, styles, seeds, references."""

import base64
from typing import Any

import pytest
from PIL import Image

from bot.painting.paint import LOCAL_STYLES
from bot.sandbox.tencent.aiart import styles as aiart_styles
from tests.sandbox.tencent.peer import (
    PlainArtist,
    call,
    code_of,
    encoded,
    opened,
    picture,
    sandbox,
)

VALUE = "InvalidParameterValue.ParameterValueError"
TOO_LONG = "InvalidParameterValue.TextLengthExceed"
MISSING = "MissingParameter"
UNKNOWN = "UnknownParameter"
TYPE = "InvalidParameter"
SMALL = {"Base64": encoded(picture((129, 2047)))}


async def drawn(action: str, **params: Any) -> Image.Image:
    async with sandbox() as tencent:
        reply = await call(tencent, action, {"Prompt": "a fox", "LogoAdd": 0, **params})
        tencent.faults.check()
    return opened(base64.b64decode(reply["ResultImage"]))


@pytest.mark.parametrize(
    ("action", "params", "size"),
    [
        ("TextToImage", {}, (768, 768)),
        ("TextToImage", {"ResultConfig": {"Resolution": "1080:1920"}}, (1080, 1920)),
        ("TextToImageLite", {}, (1024, 1024)),
        ("TextToImageLite", {"Resolution": "160:160"}, (160, 160)),
        ("TextToImageLite", {"Resolution": "2560:1440"}, (2560, 1440)),
        ("TextToImageLite", {"Resolution": "169:225"}, (169, 225)),
        ("TextToImageRapid", {}, (1024, 1024)),
        ("TextToImageRapid", {"Resolution": "576:1024"}, (576, 1024)),
        ("TextToImageRapid", {"Image": {"Base64": encoded(picture((300, 200)))}}, (300, 200)),
        (
            "TextToImageRapid",
            {"Image": SMALL, "Style": "3", "Resolution": "1024:1024"},  # both ignored
            (129, 2047),
        ),
    ],
)
async def test_the_picture_has_the_size_that_was_asked_for(
    action: str, params: dict[str, Any], size: tuple[int, int]
) -> None:
    assert (await drawn(action, **params)).size == size


@pytest.mark.parametrize(
    ("action", "styles"),
    [("TextToImage", aiart_styles.PAINTED), ("TextToImageRapid", aiart_styles.RAPID)],
)
async def test_every_style_reaches_the_artist(action: str, styles: dict[str, Any]) -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        for style in styles:
            params = {"Styles": [style]} if action == "TextToImage" else {"Style": style}
            await call(tencent, action, {"Prompt": "a fox", **params})
    assert [asked["style"] for asked in artist.asked] == list(styles.values())
    assert set(styles.values()) <= {*LOCAL_STYLES, None}


def test_the_style_lists_are_as_long_as_published() -> None:
    lists = (aiart_styles.RESTYLED, aiart_styles.PAINTED, aiart_styles.RAPID)
    assert [len(styles) for styles in lists] == [21, 26, 30]


async def test_text_to_image_without_a_style_is_anime() -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        await call(tencent, "TextToImage", {"Prompt": "a fox"})
    assert artist.asked[0]["style"] == aiart_styles.PAINTED["201"]


@pytest.mark.parametrize("action", ["TextToImageLite", "TextToImageRapid"])
async def test_a_seed_is_used_and_told_and_none_is_a_random_one(action: str) -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        asked = [{"Seed": 42}, {"Seed": 0}, {}]
        replies = [await call(tencent, action, {"Prompt": "a fox", **seed}) for seed in asked]
    told = [reply["Seed"] for reply in replies]
    assert told[0] == 42
    assert told == [each["seed"] for each in artist.asked]
    assert len(set(told)) == 3


@pytest.mark.parametrize("action", ["TextToImage", "TextToImageLite", "TextToImageRapid"])
async def test_the_result_comes_by_url_or_with_a_mark_where_it_is_asked_for(action: str) -> None:
    logo = encoded(picture((4, 4), colour="black"))
    rect = {"X": 8, "Y": 16, "Width": 80, "Height": 48}
    async with sandbox() as tencent:
        by_url = await call(tencent, action, {"Prompt": "a fox", "RspImgType": "url"})
        assert by_url["ResultImage"].startswith(tencent.url)
    param = {"LogoImage": logo, "LogoRect": rect}
    marked = await drawn(action, LogoAdd=1, LogoParam=param)
    assert marked.convert("L").getpixel((48, 40)) < 20  # type: ignore[operator] # black logo


COMMON: list[tuple[dict[str, Any], str]] = [
    ({"Prompt": None}, TYPE),
    ({"Promt": "a"}, UNKNOWN),
    ({"RspImgType": "png"}, VALUE),
    ({"LogoAdd": True}, TYPE),
    ({"LogoParam": {"LogoUrl": "logo"}}, "InvalidParameterValue.UrlIllegal"),
]
REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "TextToImage": [
        *COMMON,
        ({"Prompt": "狐" * 257}, TOO_LONG),
        ({"NegativePrompt": "a" * 257}, TOO_LONG),
        ({"Styles": ["136"]}, VALUE),
        ({"Styles": ["101", "201"]}, "InvalidParameterValue.StyleConflict"),
        ({"ResultConfig": {"Resolution": "origin"}}, VALUE),
        ({"ResultConfig": {"Resolution": "2048:2048"}}, VALUE),
        ({"Seed": 1}, UNKNOWN),
        ({"InputImage": encoded(picture())}, UNKNOWN),
    ],
    "TextToImageLite": [
        *COMMON,
        ({"Prompt": "狐" * 1025}, TOO_LONG),
        ({"NegativePrompt": "a" * 1025}, TOO_LONG),
        ({"Resolution": "1000:1000"}, VALUE),
        ({"Resolution": "1024:512"}, VALUE),
        ({"Resolution": "1024x1024"}, VALUE),
        ({"Resolution": "768:1022"}, VALUE),
        ({"Seed": -1}, VALUE),
        ({"Seed": 2**32}, VALUE),
        ({"Seed": "1"}, TYPE),
        ({"Styles": ["201"]}, UNKNOWN),
    ],
    "TextToImageRapid": [
        *COMMON,
        ({"Prompt": "狐" * 257}, TOO_LONG),
        ({"NegativePrompt": "a"}, UNKNOWN),
        ({"Style": "0"}, VALUE),
        ({"Style": "31"}, VALUE),
        ({"Style": 3}, TYPE),
        ({"Resolution": "512:2048"}, VALUE),
        ({"Image": {}}, "InvalidParameterValue.ImageEmpty"),
        ({"Image": {"Base64": encoded(picture((128, 400)))}}, VALUE),
        (
            {"Image": {"Base64": encoded(picture((2048, 400)))}},
            "FailedOperation.ImageResolutionExceed",
        ),
        ({"Image": {"Base64": "A" * 6_000_000}}, "FailedOperation.ImageSizeExceed"),
        ({"Image": {"Base64": encoded(b"no")}}, "FailedOperation.ImageDecodeFailed"),
        ({"Image": {"Url": "ftp://127.0.0.1/a"}}, "InvalidParameterValue.UrlIllegal"),
        ({"Image": encoded(picture())}, TYPE),
    ],
}


@pytest.mark.parametrize(
    ("action", "change", "code"),
    [(action, *row) for action, rows in REFUSED.items() for row in rows],
)
async def test_a_parameter_outside_its_limit_is_refused_and_a_fault(
    action: str, change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, action, {"Prompt": "a fox", **change}) == code
        assert (len(tencent.faults), tencent.charged) == (1, [])


@pytest.mark.parametrize("action", REFUSED)
async def test_words_are_required(action: str) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, action, {}) == MISSING


@pytest.mark.parametrize("action", REFUSED)
async def test_the_international_region_does_not_offer_it(action: str) -> None:
    async with sandbox() as tencent:
        reply = await call(tencent, action, {"Prompt": "a fox"}, region="ap-singapore")
        assert reply["Error"]["Code"] == "UnsupportedRegion"
