"""Keeps the bot's requests at Discord: an answer sends them nowhere else."""

from typing import Any

import aiohttp
from yarl import URL

from cogs.views.pictures import is_discords


def stay_with_discord(trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
    """Let a session with this trace follow no redirect to a host that is not Discord's.

    Whatever it was to fetch then fails like a connection. discord.py follows redirects, and a file
    that somebody uploaded must not make this machine ask its neighbours for things.
    """
    trace.on_request_redirect.append(_check)
    return trace


async def _check(_session: Any, _context: Any, request: aiohttp.TraceRequestRedirectParams) -> None:
    headers = request.response.headers
    to = request.url.join(URL(headers.get("Location") or headers.get("URI") or ""))
    if not is_discords(str(to)):
        raise aiohttp.ClientError(f"redirected to {to.host}, which is not Discord's")
