"""VOD's templates of image processing: what they may hold, and the actions that keep them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.sandbox.tencent.account import Account, Request
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import Action, Field, Params

MOST_TEMPLATES = 50  # (VOD API page 266/79895, 2026-05)
PER_SECOND = 20  # of each action (VOD API pages 266/79893 and 79895, 2026-05)
_FIRST_OWN = 30_001  # ids below 10,000 are presets (VOD API page 266/79892, 2026-05)
_LONGEST_SIDE = 4096
_SWITCH: Final = Field("Switch", choices=("ON", "OFF"))
_STRENGTH: Final = ("weak", "normal", "strong")


def _intensity() -> Field:
    return Field("Intensity", "number", low=0, high=1)


def _side(name: str) -> Field:
    return Field(name, "integer", low=1, high=_LONGEST_SIDE)


# (VOD API, 2026-10: ImageEnhanceConfig and its parts.)
_ENHANCE: Final = (
    Field(
        "SuperResolution",
        "object",
        members=(
            _SWITCH,
            Field("Type", choices=("lq", "hq")),
            Field("Size", "integer", choices=(2,)),
        ),
    ),
    Field(
        "AdvancedSuperResolution",
        "object",
        members=(
            _SWITCH,
            Field("Type", choices=("standard", "super")),
            Field("Mode", choices=("percent", "aspect", "fixed")),
            Field("Percent", "number", above=0),
            *(_side(name) for name in ("Width", "Height", "LongSide", "ShortSide")),
        ),
    ),
    Field("Denoise", "object", members=(_SWITCH, Field("Type", choices=("weak", "strong")))),
    Field("ImageQualityEnhance", "object", members=(_SWITCH, Field("Type", choices=_STRENGTH))),
    Field("ColorEnhance", "object", members=(_SWITCH, Field("Type", choices=_STRENGTH))),
    Field("SharpEnhance", "object", members=(_SWITCH, _intensity())),
    Field("FaceEnhance", "object", members=(_SWITCH, _intensity())),
    Field("LowLightEnhance", "object", members=(_SWITCH, Field("Type", choices=("normal",)))),
)
_CONFIGURE: Final = (
    Field(
        "EncodeConfig",
        "object",
        members=(
            Field("Format", choices=("JPEG", "PNG", "BMP", "WebP")),
            Field("Quality", "integer", low=1, high=100),
        ),
    ),
    Field("EnhanceConfig", "object", members=_ENHANCE),
    Field(
        "AiCutOutConfig",
        "object",
        members=(
            _SWITCH,
            Field("Type", choices=("foreground", "pattern")),
            Field("Model", choices=("cutout-1.0-lite", "cutout-1.0-flash")),
        ),
    ),
)


@dataclass(frozen=True)
class Template:
    """A template as it was made; `made_at` is in unix seconds."""

    definition: int
    name: str
    comment: str
    configure: Params
    made_at: float


def template_of(account: Account, definition: int) -> Template:
    """Give a template. Raises Refusal where there is none, which its owner may have deleted."""
    template: Template | None = account.templates.get(definition)
    if template is None:
        raise Refusal("ResourceNotFound.TemplateNotExist", "The template does not exist.")
    return template


def check_application(account: Account, params: Params) -> None:
    """Refuse another application than the account's; SubAppId may be left out of templates."""
    if params.get("SubAppId", account.sub_app_id) != account.sub_app_id:
        raise Refusal("InvalidParameterValue.SubAppId", "The application does not exist.")


async def _create(account: Account, request: Request) -> dict[str, Any]:
    check_application(account, request.params)
    if len(account.templates) >= MOST_TEMPLATES:
        raise Refusal("LimitExceeded.TooMuchTemplate", "There are 50 templates already.")
    given = request.params
    definition = max(account.templates, default=_FIRST_OWN - 1) + 1
    account.templates[definition] = Template(
        definition,
        given.get("Name", ""),
        given.get("Comment", ""),
        given["ProcessImageConfigure"],
        account.now(),
    )
    return {"Definition": definition}


async def _list(account: Account, request: Request) -> dict[str, Any]:
    check_application(account, request.params)
    given = request.params
    wanted = given.get("Definitions")
    kept = [one for one in account.templates.values() if not wanted or one.definition in wanted]
    start = given.get("Offset", 0)
    rows = [_row(one) for one in kept[start : start + given.get("Limit", 10)]]
    return {"TotalCount": len(kept), "ProcessImageAsyncTemplateSet": rows}


def _row(template: Template) -> dict[str, Any]:
    made_at = datetime.fromtimestamp(template.made_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "Definition": template.definition,
        "Type": "Custom",
        "Name": template.name,
        "Comment": template.comment,
        "CreateTime": made_at,
        "UpdateTime": made_at,
        "ProcessImageConfigure": template.configure,
    }


def _does_something(params: Params) -> None:
    configure = params["ProcessImageConfigure"]
    if not any(configure.values()):
        raise refuse("InvalidParameterValue", "ProcessImageConfigure does nothing.")
    scale = configure.get("EnhanceConfig", {}).get("AdvancedSuperResolution", {})
    sides = {"Width", "Height", "LongSide", "ShortSide"} & set(scale)
    mode = scale.get("Mode", "percent")
    if scale and (
        ("Percent" in scale) != (mode == "percent") or bool(sides) == (mode == "percent")
    ):
        raise refuse("InvalidParameterValue", "Mode does not go with Percent and the sides.")


_SUB_APP_ID: Final = Field("SubAppId", "integer")

ACTIONS: Final = (
    Action(
        "CreateProcessImageAsyncTemplate",
        service="vod",
        version="2018-07-17",
        handle=_create,
        per_second=PER_SECOND,
        fields=(
            _SUB_APP_ID,
            Field("ProcessImageConfigure", "object", required=True, members=_CONFIGURE),
            Field("Name", longest=64),
            Field("Comment", longest=256),
        ),
        checks=(_does_something,),
    ),
    Action(
        "DescribeProcessImageAsyncTemplates",
        service="vod",
        version="2018-07-17",
        handle=_list,
        per_second=PER_SECOND,
        fields=(
            _SUB_APP_ID,
            Field("Definitions", "integers"),
            Field("Offset", "integer", low=0),
            Field("Limit", "integer", low=1, high=100),
        ),
    ),
)
