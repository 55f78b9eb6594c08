"""A runner as the program makes it: a real store, the real providers, Tencent's stand-in behind."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import discord
import httpx
import pytest
from structlog.testing import capture_logs

from bot.chat.posting.operator import OperatorMessages
from bot.cloud import open_providers
from bot.domain.jobs.job import Job, Lease
from bot.sandbox.tencent.server import TencentSandbox
from bot.services.engines import Engines
from bot.settings.config import read_settings
from bot.worker.outcomes import Outcome
from bot.worker.runner import Runner
from storage import Storage, open_storage
from tests.artist import QuickArtist
from tests.contract.orders import NOW
from tests.contract.providers.mechanisms import APP, ID, KEY
from tests.whole.conftest import until

Open = Callable[[str], Runner]
Meanwhile = Callable[[Runner, Job, Lease, Awaitable[object]], Awaitable[Outcome]]


def now() -> float:
    return NOW + 200


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
async def storage(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'easel.db')}"
    async with open_storage(url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def tencent() -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(
        secret_id=ID,
        secret_key=KEY,
        vod_sub_app_id=APP,
        seconds_per_picture=0.0,
        now=now,
        artist=QuickArtist(),
    ) as sandbox:
        yield sandbox
    sandbox.faults.check()


def operator_out_of_reach() -> OperatorMessages:
    """Return what writes to the operator, of a bot that has not logged in."""
    return OperatorMessages(discord.Client(intents=discord.Intents.none()), mask=str)


@pytest.fixture
async def runner_with(
    storage: Storage, tencent: TencentSandbox, tmp_path: Path
) -> AsyncIterator[Open]:
    """Return what builds a runner with an `easel.toml` of these words."""
    variables = {
        "TENCENTCLOUD_SECRET_ID": ID,
        "TENCENTCLOUD_SECRET_KEY": KEY,
        "EASEL_AIART_ENDPOINT": tencent.url,
        "EASEL_VOD_ENDPOINT": tencent.url,
        "EASEL_VOD_SUB_APP_ID": str(APP),
    }
    async with httpx.AsyncClient() as http:

        def built(words: str) -> Runner:
            (tmp_path / "easel.toml").write_text(words)
            settings = read_settings(variables, folder=tmp_path)
            providers = open_providers(
                settings.account, http, now=now, rate_limits=storage.rate_limits
            )
            catalogue = settings.catalogue(providers)
            states = storage.engine_states
            return Runner(
                store=storage.jobs,
                blobs=storage.blobs,
                catalogue=catalogue,
                providers=providers,
                watch=Engines(
                    store=states,
                    jobs=storage.jobs,
                    catalogue=catalogue,
                    tell=operator_out_of_reach().tell,
                    now=now,
                ),
                now=now,
                retry_unknown=settings.file.limits.retry_unknown,
            )

        yield built


@pytest.fixture
def meanwhile(tencent: TencentSandbox) -> Meanwhile:
    """Return what runs a job and does something while its request is held at the API."""

    async def run(runner: Runner, job: Job, lease: Lease, act: Awaitable[object]) -> Outcome:
        tencent.hold()
        running = asyncio.create_task(runner.run(job, lease))
        await until(lambda: bool(tencent.calls))
        await act
        tencent.release()
        return await running

    return run
