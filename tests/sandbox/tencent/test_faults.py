"""Scripted faults, retired actions, floods and lost requests at the stand-in."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.sandbox.tencent.peer import (
    APP,
    call,
    code_of,
    get,
    headers_for,
    http_client,
    image_task,
    image_to_image,
    post,
    sandbox,
)


async def test_an_error_before_the_work_costs_nothing_and_passes() -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", code="FailedOperation.ServerError", times=2)
        codes = [await code_of(tencent, "ImageToImage", image_to_image()) for _ in range(3)]
        assert codes == ["FailedOperation.ServerError", "FailedOperation.ServerError", None]
        assert [one.error_code for one in tencent.calls] == codes
        assert len(tencent.charged) == 1
        tencent.faults.check()


async def test_an_error_after_the_work_is_charged() -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", code="FailedOperation.RequestTimeout", when="after")
        code = await code_of(tencent, "ImageToImage", image_to_image())
        assert (code, len(tencent.charged)) == ("FailedOperation.RequestTimeout", 1)


@pytest.mark.parametrize(("when", "charges"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection_is_charged_only_after_the_work(when: Any, charges: int) -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", drop=True, when=when)
        with pytest.raises(httpx.TransportError):
            await call(tencent, "ImageToImage", image_to_image())
        assert len(tencent.charged) == charges
        assert await code_of(tencent, "ImageToImage", image_to_image()) is None


async def test_a_task_whose_reply_was_lost_is_recognised_by_its_session() -> None:
    async with sandbox() as tencent:
        tencent.script("CreateAigcImageTask", drop=True, when="after")
        with pytest.raises(httpx.TransportError):
            await call(tencent, "CreateAigcImageTask", image_task(SessionId="job-1"))
        again = await code_of(tencent, "CreateAigcImageTask", image_task(SessionId="job-1"))
        assert again == "InvalidParameterValue.SessionId"
        assert len(tencent.account.tasks) == 1


async def test_garbage_stands_in_for_the_reply() -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", garbage=b'{"Response": {"Resu')
        body = json.dumps(image_to_image()).encode()
        reply = await post(tencent, headers_for(tencent, "ImageToImage", body), body)
        assert (reply.status_code, reply.content) == (200, b'{"Response": {"Resu')
        assert not tencent.charged


async def test_garbage_with_a_drop_breaks_off_in_the_middle() -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", garbage=b'{"Response": {}}', drop=True, when="after")
        with pytest.raises(httpx.RemoteProtocolError):
            await call(tencent, "ImageToImage", image_to_image())
        assert len(tencent.charged) == 1


async def test_a_delay_alone_only_slows_an_answer_down() -> None:
    async with sandbox() as tencent:
        tencent.script("ImageToImage", delay_s=0.05)
        start = asyncio.get_running_loop().time()
        assert await code_of(tencent, "ImageToImage", image_to_image()) is None
        assert asyncio.get_running_loop().time() - start >= 0.05


async def test_a_held_reply_comes_with_the_release_and_its_work_is_done_before() -> None:
    async with sandbox() as tencent:
        tencent.script("CreateAigcImageTask", when="after", held=True)
        tencent.hold()
        asking = asyncio.create_task(code_of(tencent, "CreateAigcImageTask", image_task()))
        async with asyncio.timeout(10):
            while not tencent.account.tasks:
                await asyncio.sleep(0.01)
        _, waiting = await asyncio.wait({asking}, timeout=0.1)
        assert waiting
        tencent.release()
        assert await asking is None
        assert await code_of(tencent, "CreateAigcImageTask", image_task()) is None


async def test_a_download_can_fail_too() -> None:
    async with sandbox() as tencent:
        reply = await call(tencent, "ImageToImage", image_to_image(RspImgType="url"))
        tencent.script("GetObject", code="SlowDown")
        tencent.script("GetObject", garbage=b"half a picture", drop=True)
        assert (await get(reply["ResultImage"])).status_code == 503
        with pytest.raises(httpx.RemoteProtocolError):
            await get(reply["ResultImage"])
        assert (await get(reply["ResultImage"])).status_code == 200


async def test_a_fault_for_an_unknown_action_is_a_mistake_of_the_test() -> None:
    async with sandbox() as tencent:
        with pytest.raises(KeyError):
            tencent.script("ImageToImages", code="InternalError")
        with pytest.raises(KeyError):
            tencent.gone("ImageToImages")


async def test_a_retired_action_is_offline_and_the_others_are_not() -> None:
    async with sandbox() as tencent:
        tencent.gone("ImageToImage")
        assert await code_of(tencent, "ImageToImage", image_to_image()) == "ActionOffline"
        assert await code_of(tencent, "CreateAigcImageTask", image_task()) is None
        tencent.faults.check()


async def test_more_than_a_hundred_vod_reads_a_second_are_refused() -> None:
    async with sandbox() as tencent:
        asked = {"SubAppId": APP, "TaskId": f"{APP}-AigcImageTask-0t"}
        codes = await asyncio.gather(
            *(code_of(tencent, "DescribeTaskDetail", asked) for _ in range(160))
        )
        assert codes.count("ResourceNotFound") >= 100
        assert set(codes) == {"ResourceNotFound", "RequestLimitExceeded"}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("PUT", "/"), ("POST", "/v1"), ("GET", "/other/a.png")]
)
async def test_an_unknown_route_is_a_fault(method: str, path: str) -> None:
    async with sandbox() as tencent, http_client() as client:
        assert (await client.request(method, tencent.url + path)).status_code in (404, 405)
        with pytest.raises(AssertionError, match="unknown route"):
            tencent.faults.check()


@pytest.mark.parametrize(("path", "code"), [("/?", None), ("/?a=1", "InvalidRequest")])
async def test_an_empty_query_is_no_query(path: str, code: str | None) -> None:
    async with sandbox() as tencent:
        body = json.dumps(image_to_image()).encode()
        reply = await post(tencent, headers_for(tencent, "ImageToImage", body), body, path)
        assert reply.json()["Response"].get("Error", {}).get("Code") == code


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"Strength": NaN}', b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    async with sandbox() as tencent:
        reply = await post(tencent, headers_for(tencent, "ImageToImage", body), body)
        assert reply.json()["Response"]["Error"]["Code"] == "InvalidRequest"


async def test_a_body_over_ten_megabytes_is_refused_and_the_answer_arrives() -> None:
    async with sandbox() as tencent:
        for size, code in (
            (10_000_000, "InvalidRequest"),
            (12_000_000, "RequestSizeLimitExceeded"),
        ):
            body = b"x" * size
            reply = await post(tencent, headers_for(tencent, "ImageToImage", body), body)
            assert reply.json()["Response"]["Error"]["Code"] == code


async def test_leaving_stops_work_that_nobody_will_collect() -> None:
    async with sandbox(seconds_per_picture=60.0, vod_concurrency=1) as tencent:
        for _ in range(2):
            await call(tencent, "CreateAigcImageTask", image_task())
        start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 5
    assert not tencent.charged
