"""The gateway: compression, shards, resumes that replay, and sessions that are over."""

import asyncio
import json
import zlib
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest
import zstandard

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.sessions import DISPATCH, HEARTBEAT, HEARTBEAT_ACK, IDENTIFY
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.faults import At
from bot.sandbox.discord.world.numbers import VOICE
from bot.sandbox.discord.world.world import Guild
from tests.sandbox.discord.conftest import TOKEN, Clock, LocalBot, running

Decode = Callable[[Any], str]


def plain() -> Decode:
    return str


def zlib_stream() -> Decode:
    stream = zlib.decompressobj()
    return lambda data: stream.decompress(data).decode()


def zstd_stream() -> Decode:
    stream = zstandard.ZstdDecompressor().decompressobj()
    return lambda data: stream.decompress(data).decode()


class Client:
    """A bare gateway client, for what discord.py would never do."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, decode: Decode = str) -> None:
        self.socket = socket
        self.decode = decode

    async def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.decode((await self.socket.receive()).data))
        return frame

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def closed(self) -> int | None:
        while not self.socket.closed:
            await self.socket.receive()
        return self.socket.close_code


IDENTITY = {"token": TOKEN, "intents": 1, "properties": {}}


@pytest.mark.parametrize(
    ("compress", "decoder"),
    [("", plain), ("zlib-stream", zlib_stream), ("zstd-stream", zstd_stream)],
)
async def test_frames_come_compressed_as_asked(
    sandbox: DiscordSandbox, compress: str, decoder: Callable[[], Decode]
) -> None:
    url = f"{sandbox.gateway.url}?v=10&encoding=json&compress={compress}"
    async with sandbox.http.ws_connect(url) as socket:
        client = Client(socket, decoder())
        assert (await client.receive())["op"] == 10
        await client.send(1, None)
        assert (await client.receive())["op"] == 11
        await client.send(2, IDENTITY)
        ready, created = await client.receive(), await client.receive()
        assert (ready["t"], ready["s"], ready["d"]["shard"]) == ("READY", 1, [0, 1])
        assert (created["t"], created["s"]) == ("GUILD_CREATE", 2)
        assert created["d"]["channels"][0]["name"] == "pictures"
    sandbox.faults.check()


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (2, IDENTITY | {"token": "wrong"}, 4004),
        (2, IDENTITY | {"intents": 1 << 15}, 4014),
        (2, IDENTITY | {"shard": [2, 2]}, 4010),
        (2, IDENTITY | {"shard": "none"}, 4002),
        (6, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
        (3, {}, 4003),
    ],
)
async def test_a_wrong_first_frame_closes_the_socket(
    sandbox: DiscordSandbox, op: int, data: dict[str, Any], code: int
) -> None:
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        client = Client(socket)
        await client.send(op, data)
        assert await client.closed() == code
    assert len(sandbox.faults) == (code != 4003)


async def test_a_second_identify_and_an_unknown_opcode_close_the_socket(
    sandbox: DiscordSandbox,
) -> None:
    for op, code in ((2, 4005), (99, 4001)):
        async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
            client = Client(socket)
            await client.send(2, IDENTITY)
            await client.send(op, IDENTITY)
            assert await client.closed() == code
    assert len(sandbox.faults) == 2


async def test_a_heartbeat_is_answered_no_sooner_than_from_afar(sandbox: DiscordSandbox) -> None:
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        client = Client(socket)
        await client.receive()
        await client.send(HEARTBEAT, None)
        await client.send(IDENTIFY, IDENTITY)
        assert (await client.receive())["op"] == DISPATCH
        while (await client.receive())["op"] != HEARTBEAT_ACK:
            pass


async def test_a_new_session_of_a_shard_replaces_the_old_one(sandbox: DiscordSandbox) -> None:
    for _ in range(2):
        async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
            await Client(socket).send(2, IDENTITY)
            await sandbox.gateway.wait_ready()
        await sandbox.world.until(lambda: not sandbox.gateway.ready())
    assert len(sandbox.gateway.sessions) == 1


async def test_a_resume_replays_what_was_missed(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    await ada.imagine("before")
    await sandbox.gateway.disconnect(resumable=True)
    assert not sandbox.gateway.ready()
    await ada.imagine("missed")
    assert [i.extras["given"][0] for i in bot.used] == ["before", "missed"]
    assert sandbox.gateway.resumed == 1
    assert len(sandbox.gateway.sessions) == 1
    sandbox.faults.check()


async def test_a_reconnect_request_is_followed_by_a_resume(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    (session,) = sandbox.gateway.sessions.values()
    sandbox.gateway.ask_to_reconnect()
    async with asyncio.timeout(5):
        await sandbox.world.until(lambda: sandbox.gateway.resumed == 1)
    await ada.imagine("after")
    assert list(sandbox.gateway.sessions.values()) == [session]
    assert bot.used
    sandbox.faults.check()


async def test_a_forgotten_session_is_identified_anew(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    (old,) = sandbox.gateway.sessions
    await sandbox.gateway.disconnect(resumable=False)
    await sandbox.gateway.wait_ready()
    (new,) = sandbox.gateway.sessions
    assert new != old
    assert sandbox.gateway.resumed == 0
    await ada.imagine("after")
    assert len(bot.used) == 1
    sandbox.faults.check()


async def test_a_session_cannot_resume_from_what_is_no_longer_kept(
    sandbox: DiscordSandbox,
) -> None:
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        await Client(socket).send(2, IDENTITY)
        await sandbox.gateway.wait_ready()
    (session,) = sandbox.gateway.sessions.values()
    session.log.popleft()
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        client = Client(socket)
        await client.receive()
        await client.send(6, {"token": TOKEN, "session_id": session.id, "seq": 0})
        assert await client.receive() == {"op": 9, "d": False}
        await client.send(6, {"token": TOKEN, "session_id": session.id, "seq": 1})
        assert [(await client.receive())["t"] for _ in range(2)] == ["GUILD_CREATE", "RESUMED"]


def shard_of(guild: Guild) -> int:
    """The shard of three that a server belongs to (Discord docs, 2026-08)."""
    return (int(guild.id) >> 22) % 3


async def test_a_guild_and_its_interactions_go_to_their_shard(clock: Clock) -> None:
    async with DiscordSandbox(token=TOKEN, now=clock, shards=3) as sandbox:
        guilds: list[Guild] = []
        # Their ids are made of the time that passes meanwhile, so not every few fill each shard.
        while {shard_of(guild) for guild in guilds} != {0, 1, 2}:
            clock.skipped += 0.001
            guilds.append(sandbox.world.add_guild(f"Guild {len(guilds)}"))
            guilds[-1].add_channel("pictures")
        async with running(sandbox, LocalBot()) as bot:
            assert bot.shard_count == 3
            for guild in guilds:
                await sandbox.visitor("Ada", guild).imagine("a fox")
                seen = bot.used[-1].guild
                assert seen is not None
                assert seen.shard_id == shard_of(guild)
            assert {g.shard_id for g in bot.guilds} == {0, 1, 2}
            await sandbox.visitor("Bob").imagine("a fox")
            sandbox.faults.check()


async def test_the_bot_learns_of_new_servers_channels_and_roles(
    sandbox: DiscordSandbox, bot: LocalBot
) -> None:
    guild = sandbox.world.add_guild("Later")
    channel = guild.add_channel("art")
    guild.add_role("Artist", permissions=1 << 5)
    await sandbox.visitor("Ada", guild).imagine("a fox")
    seen = bot.get_guild(int(guild.id))
    assert seen is not None
    assert [c.name for c in seen.channels] == ["art"]
    assert [r.name for r in seen.roles] == ["@everyone", "Artist"]
    channel.revoke("SEND_MESSAGES")
    await sandbox.visitor("Ada", guild).imagine("a fox")
    art = seen.text_channels[0]
    assert not art.permissions_for(seen.me).send_messages
    channel.delete()
    guild.add_channel("other")
    await sandbox.visitor("Ada", guild).imagine("a fox")
    assert [c.name for c in seen.channels] == ["other"]
    sandbox.faults.check()


@pytest.mark.parametrize(
    ("at", "sent", "usual"),
    [
        ("connect", None, [10]),
        ("identify", (2, IDENTITY), [10, 0]),
        ("resume", (6, {"token": TOKEN, "session_id": "none", "seq": 1}), [10, 9]),
    ],
)
async def test_a_close_code_is_scripted_for_one_moment_of_one_connection(
    sandbox: DiscordSandbox, at: At, sent: tuple[int, Any] | None, usual: list[int]
) -> None:
    sandbox.gateway.script_close(4011, at=at)
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        if sent:
            await Client(socket).send(*sent)
        assert await Client(socket).closed() == 4011
    async with sandbox.http.ws_connect(sandbox.gateway.url) as socket:
        if sent:
            await Client(socket).send(*sent)
        assert [(await Client(socket).receive())["op"] for _ in usual] == usual
    sandbox.faults.check()


async def test_one_shard_is_closed_and_its_session_forgotten_while_the_others_stay(
    clock: Clock,
) -> None:
    async with DiscordSandbox(token=TOKEN, now=clock, shards=2) as sandbox:
        async with running(sandbox, LocalBot()):
            before = {session.shard: session for session in sandbox.gateway.sessions.values()}
            await sandbox.gateway.disconnect(code=4000, resumable=False, shard=1)
            assert set(sandbox.gateway.sessions.values()) == {before[0]}
            await sandbox.gateway.wait_ready()
            after = {session.shard: session for session in sandbox.gateway.sessions.values()}
        assert after[0] is before[0]
        assert after[1] is not before[1]


async def test_an_odd_frame_goes_through_the_compression_and_bytes_go_as_they_are(
    sandbox: DiscordSandbox,
) -> None:
    url = f"{sandbox.gateway.url}?compress=zlib-stream"
    async with sandbox.http.ws_connect(url) as socket:
        client = Client(socket, zlib_stream())
        await client.receive()
        sandbox.gateway.send_odd('{"op": 0, "t":')
        assert client.decode((await socket.receive()).data) == '{"op": 0, "t":'
        sandbox.gateway.send_odd(b"\x00nothing")
        assert (await socket.receive()).data == b"\x00nothing"


async def test_a_voice_channel_is_shown_as_discord_shows_it(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    """The library cannot parse one without these, and would lose the whole event over it."""
    guild = next(iter(sandbox.world.guilds.values()))
    guild.add_channel("lounge", VOICE)
    await ada.imagine("a fox")
    seen = bot.get_guild(int(guild.id))
    assert seen is not None
    assert [(c.name, c.bitrate, c.user_limit) for c in seen.voice_channels] == [
        ("lounge", 64000, 0)
    ]
    later = sandbox.world.add_guild("Later")
    later.add_channel("hall", VOICE)
    await sandbox.gateway.disconnect(resumable=False)  # GUILD_CREATE shows it the next time
    await sandbox.gateway.wait_ready()
    await sandbox.visitor("Ada", later).imagine("a fox")
    seen = bot.get_guild(int(later.id))
    assert seen is not None
    assert [c.name for c in seen.voice_channels] == ["hall"]


async def test_a_reset_token_is_refused_and_a_living_session_stays(
    sandbox: DiscordSandbox, bot: LocalBot
) -> None:
    sandbox.reset_token("another")
    with pytest.raises(discord.HTTPException, match="401"):
        await bot.application_info()
    assert sandbox.gateway.ready()
    sandbox.faults.clear()  # the old token is what this test shows


async def test_waiting_for_a_bot_that_never_comes_ends(sandbox: DiscordSandbox) -> None:
    with pytest.raises(TimeoutError):
        await sandbox.gateway.wait_ready(timeout=0.01)


async def test_a_wrong_token_fails_the_login(sandbox: DiscordSandbox) -> None:
    discord.http.Route.BASE = sandbox.api
    async with LocalBot() as bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")
    assert sandbox.faults == ["a wrong bot token: GET /users/@me"]
