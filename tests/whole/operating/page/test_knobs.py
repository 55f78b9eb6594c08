"""Each knob of the page breaks what it says, once, and the bot does as it should all the same."""

import json
from typing import Any

import pytest

from bot.cli.local_stack import StandIns
from bot.sandbox.page.faults import ACTIONS, FAULTS
from bot.sandbox.page.stage import Stage
from tests.whole.operating.page.conftest import JSON, Browser, Played, has_pictures, says

pytestmark = pytest.mark.usefixtures("bot")

IMAGINE: JSON = {"command": "imagine", "options": {"prompt": "a boat"}}
RESTYLE: JSON = {
    "command": "restyle",
    "options": {"image": {"photo": "cat.jpg"}, "prompt": "as a watercolour"},
}
ARRIVES = "AI-modified"
ENDS = {
    "busy": ARRIVES,
    "server": ARRIVES,
    "moderated": "The service’s review refused the prompt",
    "input": "The service could not use this prompt or picture",
    "operator": "not available right now",
    "gone": "no longer exists for this account",
    "bug": "The request was wrong, which is our fault",
    "unknown": "nobody knows whether the picture was made",
    "unsent": "nobody knows whether the picture was made",
}


def knobs_of(shown: JSON) -> dict[str, JSON]:
    return {knob["id"]: knob for group in shown["groups"] for knob in group["knobs"]}


async def test_every_class_of_fault_is_among_the_choices(ada: Browser) -> None:
    choices = knobs_of(await ada.get("/page/knobs"))["fault"]["choices"]
    assert {choice["value"] for choice in choices} == set(FAULTS) == set(ENDS)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_the_api_is_met_once_and_ends_as_its_class_does(
    ada: Browser, stand_ins: StandIns, fault: str
) -> None:
    async with ada.listening() as ear:
        assert await ada.turn("fault", fault) == FAULTS[fault].said
        await ada.act("command", **RESTYLE)
        await ear.until(says(ENDS[fault]))
    counted = await ada.until_counted(accepted=1, ended=1)
    assert (counted["lost"], counted["posted_twice"], counted["paid_twice"]) == (0, 0, 0)
    paid = 1 if ENDS[fault] == ARRIVES or fault == "unknown" else 0
    assert len(stand_ins.tencent.charged) == paid
    assert all(not stand_ins.tencent.has_script(action) for action in ACTIONS)


async def test_without_places_at_the_api_jobs_wait_until_these_are_given_back(
    ada: Browser, stand_ins: StandIns
) -> None:
    async with ada.listening() as ear:
        await ada.turn("places", value=True)
        assert knobs_of(await ada.get("/page/knobs"))["places"]["value"] is True
        await ada.act("command", **IMAGINE)
        await ada.until_counted(accepted=1, ended=0)
        await ear.until(lambda _: bool(stand_ins.tencent.calls))
        assert not stand_ins.tencent.charged
        await ada.turn("places", value=False)
        await ear.until(has_pictures)
    assert knobs_of(await ada.get("/page/knobs"))["places"]["value"] is False


async def test_seconds_per_picture_are_set_and_shown(ada: Browser, stand_ins: StandIns) -> None:
    assert await ada.turn("seconds", 2.5) == ("From the next picture on, each takes 2.5 seconds.")
    assert stand_ins.tencent.seconds_per_picture == 2.5
    assert knobs_of(await ada.get("/page/knobs"))["seconds"]["value"] == 2.5


async def turned_while_at_work(ada: Browser, stand_ins: StandIns, knob: str) -> None:
    """A picture is at work meanwhile: it arrives, and neither it nor its price comes twice."""
    stand_ins.tencent.hold()
    async with ada.listening() as ear:
        await ada.act("command", **IMAGINE)
        await ear.until(says("Being made"))
        await ada.turn(knob)
        stand_ins.tencent.release()
        await ear.until(has_pictures)
    counted = await ada.until_counted(ended=1)
    assert (counted["lost"], counted["posted_twice"], counted["paid_twice"]) == (0, 0, 0)


# What Discord answered of which the bot got none the better.
BAD_DAYS = {"errors": 500, "rate": 429, "tokens": 401, "drop": None}


@pytest.mark.parametrize("knob", BAD_DAYS)
async def test_a_picture_arrives_once_through_a_bad_day_of_discord(
    ada: Browser, stand_ins: StandIns, knob: str
) -> None:
    resumed = stand_ins.discord.gateway.resumed
    await turned_while_at_work(ada, stand_ins, knob)
    assert len([m for m in await ada.messages() if m["attachments"]]) == 1
    bad = {exchange.status for exchange in stand_ins.discord.exchanges if exchange.status >= 400}
    assert bad == {BAD_DAYS[knob]} - {None}
    assert stand_ins.discord.gateway.resumed == resumed + (knob == "drop")


async def test_a_bot_that_may_not_post_in_the_channel_finds_another_way(
    ada: Browser, stand_ins: StandIns
) -> None:
    async def arrived(*, is_revoked: bool) -> dict[str, int]:
        """How many pictures stand in the channel and in the direct messages after one more."""
        stand_ins.tencent.hold()
        async with ada.listening() as ear:
            await ada.act("command", **IMAGINE)
            await ear.until(says("Being made"))
            await ada.turn("tokens")
            if is_revoked:
                await ada.turn("permissions", value=True)
            stand_ins.tencent.release()
            await ear.until(has_pictures)
        shown = {"here": await ada.messages(), "direct": await ada.messages(channel="@me")}
        return {place: sum(bool(m["attachments"]) for m in shown[place]) for place in shown}

    assert await arrived(is_revoked=True) == {"here": 0, "direct": 1}
    assert await ada.turn("permissions", value=False) == "Easel may post in #pictures again."
    assert await arrived(is_revoked=False) == {"here": 1, "direct": 1}


async def test_a_flood_of_another_server_keeps_nobody_here_waiting(
    ada: Browser, people: dict[str, Browser], stand_ins: StandIns, stage: Stage
) -> None:
    stand_ins.tencent.hold()
    await ada.turn("flood")
    await ada.until_counted(accepted=100)
    await ada.act("command", **IMAGINE)
    await ada.until_counted(accepted=101)
    [vod] = [p for p in (await ada.get("/page/behind", parts="pools"))["pools"]
             if p["name"] == "vod"]  # fmt: skip
    assert vod["waiting"][0]["user"] == ada.who
    assert [one["place"] for one in vod["waiting"]] == list(range(1, len(vod["waiting"]) + 1))
    assert {lane["guild"] for lane in vod["lanes"]} == {g.id for g in _guilds(stage)}
    stand_ins.tencent.release()
    async with people["Ada"].listening() as ear:
        await ear.until(has_pictures)


async def test_in_a_flood_a_fault_still_meets_the_visitors_picture(
    ada: Browser, stand_ins: StandIns
) -> None:
    tencent = stand_ins.tencent
    await ada.turn("places", value=True)
    await ada.turn("flood")
    await ada.until_counted(accepted=100)
    await ada.turn("fault", "moderated")
    await ada.turn("places", value=False)
    async with ada.listening() as ear:
        await stand_ins.discord.world.until(lambda: len(tencent.charged) > 1)
        assert tencent.has_script(ACTIONS[0]), "no picture of the crowd met it"
        await ada.act("command", **IMAGINE)
        await ear.until(says(ENDS["moderated"]))
    assert not tencent.has_script(ACTIONS[0])


def _guilds(stage: Stage) -> list[Any]:
    return list(stage.discord.world.guilds.values())


async def test_a_quota_that_is_spent_today_is_there_again_the_next_day(
    ada: Browser, people: dict[str, Browser], played: Played
) -> None:
    mira = people["Mira"]
    options = {"user": {"user": ada.who}, "images": 1, "period": "day"}
    await mira.act("command", command="quota set", options=options)
    async with ada.listening() as ear:
        await ada.act("command", **IMAGINE)
        await ear.until(has_pictures)
        await ada.act("command", **IMAGINE)
        refused = await ear.until(says("quota"))
        assert refused["message"]["ephemeral_to"] == ada.who
        shown = (await ada.get("/page/behind", parts="quotas"))["quotas"]
        assert [q["used"] for q in shown if q["kind"] == "member"] == [1.0]
        await ada.turn("day")
        assert played.clock.skipped_s > 0
        await ada.act("command", **IMAGINE)
        first = refused["message"]["id"]
        await ear.until(lambda e: has_pictures(e) and int(e["message"]["id"]) > int(first))


async def test_a_knob_that_is_not_there_or_not_to_be_turned_so_says_it(ada: Browser) -> None:
    for asked in ({"id": "x"}, {"id": "seconds", "value": "many"}, {"id": "seconds", "value": 99},
                  {"id": "fault", "value": "x"}, {"id": "kill"}, {"id": "start"}):  # fmt: skip
        answer = await ada.http.post("/page/knobs", json=asked)
        assert (answer.status_code, answer.json()["ok"]) == (200, False), asked
        assert answer.json()["error"].endswith("."), asked
    for content in (b"{", b"[]"):
        answer = await ada.http.post("/page/knobs", content=content)
        assert answer.status_code == 400
        assert json.loads(answer.text)["error"]


@pytest.mark.parametrize("knob", ["hour", "day"])
async def test_a_picture_at_work_while_the_clock_moves_arrives_and_is_paid_once(
    ada: Browser, stand_ins: StandIns, knob: str
) -> None:
    await turned_while_at_work(ada, stand_ins, knob)
