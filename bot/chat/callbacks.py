"""One callback to Discord that takes effect once, also where its answer is lost."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.domain.discord_limits import ANSWER_WITHIN_S
from bot.domain.errors import NotAcknowledged

_LEAST_S = 0.5  # a try is given as long at least: Discord's clock decides, not ours
_FIRST_TRY, _SECOND_TRY = 0.6, 1.0  # of the time that is left
TRY_S, UPLOAD_S = 10.0, 120.0  # of a request that nothing hurries; of one with files
_TRIES = 3
_PAUSE_S = 0.2

_TOO_LATE, _ACKNOWLEDGED = 10062, 40060  # JSON error codes (Discord docs, 2026-08)
_EPHEMERAL, _LOADING = 1 << 6, 1 << 7  # message flags (Discord docs, 2026-08)

LOST = (aiohttp.ClientError, OSError, TimeoutError, discord.DiscordServerError)
"""What leaves open whether a request took effect."""

T = TypeVar("T")


async def repeated(request: Callable[[], Awaitable[T]], *, try_s: float = TRY_S) -> T:
    """Make a request again where its answer is lost; at the last try that is raised."""
    for left in reversed(range(_TRIES)):
        try:
            async with asyncio.timeout(try_s):
                return await request()
        except LOST:
            if not left:
                raise
        await asyncio.sleep(_PAUSE_S)
    raise AssertionError  # not reached: the last try returns or raises


class Callbacks(AsyncWebhookAdapter):
    """The library's way to answer one interaction, which `application_id` received just now."""

    def __init__(self, application_id: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library's
        self._application_id = application_id
        self._until = time.monotonic() + ANSWER_WITHIN_S

    async def create_interaction_response(
        self, interaction_id: int, token: str, *, params: Any, **session: Any
    ) -> Any:
        """Answer, once more where that is lost and there is time; returns what Discord made of it.

        Raises NotAcknowledged where it did not count, or HTTPException where it is no answer.
        """
        send = super().create_interaction_response
        lost: Exception | None = None
        for part in (_FIRST_TRY, _SECOND_TRY):
            if session["session"].closed:  # what comes while the bot logs out
                raise NotAcknowledged(why="logged out")
            try:
                async with asyncio.timeout(max((self._until - time.monotonic()) * part, _LEAST_S)):
                    return await send(interaction_id, token, params=params, **session)
            except LOST as error:
                lost = error
            except discord.HTTPException as error:
                if error.code == _TOO_LATE:
                    raise NotAcknowledged(why=error.text) from error
                if error.code != _ACKNOWLEDGED:
                    raise
                # It took effect earlier; so it does where another process was quicker.
                lost = None
                break
        message = await self._original(token, **session)
        if message is None and lost is not None:
            raise NotAcknowledged(why=repr(lost)) from lost
        return _as_answered(interaction_id, message)

    async def _original(self, token: str, **session: Any) -> Any:
        """Return the message of an answer that took effect, None where there is none to be seen."""
        find = self.get_original_interaction_response
        try:
            return await repeated(lambda: find(self._application_id, token, **session))
        except (discord.HTTPException, *LOST):
            return None


def _as_answered(interaction_id: int, message: Any) -> dict[str, Any]:
    """Return the body that was lost, as far as the library reads it."""
    shown: dict[str, Any] = {"id": interaction_id}
    if message is not None:
        flags = message.get("flags", 0)
        shown["response_message_id"] = message["id"]
        shown["response_message_ephemeral"] = bool(flags & _EPHEMERAL)
        shown["response_message_loading"] = bool(flags & _LOADING)
    return {"interaction": shown}
