"""The cloud as a stand-in alone: neither a bot nor Discord is needed to be asked after."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.providers.tencent.call import Credentials, TencentApi
from bot.sandbox.tencent.server import TencentSandbox
from tests.contract.providers.mechanisms import APP, ID, KEY


@pytest.fixture
async def tencent() -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(secret_id=ID, secret_key=KEY, vod_sub_app_id=APP) as opened:
        yield opened


@pytest.fixture
async def api() -> AsyncIterator[TencentApi]:
    async with httpx.AsyncClient() as client:
        yield TencentApi(client, Credentials(ID, KEY), now=time.time)
