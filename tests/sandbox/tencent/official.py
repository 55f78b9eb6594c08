"""The official SDK, a peer nobody here wrote, behind one call."""

import asyncio
from typing import Any

from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.common_client_async import CommonClient as AsyncClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from bot.sandbox.tencent.server import ACTIONS, TencentSandbox
from tests.sandbox.tencent.peer import (
    SECRET_ID,
    SECRET_KEY,
    region_of,
)


def profile(tencent: TencentSandbox, *, unsigned: bool = False) -> ClientProfile:
    endpoint = tencent.url.removeprefix("http://")
    made = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint))
    made.unsignedPayload = unsigned
    return made


class Peer:
    """The sync and the async official client behind one call."""

    def __init__(self, kind: str, tencent: TencentSandbox, token: str | None) -> None:
        self._kind = kind
        self._tencent = tencent
        self._credential = Credential(SECRET_ID, SECRET_KEY, token)

    async def __call__(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        row = ACTIONS[action]
        given = (row.service, row.version, self._credential, region_of(action))
        settings = profile(self._tencent, unsigned=self._kind == "unsigned")
        if self._kind == "async":
            async with AsyncClient(*given, settings) as client:
                reply = await client.call_and_deserialize(action, params)
        else:
            reply = await asyncio.to_thread(
                CommonClient(*given, settings).call_json, action, params
            )
        response: dict[str, Any] = reply["Response"]
        return response
