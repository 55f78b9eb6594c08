"""VOD's picture models: versions, reference pictures, resolutions, shapes, and extra parameters."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.tencent.rules import Params, refuse

Size = tuple[int, int]

_GG = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_OG = ("1:1", "3:2", "2:3", "3:4", "4:3", "16:9", "9:16", "21:9", "9:21")
_KLING = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9")
_VIDU = ("16:9", "9:16", "1:1", "3:4", "4:3", "21:9", "2:3", "3:2")
_K124 = ("1K", "2K", "4K")
_DIRECTIONS = ("up", "down", "left", "right")
_SIDES: Final = {"720p": 720, "1080p": 1080, "1k": 1024, "2k": 2048, "3k": 3072, "4k": 4096}


@dataclass(frozen=True)
class Model:
    """What one model version takes; the first three unchecked where None, being undocumented."""

    references: int | None = None
    resolutions: tuple[str, ...] | None = None  # the first is the default
    ratios: tuple[str, ...] | None = None
    size: Callable[[int, int], bool] | None = None  # which sizes ExtInfo may ask for; None: none
    extras: frozenset[str] = frozenset()  # further keys of ExtInfo's AdditionalParameters
    pictures: int | None = None  # highest OutputImageCount that has an effect
    scene: str | None = None
    text: bool = False  # whether references may be described
    mask: bool = False


def _pixels(low: int, high: int, step: int = 1) -> Callable[[int, int], bool]:
    def fits(width: int, height: int) -> bool:
        return low <= width * height <= high and width % step == 0 == height % step

    return fits


def _hunyuan_size(width: int, height: int) -> bool:
    sides_fit = min(width, height) >= 512 and max(width, height) <= 2048
    return sides_fit and width * height <= 1024 * 1024


_OG_MODEL = Model(
    resolutions=_K124,
    ratios=_OG,
    size=_pixels(655_360, 8_294_400, 16),
    extras=frozenset({"background"}),
    pictures=8,
    mask=True,
)
_KLING_SCENE = Model(
    references=1,
    resolutions=(),
    ratios=(),
    extras=frozenset(f"{side}_expansion_ratio" for side in _DIRECTIONS),
    pictures=9,
    scene="image_expand",
)
_SI = frozenset({"sequential_image_generation"})

# (VOD API, 2026-10; the SI and Qwen rows: seed 004, gone from the newer documents.)
MODELS: Final[dict[tuple[str, str], Model]] = {
    ("OG", "image2_low"): _OG_MODEL,
    ("OG", "image2_medium"): _OG_MODEL,
    ("OG", "image2_high"): _OG_MODEL,
    ("GG", "2.5"): Model(3, _K124, _GG, text=True),
    ("GG", "3.0"): Model(14, _K124, _GG, text=True),
    ("GG", "3.1"): Model(14, ("1K", "720P", "2K", "4K"), (*_GG, "1:4", "1:8", "4:1", "8:1")),
    ("GG", "3.1-lite"): Model(),
    ("Kling", "2.1"): Model(4, ("1k", "2k"), _KLING, pictures=9),
    ("Kling", "3.0"): Model(1, ("1k", "2k"), _KLING, pictures=9),
    ("Kling", "3.0-Omni"): Model(10, ("1k", "2k", "4k"), (*_KLING, "auto"), pictures=9),
    ("Kling", "O1"): Model(10, ("1k", "2k", "4k"), (*_KLING, "auto"), pictures=9),
    ("Kling", "scene"): _KLING_SCENE,
    ("Vidu", "q2"): Model(7, ("1080p", "2K", "4K"), _VIDU),
    ("Hunyuan", "3.0"): Model(3, (), (), _hunyuan_size, scene="3d_panorama"),
    ("Hunyuan", "3d_2.0"): Model(scene="3d_panorama"),
    ("Hunyuan", "3.5-preview"): Model(scene="3d_panorama"),
    ("Mingmou", "1.0"): Model(),
    ("SI", "4.0"): Model(14, _K124, (), _pixels(921_600, 16_777_216), _SI),
    ("SI", "4.5"): Model(14, ("2K", "4K"), (), _pixels(3_686_400, 16_777_216), _SI),
    ("SI", "5.0-lite"): Model(14, ("2K", "3K"), (), _pixels(3_686_400, 10_404_496), _SI),
    ("Qwen", "0925"): Model(1, (), (), _pixels(261_632, 4_194_304)),
}


def model_of(params: Params) -> Model:
    """Give the model a request names."""
    return MODELS[params["ModelName"], params["ModelVersion"]]


def check_model(params: Params) -> None:
    """Hold a request against its model's row. Raises Refusal InvalidParameter."""
    if (params["ModelName"], params["ModelVersion"]) not in MODELS:
        raise refuse("InvalidParameter", f"{params['ModelName']} has no such ModelVersion.")
    model, output = model_of(params), params.get("OutputConfig", {})
    _one_of("Resolution", output.get("Resolution"), model.resolutions)
    if not re.fullmatch(r"auto|[1-9]\d?:[1-9]\d?", output.get("AspectRatio", "auto")):
        raise refuse("InvalidParameter", "`AspectRatio` is malformed.")
    _one_of("AspectRatio", output.get("AspectRatio"), model.ratios)
    _one_of("SceneType", params.get("SceneType"), (model.scene,) if model.scene else ())
    if model.pictures is not None and output.get("OutputImageCount", 1) > model.pictures:
        raise refuse("InvalidParameter", f"OutputImageCount exceeds {model.pictures}.")
    _check_references(model, params.get("FileInfos", []))
    _check_extras(params["ModelName"], model, extras(params))


def extras(params: Params) -> dict[str, Any]:
    """Give ExtInfo's AdditionalParameters: JSON text within JSON text. Raises Refusal."""
    if not params.get("ExtInfo"):
        return {}
    outer = _object(params["ExtInfo"], "ExtInfo")
    if set(outer) - {"AdditionalParameters"}:
        raise refuse("InvalidParameter", "ExtInfo holds AdditionalParameters and nothing else.")
    return _object(outer.get("AdditionalParameters", "{}"), "AdditionalParameters")


def result_size(params: Params, reference: Size | None) -> Size:
    """Give the size a task paints at: ExtInfo's, else Resolution's area in AspectRatio's shape."""
    asked = _size(params["ModelName"], extras(params).get("size"))
    if asked is not None:
        return asked
    output, model = params.get("OutputConfig", {}), model_of(params)
    default = model.resolutions[0] if model.resolutions else "1K"
    side = _SIDES.get(output.get("Resolution", default).lower(), 1024)
    ratio = output.get("AspectRatio", "auto")
    width, height = reference or (1, 1)
    if ratio != "auto":
        width, height = (int(part) for part in ratio.split(":"))
    shape = math.sqrt(width / height)
    return max(16, round(side * shape)), max(16, round(side / shape))


def _check_references(model: Model, files: list[dict[str, Any]]) -> None:
    if model.references is not None and len(files) > model.references:
        raise refuse("InvalidParameter", f"The model takes {model.references} reference pictures.")
    if not model.text and any("Text" in file for file in files):
        raise refuse("InvalidParameter", "The model takes no Text with a reference picture.")
    if not model.mask and any("ReferenceType" in file for file in files):
        raise refuse("InvalidParameter", "The model takes no ReferenceType.")


def _check_extras(name: str, model: Model, given: dict[str, Any]) -> None:
    allowed = model.extras | ({"size"} if model.size else set())
    if set(given) - allowed:
        raise refuse("InvalidParameter", f"AdditionalParameters takes {sorted(allowed)}.")
    size = _size(name, given.get("size"))
    if size is not None and model.size is not None and not model.size(*size):
        raise refuse("InvalidParameter", f"The model does not paint {size[0]}x{size[1]}.")
    if given.get("background", "transparent") != "transparent":
        raise refuse("InvalidParameter", "`background` may be transparent.")
    if given.get("sequential_image_generation", "auto") != "auto":
        raise refuse("InvalidParameter", "`sequential_image_generation` may be auto.")
    _check_expansion(given)


def _check_expansion(given: dict[str, Any]) -> None:
    ratios = [given.get(f"{side}_expansion_ratio", 0) for side in _DIRECTIONS]
    if any(type(ratio) not in (int, float) or not 0 <= ratio <= 2 for ratio in ratios):
        raise refuse("InvalidParameter", "An expansion ratio lies between 0 and 2.")
    up, down, left, right = ratios
    if (1 + up + down) * (1 + left + right) > 3:
        raise refuse("InvalidParameter", "The expanded picture exceeds 3 times the area.")


def _size(name: str, text: object) -> Size | None:
    if text is None:
        return None
    sign = r"\*" if name == "Qwen" else "x"
    found = re.fullmatch(rf"(\d{{1,5}}){sign}(\d{{1,5}})", text) if isinstance(text, str) else None
    if found is None:
        raise refuse("InvalidParameter", "`size` is malformed.")
    return int(found[1]), int(found[2])


def _one_of(name: str, value: str | None, allowed: tuple[str, ...] | None) -> None:
    if value is not None and allowed is not None and value not in allowed:
        raise refuse("InvalidParameter", f"`{name}` must be one of: {', '.join(allowed) or '-'}.")


def _object(text: object, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise refuse("InvalidParameter", f"`{name}` must be the text of a JSON object.")
    return value
