"""What VOD is asked for one picture task: the parameters of CreateAigcImageTask."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.engines.settings import class_of, life_of
from bot.domain.engines.sizes import asked_pixels, pixels
from bot.domain.provider_errors import InputRefused
from bot.ports.provider import Work
from bot.providers.tencent.body import Inline
from bot.providers.vod.expansion import expansion, extension

_MAX_REFERENCE_BYTES = 7_000_000  # all files together, "7 MB" in its smaller reading (VOD, 2026-10)
_PRIORITY_MOST = 10  # and -10 (seed 004)
_TOLD_IN_PROMPT: Final = {"SI"}  # the ratio and the count (seed 004; VOD, 2026-10)
_ENHANCED: Final[Mapping[bool | None, str]] = {True: "Enabled", False: "Disabled"}
_TRANSPARENT = "transparent"
_WITH_ROLES: Final = {("GG", "2.5"), ("GG", "3.0")}  # FileInfos take a Text (VOD, 2026-10)
_CONTENT_ROLE = "The picture to work on: keep what it shows."
_STYLE_ROLE = "Only an example of the style: take its look, and nothing of what it shows."
_STYLE_TOLD = "Picture {number} is only an example of the style: give the others its look."
_EXPAND = "image_expand"
_SIZE_SIGNS: Final = {"Qwen": "*"}  # between width and height; "x" for the others (seed 004)

# An operator's settings by the parameter that each becomes.
_TOP: Final = {
    "enhance_prompt": "EnhancePrompt",
    "input_region": "InputRegion",
    "scene_type": "SceneType",
}
_OUTPUT: Final = {
    "storage_mode": "StorageMode",
    "person_generation": "PersonGeneration",
    "input_compliance_check": "InputComplianceCheck",
    "output_compliance_check": "OutputComplianceCheck",
    "output_format": "OutputFormat",
    "logo_add": "LogoAdd",
}


def task_request(work: Work, *, sub_app_id: int, session: str, now: float) -> dict[str, Any]:
    """Return the parameters; raises InputRefused for what the API would refuse.

    `session` is what VOD de-duplicates by, for three days; at most 50 characters (seed 004).
    `now` is in unix seconds.
    """
    size = sum(map(len, work.pictures))
    if size > _MAX_REFERENCE_BYTES:
        raise InputRefused("ReferencesTooLarge", detail=f"{size} bytes together")
    optional = {
        "FileInfos": _files(work) or None,
        "Prompt": _prompt(work) or None,
        "NegativePrompt": work.options.negative or None,
        "Seed": work.options.seed,
        "TasksPriority": priority_of(work) or None,
        "ExtInfo": _ext_info(_extras(work)),
        "EnhancePrompt": _ENHANCED.get(work.options.improve),
        **_fixed(work),
    }
    return {
        "SubAppId": sub_app_id,
        "ModelName": work.engine.model,
        "ModelVersion": work.engine.version,
        "OutputConfig": _output_config(work, now),
        "SessionId": session,
        "SessionContext": str(work.job_id),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _fixed(work: Work) -> dict[str, str]:
    settings = work.engine.settings
    return {parameter: settings[name] for name, parameter in _TOP.items() if name in settings}


def _files(work: Work) -> list[dict[str, Any]]:
    """Return the pictures, each with what it is for where that has to be said and can be."""
    files: list[dict[str, Any]] = [
        {"Type": "Base64", "Base64": Inline(picture)} for picture in work.pictures
    ]
    if work.options.style_image and _takes_roles(work):
        for file in files[:-1]:
            file["Text"] = _CONTENT_ROLE
        files[-1]["Text"] = _STYLE_ROLE
    return files


def _takes_roles(work: Work) -> bool:
    return (work.engine.model, work.engine.version) in _WITH_ROLES


def priority_of(work: Work) -> int:
    """Return a job's priority as the API takes it."""
    return max(-_PRIORITY_MOST, min(work.priority, _PRIORITY_MOST))


def _prompt(work: Work) -> str:
    """Return the prompt, with what some models have no parameter for."""
    options, told = work.options, [work.options.prompt.strip()]
    if options.style_image and not (_takes_roles(work) and options.prompt):
        told.append(_STYLE_TOLD.format(number=len(work.pictures)))
    if work.engine.model in _TOLD_IN_PROMPT:
        if options.ratio and not _pixels(work):
            told.append(f"aspect ratio {options.ratio}")
        if options.count > 1:
            told.append(f"output {options.count} images")
    return "\n".join(filter(None, told))


def _output_config(work: Work, now: float) -> dict[str, Any]:
    options = work.options
    config = _storage(work, now)
    if options.size and not pixels(options.size):
        config["Resolution"] = options.size
    if work.engine.model in _TOLD_IN_PROMPT:
        return config
    if options.ratio and not work.engine.capabilities.extends and not _pixels(work):
        config["AspectRatio"] = options.ratio
    if options.count > 1:
        config["OutputImageCount"] = options.count
    return config


def _storage(work: Work, now: float) -> dict[str, Any]:
    """Return what the operator fixed of the output; a result is fetched at once and not kept."""
    settings = work.engine.settings
    config: dict[str, Any] = {"StorageMode": "Temporary", "LogoAdd": "Disabled"}
    config |= {_OUTPUT[name]: text for name, text in settings.items() if name in _OUTPUT}
    if work.options.background == _TRANSPARENT:
        config["OutputFormat"] = "png"  # JPEG knows no transparency
    if config["StorageMode"] == "Permanent":
        config["MediaName"] = str(work.job_id)
    if "class_id" in settings:
        config["ClassId"] = class_of(settings["class_id"])
    if "expires_after" in settings:
        config["ExpireTime"] = utc_text(now + life_of(settings["expires_after"]))
    return config


def _extras(work: Work) -> dict[str, Any]:
    """Return the parameters that only some models have."""
    settings = work.engine.settings
    extras: dict[str, Any] = {}
    background = settings.get("background") or work.options.background
    if background:
        extras["background"] = background
    if work.engine.model in _TOLD_IN_PROMPT and work.options.count > 1:
        extras["sequential_image_generation"] = "auto"
    if settings.get("scene_type") == _EXPAND and work.pictures:
        return extras | _expanded(work)
    sides = _pixels(work)
    if sides:
        sign = _SIZE_SIGNS.get(work.engine.model, "x")
        extras["size"] = f"{sides[0]}{sign}{sides[1]}"
    return extras


def _expanded(work: Work) -> dict[str, float]:
    if work.options.extend:
        return extension(work.options.extend)
    return expansion(work.pictures[0], work.options.ratio) if work.options.ratio else {}


def _ext_info(extras: Mapping[str, Any]) -> str | None:
    """Return JSON text whose only member is again JSON text (seed 004)."""
    return json.dumps({"AdditionalParameters": json.dumps(extras)}) if extras else None


def _pixels(work: Work) -> tuple[int, int] | None:
    return asked_pixels(work.options, work.engine.capabilities.sizes)


def utc_text(seconds: float) -> str:
    """Return unix seconds as VOD writes times, "2026-10-31T12:00:00Z"; it knows no fractions."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
