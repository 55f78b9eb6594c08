"""The synchronous aiart actions that start from words: how each is answered."""

from functools import partial
from typing import Any, Final
from zlib import crc32

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.aiart import styles
from bot.sandbox.tencent.aiart.fields import FORMATS, mark, result_image
from bot.sandbox.tencent.aiart.sizes import Size, size_of
from bot.sandbox.tencent.inputs import Limits, input_picture
from bot.sandbox.tencent.results import Mark, draft, draft_size, finish

_REFERENCE: Final = Limits(side_above=128, side_below=2048, base64_below=6_000_000, formats=FORMATS)
_STRENGTH = 0.7


async def text_to_image(account: Account, request: Request) -> dict[str, Any]:
    """Paint in one of the styles of the older list."""
    params = request.params
    size = size_of(params.get("ResultConfig", {}).get("Resolution", "768:768"))
    style = styles.PAINTED[(params.get("Styles") or [styles.PAINTED_DEFAULT])[0]]
    seed = crc32(request.id.encode())
    drawn = await mark(account, params)
    make = partial(painted, account, params["Prompt"], size, drawn, seed=seed, style=style)
    made = await account.at_once("aiart-text", request, make)
    return {"ResultImage": await result_image(account, params, made)}


async def text_to_image_lite(account: Account, request: Request) -> dict[str, Any]:
    """Paint without a style."""
    return await _seeded(account, request, "aiart-lite", None)


async def text_to_image_rapid(account: Account, request: Request) -> dict[str, Any]:
    """Paint in one of thirty styles, or repaint a reference picture at its own size."""
    params = request.params
    if "Image" not in params:
        style = styles.RAPID.get(params.get("Style", ""))
        return await _seeded(account, request, "aiart-rapid", style)
    picture, given = await input_picture(
        params["Image"], _REFERENCE, account.faults, ("Base64", "Url")
    )
    drawn, seed = await mark(account, params), seed_of(request)
    make = partial(repainted, account, params["Prompt"], [picture], given, drawn, seed=seed)
    made = await account.at_once("aiart-rapid", request, make)
    return {"ResultImage": await result_image(account, params, made), "Seed": seed}


def seed_of(request: Request) -> int:
    """Give the seed asked for; 0 and none are a random one (aiart API, 2026-04)."""
    return request.params.get("Seed", 0) or crc32(request.id.encode())


def painted(
    account: Account,
    prompt: str,
    size: Size,
    drawn: Mark | None,
    *,
    seed: int,
    style: str | None = None,
) -> bytes:
    """Return a prompt's picture as the API hands it over: in its size, with its own mark."""
    raw = account.artist.paint(prompt, draft_size(size), seed=seed, style=style)
    return finish(raw, size, drawn)


def repainted(
    account: Account,
    prompt: str,
    pictures: list[bytes],
    size: Size,
    drawn: Mark | None,
    *,
    seed: int,
) -> bytes:
    """Paint words over reference pictures."""
    raw = account.artist.restyle(draft(pictures), prompt=prompt, strength=_STRENGTH, seed=seed)
    return finish(raw, size, drawn)


async def _seeded(
    account: Account, request: Request, pool: str, style: str | None
) -> dict[str, Any]:
    params, seed = request.params, seed_of(request)
    size, drawn = size_of(params.get("Resolution", "1024:1024")), await mark(account, params)
    make = partial(painted, account, params["Prompt"], size, drawn, seed=seed, style=style)
    made = await account.at_once(pool, request, make)
    return {"ResultImage": await result_image(account, params, made), "Seed": seed}
