"""The official SDK, a peer nobody here wrote, uses every action of the stand-in."""

import base64
import time
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from bot.sandbox.tencent.server import ACTIONS
from tests.sandbox.tencent.official import Peer
from tests.sandbox.tencent.peer import (
    APP,
    encoded,
    get,
    image_task,
    image_to_image,
    opened,
    picture,
    sandbox,
    until,
)

PROMPT = "une forêt, 狐狸在雪中 🦊"


kinds = pytest.mark.parametrize("kind", ["sync", "async", "unsigned"])


@kinds
@pytest.mark.parametrize("token", [None, "temporary-token"])
async def test_the_official_client_restyles_a_picture(kind: str, token: str | None) -> None:
    async with sandbox(token=token, now=time.time) as tencent:
        reply = await Peer(kind, tencent, token)("ImageToImage", image_to_image(Prompt=PROMPT))
        assert opened(base64.b64decode(reply["ResultImage"])).size == (64, 64)
        assert tencent.calls[0].params["Prompt"] == PROMPT
        assert reply["RequestId"] == tencent.calls[0].request_id
        tencent.faults.check()


@kinds
@pytest.mark.parametrize("token", [None, "temporary-token"])
async def test_the_official_client_has_a_task_made(kind: str, token: str | None) -> None:
    async with sandbox(token=token, now=time.time) as tencent:
        peer = Peer(kind, tencent, token)
        task = await peer("CreateAigcImageTask", image_task(Prompt=PROMPT, SessionId="job-1"))
        await until(lambda: tencent.charged)
        await until(lambda: not tencent.running["vod"])
        seen = await peer("DescribeTaskDetail", {"SubAppId": APP, "TaskId": task["TaskId"]})
        assert (seen["Status"], seen["AigcImageTask"]["ErrCode"]) == ("FINISH", 0)
        assert seen["AigcImageTask"]["Input"]["Prompt"] == PROMPT
        url = seen["AigcImageTask"]["Output"]["FileInfos"][0]["FileUrl"]
        assert opened((await get(url)).content).size == (1024, 1024)
        tencent.faults.check()


PHOTO = encoded(picture((600, 500)))
AT_ONCE: dict[str, tuple[dict[str, Any], tuple[int, int]]] = {
    "ImageToImage": ({"InputImage": PHOTO, "Prompt": PROMPT}, (600, 500)),
    "TextToImage": ({"Prompt": PROMPT, "Styles": ["103"]}, (768, 768)),
    "TextToImageLite": ({"Prompt": PROMPT, "Resolution": "768:1024", "Seed": 3}, (768, 1024)),
    "TextToImageRapid": ({"Prompt": PROMPT, "Image": {"Base64": PHOTO}}, (600, 500)),
    "RefineImage": ({"InputImage": PHOTO}, (2048, 1707)),
    "ImageOutpainting": ({"InputImage": PHOTO, "Ratio": "1:1"}, (600, 600)),
    "SketchToImage": ({"InputImage": PHOTO, "Prompt": PROMPT}, (1024, 1024)),
    "GenerateAvatar": ({"InputImage": PHOTO, "Type": "pet"}, (500, 500)),
}
BY_JOB: dict[str, dict[str, Any]] = {
    "SubmitTextToImageJob": {"Prompt": PROMPT, "Images": [PHOTO], "Revise": 0, "Seed": 5},
    "SubmitTextToImageProJob": {"Prompt": PROMPT, "Style": "riman", "Engine": "engine1"},
}


def test_the_official_client_is_tried_on_every_aiart_action() -> None:
    queries = {action.replace("Submit", "Query") for action in BY_JOB}
    offered = {name for name, row in ACTIONS.items() if row.service == "aiart"}
    assert {*AT_ONCE, *BY_JOB, *queries} == offered


@kinds
@pytest.mark.parametrize("action", AT_ONCE)
async def test_the_official_client_has_a_picture_made_at_once(kind: str, action: str) -> None:
    params, size = AT_ONCE[action]
    async with sandbox(now=time.time) as tencent:
        reply = await Peer(kind, tencent, None)(action, params)
        assert opened(base64.b64decode(reply["ResultImage"])).size == size
        assert tencent.calls[0].params.get("Prompt") == params.get("Prompt")
        tencent.faults.check()


@kinds
@pytest.mark.parametrize("action", BY_JOB)
async def test_the_official_client_has_a_picture_made_by_a_job(kind: str, action: str) -> None:
    async with sandbox(now=time.time) as tencent:
        peer = Peer(kind, tencent, None)
        job = await peer(action, BY_JOB[action])
        await until(lambda: tencent.charged)
        await until(lambda: not any(tencent.running.values()))
        done = await peer(action.replace("Submit", "Query"), {"JobId": job["JobId"]})
        assert done["JobStatusCode"] == "5"
        assert opened((await get(done["ResultImage"][0])).content).size == (1024, 1024)
        tencent.faults.check()


@kinds
async def test_the_official_client_sees_error_codes(kind: str) -> None:
    async with sandbox(now=time.time) as tencent:
        tencent.script(
            "ImageToImage", code="OperationDenied.TextIllegalDetected", message="The text failed."
        )
        with pytest.raises(TencentCloudSDKException) as caught:
            await Peer(kind, tencent, None)("ImageToImage", image_to_image())
        assert caught.value.get_code() == "OperationDenied.TextIllegalDetected"
        assert caught.value.get_message() == "The text failed."
        assert caught.value.get_request_id() == tencent.calls[0].request_id


@kinds
async def test_the_official_client_is_told_of_a_wrong_token(kind: str) -> None:
    async with sandbox(token="right", now=time.time) as tencent:
        with pytest.raises(TencentCloudSDKException) as caught:
            await Peer(kind, tencent, "wrong")("ImageToImage", image_to_image())
        assert caught.value.get_code() == "AuthFailure.TokenFailure"
