"""What is shown behind the channel is what happened, counted truly, and without a secret."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import job_id_of
from bot.sandbox.page.live import Pace
from bot.sandbox.tencent.gate import Seen
from tests.whole.operating.page.conftest import JSON, Browser, Played, has_pictures

pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
async def restyled(ada: Browser) -> JSON:
    """The message of a result that has come."""
    options = {"image": {"photo": "cat.jpg"}, "prompt": "as a watercolour"}
    async with ada.listening() as ear:
        await ada.act("command", command="restyle", options=options)
        done: JSON = (await ear.until(has_pictures))["message"]
    await ada.until_counted(ended=1)
    return done


async def test_the_call_to_tencent_is_shown_with_its_picture_and_without_its_key(
    ada: Browser, restyled: JSON, stand_ins: StandIns
) -> None:
    assert restyled
    shown = await ada.get("/page/behind")
    [call] = [each for each in shown["tencent"] if each["action"] == "ImageToImage"]
    assert call["status"] == "ok"
    assert call["headers"]["X-TC-Action"] == "ImageToImage"
    assert "Signature=" in call["headers"]["Authorization"]
    picture = call["body"]["InputImage"]
    data = await ada.http.get(picture["picture"])
    assert len(data.content) == picture["bytes"] > 0
    assert data.content[:2] == b"\xff\xd8"
    assert call["answer"]["RequestId"] == call["id"] == stand_ins.tencent.calls[-1].request_id


async def test_no_secret_is_in_anything_that_is_shown(
    ada: Browser, stand_ins: StandIns, tmp_path: Path
) -> None:
    variables, signatures = stand_ins.variables(tmp_path), set[str]()

    def hear(seen: Seen) -> None:
        signatures.add(seen.headers["Authorization"].rpartition("Signature=")[2])

    stand_ins.tencent.on_call(hear)
    async with ada.listening() as ear:
        await ada.act("command", command="imagine", options={"prompt": "a boat"})
        await ear.until(has_pictures)
    await ada.act("say", text=variables["DISCORD_TOKEN"])
    tokens = [i.token for i in stand_ins.discord.interactions._by_token.values()]  # noqa: SLF001 - the stand-in's own
    text = (await ada.http.get("/page/behind")).text
    names = ("DISCORD_TOKEN", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")
    secrets = [*tokens, *signatures, *(variables[name] for name in names)]
    assert signatures
    assert [secret for secret in secrets if secret in text] == []


async def test_what_discord_was_sent_and_the_ledger_are_shown_newest_first(
    ada: Browser, restyled: JSON
) -> None:
    shown = await ada.get("/page/behind")
    numbers = [int(each["id"]) for each in shown["discord"]]
    assert numbers == sorted(numbers, reverse=True)
    uploads = [
        each for each in shown["discord"] if (each["body"] or {}) and "files" in each["body"]
    ]
    [posted] = [u for u in uploads if u["answer"] and u["answer"]["id"] == restyled["id"]]
    assert posted["body"]["files"][0]["filename"] == restyled["attachments"][0]["filename"]
    [row] = shown["ledger"]
    assert (row["command"], row["state"], row["images"]) == ("restyle", "done", 1)
    assert shown["counter"]["cost_usd"] == row["cost_usd"] > 0
    used = {(q["who"], q["kind"]): q["used"] for q in shown["quotas"]}
    assert used["Ada", "user ceiling"] == 1
    only = await ada.get("/page/behind", parts="counter,ledger")
    assert set(only) == {"counter", "ledger", "now"}


async def test_a_line_on_the_bill_that_no_job_explains_counts_as_paid_twice(
    ada: Browser, restyled: JSON, stand_ins: StandIns
) -> None:
    assert restyled
    assert (await ada.counter())["paid_twice"] == 0
    [charge] = stand_ins.tencent.charged
    call = stand_ins.tencent.calls[-1]
    stand_ins.tencent.calls.append(replace(call, request_id="another"))
    stand_ins.tencent.charged.append(replace(charge, request_id="another"))
    assert (await ada.counter())["paid_twice"] == 1


async def test_two_lines_of_one_task_count_as_paid_twice(ada: Browser, stand_ins: StandIns) -> None:
    async with ada.listening() as ear:
        await ada.act("command", command="imagine", options={"prompt": "a boat"})
        await ear.until(has_pictures)
    [charge] = stand_ins.tencent.charged
    assert (await ada.until_counted(ended=1))["paid_twice"] == 0
    stand_ins.tencent.charged.append(charge)
    assert (await ada.counter())["paid_twice"] == 1


async def test_a_result_that_stands_there_twice_or_not_at_all_is_counted(
    ada: Browser, restyled: JSON, stand_ins: StandIns
) -> None:
    world = stand_ins.discord.world
    message = world.message(stand_ins.channel, restyled["id"])
    assert message is not None
    again = world.post(replace(message, id=world.snowflake()))
    assert (await ada.counter())["posted_twice"] == 1
    world.delete(again)
    counted = await ada.counter()
    assert (counted["posted_twice"], counted["lost"]) == (0, 0)
    world.delete(message)
    assert (await ada.counter())["lost"] == 1


async def test_a_result_that_its_member_deletes_is_not_lost(
    ada: Browser, restyled: JSON, stand_ins: StandIns
) -> None:
    world = stand_ins.discord.world
    result = world.message(stand_ins.channel, restyled["id"])
    assert result is not None
    visitor = stand_ins.visitor("Ada")
    assert result.interaction is not None
    job_id = job_id_of(int(result.interaction["id"]))
    question = await visitor.choose(result, "delete", custom_id=f"easel:more:{job_id}")
    await question.until(lambda shown: bool(shown.buttons))
    assert question.message is not None
    await visitor.press(question.message, "Delete for good")
    await world.until(lambda: result.deleted)
    assert (await ada.counter())["lost"] == 0


async def test_a_message_that_waits_for_a_job_nobody_knows_is_counted_as_lost(
    ada: Browser, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    await ada.act("command", command="imagine", options={"prompt": "a boat"})
    await ada.until_counted(accepted=1, lost=0)
    world = stand_ins.discord.world
    async with ada.listening():
        await world.until(lambda: any(m.buttons for m in world.messages(stand_ins.channel)))
    [message] = world.messages(stand_ins.channel)
    known = message.interaction or {}
    asked = {**known, "id": world.snowflake()}
    of_known, of_asked = (job_id_of(int(each["id"])) for each in (known, asked))
    buttons = json.loads(json.dumps(message.components).replace(of_known, of_asked))
    stray = replace(message, id=world.snowflake(), interaction=asked, components=buttons)
    world.post(stray)
    assert (await ada.counter())["lost"] == 1
    world.delete(stray)
    stand_ins.tencent.release()
    assert (await ada.until_counted(ended=1))["lost"] == 0


async def test_a_moderators_list_of_what_waits_is_no_message_of_a_lost_job(
    people: dict[str, Browser], stand_ins: StandIns
) -> None:
    ada, mira = people["Ada"], people["Mira"]
    stand_ins.tencent.hold()
    await ada.act("command", command="imagine", options={"prompt": "a boat"})
    await mira.act("command", command="imagine", options={"prompt": "a cat"})
    await ada.until_counted(at_work=1, waiting=1)
    async with mira.listening() as ear:
        await mira.act("command", command="queue show", options={})
        await ear.until(lambda each: "Hold" in json.dumps(each))
    assert (await ada.counter())["lost"] == 0
    stand_ins.tencent.release()
    assert (await ada.until_counted(ended=2))["lost"] == 0


def test_a_change_behind_is_told_at_once_and_then_at_most_five_times_a_second() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert pace.may_tell()
    assert [pace.may_tell() for _ in range(3)] == [False] * 3
    assert pace.patience_s() == pytest.approx(0.2)
    assert not pace.is_due()
    now[0] += 0.2
    assert pace.is_due(), "what came meanwhile is told once"
    assert not pace.is_due()
    assert pace.patience_s() > 1, "nothing is owed any more"


async def test_a_browser_is_told_that_something_changed_behind(ada: Browser) -> None:
    async with ada.listening() as ear:
        await ada.act("command", command="jobs", options={})
        await ear.until(lambda e: e["kind"] == "behind")


async def test_a_browser_is_told_what_time_it_is_when_the_clock_moves(
    ada: Browser, played: Played
) -> None:
    before = (await ada.get("/page/scene"))["now"]
    async with ada.listening() as ear:
        await ada.turn("hour")
        told = await ear.until(lambda e: e["kind"] == "clock")
    assert told["now"] - before >= 3600
    assert told["now"] == pytest.approx(played.clock(), abs=60)


async def test_a_demo_that_stops_counts_nothing_as_lost(
    ada: Browser, restyled: JSON, played: Played
) -> None:
    assert restyled
    await played.kept.aclose()
    answer = await ada.http.get("/page/behind", params={"parts": "counter"})
    assert answer.json() == {"ok": False, "error": "The demo is stopping."}
