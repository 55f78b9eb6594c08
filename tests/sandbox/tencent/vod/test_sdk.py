"""The official SDK asks VOD's every model for everything that the documents say of it."""

import json
import time
from typing import Any

import pytest

from bot.sandbox.tencent.vod.models import MODELS, Model
from tests.sandbox.tencent.official import Peer
from tests.sandbox.tencent.peer import APP, INLINE, get, image_task, opened, sandbox, until

OUTPUT = {
    "StorageMode": "Permanent",
    "MediaName": "a fox",
    "ClassId": 7,
    "ExpireTime": "2030-01-01T00:00:00Z",
    "PersonGeneration": "Disallowed",
    "InputComplianceCheck": "Enabled",
    "OutputComplianceCheck": "Disabled",
    "OutputFormat": "jpeg",
    "LogoAdd": "Enabled",
}
SIZES = {"OG": "1024x1536", "Hunyuan": "768x1024", "SI": "2560x1440", "Qwen": "768*1024"}


def everything(name: str, version: str, model: Model) -> dict[str, Any]:
    """Return a request that uses each parameter the model has, at its most."""
    output: dict[str, Any] = dict(OUTPUT)
    if model.resolutions and model.size is None:
        output["Resolution"] = model.resolutions[0]
    if model.ratios and model.size is None:
        output["AspectRatio"] = model.ratios[0]
    if model.pictures:
        output["OutputImageCount"] = 2
    extra: dict[str, Any] = {}
    if model.size:
        extra["size"] = SIZES[name]
    if model.scene == "image_expand":
        extra["right_expansion_ratio"] = 1
    request = image_task(
        ModelName=name,
        ModelVersion=version,
        FileInfos=[INLINE] * (model.references or 0),
        NegativePrompt="rain",
        EnhancePrompt="Disabled",
        InputRegion="Oversea",
        Seed=7,
        SessionId="job-1",
        SessionContext="job-1",
        TasksPriority=-10,
        OutputConfig=output,
    )
    if extra:
        request["ExtInfo"] = json.dumps({"AdditionalParameters": json.dumps(extra)})
    return request | ({"SceneType": model.scene} if model.scene == "image_expand" else {})


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(("name", "version"), MODELS, ids=[" ".join(key) for key in MODELS])
async def test_the_official_client_asks_a_model_for_all_it_can(
    kind: str, name: str, version: str
) -> None:
    params = everything(name, version, MODELS[name, version])
    async with sandbox(now=time.time) as tencent:
        peer = Peer(kind, tencent, None)
        made = await peer("CreateAigcImageTask", params)
        task = tencent.account.tasks[made["TaskId"]]
        await until(lambda: task.finished is not None)
        seen = await peer("DescribeTaskDetail", {"SubAppId": APP, "TaskId": made["TaskId"]})
        detail = seen["AigcImageTask"]
        assert (seen["Status"], detail["ErrCode"], detail["Message"]) == ("FINISH", 0, "")
        assert (detail["SessionId"], detail["SessionContext"]) == ("job-1", "job-1")
        files = detail["Output"]["FileInfos"]
        assert len(files) == params["OutputConfig"].get("OutputImageCount", 1)
        assert opened((await get(files[0]["FileUrl"])).content).format == "JPEG"
        assert (files[0]["StorageMode"], files[0]["ClassId"]) == ("Permanent", 7)
        tencent.faults.check()


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_the_official_client_lists_tasks_newest_first(kind: str) -> None:
    async with sandbox(now=time.time) as tencent:
        peer = Peer(kind, tencent, None)
        ids = [
            (await peer("CreateAigcImageTask", image_task(SessionId=s)))["TaskId"] for s in "abc"
        ]
        sort = {"Field": "CreateTime", "Order": "Desc"}
        asked = {"SubAppId": APP, "Limit": 2, "Sort": sort}
        first = await peer("DescribeTasks", asked)
        rest = await peer("DescribeTasks", {**asked, "ScrollToken": first["ScrollToken"]})
        listed = [*first["TaskSet"], *rest["TaskSet"]]
        assert [task["TaskId"] for task in listed] == ids[::-1]
        assert [task["SessionId"] for task in listed] == ["c", "b", "a"]
        tencent.faults.check()
