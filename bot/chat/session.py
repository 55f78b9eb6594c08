"""A session with Discord: the log-in, a token it takes no more, the gateway, the log-out."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
import structlog
from discord.http import Route

from bot.chat.client import Client
from bot.domain.operator_errors import (
    DiscordUnreachable,
    GatewayEnded,
    NoSessionsLeft,
    SettingsError,
)
from bot.domain.wording.unreachable import why_unreachable
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

_FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
_SHOWN_AGAIN_S = 5.0  # 10,000 answers of 401 in ten minutes are a ban (Discord docs, 2026-08)
_TOKEN_REFUSED = 4004
_RESET = "reset it on your application's Bot page in the Discord developer portal"
_WHY = {  # close codes after which no connection follows (Discord docs, 2026-08)
    4010: "4010, invalid shard: look at EASEL_SHARD_IDS and EASEL_SHARD_COUNT",
    4011: "4011, sharding required: let EASEL_SHARD_COUNT be larger, or leave it out",
    4012: "4012, invalid API version: a newer Easel may be needed",
    4013: "4013, invalid intents: a newer Easel may be needed",
    4014: "4014, disallowed intents: a newer Easel may be needed",
}


async def log_in(client: Client, token: str, *, now: Clock) -> None:
    """Log in; raises SettingsError for a wrong token, else DiscordUnreachable or NoSessionsLeft."""
    try:
        await client.login(token)
        starts = await client.ask_for_gateway()
    except discord.LoginFailure:
        raise SettingsError(f"DISCORD_TOKEN: Discord refused it; {_RESET}") from None
    except _FAULTS as error:
        raise _unreachable(error) from error
    if starts.left < starts.needed:
        # Going on would end every session and reset the token (Discord docs, 2026-08).
        again = datetime.fromtimestamp(now() + starts.more_in_s, UTC)
        raise NoSessionsLeft(left=starts.left, needed=starts.needed, again=f"{again:%H:%M} UTC")


async def serve_gateway(client: Client) -> None:
    """Serve the gateway until the log-out; raises why it ended before that.

    SettingsError for a token that is no longer taken, else GatewayEnded or DiscordUnreachable.
    """
    try:
        await client.connect()
    except Exception as error:
        # Closed by us while the connection was being made, it may break in any way.
        if not client.is_closed():
            raise _end(error) from error
    else:
        if not client.is_closed():
            raise GatewayEnded(why="the library gave up")


async def watch_closes(client: Client) -> None:
    """Raise as `serve_gateway` does, at once when a shard was closed for good.

    The library tells that only when every shard has had its first connection.
    """
    raise _end(await client.refused.closed())


async def watch_token(client: Client) -> None:
    """Raise SettingsError when Discord takes the token no more: living sockets say nothing of it.

    It is shown once more before: a single 401 may be a slip of Discord's.
    """
    unauthorized = client.refused.is_unauthorized
    while True:
        await unauthorized.wait()
        try:
            await client.http.request(Route("GET", "/users/@me"))
        except discord.HTTPException as error:
            if error.status == HTTPStatus.UNAUTHORIZED:
                raise _token_reset() from None
        except _FAULTS as error:
            _log.warning("token_not_shown_again", reason=type(error).__name__)
        await asyncio.sleep(_SHOWN_AGAIN_S)
        unauthorized.clear()


class Supervisor:
    """Starts what runs side by side; one part that breaks ends all of them as a stop does."""

    def __init__(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        self._group = group
        self._stop = stop
        self._fault: Exception | None = None

    def start(self, part: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Start a part; what it raises is kept for `check`, and what is at work goes on."""
        return self._group.create_task(self._run(part), name=name)

    def check(self) -> None:
        """Raise what broke first, if anything did."""
        if self._fault is not None:
            raise self._fault

    async def _run(self, part: Coroutine[Any, Any, None]) -> None:
        try:
            await part
        except Exception as error:  # noqa: BLE001 - raised by `check`, when all is drained
            if self._fault is None:
                self._fault = error
                # What it says comes last, when all is drained.
                _log.error("stopping_for_a_fault", fault=type(error).__name__)
            self._stop.set()


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work; False when the stop came first, which breaks it off."""
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        for task in (working, stopped):
            task.cancel()
        await asyncio.wait({working, stopped})


@asynccontextmanager
async def connected(
    client: Client,
    stop: asyncio.Event,
    *,
    beside: Iterable[Coroutine[Any, Any, None]],
    work: Coroutine[Any, Any, None] | None,
) -> AsyncIterator[None]:
    """Serve the gateway; on leaving drain, log out, and raise what broke, if anything did.

    `work` ends by itself after `stop`, what is `beside` is cancelled.
    """
    async with asyncio.TaskGroup() as group:
        supervisor = Supervisor(group, stop)
        gateway = supervisor.start(serve_gateway(client), "gateway")
        watches = [
            supervisor.start(watch_closes(client), "gateway closes"),
            supervisor.start(watch_token(client), "token"),
            *(supervisor.start(watch, "beside the work") for watch in beside),
        ]
        working = supervisor.start(work, "work") if work else None
        try:
            yield
        finally:
            stop.set()
            try:
                await drain(client, working)
            finally:
                for watch in watches:
                    watch.cancel()
                await client.close()
                # A connection that is still being made would be tried again for ever.
                gateway.cancel()
    supervisor.check()


async def drain(client: Client, work: asyncio.Task[None] | None) -> None:
    """Wait for the worker and for the interactions at work; both still need client and storage."""
    async with asyncio.TaskGroup() as group:
        group.create_task(client.interactions.end(), name="last interactions")
        if work is not None:
            await asyncio.wait({work})


def _end(error: Exception) -> Exception:
    """Return what is to be told of an error that ended the gateway."""
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return GatewayEnded(why=_WHY[4014])
    if isinstance(error, discord.ConnectionClosed):
        if error.code == _TOKEN_REFUSED:
            return _token_reset()  # it was reset while the bot ran
        return GatewayEnded(why=_WHY.get(error.code, f"close code {error.code}"))
    if isinstance(error, _FAULTS):
        return _unreachable(error)
    _log.error("gateway_broke", exc_info=error)
    return GatewayEnded(why=f"an error of the library: {type(error).__name__}")


def _unreachable(error: Exception) -> Exception:
    cause = error.__cause__ or error
    if isinstance(cause, discord.HTTPException):
        if cause.status == HTTPStatus.UNAUTHORIZED:
            return _token_reset()
        return DiscordUnreachable(why=f"it answered {cause.status}")
    return DiscordUnreachable(why=why_unreachable(cause))


def _token_reset() -> SettingsError:
    return SettingsError(f"DISCORD_TOKEN: Discord no longer takes it; {_RESET}")
