"""What Discord sends and the library cannot read is logged and passed over; the bot goes on."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.chat.gateway import PassedOver
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world import payloads
from bot.sandbox.discord.world.numbers import VOICE
from tests.whole.conftest import Run, has_pictures, until_settled

NO_CLOUD = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}
FRAMES = {
    "cut off": '{"op": 0, "t": "GUILD_CREATE", "s": 7, "d": {"id":',
    "no object": "[]",
    "no text as its type": '{"op": 0, "t": [5], "s": 7, "d": {}}',
    "a greeting without its interval": '{"op": 10, "d": null}',
    "a READY without its session": '{"op": 0, "t": "READY", "s": 7, "d": {}}',
    "nested beyond reason": '{"op": 0, "t": "X", "s": 7, "d": ' + "[" * 100_000,
}


async def goes_on(stand_ins: StandIns) -> None:
    """The bot answers, on the session that it had."""
    assert await stand_ins.visitor("Ada").type("imagine", "engine", "")
    assert len(stand_ins.discord.gateway.sessions) == 1
    assert stand_ins.discord.gateway.resumed == 0


def odd_channel(stand_ins: StandIns) -> dict[str, Any]:
    channel = payloads.channel(stand_ins.guild.add_channel("lounge", VOICE))
    del channel["bitrate"]
    return channel


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("event", ["CHANNEL_CREATE", "CHANNEL_UPDATE"])
async def test_an_event_the_library_cannot_parse_is_logged_with_its_type_and_passed_over(
    stand_ins: StandIns, event: str
) -> None:
    channel = odd_channel(stand_ins)
    with capture_logs() as logs:
        stand_ins.discord.gateway.dispatch(event, channel, stand_ins.guild.id)
        await goes_on(stand_ins)
    [line] = [log for log in logs if log["event"] == "gateway_event_passed_over"]
    assert line["kind"] == event
    assert isinstance(line["exc_info"], KeyError)


@pytest.mark.usefixtures("app")
async def test_an_interaction_the_library_cannot_parse_costs_the_others_nothing(
    stand_ins: StandIns,
) -> None:
    with capture_logs() as logs:
        stand_ins.discord.gateway.dispatch("INTERACTION_CREATE", {"id": "1"}, None)
        await goes_on(stand_ins)
    assert [log["kind"] for log in logs if "passed_over" in log["event"]] == ["INTERACTION_CREATE"]


async def test_a_server_that_cannot_be_parsed_at_the_start_keeps_no_other_from_its_pictures(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = stand_ins.discord.world.add_guild("Another")
    show = payloads.guild_create

    def show_oddly(guild: Any) -> dict[str, Any]:
        return show(guild) | ({"channels": [{"type": 2}]} if guild is other else {})

    monkeypatch.setattr(payloads, "guild_create", show_oddly)
    with capture_logs() as logs:
        async with run(**NO_CLOUD) as app:
            reply = await stand_ins.visitor("Ada").imagine("a cat")
            await reply.until(has_pictures)
            assert [row.state for row in await until_settled(app)] == ["done"]
    assert [log["kind"] for log in logs if "passed_over" in log["event"]] == ["GUILD_CREATE"]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
async def test_a_frame_that_cannot_be_read_is_logged_and_passed_over(
    stand_ins: StandIns, frame: str
) -> None:
    with capture_logs() as logs:
        stand_ins.discord.gateway.send_odd(frame)
        await goes_on(stand_ins)
    [line] = [log for log in logs if log["event"] == "gateway_event_passed_over"]
    assert line["kind"] == "frame"
    assert line["exc_info"] is not None


@pytest.mark.usefixtures("app")
async def test_a_broken_stream_is_left_for_a_new_session(
    stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.01)
    monkeypatch.setattr("bot.chat.client.Client.before_identify_hook", no_pause)
    gateway = stand_ins.discord.gateway
    [old] = gateway.sessions
    gateway.send_odd(b"no part of it" + b"\x00\x00\xff\xff")
    async with asyncio.timeout(10):
        await stand_ins.discord.world.until(lambda: set(gateway.sessions) != {old})
    await gateway.wait_ready()
    assert await stand_ins.visitor("Ada").type("imagine", "engine", "")
    assert len(gateway.connections) == 1


async def no_pause(*_: object, **__: object) -> None:
    """The five seconds before an IDENTIFY are Discord's rule, not these tests' subject."""


async def test_a_flood_of_odd_events_is_one_line_of_the_log(app: App, stand_ins: StandIns) -> None:
    channel = odd_channel(stand_ins)
    with capture_logs() as logs:
        for _ in range(500):
            stand_ins.discord.gateway.dispatch("CHANNEL_UPDATE", channel, stand_ins.guild.id)
        await goes_on(stand_ins)
    assert len([log for log in logs if log["event"] == "gateway_event_passed_over"]) == 1
    assert app.client.is_closed() is False


def test_each_kind_is_logged_once_a_minute_with_how_often_it_came_since() -> None:
    now = 1_000.0
    passed_over = PassedOver(lambda: now)
    with capture_logs() as logs:
        for _ in range(3):
            passed_over.note("A", KeyError("bitrate"))
        passed_over.note("B", KeyError("bitrate"))
        now += 59.9
        passed_over.note("A", KeyError("bitrate"))
        now += 0.2
        passed_over.note("A", KeyError("bitrate"))
        now += 61
        passed_over.note("A", KeyError("bitrate"))
    assert [(log["kind"], log["unsaid"]) for log in logs] == [
        ("A", 0),
        ("B", 0),
        ("A", 3),
        ("A", 0),
    ]
