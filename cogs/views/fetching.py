"""Reads files that a message shows, no more of each than there is room kept for."""

import asyncio

import aiohttp
from discord.http import HTTPClient

from bot.domain.errors import DownloadFailed, NotPossible

_FETCH_S = 60.0  # of one file: whoever waits for its place waits no longer
_CHUNK = 65536  # bytes


async def read_at_most(http: HTTPClient, url: str, most: int, larger: NotPossible) -> bytes:
    """Read what lies at one of Discord's addresses, as the library does, up to `most` bytes.

    Raises `larger` as soon as there are more, or DownloadFailed.
    """
    # The library's own session reads whole files only; its trace keeps redirects at Discord.
    traces = [] if http.http_trace is None else [http.http_trace]
    try:
        async with (
            asyncio.timeout(_FETCH_S),
            aiohttp.ClientSession(trace_configs=traces) as session,
            session.get(url, proxy=http.proxy, proxy_auth=http.proxy_auth) as response,
        ):
            response.raise_for_status()
            data = await _read(response, most)
    except (aiohttp.ClientError, OSError) as error:
        raise DownloadFailed from error
    if data is None:
        raise larger
    return data


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """Return the body, None for one of more bytes: what was stated of it is no promise."""
    data = bytearray()
    if (response.content_length or 0) > most:
        return None
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > most:
            return None
    return bytes(data)
