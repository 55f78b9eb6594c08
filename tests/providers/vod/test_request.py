"""What a VOD task is asked for: every wish, setting and limit as the documents have it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.provider_errors import InputRefused
from bot.ports.provider import Work
from bot.providers.tencent.body import Inline
from bot.providers.vod.request import task_request
from tests.providers.work import JOB, photo, work

APP = 1_500_000_001
NOW = 1_790_000_000.0  # 2026-09-21, 14:13:20 UTC


def asked(work: Work) -> dict[str, Any]:
    return task_request(work, sub_app_id=APP, session=str(JOB), now=NOW)


def fixed(engine: str, *pictures: bytes, settings: dict[str, str], **options: Any) -> Work:
    """Return work for an engine that its operator set so."""
    plain = work(engine, *pictures, **options)
    return replace(plain, engine=replace(plain.engine, settings=settings))


def extras(params: dict[str, Any]) -> dict[str, Any]:
    outer = json.loads(params["ExtInfo"])
    assert set(outer) == {"AdditionalParameters"}
    inner: dict[str, Any] = json.loads(outer["AdditionalParameters"])
    return inner


def test_every_wish_becomes_its_parameter() -> None:
    params = asked(
        work(
            "og-low",
            photo(),
            prompt=" a cat ",
            negative="dogs",
            ratio="16:9",
            size="2K",
            seed=7,
            count=3,
        )
    )
    assert params == {
        "SubAppId": APP,
        "ModelName": "OG",
        "ModelVersion": "image2_low",
        "FileInfos": [{"Type": "Base64", "Base64": Inline(photo())}],
        "Prompt": "a cat",
        "NegativePrompt": "dogs",
        "Seed": 7,
        "OutputConfig": {
            "StorageMode": "Temporary",
            "LogoAdd": "Disabled",
            "AspectRatio": "16:9",
            "Resolution": "2K",
            "OutputImageCount": 3,
        },
        "SessionId": JOB,
        "SessionContext": JOB,
    }


def test_what_was_not_wished_is_left_to_the_api() -> None:
    assert asked(work("gg-3.0")) == {
        "SubAppId": APP,
        "ModelName": "GG",
        "ModelVersion": "3.0",
        "Prompt": "a cat",
        "OutputConfig": {"StorageMode": "Temporary", "LogoAdd": "Disabled"},
        "SessionId": JOB,
        "SessionContext": JOB,
    }


def test_what_the_operator_fixed_becomes_its_parameter() -> None:
    settings = {
        "enhance_prompt": "Disabled",
        "input_region": "Oversea",
        "person_generation": "AllowAdult",
        "input_compliance_check": "Enabled",
        "output_compliance_check": "Enabled",
        "output_format": "png",
        "logo_add": "Enabled",
        "background": "transparent",
        "class_id": "12",
        "storage_mode": "Permanent",
        "expires_after": "30d",
    }
    params = asked(fixed("og-high", settings=settings))
    assert (params["EnhancePrompt"], params["InputRegion"]) == ("Disabled", "Oversea")
    assert params["OutputConfig"] == {
        "StorageMode": "Permanent",
        "MediaName": JOB,
        "ExpireTime": "2026-10-21T14:13:20Z",
        "ClassId": 12,
        "PersonGeneration": "AllowAdult",
        "InputComplianceCheck": "Enabled",
        "OutputComplianceCheck": "Enabled",
        "OutputFormat": "png",
        "LogoAdd": "Enabled",
    }
    assert extras(params) == {"background": "transparent"}


@pytest.mark.parametrize(("priority", "sent"), [(0, None), (3, 3), (-40, -10), (99, 10)])
def test_a_jobs_priority_becomes_the_tasks_within_its_bounds(
    priority: int, sent: int | None
) -> None:
    params = asked(replace(work("gg-3.0"), priority=priority))
    assert params.get("TasksPriority") == sent


@pytest.mark.parametrize("options", [{"ratio": "16:9"}, {"size": "1280x720"}])
def test_a_size_in_pixels_is_json_text_within_json_text(options: dict[str, str]) -> None:
    params = asked(work("hunyuan-3.0", **options))
    assert extras(params) == {"size": "1280x720"}
    assert set(params["OutputConfig"]) == {"StorageMode", "LogoAdd"}


@pytest.mark.parametrize(
    ("engine", "size", "written"),
    [
        ("og-low", "1536x1024", "1536x1024"),
        ("si-4.5", "2560x1440", "2560x1440"),
        ("qwen-0925", "720x1280", "720*1280"),
    ],
)
def test_each_model_has_its_own_way_to_write_a_size(engine: str, size: str, written: str) -> None:
    assert extras(asked(work(engine, size=size))) == {"size": written}


def test_a_model_without_a_count_is_told_in_its_prompt_how_many_to_make() -> None:
    params = asked(work("si-4.0", prompt="a cat", count=3))
    assert params["Prompt"] == "a cat\noutput 3 images"
    assert extras(params) == {"sequential_image_generation": "auto"}
    assert "OutputImageCount" not in params["OutputConfig"]


def test_a_model_without_ratios_is_told_in_its_prompt_which_one() -> None:
    params = asked(work("si-4.5", prompt="a cat", ratio="21:9", size="4K"))
    assert params["Prompt"] == "a cat\naspect ratio 21:9"
    assert (params["OutputConfig"]["Resolution"], "ExtInfo" in params) == ("4K", False)
    assert "AspectRatio" not in params["OutputConfig"]
    sized = asked(work("si-4.5", prompt="a cat", ratio="16:9", size="2560x1440"))
    assert (sized["Prompt"], extras(sized)) == ("a cat", {"size": "2560x1440"})


@pytest.mark.parametrize(
    ("ratio", "grown"),
    [
        ("16:9", {"left": 0.1667, "right": 0.1667, "up": 0.0, "down": 0.0}),
        ("1:1", {"left": 0.0, "right": 0.0, "up": 0.1667, "down": 0.1667}),
    ],
)
def test_a_picture_is_expanded_on_both_sides_alike(ratio: str, grown: dict[str, float]) -> None:
    params = asked(fixed("kling-expand", photo(), settings=EXPAND, ratio=ratio, prompt=""))
    assert params["SceneType"] == "image_expand"
    assert extras(params) == {f"{side}_expansion_ratio": share for side, share in grown.items()}
    assert set(params["OutputConfig"]) == {"StorageMode", "LogoAdd"}
    assert "Prompt" not in params


EXPAND = {"scene_type": "image_expand"}


@pytest.mark.parametrize(
    ("side", "grown"),
    [
        ("left", {"up": 0.0, "down": 0.0, "left": 0.5, "right": 0.0}),
        ("right", {"up": 0.0, "down": 0.0, "left": 0.0, "right": 0.5}),
        ("up", {"up": 0.5, "down": 0.0, "left": 0.0, "right": 0.0}),
        ("down", {"up": 0.0, "down": 0.5, "left": 0.0, "right": 0.0}),
        ("around", {"up": 0.25, "down": 0.25, "left": 0.25, "right": 0.25}),
    ],
)
def test_a_picture_is_extended_at_the_side_that_was_chosen(
    side: str, grown: dict[str, float]
) -> None:
    params = asked(fixed("kling-expand", photo(), settings=EXPAND, extend=side, prompt=""))
    assert extras(params) == {f"{each}_expansion_ratio": share for each, share in grown.items()}


@pytest.mark.parametrize(("size", "ratio"), [((300, 100), "9:16"), ((160, 90), "16:9")])
def test_an_expansion_the_api_would_refuse_is_not_sent(size: tuple[int, int], ratio: str) -> None:
    with pytest.raises(InputRefused):
        asked(fixed("kling-expand", photo(*size), settings=EXPAND, ratio=ratio))


def test_references_too_large_for_one_request_are_refused_before_it() -> None:
    asked(work("gg-3.0", bytes(4_000_000), bytes(3_000_000)))
    with pytest.raises(InputRefused):
        asked(work("gg-3.0", bytes(4_000_000), bytes(3_000_001)))
