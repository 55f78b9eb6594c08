"""A small HTTP server that answers as it is told, for replies that no honest API would give."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


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
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def tell(self, name: str, *replies: Reply) -> None:
        self.replies.setdefault(name, []).extend(replies)

    def paths(self) -> list[str]:
        return [name for name, _ in self.seen]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-TC-Action", request.path)
        self.seen.append((name, await request.json() if request.can_read_body else None))
        self.headers.append(request.headers)
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


def said(**response: Any) -> Reply:
    """An honest reply: the members of `Response`."""
    return Reply(json.dumps({"Response": {"RequestId": "req-1", **response}}).encode())


def refused(code: str, message: str = "No.") -> Reply:
    return said(Error={"Code": code, "Message": message})
