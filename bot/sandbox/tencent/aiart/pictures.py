"""The synchronous aiart actions that work on a picture: how each is answered."""

from functools import partial
from typing import Any, Final
from zlib import crc32

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.aiart import styles
from bot.sandbox.tencent.aiart.fields import (
    FORMATS,
    TOOL_LIMITS,
    given_picture,
    mark,
    result_image,
)
from bot.sandbox.tencent.aiart.sizes import Size, origin, size_of
from bot.sandbox.tencent.aiart.tools import (
    SKETCHED,
    extended,
    extended_size,
    portrayed,
    refined,
    refined_size,
    sketched,
)
from bot.sandbox.tencent.inputs import Limits
from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.results import Mark, draft, finish
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR

MODEL_STRENGTH = 0.7  # the documents leave the model's own default unnamed
RATIOS: Final = {"1:1": (1, 1), "4:3": (4, 3), "3:4": (3, 4), "16:9": (16, 9), "9:16": (9, 16)}
FILTERED_SIDE = 500  # px (GenerateAvatar, 2026-04: the filter rejects smaller sides)
_PET_STYLE = "pastel"

_RESTYLED: Final = Limits(side_above=50, side_below=5000, base64_below=8_000_000, formats=FORMATS)
_SKETCH: Final = Limits(side_above=128, side_below=5000, base64_below=6_000_000, formats=FORMATS)
# RefineImage names no sides (aiart API, 2026-04); this one bounds the decoding.
_REFINED: Final = Limits(side_above=0, side_below=10_000, base64_below=6_000_000, formats=FORMATS)


async def image_to_image(account: Account, request: Request) -> dict[str, Any]:
    """Repaint a picture in one of the published styles."""
    picture, given = await given_picture(account, request, _RESTYLED)
    drawn = await mark(account, request.params)
    resolution = request.params.get("ResultConfig", {}).get("Resolution", "origin")
    size = origin(given) if resolution == "origin" else size_of(resolution)
    make = partial(_restyle, account, request, picture, size, drawn)
    made = await account.at_once("aiart", request, make)
    return {"ResultImage": await result_image(account, request.params, made)}


async def refine_image(account: Account, request: Request) -> dict[str, Any]:
    """Make a picture larger and sharper; this action knows no mark."""
    picture, given = await given_picture(account, request, _REFINED)
    size = refined_size(given)
    make = partial(_finished, partial(refined, picture), size, None)
    made = await account.at_once("aiart-refine", request, make)
    return {"ResultImage": await result_image(account, request.params, made)}


async def image_outpainting(account: Account, request: Request) -> dict[str, Any]:
    """Extend a picture to another ratio than its own."""
    picture, given = await given_picture(account, request, TOOL_LIMITS)
    drawn = await mark(account, request.params)
    size = extended_size(given, RATIOS[request.params["Ratio"]])
    if size == given:
        raise refuse(PARAMETER_VALUE_ERROR, "`Ratio` must differ from the picture's own.")
    draw = partial(extended, account.artist, picture, size, seed=seed_of(request))
    make = partial(_finished, draw, size, drawn)
    made = await account.at_once("aiart-outpaint", request, make)
    return {"ResultImage": await result_image(account, request.params, made)}


async def sketch_to_image(account: Account, request: Request) -> dict[str, Any]:
    """Paint what the prompt says along the lines of a sketch."""
    picture, _ = await given_picture(account, request, _SKETCH)
    drawn = await mark(account, request.params)
    prompt = request.params["Prompt"]
    draw = partial(sketched, account.artist, picture, prompt, seed=seed_of(request))
    make = partial(_finished, draw, SKETCHED, drawn)
    made = await account.at_once("aiart-sketch", request, make)
    return {"ResultImage": await result_image(account, request.params, made)}


async def generate_avatar(account: Account, request: Request) -> dict[str, Any]:
    """Turn a photo of a person or a pet into a portrait."""
    params = request.params
    picture, given = await given_picture(account, request, TOOL_LIMITS)
    if params.get("Filter", 1) and min(given) < FILTERED_SIDE:
        raise refuse(PARAMETER_VALUE_ERROR, f"{given[0]}x{given[1]} does not pass the filter.")
    drawn = await mark(account, params)
    is_pet = params.get("Type") == "pet"
    ornament = "pet" if is_pet else params.get("Style") or "flower"
    style = _PET_STYLE if is_pet else styles.AVATAR[ornament]
    draw = partial(portrayed, account.artist, picture, style, ornament, seed=seed_of(request))
    side = min(1024, *given)
    make = partial(_finished, draw, (side, side), drawn)
    made = await account.at_once("aiart-avatar", request, make)
    return {"ResultImage": await result_image(account, params, made)}


def _restyle(
    account: Account, request: Request, picture: bytes, size: Size, drawn: Mark | None
) -> bytes:
    params = request.params
    made = account.artist.restyle(
        draft([picture]),
        prompt=params.get("Prompt", ""),
        strength=params.get("Strength", MODEL_STRENGTH),
        style=styles.RESTYLED[(params.get("Styles") or [styles.RESTYLED_DEFAULT])[0]],
        seed=seed_of(request),
    )
    return finish(made, size, drawn)


def _finished(draw: partial[bytes], size: Size, drawn: Mark | None) -> bytes:
    return finish(draw(), size, drawn)


def seed_of(request: Request) -> int:
    """Give a request the seed it did not ask for."""
    return crc32(request.id.encode())
