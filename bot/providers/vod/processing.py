"""What VOD is asked for one processing task, and the template that says what to do with it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import Image

from bot.domain.engines.enlarging import factor_of, size_for
from bot.domain.engines.settings import class_of, life_of
from bot.domain.provider_errors import InputRefused
from bot.ports.provider import Work
from bot.providers.tencent.body import Inline
from bot.providers.vod.request import priority_of, utc_text

MAX_PICTURE_BYTES = 4_000_000  # "below 4 MB" in its smaller reading (VOD API page, 2026-05)
_KEPT_S = 7 * 86_400.0  # as long as CreateAigcImageTask keeps temporary results
_HASH = 8  # hex digits: another template under the same name is out of the question

_REPAIRS: Final[Mapping[str, Mapping[str, Any]]] = {
    "noise": {"Denoise": {"Switch": "ON", "Type": "strong"}},
    "faces": {"FaceEnhance": {"Switch": "ON", "Intensity": 0.8}},
    "low light": {"LowLightEnhance": {"Switch": "ON", "Type": "normal"}},
}
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Template:
    """What is to be done with a picture, and the name that it is kept under."""

    purpose: str
    configure: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Say what it does; a template that does anything else has another name."""
        text = json.dumps(self.configure, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:_HASH]
        return f"easel-{self.purpose}-{digest}"


def template_of(work: Work) -> Template:
    """Return the template for what is asked; raises InputRefused where nothing is to be done."""
    match work.engine.model:
        case "upscale":
            return _upscale(work)
        case "repair":
            return _repair(work.options.repair or _ALL)
        case _:
            return _cutout(work)


def _upscale(work: Work) -> Template:
    limit = work.engine.capabilities.enlarges_to
    with Image.open(BytesIO(work.pictures[0])) as opened:
        size = size_for(work.options.size, max(opened.size), limit)
        is_png, is_transparent = opened.format == "PNG", opened.has_transparency_data
    if size is None:
        raise InputRefused("NothingToEnlarge", detail=f"{max(opened.size)} pixels already")
    quality = work.engine.settings.get("super_resolution", "super")
    how: dict[str, Any] = {"Switch": "ON", "Type": quality}
    factor = factor_of(size)
    if factor is None:
        how |= {"Mode": "aspect", "LongSide": int(size)}
    else:
        how |= {"Mode": "percent", "Percent": factor}
    configure: dict[str, Any] = {"EnhanceConfig": {"AdvancedSuperResolution": how}}
    if is_png:  # what is opaque would only be larger as a PNG, for everybody it goes to
        configure |= {"EncodeConfig": {"Format": "PNG" if is_transparent else "JPEG"}}
    return Template(f"upscale-{size}", configure)


def _repair(wanted: str) -> Template:
    parts = _REPAIRS.values() if wanted == _ALL else (_REPAIRS[wanted],)
    enhance = {name: how for part in parts for name, how in part.items()}
    return Template(f"repair-{wanted.replace(' ', '-')}", {"EnhanceConfig": enhance})


def _cutout(work: Work) -> Template:
    model = work.engine.settings.get("cutout_model", "cutout-1.0-flash")
    how = {"Switch": "ON", "Type": "foreground", "Model": model}
    return Template("cutout", {"EncodeConfig": {"Format": "PNG"}, "AiCutOutConfig": how})


def process_request(
    work: Work, definition: int, *, sub_app_id: int, session: str, now: float
) -> dict[str, Any]:
    """Return the parameters of ProcessImageAsync; raises InputRefused for what it would refuse.

    `session` is what VOD de-duplicates by, for three days. `now` is in unix seconds.
    """
    [picture] = work.pictures
    if len(picture) >= MAX_PICTURE_BYTES:
        raise InputRefused("PictureTooLarge", detail=f"{len(picture)} bytes")
    settings, priority = work.engine.settings, priority_of(work)
    # Without a time to expire at, results would be stored, and paid for, for good.
    kept_s = life_of(settings["expires_after"]) if "expires_after" in settings else _KEPT_S
    output: dict[str, Any] = {"MediaName": str(work.job_id), "ExpireTime": utc_text(now + kept_s)}
    if "class_id" in settings:
        output["ClassId"] = class_of(settings["class_id"])
    return {
        "SubAppId": sub_app_id,
        "Base64": Inline(picture),
        "ImageTaskInput": {"Definition": definition},
        "OutputConfig": output,
        "SessionId": session,
        "SessionContext": str(work.job_id),
        **({"TasksPriority": priority} if priority else {}),
    }
