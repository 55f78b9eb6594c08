"""aiart's picture tools at the stand-in: what each visibly does, and what it does not take."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageStat

from tests.sandbox.tencent.peer import (
    PlainArtist,
    call,
    code_of,
    encoded,
    get,
    opened,
    picture,
    sandbox,
)

VALUE = "InvalidParameterValue.ParameterValueError"
UNKNOWN = "UnknownParameter"
TYPE = "InvalidParameter"
EMPTY = "InvalidParameterValue.ImageEmpty"
NEEDED: dict[str, dict[str, Any]] = {
    "RefineImage": {},
    "ImageOutpainting": {"Ratio": "16:9"},
    "SketchToImage": {"Prompt": "a boat"},
    "GenerateAvatar": {"Filter": 0},
}
each_tool = pytest.mark.parametrize("action", NEEDED)


def asked(action: str, given: bytes, **more: Any) -> dict[str, Any]:
    return {"InputImage": encoded(given), **NEEDED[action], **more}


async def drawn(action: str, given: bytes, **more: Any) -> Image.Image:
    mark = {} if action == "RefineImage" else {"LogoAdd": 0}
    async with sandbox() as tencent:
        reply = await call(tencent, action, asked(action, given, **mark, **more))
        tencent.faults.check()
    return opened(base64.b64decode(reply["ResultImage"])).convert("RGB")


@pytest.mark.parametrize(
    ("given", "size"),
    [((320, 240), (2048, 1536)), ((60, 600), (205, 2048)), ((4096, 64), (2048, 32))],
)
async def test_refining_brings_the_long_side_to_2048(
    given: tuple[int, int], size: tuple[int, int]
) -> None:
    assert (await drawn("RefineImage", picture(given))).size == size


@pytest.mark.parametrize(
    ("given", "ratio", "size"),
    [
        ((320, 240), "16:9", (427, 240)),
        ((320, 240), "1:1", (320, 320)),
        ((320, 240), "9:16", (320, 569)),
        ((240, 320), "4:3", (427, 320)),
        ((1600, 100), "1:1", (1600, 1600)),
    ],
)
async def test_outpainting_extends_to_the_ratio_and_keeps_the_picture_in_the_middle(
    given: tuple[int, int], ratio: str, size: tuple[int, int]
) -> None:
    result = await drawn("ImageOutpainting", picture(given, colour="red"), Ratio=ratio)
    assert result.size == size
    red, green, _ = result.getpixel((size[0] // 2, size[1] // 2))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


@pytest.mark.parametrize(("given", "ratio"), [((320, 240), "4:3"), ((333, 333), "1:1")])
async def test_outpainting_to_the_pictures_own_ratio_is_refused(
    given: tuple[int, int], ratio: str
) -> None:
    async with sandbox() as tencent:
        params = asked("ImageOutpainting", picture(given), Ratio=ratio)
        assert await code_of(tencent, "ImageOutpainting", params) == VALUE
        assert tencent.charged == []


async def test_a_sketch_is_painted_over_along_its_lines() -> None:
    artist = PlainArtist()
    drawing = Image.new("L", (300, 300), "white")
    drawing.paste("black", (0, 140, 300, 160))
    out = BytesIO()
    drawing.save(out, "PNG")
    async with sandbox(artist=artist) as tencent:
        params = asked("SketchToImage", out.getvalue(), LogoAdd=0)
        reply = await call(tencent, "SketchToImage", params)
    result = opened(base64.b64decode(reply["ResultImage"])).convert("L")
    assert (artist.asked[0]["prompt"], result.size) == ("a boat", (1024, 1024))
    line = ImageStat.Stat(result.crop((100, 490, 900, 530))).mean[0]
    beside = ImageStat.Stat(result.crop((100, 100, 900, 300))).mean[0]
    assert line < 30 < beside


@pytest.mark.parametrize(
    "wish", [{}, {"Style": "water"}, {"Type": "human", "Style": "flower"}, {"Type": "pet"}]
)
async def test_an_avatar_is_a_square_with_a_round_portrait(wish: dict[str, str]) -> None:
    result = await drawn("GenerateAvatar", picture((600, 900), colour="navy"), **wish)
    assert result.size == (600, 600)
    assert result.getpixel((300, 300))[2] > 90  # type: ignore[index] # the navy photo
    assert result.getpixel((3, 3)) > (200, 200, 200)  # type: ignore[operator] # the frame


async def test_the_kinds_of_avatar_differ() -> None:
    options: list[dict[str, str]] = [{"Style": "flower"}, {"Style": "water"}, {"Type": "pet"}]
    seen = {(await drawn("GenerateAvatar", picture((600, 600)), **w)).tobytes() for w in options}
    assert len(seen) == 3


@pytest.mark.parametrize(("side", "code"), [(499, VALUE), (500, None)])
async def test_the_avatars_filter_is_on_unless_it_is_switched_off(
    side: int, code: str | None
) -> None:
    async with sandbox() as tencent:
        small = {"InputImage": encoded(picture((side, 900)))}
        assert await code_of(tencent, "GenerateAvatar", small) == code
        assert await code_of(tencent, "GenerateAvatar", {**small, "Filter": 0}) is None


@each_tool
async def test_the_result_comes_inside_the_reply_or_by_url(action: str) -> None:
    async with sandbox() as tencent:
        inside = await call(tencent, action, asked(action, picture((130, 140))))
        by_url = await call(tencent, action, asked(action, picture((130, 140)), RspImgType="url"))
        there = opened((await get(by_url["ResultImage"])).content).size
        assert opened(base64.b64decode(inside["ResultImage"])).size == there
        assert [charge.action for charge in tencent.charged] == [action, action]


@each_tool
async def test_an_input_url_is_fetched_and_prevails(action: str) -> None:
    async with sandbox() as tencent:
        reply = await call(tencent, action, asked(action, picture((200, 150)), RspImgType="url"))
        wanted = {**NEEDED[action], "InputUrl": reply["ResultImage"]}
        if action == "ImageOutpainting":
            wanted["Ratio"] = "1:1"
        assert await code_of(tencent, action, wanted) is None
        away = {**NEEDED[action], "InputUrl": "http://192.0.2.1/a.png"}
        assert await code_of(tencent, action, away) == "FailedOperation.ImageDownloadError"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    *((action, {"InputImage": ""}, EMPTY) for action in NEEDED),
    *((action, {"Sizes": 1}, UNKNOWN) for action in NEEDED),
    *((action, {"RspImgType": "jpg"}, VALUE) for action in NEEDED),
    *(
        (action, {"InputImage": "A" * 6_000_000}, "FailedOperation.ImageSizeExceed")
        for action in NEEDED
    ),
    *(
        (action, {"InputImage": encoded(b"none")}, "FailedOperation.ImageDecodeFailed")
        for action in NEEDED
    ),
    *(
        (
            action,
            {"InputImage": encoded(picture((5000, 200)))},
            "FailedOperation.ImageResolutionExceed",
        )
        for action in ("ImageOutpainting", "SketchToImage", "GenerateAvatar")
    ),
    ("RefineImage", {"LogoAdd": 0}, UNKNOWN),
    ("ImageOutpainting", {"Ratio": "3:2"}, VALUE),
    ("ImageOutpainting", {"Ratio": 1}, TYPE),
    ("ImageOutpainting", {"Prompt": "a"}, UNKNOWN),
    ("SketchToImage", {"Prompt": "狐" * 201}, "InvalidParameterValue.TextLengthExceed"),
    ("SketchToImage", {"InputImage": encoded(picture((128, 300)))}, VALUE),
    ("GenerateAvatar", {"Type": "person"}, VALUE),
    ("GenerateAvatar", {"Style": "fire"}, VALUE),
    ("GenerateAvatar", {"Style": "flower", "Type": "pet"}, VALUE),
    ("GenerateAvatar", {"Filter": True}, TYPE),
    ("GenerateAvatar", {"Filter": 2}, VALUE),
]


@pytest.mark.parametrize(("action", "change", "code"), REFUSED)
async def test_what_a_tool_does_not_take_is_refused_and_a_fault(
    action: str, change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        params = asked(action, picture((200, 150)), **change)
        assert await code_of(tencent, action, params) == code
        assert (len(tencent.faults), tencent.charged) == (1, [])


@pytest.mark.parametrize(
    ("action", "name"), [("ImageOutpainting", "Ratio"), ("SketchToImage", "Prompt")]
)
async def test_what_a_tool_needs_must_be_there(action: str, name: str) -> None:
    async with sandbox() as tencent:
        params = asked(action, picture((200, 150)))
        del params[name]
        assert await code_of(tencent, action, params) == "MissingParameter"


@each_tool
async def test_a_tool_is_a_mainland_action(action: str) -> None:
    async with sandbox() as tencent:
        params = asked(action, picture((200, 150)))
        reply = await call(tencent, action, params, region="ap-singapore")
        assert reply["Error"]["Code"] == "UnsupportedRegion"
