"""What VOD's actions accept at the stand-in: each parameter at its limit and beyond it."""

import json
from typing import Any

import pytest

from tests.sandbox.tencent.peer import (
    APP,
    INLINE,
    code_of,
    encoded,
    files,
    get,
    image_task,
    made,
    model,
    opened,
    output,
    picture,
    sandbox,
)

BAD = "InvalidParameter"
CREATE = "CreateAigcImageTask"
ASK = "DescribeTaskDetail"


def extra(**parameters: Any) -> str:
    return json.dumps({"AdditionalParameters": json.dumps(parameters)})


EXPAND = model("Kling", "scene", SceneType="image_expand", FileInfos=[INLINE])

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"Region": "a"}, "UnknownParameter"),
    ({"SubAppId": str(APP)}, BAD),
    ({"ModelName": "GEM", "ModelVersion": "2.5"}, BAD),
    ({"ModelVersion": "9"}, BAD),
    ({"ModelName": "Vidu"}, BAD),
    ({"Prompt": ""}, BAD),
    ({"Prompt": ["a"]}, BAD),
    ({"EnhancePrompt": True}, BAD),
    ({"EnhancePrompt": "enabled"}, BAD),
    ({"InputRegion": "Overseas"}, BAD),
    ({"SceneType": "3d_panorama"}, BAD),
    (model("Hunyuan", "3.0", SceneType="image_expand"), BAD),
    ({"Seed": 1.5}, BAD),
    ({"SessionId": "s" * 51}, "InvalidParameterValue.SessionIdTooLong"),
    ({"SessionContext": "s" * 1001}, "InvalidParameterValue.SessionContextTooLong"),
    ({"TasksPriority": 11}, BAD),
    ({"TasksPriority": -11}, BAD),
    ({"TasksPriority": "10"}, BAD),
    ({"FileInfos": {}}, BAD),
    ({"FileInfos": [{"FileId": "1"}]}, "MissingParameter"),
    ({"FileInfos": [{"Type": "base64", "Base64": INLINE["Base64"]}]}, BAD),
    ({"FileInfos": [{"Type": "Url"}]}, BAD),
    ({"FileInfos": [{"Type": "Url", "Url": "a.png"}]}, BAD),
    ({"FileInfos": [{**INLINE, "Url": "http://127.0.0.1/a.png"}]}, BAD),
    ({"FileInfos": [{**INLINE, "Name": "a"}]}, "UnknownParameter"),
    ({"FileInfos": [{"Type": "Base64", "Base64": "data:image/png;base64,AAAA"}]}, BAD),
    ({"FileInfos": [{"Type": "Base64", "Base64": encoded(picture(kind="BMP"))}]}, BAD),
    ({"FileInfos": [INLINE] * 15}, BAD),
    (model("GG", "2.5", FileInfos=[INLINE] * 4), BAD),
    (model("Kling", "3.0", FileInfos=[INLINE] * 2), BAD),
    (model("Hunyuan", "3.0", FileInfos=[INLINE] * 4), BAD),
    (model("Vidu", "q2", FileInfos=[{**INLINE, "Text": "a hat"}]), BAD),
    ({"FileInfos": [{**INLINE, "ReferenceType": "mask"}]}, BAD),
    (output(LogoAdd=1), BAD),
    (output(LogoAdd="enabled"), BAD),
    (output(StorageMode="temporary"), BAD),
    (output(MediaName="m" * 65), BAD),
    (output(ExpireTime="tomorrow"), BAD),
    (output(PersonGeneration="Allowed"), BAD),
    (output(InputComplianceCheck="On"), BAD),
    (output(OutputComplianceCheck="On"), BAD),
    (output(OutputFormat="webp"), BAD),
    (output(OutputImageCount=0), BAD),
    (output(Resolution="1k"), BAD),
    (output(Resolution="720P"), BAD),
    (output(AspectRatio="1:8"), BAD),
    (model("GG", "3.1-lite", **output(AspectRatio="wide")), BAD),
    (model("GG", "3.1-lite", **output(AspectRatio="0:1")), BAD),
    (output(Quality="high"), "UnknownParameter"),
    (model("Kling", "2.1", **output(Resolution="1K")), BAD),
    (model("Kling", "2.1", **output(Resolution="4k")), BAD),
    (model("Kling", "2.1", **output(OutputImageCount=10)), BAD),
    (model("OG", "image2_low", **output(OutputImageCount=9)), BAD),
    (model("Hunyuan", "3.0", **output(Resolution="1K")), BAD),
    (model("Hunyuan", "3.0", **output(AspectRatio="1:1")), BAD),
    ({"ExtInfo": "myextinfo"}, BAD),
    ({"ExtInfo": {"AdditionalParameters": "{}"}}, BAD),
    ({"ExtInfo": json.dumps({"AdditionalParameters": {"size": "728x1024"}})}, BAD),
    ({"ExtInfo": extra(size="728x1024")}, BAD),
    (model("Hunyuan", "3.0", ExtInfo=extra(size="511x600")), BAD),
    (model("Hunyuan", "3.0", ExtInfo=extra(size="1025x1024")), BAD),
    (model("Hunyuan", "3.0", ExtInfo=extra(size="728*1024")), BAD),
    (model("OG", "image2_high", ExtInfo=extra(size="1000x1000")), BAD),
    (model("OG", "image2_high", ExtInfo=extra(background="white")), BAD),
    (model("Kling", "scene", ExtInfo=extra(up_expansion_ratio=2.1)), BAD),
    (model("Kling", "scene", ExtInfo=extra(up_expansion_ratio=2, left_expansion_ratio=1)), BAD),
    (model("Kling", "scene", SceneType="image_expand"), BAD),
    (model("Kling", "scene", ExtInfo=extra(up_expansion_ratio="1")), BAD),
    ({**EXPAND, "FileInfos": [INLINE] * 2}, BAD),
    (model("MJ", "v7", FileInfos=[INLINE] * 4), BAD),
    (model("Qwen", "0925", ExtInfo=extra(size="728x1024")), BAD),
    (model("SI", "4.0", ExtInfo=extra(sequential_image_generation="on")), BAD),
    (model("SI", "4.5", ExtInfo=extra(size="1024x1024")), BAD),
]

# What is asked, and the size that comes of it where the documents say one.
ACCEPTED: list[tuple[dict[str, Any], tuple[int, int] | None]] = [
    ({}, (1024, 1024)),
    (output(AspectRatio="16:9"), (1365, 768)),
    (output(Resolution="2K", AspectRatio="1:1"), (2048, 2048)),
    ({"Prompt": "", "FileInfos": [INLINE]}, (1024, 1024)),
    ({"FileInfos": [{**INLINE, "Text": "a hat"}] * 14}, (1024, 1024)),
    ({"Seed": -5, "TasksPriority": 10, "SessionContext": "s" * 1000}, None),
    ({"SessionId": "s" * 50, "InputRegion": "Oversea", "EnhancePrompt": "Disabled"}, None),
    (output(MediaName="m" * 64, ClassId=3, PersonGeneration="Disallowed"), None),
    (output(StorageMode="Permanent", ExpireTime="2026-12-01T00:00:00Z"), None),
    (model("GG", "3.1", **output(Resolution="720P", AspectRatio="1:8")), None),
    (model("Kling", "O1", **output(Resolution="1k", AspectRatio="auto")), (1024, 1024)),
    ({**EXPAND, "ExtInfo": extra(up_expansion_ratio=2)}, (64, 192)),
    ({**EXPAND, "ExtInfo": extra(left_expansion_ratio=0.5)}, (96, 64)),
    (model("Vidu", "q2"), (1080, 1080)),
    (model("GG", "3.1-lite", **output(AspectRatio="4:1")), (2048, 512)),
    ({"FileInfos": [{"Type": "Base64", "Base64": encoded(picture((1, 3000)))}]}, None),
    (model("Hunyuan", "3.0", ExtInfo=extra(size="728x1024")), (728, 1024)),
    (model("Hunyuan", "3.5-preview", FileInfos=[INLINE] * 5), None),
    (model("OG", "image2_low", ExtInfo=extra(size="1024x1536", background="transparent")), None),
    (model("OG", "image2_low", FileInfos=[INLINE, {**INLINE, "ReferenceType": "mask"}]), None),
    (model("Qwen", "0925", ExtInfo=extra(size="728*1024")), (728, 1024)),
    (model("SI", "4.0", ExtInfo=extra(sequential_image_generation="auto")), (1024, 1024)),
    (model("Jimeng", "4.0"), None),
    (model("MJ", "v7", FileInfos=[INLINE] * 3), None),
    (model("Mingmou", "1.0"), None),
    (model("Hunyuan", "3d_2.0", SceneType="3d_panorama"), None),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
async def test_a_parameter_outside_its_limit_is_refused_and_a_fault(
    change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, CREATE, image_task(**change)) == code
        assert len(tencent.faults) == 1
        assert not tencent.account.tasks


@pytest.mark.parametrize("name", ["ModelName", "ModelVersion", "SubAppId"])
async def test_a_required_parameter_is_missed(name: str) -> None:
    params = image_task()
    del params[name]
    expected = {"SubAppId": "InvalidParameterValue.SubAppId"}.get(name, "MissingParameter")
    async with sandbox() as tencent:
        assert await code_of(tencent, CREATE, params) == expected


@pytest.mark.parametrize(("change", "size"), ACCEPTED)
async def test_a_parameter_at_its_limit_is_accepted(
    change: dict[str, Any], size: tuple[int, int] | None
) -> None:
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**change))
        assert (reply["Status"], reply["AigcImageTask"]["ErrCode"]) == ("FINISH", 0)
        result = opened((await get(files(reply)[0]["FileUrl"])).content)
        assert size in (None, result.size)
        tencent.faults.check()


async def test_references_may_hold_seven_megabytes_together_and_no_more() -> None:
    half = picture() + bytes(3_500_000 - len(picture()))
    inline = {"Type": "Base64", "Base64": encoded(half)}
    more = {"Type": "Base64", "Base64": encoded(half + b"\0")}
    async with sandbox() as tencent:
        assert await code_of(tencent, CREATE, image_task(FileInfos=[inline, inline])) is None
        assert await code_of(tencent, CREATE, image_task(FileInfos=[inline, more])) == BAD


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"SubAppId": APP}, "MissingParameter"),
        ({"TaskId": f"{APP}-AigcImageTask-0t"}, "InvalidParameterValue.SubAppId"),
        ({"SubAppId": 1, "TaskId": "1-AigcImageTask-0t"}, "InvalidParameterValue.SubAppId"),
        ({"SubAppId": APP, "TaskId": "0t"}, "InvalidParameterValue.TaskId"),
        ({"SubAppId": APP, "TaskId": 5}, BAD),
        ({"SubAppId": APP, "TaskId": f"{APP}-AigcImageTask-0t"}, "ResourceNotFound"),
    ],
)
async def test_asking_wrongly_has_its_own_codes(params: dict[str, Any], code: str) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, ASK, params) == code


async def test_an_unknown_file_is_refused_without_blame() -> None:
    stale = [{"Type": "File", "FileId": "404"}]
    async with sandbox() as tencent:
        code = await code_of(tencent, CREATE, image_task(FileInfos=stale))
        assert code == "InvalidParameterValue.FileId"
        tencent.faults.check()
