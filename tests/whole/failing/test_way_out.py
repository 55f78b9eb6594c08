"""The way to the cloud shut for a while: who waits keeps the place, and nothing is lost."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from tests.contract.providers.rude_proxy import RudeProxy
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until, until_settled

HOUR = 3600.0
Logs = list[Any]


@dataclass
class Way:
    """The way to aiart: connections are refused until it is opened."""

    socket: socket.socket
    proxy: RudeProxy
    server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    async def open(self) -> None:
        self.server = await asyncio.start_server(self.proxy.serve, sock=self.socket, limit=65_536)

    async def close(self) -> None:
        await until(lambda: self.proxy.open == 0)
        if self.server is not None:
            self.server.close()


@pytest.fixture
async def way(stand_ins: StandIns) -> AsyncIterator[Way]:
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))  # bound, and not listening
        made = Way(shut, RudeProxy(stand_ins.tencent.url))
        yield made
        await made.close()


@pytest.fixture(autouse=True)
def logs() -> Iterator[Logs]:
    with capture_logs() as captured:
        yield captured


async def ask(stand_ins: StandIns, name: str = "Ada") -> Reply:
    return await stand_ins.visitor(name).restyle(photo(), engine="anime")


async def pass_time(app: App, clock: Clock, seconds: float) -> None:
    """Let time pass in steps, each with a moment for what falls due in it.

    Not while a picture is made: leases and tokens would run out faster than a busy machine works.
    """
    for _ in range(round(seconds / 2)):
        clock.skipped += 2
        app.worker.ring()
        await asyncio.sleep(0.02)


async def pass_time_until(
    app: App, clock: Clock, met: Callable[[], object], *, step_s: float = 10
) -> None:
    async with asyncio.timeout(60):
        while not met():
            await pass_time(app, clock, step_s)


def rests(logs: Logs) -> list[float]:
    """How long the pool was told to rest, each time."""
    return [log["seconds"] for log in logs if log["event"] == "pool_rests"]


def direct_messages(stand_ins: StandIns) -> list[str]:
    world = stand_ins.discord.world
    return [message.content for message in world.direct_messages(world.owner)]


async def test_a_way_that_is_shut_for_a_minute_costs_a_full_queue_nothing_but_time(
    run: Run, stand_ins: StandIns, clock: Clock, way: Way, logs: Logs
) -> None:
    async with run(EASEL_AIART_ENDPOINT=way.url) as app:
        replies = [await ask(stand_ins, f"Member{number}") for number in range(12)]
        await pass_time_until(app, clock, lambda: len(rests(logs)) >= 4, step_s=2)
        assert rests(logs)[:4] == [2, 4, 8, 16]
        assert {row.state for row in await ledger(app)} <= {"queued", "running"}
        await way.open()
        await pass_time_until(app, clock, lambda: stand_ins.tencent.calls)
        for reply in replies:
            await reply.until(has_pictures)
        rows = await until_settled(app, count=12)
        assert {row.state for row in rows} == {"done"}
        assert await app.storage.engine_states.all() == []
    assert len(stand_ins.tencent.charged) == 12


@pytest.mark.usefixtures("quick_beats")
async def test_a_way_that_stays_shut_ends_a_job_only_when_it_has_waited_too_long(
    run: Run, stand_ins: StandIns, clock: Clock, way: Way
) -> None:
    async with run(EASEL_AIART_ENDPOINT=way.url) as app:
        reply = await ask(stand_ins)
        await pass_time(app, clock, 120)
        assert {row.state for row in await ledger(app)} <= {"queued", "running"}
        clock.skipped += 6 * HOUR
        await reply.until(says("No place came free within 6 h"))
        [row] = await until_settled(app)
        assert (row.state, row.refunded, row.cost_usd) == ("expired", True, 0.0)


async def test_a_firewall_that_turns_requests_away_for_a_moment_suspends_nothing(
    run: Run, stand_ins: StandIns, clock: Clock, way: Way, logs: Logs
) -> None:
    way.proxy.turns_away = True
    await way.open()
    async with run(EASEL_AIART_ENDPOINT=way.url) as app:
        replies = [await ask(stand_ins, name) for name in ("Ada", "Bob", "Cem")]
        await until(lambda: any(log["event"] == "pool_rests" for log in logs))
        way.proxy.turns_away = False
        await pass_time_until(app, clock, lambda: stand_ins.tencent.calls)
        for reply in replies:
            await reply.until(has_pictures)
        rows = await until_settled(app, count=3)
        assert {row.state for row in rows} == {"done"}
        assert (await app.storage.engine_states.all(), direct_messages(stand_ins)) == ([], [])


async def test_a_firewall_that_goes_on_turning_requests_away_is_told_to_the_operator(
    run: Run, stand_ins: StandIns, clock: Clock, way: Way
) -> None:
    way.proxy.turns_away = True
    await way.open()
    async with run(EASEL_AIART_ENDPOINT=way.url) as app:
        reply = await ask(stand_ins)
        await pass_time_until(app, clock, lambda: direct_messages(stand_ins))
        await reply.until(says("The service is not available right now"))
        [message] = direct_messages(stand_ins)
        assert "HTTP403" in message
        assert "proxy or firewall" in message
        [row] = await until_settled(app)
        assert (row.state, row.refunded, row.error_code) == ("failed", True, "HTTP403")
        suspended = {state.engine for state in await app.storage.engine_states.all()}
        assert {"anime", "hy-3.0"} <= suspended
    assert stand_ins.tencent.calls == []
