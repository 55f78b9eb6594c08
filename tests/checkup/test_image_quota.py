"""VOD's own cap on pictures in one line: none, used, set, shown late, or refused."""

import pytest

from bot.checkup.findings import Finding, Status
from bot.checkup.image_quota import examine_image_quota
from bot.providers.tencent.call import TencentApi
from bot.providers.vod.account import VodAccount
from bot.sandbox.tencent.account import Charge, Quota
from bot.sandbox.tencent.server import TencentSandbox
from tests.contract.providers.mechanisms import APP
from tests.providers.vod.replies import Time


@pytest.fixture
def times() -> Time:
    return Time()


@pytest.fixture
def account(tencent: TencentSandbox, api: TencentApi, times: Time) -> VodAccount:
    return VodAccount(api, endpoint=tencent.url, sub_app_id=APP, sleep=times.sleep)


def capped(tencent: TencentSandbox, limit: int, used: int) -> None:
    tencent.account.image_quota = Quota(limit, 0.0)
    tencent.charged.append(Charge("CreateAigcImageTask", "r", "", used, 1.0, "GG"))


def limit_of(tencent: TencentSandbox) -> int | None:
    quota = tencent.account.image_quota
    return quota.limit if quota else None


async def test_without_a_cap_the_way_to_set_one_is_told(account: VodAccount) -> None:
    finding = await examine_image_quota(account, None)
    assert finding.status is Status.GOOD
    assert finding.text == "none set; `easel doctor --set-vod-quota N` caps what a mistake can cost"


@pytest.mark.parametrize(
    ("used", "status", "text"),
    [
        (3, Status.GOOD, "3 of 7 pictures used"),
        (7, Status.WARNING, "used up: 7 of 7 pictures; raise it to go on"),
    ],
)
async def test_a_cap_that_is_there_is_told_with_its_use_and_left_alone(
    tencent: TencentSandbox, account: VodAccount, used: int, status: Status, text: str
) -> None:
    capped(tencent, 7, used)
    assert await examine_image_quota(account, None) == Finding("vod quota", status, text)
    assert limit_of(tencent) == 7


async def test_a_cap_is_set_and_told(tencent: TencentSandbox, account: VodAccount) -> None:
    assert (await examine_image_quota(account, 50)).text == "0 of 50 pictures used"
    assert limit_of(tencent) == 50


async def test_a_cap_set_below_what_is_used_stops_the_bot(
    tencent: TencentSandbox, account: VodAccount
) -> None:
    capped(tencent, 90, 60)
    finding = await examine_image_quota(account, 50)
    tencent.faults.clear()  # a second one is the client's fault in the stand-in's eyes
    assert finding.status is Status.BAD
    assert finding.text == "used up: 60 of 50 pictures; raise it to go on"


async def test_a_cap_that_does_not_show_is_told_as_set(
    tencent: TencentSandbox, account: VodAccount, times: Time
) -> None:
    tencent.account.quota_lag = 100
    finding = await examine_image_quota(account, 50)
    assert finding.status is Status.GOOD
    assert "set to 50 pictures; the cloud does not show it yet" in finding.text
    assert times.at == 30
    assert limit_of(tencent) == 50


@pytest.mark.parametrize(
    ("limit", "action", "status"),
    [(None, "DescribeAigcQuotas", Status.WARNING), (50, "CreateAigcQuota", Status.BAD)],
)
async def test_a_refusal_is_told_in_the_apis_words_and_worse_where_it_was_to_be_set(
    tencent: TencentSandbox,
    account: VodAccount,
    limit: int | None,
    action: str,
    status: Status,
) -> None:
    tencent.script(action, code="UnauthorizedOperation", times=2)
    tencent.script("ModifyAigcQuota", code="UnauthorizedOperation")
    finding = await examine_image_quota(account, limit)
    assert finding.status is status
    assert finding.text.startswith("cannot be asked for: UnauthorizedOperation")
