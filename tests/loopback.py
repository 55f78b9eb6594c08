"""Servers of bare connections on loopback, for what no honest server would do."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(
    serve: Serve, *, sock: socket.socket | None = None, limit: int = 65_536
) -> AsyncIterator[int]:
    """Serve on `sock`, or else on a free port, until the block ends; yields the port.

    What is still connected then is aborted, and `serve` awaited: since Python 3.12 the end of a
    server waits for its connections, however long their clients keep them.
    """
    connected: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    async def kept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connected[task] = writer
        await serve(reader, writer)

    host = None if sock else "127.0.0.1"
    async with await asyncio.start_server(kept, host, sock=sock, limit=limit) as server:
        yield server.sockets[0].getsockname()[1]
        server.close()
        for writer in connected.values():
            writer.transport.abort()
        if connected:
            await asyncio.wait(connected)
