"""Parameters that several aiart actions share: their rows, and what each asks of the result."""

import base64
from typing import Any, Final

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.inputs import Limits, input_picture
from bot.sandbox.tencent.results import Mark
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR, Action, Check, Field, Handler, Params

VERSION = "2022-12-29"
INTERNATIONAL: Final = "ap-singapore"  # (seed 003: the only region of that site)
MAINLAND: Final = "ap-guangzhou"  # (aiart API examples, 2026-04)
HIGHEST_SEED = 4_294_967_295  # (SubmitTextToImageJob, 2026-04)

FORMATS: Final = frozenset({"JPEG", "MPO", "PNG", "BMP", "TIFF", "WEBP"})
# One MB is read as 1,000,000: the documents do not say, and the smaller reading is the strict one.
LOGO_LIMITS: Final = Limits(side_above=0, side_below=5000, base64_below=8_000_000, formats=FORMATS)
TOOL_LIMITS: Final = Limits(side_above=0, side_below=5000, base64_below=6_000_000, formats=FORMATS)

_RECT: Final = (
    Field("X", "integer", low=0),
    Field("Y", "integer", low=0),
    Field("Width", "integer", low=1),
    Field("Height", "integer", low=1),
)
LOGO_SWITCH: Final = Field("LogoAdd", "integer")
LOGO_FIELDS: Final = (
    LOGO_SWITCH,
    Field(
        "LogoParam",
        "object",
        members=(Field("LogoUrl"), Field("LogoImage"), Field("LogoRect", "object", members=_RECT)),
    ),
)
RESPONSE_FIELD: Final = Field("RspImgType", choices=("base64", "url"))
PICTURE_FIELDS: Final = (Field("InputImage"), Field("InputUrl"))
PICTURE_NAMES: Final = ("InputImage", "InputUrl")
REVISE_FIELD: Final = Field("Revise", "integer", choices=(0, 1))


def action(
    name: str,
    handle: Handler,
    *fields: Field,
    regions: tuple[str, ...] = (MAINLAND,),
    checks: tuple[Check, ...] = (),
    per_second: int | None = None,
) -> Action:
    """Give the row of an aiart action."""
    return Action(
        name,
        service="aiart",
        version=VERSION,
        handle=handle,
        fields=fields,
        checks=checks,
        value_code=PARAMETER_VALUE_ERROR,
        regions=frozenset(regions),
        per_second=per_second,
    )


def prompt_field(name: str, longest: int, *, required: bool = False) -> Field:
    """Give the row of a text whose excess has aiart's own code; `longest` in characters."""
    return Field(
        name,
        required=required,
        longest=longest,
        long_code="InvalidParameterValue.TextLengthExceed",
    )


async def given_picture(
    account: Account, request: Request, limits: Limits
) -> tuple[bytes, tuple[int, int]]:
    """Give the picture of InputImage or InputUrl, and its (width, height)."""
    return await input_picture(request.params, limits, account.faults, PICTURE_NAMES)


async def result_image(account: Account, params: Params, picture: bytes) -> str:
    """Give `ResultImage` as RspImgType asks: Base64, or a URL that lives an hour."""
    if params.get("RspImgType") == "url":
        return account.results.keep_signed(picture, "aiart")
    return base64.b64encode(picture).decode()


async def mark(account: Account, params: Params) -> Mark | None:
    """Give the mark to draw: any LogoAdd but 0 asks for one (seed 003), LogoParam for which."""
    if params.get("LogoAdd") == 0:
        return None
    logo: dict[str, Any] = params.get("LogoParam", {})
    if not logo.get("LogoUrl") and not logo.get("LogoImage"):
        return Mark()
    names = ("LogoImage", "LogoUrl")
    data, _ = await input_picture(logo, LOGO_LIMITS, account.faults, names)
    rect = logo.get("LogoRect")
    if rect is None:
        return Mark(data)
    box = (rect.get("X", 0), rect.get("Y", 0), rect.get("Width", 1), rect.get("Height", 1))
    return Mark(data, box)
