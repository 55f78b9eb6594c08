"""VOD's ExtInfo, JSON text within JSON text, and the size that a request asks for."""

import json
import math
import re
from typing import Any, Final

from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.rules import Params
from bot.sandbox.tencent.vod.models import DIRECTIONS, Model, model_of

Size = tuple[int, int]

_SIDES: Final = {"720p": 720, "1080p": 1080, "1k": 1024, "2k": 2048, "3k": 3072, "4k": 4096}
_EXPANSION_MOST, _EXPANDED_AREA_MOST = 2, 3  # (VOD API, 2026-10)
_ROUNDING = 1e-9


def check_extras(params: Params) -> None:
    """Hold ExtInfo against the request's model. Raises Refusal InvalidParameter."""
    model, given = model_of(params), extras(params)
    allowed = model.extras | ({"size"} if model.size else set())
    if set(given) - allowed:
        raise refuse("InvalidParameter", f"AdditionalParameters takes {sorted(allowed)}.")
    _check_size(model, _size(params["ModelName"], given.get("size")))
    if given.get("background", "transparent") != "transparent":
        raise refuse("InvalidParameter", "`background` may be transparent.")
    if given.get("sequential_image_generation", "auto") != "auto":
        raise refuse("InvalidParameter", "`sequential_image_generation` may be auto.")
    _check_expansion(params)


def extras(params: Params) -> dict[str, Any]:
    """Give ExtInfo's AdditionalParameters. Raises Refusal."""
    if not params.get("ExtInfo"):
        return {}
    outer = _object(params["ExtInfo"], "ExtInfo")
    if set(outer) - {"AdditionalParameters"}:
        raise refuse("InvalidParameter", "ExtInfo holds AdditionalParameters and nothing else.")
    return _object(outer.get("AdditionalParameters", "{}"), "AdditionalParameters")


def expansion(params: Params) -> tuple[float, float, float, float]:
    """Give how far the picture grows up, down, left and right, in its own heights and widths."""
    given = extras(params)
    up, down, left, right = (given.get(f"{side}_expansion_ratio", 0) for side in DIRECTIONS)
    return up, down, left, right


def result_size(params: Params, reference: Size | None) -> Size:
    """Give the size a task paints at: ExtInfo's, else Resolution's area in AspectRatio's shape."""
    asked = _size(params["ModelName"], extras(params).get("size"))
    if asked is not None:
        return asked
    if params.get("SceneType") == "image_expand" and reference is not None:
        return _expanded(reference, params)
    output, model = params.get("OutputConfig", {}), model_of(params)
    default = model.resolutions[0] if model.resolutions else "1K"
    side = _SIDES.get(output.get("Resolution", default).lower(), 1024)
    ratio = output.get("AspectRatio", "auto")
    width, height = reference or (1, 1)
    if ratio != "auto":
        width, height = (int(part) for part in ratio.split(":"))
    shape = math.sqrt(width / height)
    return max(16, round(side * shape)), max(16, round(side / shape))


def _expanded(reference: Size, params: Params) -> Size:
    up, down, left, right = expansion(params)
    return round(reference[0] * (1 + left + right)), round(reference[1] * (1 + up + down))


def _check_size(model: Model, size: Size | None) -> None:
    if size is not None and model.size is not None and not model.size(*size):
        raise refuse("InvalidParameter", f"The model does not paint {size[0]}x{size[1]}.")


def _check_expansion(params: Params) -> None:
    ratios = expansion(params)
    if any(type(one) not in (int, float) or not 0 <= one <= _EXPANSION_MOST for one in ratios):
        raise refuse("InvalidParameter", "An expansion ratio lies between 0 and 2.")
    up, down, left, right = ratios
    if (1 + up + down) * (1 + left + right) > _EXPANDED_AREA_MOST + _ROUNDING:
        raise refuse("InvalidParameter", "The expanded picture exceeds 3 times the area.")


def _size(name: str, text: object) -> Size | None:
    if text is None:
        return None
    sign = r"\*" if name == "Qwen" else "x"
    found = re.fullmatch(rf"(\d{{1,5}}){sign}(\d{{1,5}})", text) if isinstance(text, str) else None
    if found is None:
        raise refuse("InvalidParameter", "`size` is malformed.")
    return int(found[1]), int(found[2])


def _object(text: object, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise refuse("InvalidParameter", f"`{name}` must be the text of a JSON object.")
    return value
