"""The aiart service, version 2022-12-29: one row per action, and the slots of each."""

from typing import Final

from bot.sandbox.tencent.aiart import styles
from bot.sandbox.tencent.aiart.fields import (
    HIGHEST_SEED,
    INTERNATIONAL,
    LOGO_FIELDS,
    LOGO_SWITCH,
    MAINLAND,
    PICTURE_FIELDS,
    RESPONSE_FIELD,
    REVISE_FIELD,
    action,
    prompt_field,
)
from bot.sandbox.tencent.aiart.jobs import query, submit, submit_pro
from bot.sandbox.tencent.aiart.pictures import (
    RATIOS,
    generate_avatar,
    image_outpainting,
    image_to_image,
    refine_image,
    sketch_to_image,
)
from bot.sandbox.tencent.aiart.sizes import PAINTED, PRO, RESTYLED, check_job, check_lite
from bot.sandbox.tencent.aiart.words import text_to_image, text_to_image_lite, text_to_image_rapid
from bot.sandbox.tencent.refusals import refuse
from bot.sandbox.tencent.rules import PARAMETER_VALUE_ERROR, Field, Params

POOL = "aiart"
# What an account may do at a time before it buys more, per action (aiart API, 2026-04).
CONCURRENCY: Final = {
    POOL: 3,
    "aiart-text": 3,
    "aiart-lite": 1,
    "aiart-rapid": 1,
    "aiart-job": 1,
    "aiart-pro": 1,
    "aiart-refine": 1,
    "aiart-outpaint": 1,
    "aiart-sketch": 1,
    "aiart-avatar": 1,
}
_QUERIES_PER_SECOND = 20  # (aiart API index, 2026-08); for the other actions no figure is shown


def _one_style_family(params: Params) -> None:
    given = params.get("Styles", [])
    if len(set(given)) > 1 and any(style.startswith("1") for style in given):
        raise refuse("InvalidParameterValue.StyleConflict", "1xx styles go with no other style.")


def _pets_have_no_style(params: Params) -> None:
    if params.get("Type") == "pet" and params.get("Style"):
        raise refuse(PARAMETER_VALUE_ERROR, "`Style` is for people only.")


def _sizes(*resolutions: str) -> Field:
    members = (Field("Resolution", choices=resolutions),)
    return Field("ResultConfig", "object", members=members)


_SEED: Final = Field("Seed", "integer", low=0, high=HIGHEST_SEED)
_IMAGE: Final = Field("Image", "object", members=(Field("Base64"), Field("Url")))

ACTIONS: Final = (
    action(
        "ImageToImage",
        image_to_image,
        *PICTURE_FIELDS,
        prompt_field("Prompt", 256),
        prompt_field("NegativePrompt", 256),
        Field("Styles", "strings", choices=tuple(styles.RESTYLED)),
        _sizes(*RESTYLED),
        *LOGO_FIELDS,
        Field("Strength", "number", above=0, high=1),
        RESPONSE_FIELD,
        Field("EnhanceImage", "integer", choices=(0, 1)),
        Field("RestoreFace", "integer", low=0, high=6),
        regions=(INTERNATIONAL, MAINLAND),
        checks=(_one_style_family,),
    ),
    action(
        "TextToImage",
        text_to_image,
        prompt_field("Prompt", 256, required=True),
        prompt_field("NegativePrompt", 256),
        Field("Styles", "strings", choices=tuple(styles.PAINTED)),
        _sizes(*PAINTED),
        *LOGO_FIELDS,
        RESPONSE_FIELD,
        checks=(_one_style_family,),
    ),
    action(
        "TextToImageLite",
        text_to_image_lite,
        prompt_field("Prompt", 1024, required=True),
        prompt_field("NegativePrompt", 1024),
        Field("Resolution"),
        _SEED,
        *LOGO_FIELDS,
        RESPONSE_FIELD,
        checks=(check_lite,),
    ),
    action(
        "TextToImageRapid",
        text_to_image_rapid,
        prompt_field("Prompt", 256, required=True),
        Field("Style", choices=tuple(styles.RAPID)),
        _IMAGE,
        Field("Resolution"),
        _SEED,
        *LOGO_FIELDS,
        RESPONSE_FIELD,
        checks=(check_lite,),
    ),
    action(
        "SubmitTextToImageJob",
        submit,
        prompt_field("Prompt", 8192, required=True),
        Field("Images", "strings"),
        Field("Resolution"),
        Field("Seed", "integer", low=1, high=HIGHEST_SEED),
        *LOGO_FIELDS,
        REVISE_FIELD,
        checks=(check_job,),
        per_second=_QUERIES_PER_SECOND,
    ),
    action(
        "QueryTextToImageJob",
        query,
        Field("JobId", required=True),
        per_second=_QUERIES_PER_SECOND,
    ),
    action(
        "SubmitTextToImageProJob",
        submit_pro,
        prompt_field("Prompt", 100, required=True),
        Field("Style", choices=tuple(styles.PRO)),
        Field("Resolution", choices=PRO),
        LOGO_SWITCH,
        Field("Engine", choices=("engine1", "engine2")),
        REVISE_FIELD,
    ),
    action(
        "QueryTextToImageProJob",
        query,
        Field("JobId", required=True),
        per_second=_QUERIES_PER_SECOND,
    ),
    action("RefineImage", refine_image, *PICTURE_FIELDS, RESPONSE_FIELD),
    action(
        "ImageOutpainting",
        image_outpainting,
        Field("Ratio", required=True, choices=tuple(RATIOS)),
        *PICTURE_FIELDS,
        *LOGO_FIELDS,
        RESPONSE_FIELD,
    ),
    action(
        "SketchToImage",
        sketch_to_image,
        prompt_field("Prompt", 200, required=True),
        *PICTURE_FIELDS,
        *LOGO_FIELDS,
        RESPONSE_FIELD,
    ),
    action(
        "GenerateAvatar",
        generate_avatar,
        Field("Type", choices=("human", "pet")),
        Field("Style", choices=tuple(styles.AVATAR)),
        Field("Filter", "integer", choices=(0, 1)),
        *PICTURE_FIELDS,
        *LOGO_FIELDS,
        RESPONSE_FIELD,
        checks=(_pets_have_no_style,),
    ),
)
