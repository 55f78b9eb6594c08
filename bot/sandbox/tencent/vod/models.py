"""VOD's picture models: versions, reference pictures, resolutions, shapes, ExtInfo's keys."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.rules import Params

_GG = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_OG = ("1:1", "3:2", "2:3", "3:4", "4:3", "16:9", "9:16", "21:9", "9:21")
_KLING = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9")
_VIDU = ("16:9", "9:16", "1:1", "3:4", "4:3", "21:9", "2:3", "3:2")
_K124 = ("1K", "2K", "4K")
DIRECTIONS: Final = ("up", "down", "left", "right")


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
    extras=frozenset(f"{side}_expansion_ratio" for side in DIRECTIONS),
    pictures=9,
    scene="image_expand",
)
_SI = frozenset({"sequential_image_generation"})

# (VOD API, 2026-10; from Jimeng on: seed 004, gone from the newer documents.)
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
    ("Jimeng", "4.0"): Model(),
    ("MJ", "v7"): Model(3),
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
    if params.get("SceneType") == "image_expand" and not params.get("FileInfos"):
        raise refuse("InvalidParameter", "There is no picture to expand.")


def _check_references(model: Model, files: list[dict[str, Any]]) -> None:
    if model.references is not None and len(files) > model.references:
        raise refuse("InvalidParameter", f"The model takes {model.references} reference pictures.")
    if not model.text and any("Text" in file for file in files):
        raise refuse("InvalidParameter", "The model takes no Text with a reference picture.")
    if not model.mask and any("ReferenceType" in file for file in files):
        raise refuse("InvalidParameter", "The model takes no ReferenceType.")


def _one_of(name: str, value: str | None, allowed: tuple[str, ...] | None) -> None:
    if value is not None and allowed is not None and value not in allowed:
        raise refuse("InvalidParameter", f"`{name}` must be one of: {', '.join(allowed) or '-'}.")
