"""A small HTTP server that answers as it is told, for replies that no honest API would give."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aiohttp import web

from bot.providers.tencent import Credentials, TencentApi

NOW = 1_790_000_000.0


@dataclass
class Reply:
    """`body` is sent as it is; `drop` breaks the connection instead, after half of it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drop: bool = False


@dataclass
class Server:
    """Answers the next told reply per action or path; keeps what came in, in order."""

    url: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    seen: list[tuple[str, Any]] = field(default_factory=list)

    def tell(self, name: str, *replies: Reply) -> None:
        self.replies.setdefault(name, []).extend(replies)

    def paths(self) -> list[str]:
        return [name for name, _ in self.seen]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-TC-Action", request.path)
        self.seen.append((name, await request.json() if request.can_read_body else None))
        reply = self.replies[name].pop(0)
        await asyncio.sleep(reply.delay_s)
        if not reply.drop:
            return web.Response(body=reply.body, status=reply.status, headers=reply.headers)
        response = web.StreamResponse(headers={"Content-Length": str(2 * len(reply.body))})
        if reply.body:
            await response.prepare(request)
            await response.write(reply.body)
        assert request.transport is not None
        request.transport.abort()
        return response


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
def reply() -> Callable[..., Reply]:
    return Reply
