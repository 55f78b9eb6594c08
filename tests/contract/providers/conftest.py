"""Gives each test of the suite a harness: a mechanism before the strict stand-in, by real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox.tencent.server import TencentSandbox
from tests.artist import QuickArtist
from tests.contract.providers.mechanisms import APP, ID, KEY, Clock, Harness
from tests.providers.attempt import Attempt, begun


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tencent(clock: Clock) -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(
        secret_id=ID,
        secret_key=KEY,
        vod_sub_app_id=APP,
        seconds_per_picture=0.01,
        now=clock,
        artist=QuickArtist(),
    ) as sandbox:
        yield sandbox
    sandbox.faults.check()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
async def attempt(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Attempt]:
    async with begun(sqlite_template, tmp_path) as opened:
        yield opened


@pytest.fixture
def harness(
    request: pytest.FixtureRequest,
    tencent: TencentSandbox,
    http: httpx.AsyncClient,
    clock: Clock,
    attempt: Attempt,
) -> Harness:
    return Harness(request.param, tencent, http, clock, attempt)
