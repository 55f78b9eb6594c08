"""Notices that Discord refuses this bot: for good by a close code, or its token by a 401."""

import asyncio
from http import HTTPStatus
from typing import Any

import aiohttp
import discord


class Refused:
    """What was noticed so far; a 401 is only a suspicion until the token was shown again."""

    def __init__(self) -> None:
        self._closed: discord.ConnectionClosed | None = None
        self._is_closed = asyncio.Event()
        self.is_unauthorized = asyncio.Event()

    def note(self, closed: discord.ConnectionClosed) -> None:
        """Note the close code of a connection after which there is no other."""
        self._closed = self._closed or closed
        self._is_closed.set()

    async def closed(self) -> discord.ConnectionClosed:
        """Wait for such a close and return it."""
        while self._closed is None:
            await self._is_closed.wait()
        return self._closed

    def trace(self) -> aiohttp.TraceConfig:
        """Return what notices a 401 to the bot's token, whatever it was shown for.

        Not every 401 is one: an interaction's token in the address has its own.
        """
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._note_answer)
        return trace

    async def _note_answer(
        self, _session: Any, _context: Any, request: aiohttp.TraceRequestEndParams
    ) -> None:
        is_401 = request.response.status == HTTPStatus.UNAUTHORIZED
        if is_401 and "Authorization" in request.headers:
            self.is_unauthorized.set()
