"""The aiart service, version 2022-12-29: one row per action, and how each is answered."""

import base64
from functools import partial
from typing import Any, Final
from zlib import crc32

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.inputs import Limits, input_picture
from bot.sandbox.tencent.results import Mark, draft, finish
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR, Action, Field, Params, refuse

POOL = "aiart"
MODEL_STRENGTH = 0.7  # the documents leave the model's own default unnamed
ORIGIN_LONGEST = 2000  # px (seed 003: `origin` is scaled down to this)

# The published styles of ImageToImage (style list, 2024-10-31), and which of the artist's own
# styles stands in for each.
STYLES: Final = {
    "104": "watercolour",
    "107": "poster",  # cartoon illustration
    "116": "pastel",  # 3D cartoon
    "120": "sepia",  # wood carving
    "121": "pastel",  # clay
    "123": "watercolour",  # fresh Japanese comic
    "124": "poster",  # comic
    "125": "ink",  # fine brushwork
    "126": "pastel",  # jade
    "127": "pastel",  # porcelain
    "128": "oil",  # felt, Western
    "129": "sepia",  # retro
    "130": "sepia",  # steampunk
    "131": "night",  # cyberpunk
    "132": "sketch",
    "133": "oil",  # Monet garden
    "134": "oil",  # impasto
    "135": "oil",  # felt, Asian
    "201": "poster",  # Japanese anime
    "203": "ink",  # classical Chinese
    "210": "poster",  # 2.5D anime
}
DEFAULT_STYLE = "201"

# One MB is read as 1,000,000: the documents do not say, and the smaller reading is the strict one.
_INPUT: Final = Limits(
    side_above=50,
    side_below=5000,
    base64_below=8_000_000,
    formats=frozenset({"JPEG", "MPO", "PNG", "BMP", "TIFF", "WEBP"}),
)
_LOGO: Final = Limits(side_above=0, side_below=5000, base64_below=8_000_000, formats=_INPUT.formats)

_RECT: Final = (
    Field("X", "integer", low=0),
    Field("Y", "integer", low=0),
    Field("Width", "integer", low=1),
    Field("Height", "integer", low=1),
)
LOGO_FIELDS: Final = (
    Field("LogoAdd", "integer"),
    Field(
        "LogoParam",
        "object",
        members=(Field("LogoUrl"), Field("LogoImage"), Field("LogoRect", "object", members=_RECT)),
    ),
)
RESPONSE_FIELD: Final = Field("RspImgType", choices=("base64", "url"))


def prompt_field(name: str, longest: int, *, required: bool = False) -> Field:
    """Give the row of a text whose excess has aiart's own code; `longest` in characters."""
    return Field(
        name,
        required=required,
        longest=longest,
        long_code="InvalidParameterValue.TextLengthExceed",
    )


async def result_image(account: Account, params: Params, picture: bytes) -> str:
    """Give `ResultImage` as RspImgType asks: Base64, or a URL that lives an hour."""
    if params.get("RspImgType") == "url":
        return account.results.keep_signed(picture, "aiart")
    return base64.b64encode(picture).decode()


async def mark(account: Account, params: Params) -> Mark | None:
    """Give the mark to draw: any LogoAdd but 0 asks for one (seed 003), LogoParam for which."""
    if params.get("LogoAdd") == 0:
        return None
    logo = params.get("LogoParam", {})
    if not logo.get("LogoUrl") and not logo.get("LogoImage"):
        return Mark()
    names = ("LogoImage", "LogoUrl")
    data, _ = await input_picture(logo, _LOGO, account.faults, names)
    rect = logo.get("LogoRect")
    if rect is None:
        return Mark(data)
    box = (rect.get("X", 0), rect.get("Y", 0), rect.get("Width", 1), rect.get("Height", 1))
    return Mark(data, box)


async def _image_to_image(account: Account, request: Request) -> dict[str, Any]:
    params = request.params
    names = ("InputImage", "InputUrl")
    picture, given = await input_picture(params, _INPUT, account.faults, names)
    drawn = await mark(account, params)
    size = _result_size(params.get("ResultConfig", {}).get("Resolution", "origin"), given)
    make = partial(_restyle, account, request, picture, size, drawn)
    made = await account.at_once(POOL, request, make)
    return {"ResultImage": await result_image(account, params, made)}


def _restyle(
    account: Account, request: Request, picture: bytes, size: tuple[int, int], drawn: Mark | None
) -> bytes:
    params = request.params
    made = account.artist.restyle(
        draft([picture]),
        prompt=params.get("Prompt", ""),
        strength=params.get("Strength", MODEL_STRENGTH),
        style=STYLES[(params.get("Styles") or [DEFAULT_STYLE])[0]],
        seed=crc32(request.id.encode()),
    )
    return finish(made, size, drawn)


def _result_size(asked: str, given: tuple[int, int]) -> tuple[int, int]:
    if asked != "origin":
        width, height = asked.split(":")
        return int(width), int(height)
    factor = min(1.0, ORIGIN_LONGEST / max(given))
    return max(1, round(given[0] * factor)), max(1, round(given[1] * factor))


def _one_style_family(params: Params) -> None:
    styles = params.get("Styles", [])
    if len(set(styles)) > 1 and any(style.startswith("1") for style in styles):
        raise refuse("InvalidParameterValue.StyleConflict", "1xx styles go with no other style.")


ACTIONS: Final = (
    Action(
        "ImageToImage",
        service="aiart",
        version="2022-12-29",
        handle=_image_to_image,
        value_code=PARAMETER_VALUE_ERROR,
        regions=frozenset({"ap-singapore", "ap-guangzhou"}),
        fields=(
            Field("InputImage"),
            Field("InputUrl"),
            prompt_field("Prompt", 256),
            prompt_field("NegativePrompt", 256),
            Field("Styles", "strings", choices=tuple(STYLES)),
            Field(
                "ResultConfig",
                "object",
                members=(
                    Field("Resolution", choices=("origin", "768:768", "768:1024", "1024:768")),
                ),
            ),
            *LOGO_FIELDS,
            Field("Strength", "number", above=0, high=1),
            RESPONSE_FIELD,
            Field("EnhanceImage", "integer", choices=(0, 1)),
            Field("RestoreFace", "integer", low=0, high=6),
        ),
        checks=(_one_style_family,),
    ),
)
