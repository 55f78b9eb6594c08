"""Sessions of the gateway, which outlive their connections, and the connections themselves."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.discord.frames import Frame, Odd
from bot.sandbox.discord.world.people import JSON

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

KEPT_EVENTS = 1000  # per session, for replays


@dataclass(eq=False)
class Session:
    """One shard's session: it outlives its socket, so that it can be resumed."""

    id: str
    shard: int
    count: int
    sequence: int = 0
    log: deque[JSON] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    connection: "Connection | None" = None

    def send(self, event: str, payload: Any) -> None:
        """Dispatch an event; without a socket it waits for the resume."""
        self.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": self.sequence, "d": payload}
        self.log.append(frame)
        if self.connection:
            self.connection.outbox.put_nowait(frame)


@dataclass(eq=False)
class Connection:
    """One websocket and the frames on their way to it."""

    socket: web.WebSocketResponse
    encode: Callable[[JSON | Odd], Frame]
    outbox: asyncio.Queue[JSON | Odd] = field(default_factory=asyncio.Queue)
    session: Session | None = None

    async def write(self) -> None:
        """Send the outbox, frame by frame, until the socket closes."""
        with contextlib.suppress(ConnectionError):
            while True:
                data = self.encode(await self.outbox.get())
                if isinstance(data, bytes):
                    await self.socket.send_bytes(data)
                else:
                    await self.socket.send_str(data)
