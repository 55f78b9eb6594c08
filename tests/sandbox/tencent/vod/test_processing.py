"""VOD's image processing at the stand-in: templates and tasks, strict, and really done."""

import time
from typing import Any

import pytest

from tests.sandbox.tencent.official import Peer
from tests.sandbox.tencent.peer import (
    APP,
    call,
    code_of,
    encoded,
    finished,
    get,
    opened,
    picture,
    sandbox,
)

MAKE, LIST, PROCESS = (
    "CreateProcessImageAsyncTemplate",
    "DescribeProcessImageAsyncTemplates",
    "ProcessImageAsync",
)
TWICE = {"AdvancedSuperResolution": {"Switch": "ON", "Type": "super", "Percent": 2}}
CUT = {"EncodeConfig": {"Format": "PNG"}, "AiCutOutConfig": {"Type": "foreground"}}
BAD = "InvalidParameter"


def template(**changes: Any) -> dict[str, Any]:
    wanted = {"SubAppId": APP, "Name": "easel", "ProcessImageConfigure": {"EnhanceConfig": TWICE}}
    return wanted | changes


def task(definition: int, **changes: Any) -> dict[str, Any]:
    given = {"SubAppId": APP, "Base64": encoded(picture((60, 40)))}
    return given | {"ImageTaskInput": {"Definition": definition}} | changes


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Region": "a"}, "UnknownParameter"),
        ({"Name": "n" * 65}, "InvalidParameterValue"),
        ({"Comment": "c" * 257}, "InvalidParameterValue"),
        ({"ProcessImageConfigure": "PNG"}, BAD),
        ({"ProcessImageConfigure": {}}, "InvalidParameterValue"),
        ({"ProcessImageConfigure": {"Upscale": {}}}, "UnknownParameter"),
        ({"ProcessImageConfigure": {"EncodeConfig": {"Format": "png"}}}, "InvalidParameterValue"),
        (
            {"ProcessImageConfigure": {"EnhanceConfig": {"FaceEnhance": {"Intensity": 1.1}}}},
            "InvalidParameterValue",
        ),
        (
            {
                "ProcessImageConfigure": {
                    "EnhanceConfig": {
                        "AdvancedSuperResolution": {"Mode": "aspect", "LongSide": 4097}
                    }
                }
            },
            "InvalidParameterValue",
        ),
        (
            {
                "ProcessImageConfigure": {
                    "EnhanceConfig": {"AdvancedSuperResolution": {"Mode": "aspect", "Percent": 2}}
                }
            },
            "InvalidParameterValue",
        ),
    ],
)
async def test_a_template_outside_its_limits_is_refused_and_a_fault(
    change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, MAKE, template(**change)) == code
        assert len(tencent.faults) == 1


async def test_the_fifty_first_template_is_refused_without_blame() -> None:
    async with sandbox() as tencent:
        tencent.account.templates |= dict.fromkeys(range(1, 51))
        assert await code_of(tencent, MAKE, template()) == "LimitExceeded.TooMuchTemplate"
        tencent.faults.check()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Prompt": "a cat"}, "UnknownParameter"),
        ({"ImageTaskInput": {"Definition": "1"}}, BAD),
        ({"ImageTaskInput": {}}, "MissingParameter"),
        ({"Base64": "data:image/png;base64,AAAA"}, BAD),
        ({"Url": "http://127.0.0.1/a.png"}, BAD),
        ({"Base64": ""}, BAD),
        ({"Base64": encoded(picture() + bytes(4_000_000))}, BAD),
        ({"OutputConfig": {"MediaName": "m" * 65}}, BAD),
        ({"OutputConfig": {"StorageMode": "Temporary"}}, "UnknownParameter"),
        ({"OutputConfig": {"ExpireTime": "tomorrow"}}, BAD),
        ({"SessionId": "s" * 51}, "InvalidParameterValue.SessionIdTooLong"),
        ({"TasksPriority": 11}, BAD),
    ],
)
async def test_a_task_outside_its_limits_is_refused_and_a_fault(
    change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        made = await call(tencent, MAKE, template())
        assert await code_of(tencent, PROCESS, task(made["Definition"], **change)) == code
        assert len(tencent.faults) == 1
        assert not tencent.account.tasks


async def test_a_picture_is_smaller_than_four_megabytes() -> None:
    async with sandbox() as tencent:
        made = await call(tencent, MAKE, template())
        small = picture((60, 40))
        for size, code in ((4_000_000, BAD), (3_999_999, None)):
            padded = encoded(small + bytes(size - len(small)))
            given = task(made["Definition"], Base64=padded)
            assert await code_of(tencent, PROCESS, given) == code
        assert len(tencent.faults) == 1


async def test_a_template_that_is_not_there_is_refused_without_blame() -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, PROCESS, task(7)) == "ResourceNotFound.TemplateNotExist"
        tencent.faults.check()


async def test_a_session_is_used_once() -> None:
    async with sandbox() as tencent:
        made = await call(tencent, MAKE, template())
        params = task(made["Definition"], SessionId="job-1")
        assert await code_of(tencent, PROCESS, params) is None
        assert await code_of(tencent, PROCESS, params) == "InvalidParameterValue.SessionId"


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_the_official_client_makes_finds_and_uses_a_template(kind: str) -> None:
    async with sandbox(now=time.time) as tencent:
        peer = Peer(kind, tencent, None)
        made = await peer(MAKE, template())
        listed = await peer(LIST, {"SubAppId": APP, "Definitions": [made["Definition"]]})
        [row] = listed["ProcessImageAsyncTemplateSet"]
        assert (listed["TotalCount"], row["Name"]) == (1, "easel")
        expiry = {"ExpireTime": "2030-01-01T00:00:00Z", "ClassId": 7, "MediaName": "a fox"}
        more = {"SessionId": "job-1", "SessionContext": "job-1", "TasksPriority": -10}
        params = task(made["Definition"], OutputConfig=expiry, **more)
        begun = await peer(PROCESS, params)
        seen = await finished(tencent, begun["TaskId"])
        detail = seen["ProcessImageAsyncTask"]
        assert (seen["TaskType"], detail["Status"], detail["ErrCode"]) == (PROCESS, "FINISH", 0)
        assert (detail["Progress"], "ErrCodeExt" in detail) == (100, False)
        file = detail["Output"]["FileInfo"]
        assert (file["ClassId"], file["ExpireTime"]) == (7, "2030-01-01T00:00:00Z")
        assert opened((await get(file["FileUrl"])).content).size == (120, 80)
        tencent.faults.check()


async def test_a_cut_out_is_transparent_around() -> None:
    async with sandbox() as tencent:
        made = await call(tencent, MAKE, template(ProcessImageConfigure=CUT))
        begun = await call(tencent, PROCESS, task(made["Definition"]))
        seen = await finished(tencent, begun["TaskId"])
        url = seen["ProcessImageAsyncTask"]["Output"]["FileInfo"]["FileUrl"]
        result = opened((await get(url)).content)
        assert (result.format, result.mode, result.getpixel((0, 0))[3]) == ("PNG", "RGBA", 0)
        assert result.getpixel((30, 20))[3] > 200
