"""The whole local Discord in one server: REST, gateway and CDN on one loopback port."""

import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from bot.sandbox.discord.gateway import Gateway
from bot.sandbox.discord.routes.commands import Commands
from bot.sandbox.discord.routes.composer import Composer
from bot.sandbox.discord.routes.directory import Directory
from bot.sandbox.discord.routes.interactions import Interactions
from bot.sandbox.discord.routes.messages import Messages
from bot.sandbox.discord.routes.rest import PREFIX, Exchange, Rest
from bot.sandbox.discord.routes.webhooks import Webhooks
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.cdn import Cdn
from bot.sandbox.discord.world.faults import Drop, Failure, Faults, Script
from bot.sandbox.discord.world.numbers import MIB
from bot.sandbox.discord.world.people import JSON, Role
from bot.sandbox.discord.world.world import Channel, Guild, World
from bot.sandbox.leavers import let_leave

BODY_LIMIT = 512 * MIB  # ten files of the largest server's size are refused by rule, not by aiohttp
SHUTDOWN_S = 1.0


class DiscordSandbox:
    """A local Discord for one bot, used with `async with`.

    `token` is the only bot token it takes, `now` the clock of all its rules (unix seconds), `port`
    0 means any free one, `shards` what it recommends; `extra_routes` may add routes to its server.
    """

    def __init__(
        self,
        token: str = "sandbox-token",  # noqa: S107 - the made-up token of a made-up Discord
        *,
        now: Callable[[], float] = time.time,
        port: int = 0,
        shards: int = 1,
        extra_routes: Callable[[web.Application], None] | None = None,
    ) -> None:
        self.faults = Faults()
        self.world = World(now)
        self.cdn = Cdn(self.world)
        self.gateway = Gateway(self.world, token, self.faults, shards=shards)
        self.commands = Commands(self.world, self.faults)
        self._script = Script()
        told = partial(self.world.announce, "rest answered")
        self._rest = Rest(token, self.faults, self._script, now=now, told=told)
        self._port = port
        self._extra_routes = extra_routes
        composer = Composer(self.world, self.cdn, self.faults)
        messages = Messages(self.world, self.cdn, composer)
        self.interactions = Interactions(
            world=self.world,
            cdn=self.cdn,
            faults=self.faults,
            messages=messages,
            composer=composer,
            dispatch=self.gateway.dispatch,
        )
        webhooks = Webhooks(self.world, self.cdn, self.interactions, messages)
        directory = Directory(self.world)
        for part in (
            *(directory, self.gateway, self.commands),
            *(messages, self.interactions, webhooks),
        ):
            self._rest.add(part.routes())

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[let_leave])
        app.router.add_route("*", "/api/{path:.*}", self._rest.handle)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self.cdn.serve)
        app.router.add_get("/emojis/{name}", self.cdn.serve_emoji)
        if self._extra_routes:
            self._extra_routes(app)
        async with AsyncExitStack() as opened:
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
            opened.push_async_callback(runner.cleanup)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
            opened.push_async_callback(self.gateway.disconnect)
            self.http = await opened.enter_async_context(aiohttp.ClientSession())
            self._opened = opened.pop_all()
        self._port = int(runner.addresses[0][1])
        self.cdn.origin = self.origin
        self.gateway.url = f"ws://127.0.0.1:{self._port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._opened.aclose()

    @property
    def origin(self) -> str:
        """Where the server listens, e.g. "http://127.0.0.1:40123"."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api(self) -> str:
        """The base of the REST API, what EASEL_DISCORD_API takes."""
        return self.origin + PREFIX

    @property
    def exchanges(self) -> deque[Exchange]:
        """The latest REST requests and their answers."""
        return self._rest.exchanges

    def leave(self, guild: Guild) -> None:
        """Remove the bot from a server; what it tries there from now on finds nothing."""
        del self.world.guilds[guild.id]
        for channel in guild.channels:
            del self.world.channels[channel.id]
        self.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id)

    def script(
        self,
        method: str,
        path_regex: str,
        *,
        status: int = 500,
        body: JSON | None = None,
        times: int = 1,
        headers: dict[str, str] | None = None,
        drop: Drop | bool = False,
        takes_effect: bool = False,
        hangs: bool = False,
    ) -> None:
        """Make the next matching REST requests fail; the path searched is relative to /api/v10.

        For a 429 give `body={"message": "…", "retry_after": 0.3, "global": False}`: the headers
        follow from it. `drop="before"` (or True) cuts the connection instead of doing the work,
        `drop="after"` does the work and loses the answer. `takes_effect` does the work and answers
        with `status` all the same. `hangs` does nothing, and gives no answer for as long as anybody
        waits for one.
        """
        cut: Drop | None = "before" if drop is True else drop or None
        failure = Failure(
            method,
            re.compile(path_regex),
            status,
            body,
            times,
            headers or {},
            cut,
            takes_effect,
            hangs,
        )
        self._script.failures.append(failure)

    def recover(self) -> None:
        """Forget the failures that are still to come."""
        self._script.failures.clear()

    def reset_token(self, token: str) -> None:
        """Take another token from now on, as after "Reset Token"; sessions that live stay."""
        self._rest.token = self.gateway.token = token

    def visitor(
        self,
        name: str,
        guild: Guild | None = None,
        channel: Channel | None = None,
        *,
        permissions: Iterable[str] | int = (),
        roles: Iterable[Role] = (),
        locale: str = "en-US",
    ) -> Visitor:
        """Somebody who uses the bot: a member of `guild` in `channel`; with neither, in DMs.

        An existing member of that name is taken, otherwise one joins with these permissions.
        """
        if guild is None:
            user = next((u for u in self.world.users.values() if u.name == name), None)
            user = user or self.world.add_user(name)
            return Visitor(self, user, self.world.direct_channel(user), locale=locale)
        member = guild.member(name) or guild.add_member(name, permissions=permissions, roles=roles)
        return Visitor(self, member.user, channel or guild.channels[0], locale=locale)

    async def download(self, url: str) -> bytes:
        """Fetch the bytes behind a CDN link. Raises LookupError when it is expired or wrong."""
        async with self.http.get(url) as response:
            if response.status != 200:
                raise LookupError(f"the CDN answered {response.status} for {url}")
            return await response.read()
