"""What aiart's ImageToImage accepts at the stand-in: each parameter at its limit and beyond it."""

import struct
import zlib
from typing import Any

import pytest

from tests.sandbox.tencent.peer import code_of, encoded, image_to_image, picture, sandbox

VALUE = "InvalidParameterValue.ParameterValueError"
TOO_LONG = "InvalidParameterValue.TextLengthExceed"
TYPE = "InvalidParameter"
UNDECODABLE = "FailedOperation.ImageDecodeFailed"


def claiming(side: int) -> str:
    """A small PNG whose header claims a square of `side` px."""
    size = struct.pack(">II", side, side)
    whole = picture()
    header = whole[12:16] + size + whole[24:29]
    return encoded(whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:])


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"Prompts": "a"}, "UnknownParameter"),
    ({"ResultConfig": {"Size": "768:768"}}, "UnknownParameter"),
    ({"Prompt": 7}, TYPE),
    ({"Prompt": None}, TYPE),
    ({"Prompt": "狐" * 257}, TOO_LONG),
    ({"NegativePrompt": "a" * 257}, TOO_LONG),
    ({"Styles": "201"}, TYPE),
    ({"Styles": [201]}, TYPE),
    ({"Styles": ["101"]}, VALUE),
    ({"Styles": ["104", "201"]}, "InvalidParameterValue.StyleConflict"),
    ({"Styles": ["104", "107"]}, "InvalidParameterValue.StyleConflict"),
    ({"ResultConfig": {"Resolution": "1024:1024"}}, VALUE),
    ({"ResultConfig": "768:768"}, TYPE),
    ({"LogoAdd": "1"}, TYPE),
    ({"LogoAdd": True}, TYPE),
    ({"LogoParam": {"LogoRect": {"X": -1}}}, VALUE),
    ({"LogoParam": {"LogoImage": "nonsense"}}, UNDECODABLE),
    ({"LogoParam": {"LogoUrl": "logo.png"}}, "InvalidParameterValue.UrlIllegal"),
    ({"Strength": 0}, VALUE),
    ({"Strength": 1.01}, VALUE),
    ({"Strength": "0.7"}, TYPE),
    ({"RspImgType": "URL"}, VALUE),
    ({"EnhanceImage": 2}, VALUE),
    ({"RestoreFace": 7}, VALUE),
    ({"RestoreFace": -1}, VALUE),
    ({"RestoreFace": 1.5}, TYPE),
    ({"InputImage": ""}, "InvalidParameterValue.ImageEmpty"),
    ({"InputImage": "data:image/png;base64," + encoded(picture())}, UNDECODABLE),
    ({"InputImage": encoded(picture()[:90])}, UNDECODABLE),
    ({"InputImage": encoded(picture(kind="GIF"))}, UNDECODABLE),
    ({"InputImage": encoded(b"not a picture")}, UNDECODABLE),
    ({"InputImage": encoded(picture((50, 300)))}, VALUE),
    ({"InputImage": encoded(picture((5000, 60)))}, "FailedOperation.ImageResolutionExceed"),
    # 100 and 400 megapixels: Pillow itself warns of the first and refuses the second.
    ({"InputImage": claiming(10_000)}, "FailedOperation.ImageResolutionExceed"),
    ({"InputImage": claiming(20_000)}, "FailedOperation.ImageResolutionExceed"),
    ({"InputImage": "A" * 8_000_000}, "FailedOperation.ImageSizeExceed"),
    ({"InputUrl": "ftp://127.0.0.1/a.png"}, "InvalidParameterValue.UrlIllegal"),
]

ACCEPTED: list[dict[str, Any]] = [
    {"Prompt": "狐" * 256, "NegativePrompt": "a" * 256},
    {"Prompt": ""},
    {"Styles": []},
    {"Styles": ["201", "203"]},
    {"Strength": 1},
    {"Strength": 0.001},
    {"EnhanceImage": 1, "RestoreFace": 6},
    {"LogoAdd": 7},
    {"InputImage": encoded(picture((51, 4999)))},
    *({"InputImage": encoded(picture(kind=kind))} for kind in ("JPEG", "BMP", "TIFF", "WEBP")),
]


@pytest.mark.filterwarnings("ignore:Image size:PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("change", "code"), REFUSED)
async def test_a_parameter_outside_its_limit_is_refused_and_a_fault(
    change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, "ImageToImage", image_to_image(**change)) == code
        assert len(tencent.faults) == 1
        with pytest.raises(AssertionError, match=code):
            tencent.faults.check()
        assert not tencent.charged


@pytest.mark.parametrize("change", ACCEPTED)
async def test_a_parameter_at_its_limit_is_accepted(change: dict[str, Any]) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, "ImageToImage", image_to_image(**change)) is None
        assert [(one.action, one.pictures) for one in tencent.charged] == [("ImageToImage", 1)]
        tencent.faults.check()
