"""The gateway: sessions that identify, receive events in order, and resume what they missed."""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.discord.frames import Frame, Odd, encoder
from bot.sandbox.discord.routes.rest import Answer, Call, Route
from bot.sandbox.discord.sessions import (
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    PRESENCE,
    RECONNECT,
    RESUME,
    Connection,
    Session,
)
from bot.sandbox.discord.world import payloads
from bot.sandbox.discord.world.faults import At, Closing, Closings, Faults
from bot.sandbox.discord.world.news import Change
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.discord.world.world import Channel, Guild, World

HEARTBEAT_MS = 41_250
# As far away as Discord is. To an answer at once, the library counts from the heartbeat before: it
# notes the time of sending only afterwards, and says that it can't keep up.
ACK_AFTER_S = 0.1
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
CHANNEL_EVENTS = {
    "channel created": "CHANNEL_CREATE",
    "channel updated": "CHANNEL_UPDATE",
    "channel deleted": "CHANNEL_DELETE",
}


class Gateway:
    """Every session of the bot, which shows `token`.

    `shards` is what GET /gateway/bot recommends, `starts_left` how many sessions it still allows.
    """

    def __init__(self, world: World, token: str, faults: Faults, *, shards: int = 1) -> None:
        self.url = ""
        self.token = token
        self.shards = shards
        self.starts_left = 999
        self.sessions: dict[str, Session] = {}
        self.resumed = 0  # how often a session was resumed
        self.withholds_guilds = False  # so that interactions overtake every GUILD_CREATE
        self._world = world
        self._faults = faults
        self._closings = Closings()
        self.connections: set[Connection] = set()
        world.on_change(self._relay)

    def routes(self) -> list[Route]:
        """List what is served here."""
        return [Route("GET", "/gateway/bot", self._advise)]

    def _advise(self, _: Call) -> Answer:
        limit = {"total": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
        limit["remaining"] = self.starts_left
        return 200, {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    def ready(self) -> bool:
        """Whether every shard of the bot's count is connected and has its READY."""
        live = [s for s in self.sessions.values() if s.connection]
        return bool(live) and {s.shard for s in live} == set(range(live[-1].count))

    async def wait_ready(self, timeout: float = 15) -> None:  # noqa: ASYNC109 - the driver's patience in seconds
        """Return once `ready()`. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self._world.until(self.ready)

    async def disconnect(
        self, *, code: int = 4000, resumable: bool = True, shard: int | None = None
    ) -> None:
        """Close every socket, or that of one shard; unless `resumable`, forget its sessions too."""
        if not resumable:
            left = self.sessions.items()
            self.sessions = {i: s for i, s in left if shard not in (None, s.shard)}
        for connection in self._of(shard):
            self._detach(connection)
            await connection.socket.close(code=code)

    def script_close(
        self,
        code: int,
        *,
        at: At = "identify",
        shard: int | None = None,
        times: int = 1,
        resumable: bool = True,
    ) -> None:
        """Close the next connections with a code: at once, or in answer to IDENTIFY or RESUME.

        Unless `resumable`, the session that a RESUME names is forgotten.
        """
        self._closings.append(Closing(at, code, shard, times, resumable))

    def send_odd(self, data: Frame, *, shard: int | None = None) -> None:
        """Send a frame as it is; an odd event with a good frame is `dispatch`'s to send.

        Text is compressed like any frame, bytes are not.
        """
        for connection in self._of(shard):
            connection.outbox.put_nowait(Odd(data))

    def _of(self, shard: int | None) -> "list[Connection]":
        if shard is None:
            return list(self.connections)
        return [c for c in self.connections if c.session and c.session.shard == shard]

    def ask_to_reconnect(self) -> None:
        """Send every shard opcode 7: it must come back and resume."""
        for connection in self.connections:
            connection.outbox.put_nowait({"op": RECONNECT, "d": None})

    def dispatch(self, event: str, payload: Any, guild_id: str | None) -> None:
        """Send an event to the shard of a guild, or to shard 0 for direct messages."""
        for session in self.sessions.values():
            if session.shard == self._shard_of(guild_id, session.count):
                session.send(event, payload)

    @staticmethod
    def _shard_of(guild_id: str | None, count: int) -> int:
        return (int(guild_id) >> 22) % count if guild_id else 0

    def _relay(self, change: Change) -> None:
        """Tell the bot what the guilds intent covers."""
        if change.kind == "guild created":
            guild: Guild = change.subject
            joined = payloads.guild_create(guild)
            del joined["unavailable"]  # which only a server that was known before says
            self.dispatch("GUILD_CREATE", joined, guild.id)
        elif change.kind in CHANNEL_EVENTS:
            channel: Channel = change.subject
            if channel.guild:
                event = CHANNEL_EVENTS[change.kind]
                self.dispatch(event, payloads.channel(channel), channel.guild.id)
        elif change.kind == "role created":
            guild, role = change.subject
            shown = {"guild_id": guild.id, "role": payloads.role(role, len(guild.roles) - 1)}
            self.dispatch("GUILD_ROLE_CREATE", shown, guild.id)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket; aiohttp's handler for /gateway."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, encoder(request.query.get("compress", "")))
        if closing := self._closings.take("connect", None):
            await socket.close(code=closing.code)
            return socket
        self.connections.add(connection)
        connection.outbox.put_nowait({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS}})
        writer = asyncio.create_task(connection.write())
        try:
            await self._read(connection)
        finally:
            self._detach(connection)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                await connection.socket.close(code=4002)
                return
            try:
                code = self._receive(connection, json.loads(message.data))
            except (ValueError, LookupError, TypeError):
                code = self._fault(4002, f"an undecodable gateway frame: {message.data[:80]}")
            if code is not None:
                await connection.socket.close(code=code)

    def _receive(self, connection: Connection, frame: JSON) -> int | None:
        """Act on a frame; a number is the close code it deserves (Discord docs, 2026-08)."""
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:
            ack = {"op": HEARTBEAT_ACK}
            asyncio.get_running_loop().call_later(ACK_AFTER_S, connection.outbox.put_nowait, ack)
            return None
        if op == IDENTIFY and isinstance(data, dict):
            return self._identify(connection, data)
        if op == RESUME and isinstance(data, dict):
            return self._resume(connection, data)
        if connection.session is None:
            return 4003
        return None if op == PRESENCE else self._fault(4001, f"gateway opcode {op}")

    def _fault(self, code: int, text: str) -> int:
        self._faults.append(text)
        return code

    def _identify(self, connection: Connection, data: JSON) -> int | None:
        if connection.session is not None:
            return self._fault(4005, "a second IDENTIFY on one socket")
        if data.get("token") != self.token:
            return self._fault(4004, "IDENTIFY with a wrong token")
        if data.get("intents", 0) & PRIVILEGED_INTENTS:
            return self._fault(4014, f"IDENTIFY with privileged intents: {data['intents']}")
        shard, count = data.get("shard") or (0, 1)
        if not 0 <= shard < count:
            return self._fault(4010, f"IDENTIFY with shard {shard} of {count}")
        if closing := self._closings.take("identify", shard):
            return closing.code
        old = [s for s in self.sessions.values() if (s.shard, s.count) == (shard, count)]
        for session in old:
            del self.sessions[session.id]
        session = Session(secrets.token_hex(16), shard, count)
        self.sessions[session.id] = session
        self._attach(connection, session)
        self._greet(session)
        self._world.announce("gateway ready", session)
        return None

    def _greet(self, session: Session) -> None:
        mine = [
            guild
            for guild in self._world.guilds.values()
            if self._shard_of(guild.id, session.count) == session.shard
        ]
        ready = {
            "v": 10,
            "user": payloads.user(self._world.bot),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.count],
            "application": {"id": self._world.bot.id, "flags": 0},
        }
        session.send("READY", ready)
        for guild in mine if not self.withholds_guilds else ():
            session.send("GUILD_CREATE", payloads.guild_create(guild))

    def _resume(self, connection: Connection, data: JSON) -> int | None:
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self.token:
            return self._fault(4004, "RESUME with a wrong token")
        closing = self._closings.take("resume", session.shard if session else None)
        if closing is not None:
            if session is not None and not closing.resumable:
                del self.sessions[session.id]
            return closing.code
        if session is None or session.log[0]["s"] > data["seq"] + 1:
            connection.outbox.put_nowait({"op": INVALID_SESSION, "d": False})
            return None
        self._attach(connection, session)
        for missed in session.log:
            if missed["s"] > data["seq"]:
                connection.outbox.put_nowait(missed)
        session.send("RESUMED", {})
        self.resumed += 1
        self._world.announce("gateway resumed", session)
        return None

    def _attach(self, connection: Connection, session: Session) -> None:
        connection.session, session.connection = session, connection

    def _detach(self, connection: Connection) -> None:
        self.connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            self._world.announce("gateway lost", session)
