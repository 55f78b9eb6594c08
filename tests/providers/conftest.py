"""The told server, an API client with made-up credentials, and a job at work."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot.ports.provider import Journal
from bot.providers.tencent.call import Credentials, TencentApi
from tests.providers.attempt import Attempt, begun
from tests.providers.told_server import Server

NOW = 1_790_000_000.0


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    told = Server()
    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/{path:.*}", told.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    told.url = f"http://{host}:{port}"
    yield told
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as opened:
        yield opened


@pytest.fixture
def api(client: httpx.AsyncClient) -> TencentApi:
    return TencentApi(client, Credentials("AKIDEXAMPLE", "SECRETEXAMPLE"), now=lambda: NOW)


@pytest.fixture
async def attempt(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Attempt]:
    async with begun(sqlite_template, tmp_path) as opened:
        yield opened


@pytest.fixture
def journal(attempt: Attempt) -> Journal:
    return attempt.journal
