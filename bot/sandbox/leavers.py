"""Lets whoever asked the stand-ins for something leave: a tab that was closed is no fault."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

_CLOSED_REQUEST = 499  # what nginx calls it; nobody reads it
_LOOK_S = 0.05


@web.middleware
async def let_leave(request: web.Request, handler: Handler) -> web.StreamResponse:
    """End a request quietly once its connection is gone; any other fault stays one."""
    try:
        return await handler(request)
    except ConnectionError:
        if request.transport is not None and not request.transport.is_closing():
            raise
        return web.Response(status=_CLOSED_REQUEST)


async def never(request: web.Request) -> web.Response:
    """Answer nothing for as long as whoever asked waits."""
    while request.transport is not None:  # noqa: ASYNC110 - no event tells of it
        await asyncio.sleep(_LOOK_S)
    return web.Response(status=_CLOSED_REQUEST)
