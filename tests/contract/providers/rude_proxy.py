"""A proxy before the stand-in that breaks a call at a chosen step, on the level of the socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from tests.loopback import listening

_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 18\r\n\r\n<h1>Forbidden</h1>"
_WINDOW = 65_536  # bytes: a larger body cannot be out of the client's hands before it is read


class Step(StrEnum):
    """Where a call breaks: the connection is reset, or (STALL) nobody reads on."""

    CONNECT = "before connect"
    BODY = "mid-body"
    STALL = "mid-body, unread"
    WORK = "after the work"
    REPLY = "mid-reply"


@dataclass
class RudeProxy:
    """Passes calls on; the next one of `action` breaks at `step`, if there is one set.

    While it `turns_away` it answers itself, as a firewall does.
    """

    upstream: str
    url: str = ""
    step: Step | None = None
    action: str = ""
    turns_away: bool = False
    broken: list[Step] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    open: int = 0

    def break_next(self, action: str, step: Step) -> None:
        self.action, self.step = action, step

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._pass_on(head, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.transport.abort()
        finally:
            self.open -= 1

    async def _pass_on(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        step = self._step_of(head)
        if step is Step.STALL:
            await self.over.wait()
        if step in (Step.CONNECT, Step.BODY, Step.STALL):
            raise ConnectionResetError
        body = await reader.readexactly(_length_of(head))
        reply = _FORBIDDEN if self.turns_away else await self._asked(head + body)
        if step is Step.WORK:
            raise ConnectionResetError
        writer.write(reply[: len(reply) // 2] if step is Step.REPLY else reply)
        await writer.drain()
        if step is Step.REPLY:
            raise ConnectionResetError

    def _step_of(self, head: bytes) -> Step | None:
        step = self.step
        if step is None or f"x-tc-action: {self.action}\r\n".lower().encode() not in head.lower():
            return None
        self.step = None
        self.broken.append(step)
        return step

    async def _asked(self, request: bytes) -> bytes:
        place = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            return head + await reader.readexactly(_length_of(head))
        finally:
            writer.close()


@asynccontextmanager
async def rude_proxy(upstream: str) -> AsyncIterator[RudeProxy]:
    """Run a proxy on a free port."""
    proxy = RudeProxy(upstream)
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        held.bind(("127.0.0.1", 0))
        proxy.url = f"http://127.0.0.1:{held.getsockname()[1]}"
        async with listening(proxy.serve, sock=held, limit=_WINDOW):
            yield proxy
            proxy.over.set()


def _length_of(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
