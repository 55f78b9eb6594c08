"""Rotated and temporary keys: read again when the service refuses them, without a restart."""

from collections.abc import Callable

import httpx
import pytest

from bot.domain.provider_errors import OperatorFault
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.providers.tencent.keys import Credentials, Keys
from bot.sandbox.tencent.server import TencentSandbox

GOOD = Credentials("AKIDnew", "new-key", "new-token")
OLD = Credentials("AKIDold", "old-key", "old-token")
VOD = ("vod", "2018-07-17")


async def ask(keys: Keys, tencent: TencentSandbox) -> object:
    async with httpx.AsyncClient() as client:
        api = TencentApi(client, keys, now=tencent.account.now)
        body = await json_body({"SubAppId": tencent.account.sub_app_id, "Limit": 1})
        return await api.call(Service(*VOD, tencent.url), "DescribeTasks", body, is_safe=False)


def account() -> TencentSandbox:
    return TencentSandbox(secret_id="AKIDnew", secret_key="new-key", token="new-token")


@pytest.mark.parametrize(
    "refused",
    [OLD, Credentials("AKIDnew", "old-key", "new-token"), Credentials("AKIDnew", "new-key", "old")],
    ids=["id", "key", "token"],
)
async def test_a_refused_key_is_read_again_and_the_request_sent_once_more(
    refused: Credentials,
) -> None:
    async with account() as tencent:
        keys = Keys(refused, lambda: GOOD)
        await ask(keys, tencent)
        assert [call.error_code is None for call in tencent.calls] == [False, True]
        await ask(keys, tencent)
        assert len(tencent.calls) == 3


def nothing() -> Credentials | None:
    return None


def unreadable() -> Credentials | None:
    raise ValueError(".env is half written")


@pytest.mark.parametrize("read", [lambda: OLD, nothing, unreadable, None])
async def test_a_key_that_has_not_changed_is_not_tried_again(
    read: Callable[[], Credentials | None] | None,
) -> None:
    async with account() as tencent:
        keys = Keys(OLD, read)
        with pytest.raises(OperatorFault, match="not available"):
            await ask(keys, tencent)
        assert len(tencent.calls) == 1
        assert keys.current == OLD


async def test_a_key_that_another_call_has_renewed_already_is_used_without_reading() -> None:
    keys = Keys(OLD, lambda: GOOD)
    assert keys.renew(OLD)
    assert keys.renew(OLD)
    assert not keys.renew(GOOD)


async def test_a_wrong_clock_is_no_reason_to_look_for_another_key() -> None:
    async with account() as tencent:
        keys = Keys(GOOD, lambda: OLD)
        tencent.script("DescribeTasks", code="AuthFailure.SignatureExpire")
        with pytest.raises(OperatorFault):
            await ask(keys, tencent)
        assert len(tencent.calls) == 1
