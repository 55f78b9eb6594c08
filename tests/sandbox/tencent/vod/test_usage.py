"""What the stand-in counts for VOD, and its quota, asked by the official SDK."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tencentcloud.common.common_client_async import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from bot.sandbox.tencent.account import Charge, specification
from bot.sandbox.tencent.server import TencentSandbox
from tests.sandbox.tencent.peer import (
    APP,
    SECRET_ID,
    SECRET_KEY,
    image_task,
    sandbox,
)

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def span(first: int, last: int) -> dict[str, str]:
    """The days before today from the first to the end of the last."""
    start, end = TODAY - timedelta(days=first), TODAY - timedelta(days=last - 1, seconds=1)
    return {"AigcType": "Image", "StartTime": start.isoformat(), "EndTime": end.isoformat()}


def charge(days: int, minutes: int, pictures: int = 1) -> Charge:
    at = TODAY - timedelta(days=days) + timedelta(minutes=minutes)
    return Charge("CreateAigcImageTask", "req", None, pictures, at.timestamp(), "Hunyuan3.0_1K")


def account() -> TencentSandbox:
    return sandbox(now=time.time)  # the SDK signs with the real time


async def ask(tencent: TencentSandbox, action: str, **params: Any) -> dict[str, Any]:
    endpoint = tencent.url.removeprefix("http://")
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
    key = Credential(SECRET_ID, SECRET_KEY)
    async with CommonClient("vod", "2018-07-17", key, "", profile) as client:
        reply = await client.call_and_deserialize(action, {"SubAppId": APP, **params})
    found: dict[str, Any] = reply.get("Response", reply)
    return found


async def refusal(tencent: TencentSandbox, action: str, **params: Any) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        await ask(tencent, action, **params)
    return str(caught.value.code)


async def make(tencent: TencentSandbox, number: int, **params: Any) -> None:
    before = len(tencent.charged)
    task = image_task(SessionId=f"job-{number}", **params)
    await ask(tencent, "CreateAigcImageTask", **task)
    while len(tencent.charged) == before:
        await asyncio.sleep(0.01)


async def test_a_long_span_is_counted_by_day_and_specification() -> None:
    async with account() as tencent:
        tencent.account.charged += [charge(3, 5), charge(3, 900, 4), charge(1, 0), charge(9, 0)]
        found = await ask(tencent, "DescribeAigcUsageData", **span(3, 1))
    [counted] = found["AigcUsageDataSet"]
    assert counted["Specification"] == "Hunyuan3.0_1K"
    assert [(point["Count"], point["Usage"]) for point in counted["DataSet"]] == [(2, 5), (1, 1)]
    assert counted["DataSet"][0]["Time"] == (TODAY - timedelta(days=3)).isoformat()


async def test_a_day_is_counted_in_five_minute_points() -> None:
    async with account() as tencent:
        tencent.account.charged += [charge(1, 13), charge(1, 14), charge(1, 16)]
        found = await ask(tencent, "DescribeAigcUsageData", **span(1, 1))
    points = found["AigcUsageDataSet"][0]["DataSet"]
    assert [(point["Time"][11:19], point["Usage"]) for point in points] == [
        ("00:10:00", 2),
        ("00:15:00", 1),
    ]


async def test_a_finished_task_is_counted_at_once() -> None:
    async with account() as tencent:
        await make(tencent, 1)
        found = await ask(tencent, "DescribeAigcUsageData", **span(3, -1))
        assert found["AigcUsageDataSet"][0]["Specification"] == tencent.charged[0].model


@pytest.mark.parametrize("days", [(95, 1), (370, 350), (1, 9)], ids=["long", "old", "backwards"])
async def test_a_span_that_is_not_kept_or_too_long_is_refused(days: tuple[int, int]) -> None:
    async with account() as tencent:
        code = await refusal(tencent, "DescribeAigcUsageData", **span(*days))
        assert code == "InvalidParameterValue"


@pytest.mark.parametrize("text", ["2026-09-01", "yesterday"])
async def test_a_time_without_its_zone_is_refused(text: str) -> None:
    async with account() as tencent:
        given = {**span(3, 1), "StartTime": text}
        assert await refusal(tencent, "DescribeAigcUsageData", **given) == "InvalidParameterValue"


async def test_a_quota_counts_from_its_start_and_then_refuses() -> None:
    async with account() as tencent:
        await make(tencent, 1)
        assert (await ask(tencent, "DescribeAigcQuotas", QuotaType="Image"))["QuotaSet"] == []
        await ask(tencent, "CreateAigcQuota", QuotaType="Image", QuotaLimit=1)
        await make(tencent, 2)
        code = await refusal(tencent, "CreateAigcImageTask", **image_task(SessionId="job-3"))
        assert code == "LimitExceeded.Quota"
        await ask(tencent, "ModifyAigcQuota", QuotaType="Image", QuotaLimit=2)
        await make(tencent, 3)
        [row] = (await ask(tencent, "DescribeAigcQuotas", QuotaType="Image"))["QuotaSet"]
        assert (row["QuotaType"], row["QuotaLimit"], row["Usage"]) == ("Image", 2, 2)
        tencent.faults.check()


async def test_a_quota_is_made_once_and_changed_only_if_there() -> None:
    async with account() as tencent:
        given = {"QuotaType": "Image", "QuotaLimit": 5}
        assert await refusal(tencent, "ModifyAigcQuota", **given) == "ResourceNotFound"
        await ask(tencent, "CreateAigcQuota", **given)
        assert await refusal(tencent, "CreateAigcQuota", **given) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"ModelName": "Hunyuan", "ModelVersion": "3.0"}, "Hunyuan3.0"),
        (
            {
                "ModelName": "Vidu",
                "ModelVersion": "q2",
                "OutputConfig": {"Resolution": "1080p"},
                "FileInfos": [{}],
            },
            "ViduQ2_Refer2i_1080P",
        ),
        ({"Prompt": "of another service"}, ""),
    ],
)
def test_a_specification_is_named_as_the_bill_does(params: dict[str, Any], name: str) -> None:
    assert specification(params) == name


async def test_a_quota_may_show_up_later_than_it_holds() -> None:
    async with account() as tencent:
        tencent.account.quota_lag = 2
        await ask(tencent, "CreateAigcQuota", QuotaType="Image", QuotaLimit=5)
        shown = [await ask(tencent, "DescribeAigcQuotas", QuotaType="Image") for _ in range(3)]
        assert [reply["TotalCount"] for reply in shown] == [0, 0, 1]
