"""The gateway ends: what may be reconnected is, else the bot drains and ends, never deaf."""

import asyncio
import threading
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pytest
from discord import AutoShardedClient
from structlog.testing import capture_logs

from bot.chat import session
from bot.chat.client import Client
from bot.chat.session import Supervisor
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import (
    GatewayEnded,
    SettingsError,
)
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.faults import At
from bot.worker.loop import Worker
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.failing.gateway.conftest import TWO_SHARDS, end_of
from tests.whole.operating.stopping.conftest import ledger as ledger_of_a_stopped_bot

FINAL = [4010, 4011, 4012, 4013, 4014]


def one_at_a_time(folder: Path) -> None:
    """Let a member's second job wait for the first."""
    (folder / "easel.toml").write_text("[limits]\nper_user = 1\n")


@pytest.mark.parametrize("code", FINAL)
async def test_a_close_code_without_a_way_back_ends_the_bot_with_one_sentence(
    run: Run, stand_ins: StandIns, code: int
) -> None:
    error = await end_of(run, lambda _: stand_ins.discord.gateway.disconnect(code=code))
    assert isinstance(error, GatewayEnded)
    assert str(error).startswith("Discord ended the connection that commands come by")
    assert str(code) in str(error)


@pytest.mark.parametrize("at", ["identify", "resume"])
async def test_so_does_one_in_answer_to_a_log_in_or_a_resume(
    run: Run, stand_ins: StandIns, at: At
) -> None:
    gateway = stand_ins.discord.gateway

    async def come_back(_: asyncio.Event) -> None:
        gateway.script_close(4014, at=at)
        await gateway.disconnect(resumable=at == "resume")

    error = await end_of(run, come_back)
    assert isinstance(error, GatewayEnded)
    assert "4014" in str(error)


async def test_a_token_that_was_reset_ends_the_bot_as_a_wrong_setting(
    run: Run, stand_ins: StandIns
) -> None:
    error = await end_of(run, lambda _: stand_ins.discord.gateway.disconnect(code=4004))
    assert isinstance(error, SettingsError)
    assert str(error).startswith("DISCORD_TOKEN: ")


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4001, 4003, 4007, 4008, 4009, 4999])
@pytest.mark.parametrize("resumable", [True, False])
async def test_after_any_other_close_the_bot_comes_back_and_answers(
    run: Run, stand_ins: StandIns, code: int, *, resumable: bool
) -> None:
    gateway = stand_ins.discord.gateway
    async with run():
        await gateway.disconnect(code=code, resumable=resumable)
        await gateway.wait_ready()
        assert await stand_ins.visitor("Ada").type("imagine", "engine", "")


@pytest.mark.parametrize("code", [4000, 4007])
async def test_a_session_that_can_never_be_resumed_is_started_anew(
    run: Run, stand_ins: StandIns, code: int
) -> None:
    gateway = stand_ins.discord.gateway
    async with run():
        [old] = gateway.sessions
        gateway.script_close(code, at="resume", times=1_000)
        await gateway.disconnect()
        async with asyncio.timeout(10):
            await stand_ins.discord.world.until(lambda: set(gateway.sessions) != {old})
        assert await stand_ins.visitor("Ada").type("imagine", "engine", "")


@pytest.mark.parametrize(("at", "resumable"), [("connect", True), ("identify", False)])
async def test_connections_that_are_closed_before_they_bring_anything_are_made_again(
    run: Run, stand_ins: StandIns, at: At, *, resumable: bool
) -> None:
    """Also the ones after a fault of the network, where the library gives up over that."""
    gateway = stand_ins.discord.gateway
    async with run():
        gateway.script_close(1001, at=at, times=6)
        await gateway.disconnect(code=1000, resumable=resumable)
        await gateway.wait_ready()
        assert await stand_ins.visitor("Ada").type("imagine", "engine", "")


async def test_what_is_at_work_is_finished_and_nothing_more_is_claimed_or_paid(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    one_at_a_time(tmp_path)
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    replies: list[Reply] = []

    async def work(stop: asyncio.Event) -> None:
        replies.append(await ada.restyle(photo(), prompt="as a stamp"))
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        replies.append(await ada.restyle(photo(), prompt="as a coin"))
        await replies[1].until(says("Queued"))
        await stand_ins.discord.gateway.disconnect(code=4011)
        await stop.wait()
        stand_ins.tencent.release()

    assert isinstance(await end_of(run, work), GatewayEnded)
    at_work, waiting = replies
    assert at_work.message is not None
    assert has_pictures(at_work.message)
    rows = await ledger_of_a_stopped_bot(stand_ins, tmp_path)
    assert sorted(row.state for row in rows) == ["done", "queued"]
    assert len(stand_ins.tencent.charged) == 1
    async with run() as app:
        await waiting.until(has_pictures)
        await until_settled(app, count=2)
    assert len(stand_ins.tencent.charged) == 2


@pytest.mark.parametrize(
    ("broken", "method"),
    [("bot.app.Engines", "run"), ("bot.app.Worker", "_claim_what_it_can")],
    ids=["another part", "the worker"],
)
async def test_a_part_that_breaks_costs_no_picture_that_is_at_work(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, broken: str, method: str
) -> None:
    fault = asyncio.Event()
    go_on = Worker._claim_what_it_can if "Worker" in broken else None  # noqa: SLF001

    async def breaks(*given: Any) -> Any:
        if go_on is None:
            await fault.wait()
        if fault.is_set():
            raise LookupError(broken)
        return await go_on(*given)

    monkeypatch.setattr(f"{broken}.{method}", breaks)
    stand_ins.tencent.hold()
    replies: list[Reply] = []

    async def work(_: asyncio.Event) -> None:
        replies.append(await stand_ins.visitor("Ada").restyle(photo()))
        await until(lambda: stand_ins.tencent.running["aiart"] == 1)
        fault.set()
        # What is claimed next is where the worker breaks.
        replies.append(await stand_ins.visitor("Bob").restyle(photo()))
        await asyncio.sleep(0.1)
        stand_ins.tencent.release()

    error = await end_of(run, work)
    assert isinstance(error, LookupError)
    assert replies[0].message is not None
    assert has_pictures(replies[0].message)


@pytest.mark.parametrize("shard", [0, 1])
async def test_one_shard_that_ends_for_good_ends_the_bot_instead_of_its_servers(
    run: Run, stand_ins: StandIns, shard: int
) -> None:
    gateway = stand_ins.discord.gateway
    error = await end_of(run, lambda _: gateway.disconnect(code=4010, shard=shard), **TWO_SHARDS)
    assert isinstance(error, GatewayEnded)
    assert "4010" in str(error)


def beating() -> list[str]:
    """The threads that send heartbeats."""
    return [each.name for each in threading.enumerate() if each.name.startswith("keep-alive")]


async def test_it_ends_before_the_other_shards_have_had_their_first_connection(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hold_the_second(_client: Client, shard_id: int, *, initial: bool) -> None:
        assert initial == (shard_id == 0)
        if shard_id == 1:
            await asyncio.Event().wait()

    monkeypatch.setattr(Client, "before_identify_hook", hold_the_second)
    gateway = stand_ins.discord.gateway
    monkeypatch.setattr(gateway, "ready", lambda: bool(gateway.sessions))
    error = await end_of(run, lambda _: gateway.disconnect(code=4011, shard=0), **TWO_SHARDS)
    assert isinstance(error, GatewayEnded)
    assert "4011" in str(error)
    await until(lambda: beating() == [])


async def test_a_library_that_gives_up_without_a_word_ends_the_bot(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def connect(_client: AutoShardedClient, *, reconnect: bool) -> None:
        assert reconnect

    monkeypatch.setattr(AutoShardedClient, "connect", connect)
    monkeypatch.setattr("bot.sandbox.discord.gateway.Gateway.ready", lambda _: True)
    error = await end_of(run)
    assert isinstance(error, GatewayEnded)
    assert "gave up" in str(error)


async def test_an_error_of_the_library_ends_the_bot_and_its_traceback_is_in_the_log(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_client: Client) -> None:
        raise KeyError("shard")

    monkeypatch.setattr("discord.shard.AutoShardedClient.launch_shards", breaks)
    monkeypatch.setattr("bot.sandbox.discord.gateway.Gateway.ready", lambda _: True)
    with capture_logs() as logs:
        error = await end_of(run)
    assert isinstance(error, GatewayEnded)
    assert "KeyError" in str(error)
    [line] = [log for log in logs if log["event"] == "gateway_broke"]
    assert isinstance(line["exc_info"], KeyError)


async def test_a_token_that_the_api_refuses_ends_the_bot_though_the_gateway_lives(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    token = stand_ins.discord.gateway.token
    replies: list[Reply] = []

    async def work(stop: asyncio.Event) -> None:
        replies.append(await stand_ins.visitor("Ada").restyle(photo()))
        await replies[0].until(is_waiting)
        clock.skipped += 901  # from now on only the bot's own token can edit it
        replies.append(await stand_ins.visitor("Bob").restyle(photo()))
        await until(lambda: stand_ins.tencent.running["aiart"] == 2)
        stand_ins.discord.reset_token("another")
        stand_ins.tencent.release()
        await stop.wait()

    assert isinstance(await end_of(run, work), SettingsError)
    stand_ins.discord.faults.clear()  # that the old one is shown is what this is about
    late, in_time = replies
    assert in_time.message is not None
    assert has_pictures(in_time.message)
    rows = await ledger_of_a_stopped_bot(stand_ins, tmp_path)
    assert sorted(row.state for row in rows) == ["delivering", "done"]
    stand_ins.discord.reset_token(token)
    clock.skipped += 60
    async with run() as app:
        await late.until(has_pictures)
        await until_settled(app, count=2)
    assert len(stand_ins.tencent.charged) == 2


def shown_again(stand_ins: StandIns) -> bool:
    """Whether the token was shown once more after a 401."""
    exchanges = iter(stand_ins.discord.exchanges)
    later = dropwhile(lambda each: each.status != 401, exchanges)
    return any(each.call.path == "/users/@me" and each.status == 200 for each in later)


async def test_a_single_401_is_no_reset_token(
    run: Run, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "_SHOWN_AGAIN_S", 0.01)
    stand_ins.tencent.hold()
    stop = asyncio.Event()
    async with run(stop=stop) as app:
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(is_waiting)
        clock.skipped += 901
        stand_ins.discord.script("PATCH", "/channels/", status=401)
        stand_ins.tencent.release()
        await until(lambda: shown_again(stand_ins))
        clock.skipped += 60
        app.worker.ring()
        await reply.until(has_pictures)
        assert [row.state for row in await until_settled(app)] == ["done"]
        assert not stop.is_set()


async def test_only_the_first_fault_is_raised_and_all_parts_end() -> None:
    stop, ended = asyncio.Event(), []

    async def part(fault: Exception) -> None:
        await stop.wait()
        ended.append(fault)
        raise fault

    async def first() -> None:
        raise LookupError("first")

    async with asyncio.TaskGroup() as group:
        supervisor = Supervisor(group, stop)
        supervisor.start(part(ValueError("second")), "second")
        supervisor.start(first(), "first")
    with pytest.raises(LookupError, match="first"):
        supervisor.check()
    assert len(ended) == 1
