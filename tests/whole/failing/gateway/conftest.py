"""Gateways that end, without the pauses that the bot makes before it connects again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.chat.client import Client
from bot.domain.errors import EaselError
from bot.domain.operator_errors import (
    SettingsError,
)
from tests.whole.conftest import (
    Run,
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before a connection that no test has to sit out."""

    async def no_pause(*_: object, **__: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(Client, "before_identify_hook", no_pause)
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.01)
    monkeypatch.setattr("bot.chat.gateway._RESUME_PAUSE_S", 0.01)


async def end_of(
    run: Run,
    happening: Callable[[asyncio.Event], Awaitable[None]] | None = None,
    **variables: str,
) -> Exception:
    """Run the bot, let something happen to it, and return what it then ends with by itself."""
    stop = asyncio.Event()
    try:
        async with run(stop=stop, **variables):
            if happening:
                await happening(stop)
            async with asyncio.timeout(10):
                await stop.wait()
    except (EaselError, SettingsError, LookupError) as error:
        return error
    pytest.fail("it ended without a word")


TWO_SHARDS = {"EASEL_SHARD_IDS": "0-1", "EASEL_SHARD_COUNT": "2"}
