"""A log-in that is refused, kept waiting or one too many ends the bot with one sentence."""

import asyncio

import pytest

from bot.chat.client import Client
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import (
    DiscordUnreachable,
    NoSessionsLeft,
    SettingsError,
)
from tests.whole.conftest import (
    Run,
    until,
)
from tests.whole.failing.gateway.conftest import TWO_SHARDS, end_of


@pytest.mark.parametrize(
    ("path", "status", "error", "words"),
    [
        ("/users/@me$", 403, DiscordUnreachable, "it answered 403"),
        ("/users/@me$", 503, DiscordUnreachable, "it answered 503"),
        ("/users/@me$", 401, SettingsError, "DISCORD_TOKEN"),
        ("/applications/@me", 401, SettingsError, "DISCORD_TOKEN"),
        ("/gateway/bot", 503, DiscordUnreachable, "it answered 503"),
        ("/gateway/bot", 403, DiscordUnreachable, "it answered 403"),
        ("/gateway/bot", 401, SettingsError, "DISCORD_TOKEN"),
    ],
)
async def test_a_log_in_that_discord_refuses_is_one_sentence(
    run: Run, stand_ins: StandIns, path: str, status: int, error: type[Exception], words: str
) -> None:
    stand_ins.discord.script("GET", path, status=status)
    with pytest.raises(error, match=words):
        async with run():
            pass


async def test_so_is_one_that_breaks_between_the_log_in_and_the_gateway(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Client.ask_for_gateway

    async def ask_and_lose(client: Client) -> object:
        starts = await ask(client)
        stand_ins.discord.script("GET", "/gateway/bot", status=503)
        return starts

    monkeypatch.setattr(Client, "ask_for_gateway", ask_and_lose)
    monkeypatch.setattr("bot.sandbox.discord.gateway.Gateway.ready", lambda _: True)
    error = await end_of(run)
    assert isinstance(error, DiscordUnreachable)
    assert "it answered 503" in str(error)


async def test_a_ban_for_too_many_requests_is_one_sentence(run: Run, stand_ins: StandIns) -> None:
    banned = {"code": 0, "message": "You are being blocked."}
    no_api = {"Via": ""}  # the library takes a 429 without it for a ban by the edge
    stand_ins.discord.script("GET", "/gateway/bot", status=429, body=banned, headers=no_api)
    with pytest.raises(DiscordUnreachable, match="it answered 429"):
        async with run():
            pass


@pytest.mark.parametrize(
    ("left", "variables"), [(0, {}), (1, TWO_SHARDS)], ids=["none left", "too few for the shards"]
)
async def test_the_last_sessions_of_a_day_are_not_started_so_that_the_token_lives(
    run: Run, stand_ins: StandIns, left: int, variables: dict[str, str]
) -> None:
    stand_ins.discord.gateway.starts_left = left
    with pytest.raises(NoSessionsLeft, match=f"{left} more gateway sessions until .* UTC"):
        async with run(**variables):
            pass
    assert stand_ins.discord.gateway.sessions == {}


async def test_a_stop_breaks_off_a_log_in_that_discord_keeps_waiting(
    run: Run, stand_ins: StandIns
) -> None:
    wait = {"message": "later", "retry_after": 600.0, "global": False}
    stand_ins.discord.script("GET", "/gateway/bot", status=429, body=wait)
    stop = asyncio.Event()
    asking = asyncio.get_running_loop().create_task(_run_until(run, stop))
    await until(lambda: any(each.status == 429 for each in stand_ins.discord.exchanges))
    assert not asking.done()
    stop.set()
    async with asyncio.timeout(5):
        await asking
    assert [each.call.path for each in stand_ins.discord.exchanges].count("/gateway/bot") == 1
    assert stand_ins.discord.gateway.sessions == {}


async def _run_until(run: Run, stop: asyncio.Event) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.sandbox.discord.gateway.Gateway.ready", lambda _: True)
        async with run(stop=stop):
            await stop.wait()
