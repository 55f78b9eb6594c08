"""The cap on VOD's pictures is set, also where the cloud shows it late or had one already."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.domain.provider_errors import RequestBug
from bot.providers.tencent.call import Credentials, TencentApi
from bot.providers.vod.account import MOST_DAYS_A_CALL, ImageQuota, VodAccount
from bot.sandbox.tencent.account import Charge, Quota
from bot.sandbox.tencent.server import TencentSandbox
from tests.contract.providers.mechanisms import APP, ID, KEY
from tests.providers.vod.replies import Time


@asynccontextmanager
async def account_at(tencent: TencentSandbox, times: Time) -> AsyncIterator[VodAccount]:
    async with httpx.AsyncClient() as client:
        api = TencentApi(client, Credentials(ID, KEY), now=time.time)
        yield VodAccount(api, endpoint=tencent.url, sub_app_id=APP, sleep=times.sleep)


@pytest.fixture
def times() -> Time:
    return Time()


@pytest.fixture
async def tencent() -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(secret_id=ID, secret_key=KEY, vod_sub_app_id=APP) as opened:
        yield opened
        opened.faults.check()


@pytest.fixture
async def account(tencent: TencentSandbox, times: Time) -> AsyncIterator[VodAccount]:
    async with account_at(tencent, times) as opened:
        yield opened


def quota_calls(tencent: TencentSandbox) -> list[str]:
    return [call.action for call in tencent.calls if call.action != "DescribeAigcQuotas"]


async def test_a_quota_that_shows_at_once_is_not_waited_for(
    tencent: TencentSandbox, account: VodAccount, times: Time
) -> None:
    assert await account.set_image_quota(50) == ImageQuota(50, 0)
    assert quota_calls(tencent) == ["CreateAigcQuota"]
    assert times.at == 0


@pytest.mark.parametrize("before", [None, Quota(7, 0.0)])
async def test_a_quota_that_shows_late_is_looked_for_again(
    tencent: TencentSandbox, account: VodAccount, times: Time, before: Quota | None
) -> None:
    tencent.account.image_quota, tencent.account.quota_lag = before, 3
    assert await account.set_image_quota(50) == ImageQuota(50, 0)
    assert 0 < times.at <= 30


async def test_a_quota_that_is_there_and_does_not_show_is_changed(
    tencent: TencentSandbox, account: VodAccount
) -> None:
    tencent.account.quota_lag = 1
    tencent.account.image_quota, tencent.account.past_quotas = Quota(7, 0.0), [None]
    assert await account.set_image_quota(50) == ImageQuota(50, 0)
    assert quota_calls(tencent) == ["CreateAigcQuota", "ModifyAigcQuota"]
    tencent.faults.clear()  # creating a second one is the client's fault in the stand-in's eyes


async def test_a_quota_that_cannot_be_set_is_told_by_the_first_refusal(
    tencent: TencentSandbox, account: VodAccount
) -> None:
    tencent.script("CreateAigcQuota", code="InvalidRequest")
    tencent.script("ModifyAigcQuota", code="InternalError")
    with pytest.raises(RequestBug) as caught:
        await account.set_image_quota(50)
    assert caught.value.code == "InvalidRequest"
    assert tencent.account.image_quota is None


async def test_usage_on_the_border_of_two_calls_is_counted_once(
    tencent: TencentSandbox, account: VodAccount
) -> None:
    now = float(int(time.time()))
    start = now - 2 * MOST_DAYS_A_CALL * 86_400
    border = start + MOST_DAYS_A_CALL * 86_400
    for at in (start, border - 1, border, border + 1, now):
        tencent.charged.append(Charge("CreateAigcImageTask", "r", "", 1, at, "GG"))
    assert sum((await account.pictures(start, now)).values()) == 5
    periods = [(call.params["StartTime"], call.params["EndTime"]) for call in tencent.calls]
    assert len(periods) == 2
    assert periods[0][1] < periods[1][0]
