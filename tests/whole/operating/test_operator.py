"""Faults that only the operator can mend: paused for all, told once, everybody refunded."""

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import Fault, Kind
from bot.domain.jobs.job import JobState, job_id_of
from tests.whole.conftest import (
    Clock,
    Run,
    all_direct_messages,
    direct_messages,
    has_pictures,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.operating.arrears import ARREARS, NOT_NOW
from tests.whole.process import TIMEOUT_S, end_of, started


async def test_arrears_pause_the_service_refund_what_waits_and_are_told_once(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("ImageToImage", code=ARREARS, delay_s=0.5, times=3)
    ada = stand_ins.visitor("Ada")
    replies = [await ada.restyle(photo(), engine="anime") for _ in range(3)]
    for reply in replies:
        await reply.until(says(NOT_NOW))
    rows = await until_settled(app, count=3)
    assert {(row.state, row.refunded, row.cost_usd) for row in rows} == {("failed", True, 0.0)}
    refused = await ada.restyle(photo(), engine="anime")
    assert refused.ephemeral
    assert refused.message is not None
    assert NOT_NOW in refused.message.text
    assert len(stand_ins.tencent.calls) == 1
    [direct_message] = await all_direct_messages(stand_ins)
    for words in (ARREARS, "`anime`", "top the account up", stand_ins.tencent.calls[0].request_id):
        assert words in direct_message.content


async def test_a_pause_ends_by_itself_and_a_success_lifts_it_for_all(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("ImageToImage", code=ARREARS, times=2)
    for minutes in (10, 20):
        reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
        await reply.until(says(NOT_NOW))
        await until(lambda: app.catalogue.suspended("anime") is not None)
        clock.skipped += minutes * 60 - 5
        await app.engines.look()
        assert app.catalogue.suspended("anime") is not None
        clock.skipped += 6
        await app.engines.look()
        assert app.catalogue.suspended("anime") is None
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(has_pictures)
    await until_settled(app, count=3)
    assert await app.storage.engine_states.all() == []
    assert len(direct_messages(stand_ins)) == 1


async def test_a_picture_that_was_on_its_way_before_the_fault_lifts_nothing(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    early = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    stand_ins.tencent.script("ImageToImage", code=ARREARS)
    late = await stand_ins.visitor("Bob").restyle(photo(), engine="anime")
    await late.until(says(NOT_NOW))
    stand_ins.tencent.release()
    await early.until(has_pictures)
    await until_settled(app, count=2)
    assert app.catalogue.suspended("anime") is not None
    assert len(direct_messages(stand_ins)) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [("UnauthorizedOperation", NOT_NOW), ("ActionOffline", "no longer exists")],
)
async def test_a_fault_of_vods_one_api_costs_one_job_and_one_direct_message(
    app: App, stand_ins: StandIns, code: str, words: str
) -> None:
    stand_ins.tencent.script("CreateAigcImageTask", code=code, times=6)
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("a river", engine="gg-3.0")
    await reply.until(says(words))
    for name in ("gg-3.0", "gg-2.5", "og-low", "kling-2.1", "vidu-q2"):
        refused = await ada.imagine("a river", engine=name)
        assert refused.ephemeral
    await until_settled(app)
    assert len(stand_ins.tencent.calls) == 1
    assert len(await all_direct_messages(stand_ins)) == 1
    api = app.catalogue.same_api("gg-3.0")
    engines = {engine.name for engine in api}
    assert {"gg-3.0", "og-low"} < engines
    assert "upscale" not in engines
    assert {state.engine for state in await app.storage.engine_states.all()} == engines


async def test_a_missing_permission_pauses_its_engine_alone(app: App, stand_ins: StandIns) -> None:
    code = "AuthFailure.UnauthorizedOperation"
    stand_ins.tencent.script("ImageToImage", code=code)
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(says(NOT_NOW))
    [direct_message] = await all_direct_messages(stand_ins)
    assert "Access Management" in direct_message.content
    assert [state.engine for state in await app.storage.engine_states.all()] == ["anime"]


async def test_a_gone_api_stays_off_over_a_restart_and_is_tried_again_after_a_day(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run():
        stand_ins.tencent.script("ImageToImage", code="ActionOffline")
        reply = await ada.restyle(photo(), engine="anime")
        await reply.until(says("no longer exists"))
    async with run() as app:
        other = await ada.restyle(photo(), prompt="as a stamp")
        assert "VOD" in (await other.until(has_pictures)).text
        named = await ada.restyle(photo(), engine="anime")
        assert named.message is not None
        assert "is not available right now" in named.message.text
        clock.skipped += 86_400
        await app.engines.look()
        again = await ada.restyle(photo(), engine="anime")
        await again.until(has_pictures)
        await until_settled(app, count=3)


async def test_a_task_at_work_outlives_a_fault_of_the_account_and_is_paid_once(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("DescribeTaskDetail", code="AuthFailure.TokenFailure", times=1)
    reply = await stand_ins.visitor("Ada").imagine("a slow river", engine="gg-3.0")
    job_id = job_id_of(int(reply.interaction.id))
    async with asyncio.timeout(10):
        while (job := await app.storage.jobs.find(job_id)) is None or job.remote_task is None:
            await asyncio.sleep(0.01)
        while job is None or job.state is not JobState.QUEUED:
            await asyncio.sleep(0.01)
            job = await app.storage.jobs.find(job_id)
    clock.skipped += 601
    await app.engines.look()
    app.worker.ring()
    await reply.until(has_pictures)
    await until_settled(app)
    assert len(stand_ins.tencent.charged) == 1


async def test_another_process_learns_of_the_pause_and_its_end(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("CreateAigcImageTask", code="LimitExceeded.Quota")
    reply = await stand_ins.visitor("Ada").imagine("a river")
    await reply.until(says(NOT_NOW))
    states = await app.storage.engine_states.all()
    assert {state.engine for state in states} == {
        engine.name for engine in app.catalogue.all() if engine.provider == "vod"
    }
    await app.storage.engine_states.lift(states)
    await app.engines.look()
    again = await stand_ins.visitor("Ada").imagine("a river")
    await again.until(has_pictures)


@pytest.mark.parametrize("status", [403, 500])
async def test_a_message_that_cannot_be_sent_is_tried_with_the_next_fault(
    app: App, stand_ins: StandIns, clock: Clock, status: int
) -> None:
    stand_ins.discord.script("POST", r"/users/@me/channels", status=status, times=1)
    stand_ins.tencent.script("ImageToImage", code=ARREARS, times=2)
    first = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await first.until(says(NOT_NOW))
    await until_settled(app)
    clock.skipped += 601
    await app.engines.look()
    second = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await second.until(says(NOT_NOW))
    assert len(await all_direct_messages(stand_ins)) == 1


async def test_a_key_rotated_in_the_file_is_taken_without_a_restart(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    good = {name: variables.pop(name) for name in list(variables) if "SECRET" in name}
    write_keys(tmp_path, dict.fromkeys(good, "AKIDbeforetherotation"))
    async with started(tmp_path, variables, "run") as process:
        reading = asyncio.create_task(end_of(process))
        await stand_ins.discord.gateway.wait_ready(TIMEOUT_S)
        write_keys(tmp_path, good)
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(has_pictures)
        process.terminate()
        said = await reading
    assert [call.error_code for call in stand_ins.tencent.calls[:2]] == [
        "AuthFailure.SecretIdNotFound",
        None,
    ]
    assert good["TENCENTCLOUD_SECRET_KEY"] not in said.out + said.err


def write_keys(folder: Path, keys: dict[str, str]) -> None:
    lines = (f"{name}={value}\n" for name, value in keys.items())
    (folder / ".env").write_text("".join(lines))


async def test_queue_show_names_what_failed_with_the_id_that_support_asks_for(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("ImageToImage", code=ARREARS)
    failed = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await failed.until(says(NOT_NOW))
    [row] = await until_settled(app)
    moderator = stand_ins.visitor("Mod")
    stand_ins.guild.add_member(moderator.user, permissions=["MANAGE_GUILD"])
    reply = await moderator.use("queue show")
    message = await reply.until(says("Failed, last 7 days"))
    assert row.request_id == stand_ins.tencent.calls[0].request_id
    for words in (row.job_id, ARREARS, f"request `{row.request_id}`"):
        assert words in message.text


async def test_queue_show_names_what_the_review_refused(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.ImageIllegalDetected", times=8)
    for number in range(8):
        refused = await stand_ins.visitor(f"Ada{number}").restyle(photo(), engine="anime")
        await refused.until(says("review refused"))
    rows = await until_settled(app, count=8)
    moderator = stand_ins.visitor("Mod")
    stand_ins.guild.add_member(moderator.user, permissions=["MANAGE_GUILD"])
    reply = await moderator.use("queue show")
    message = await reply.until(says("Refused by the service’s review"))
    shown = [row for row in rows if f"request `{row.request_id}`" in message.text]
    assert len(shown) == 6
    assert "and 2 more" in message.text


async def test_a_job_accepted_by_a_process_that_had_not_heard_ends_without_a_call(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await app.storage.operations.pause("", clock())
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(says("Queued"))
    fault = Fault(("anime",), Kind.PAUSED, ARREARS, "req-elsewhere")
    assert await app.storage.engine_states.suspend(fault, clock())
    await app.engines.look()
    await app.storage.operations.resume()
    app.worker.ring()
    await reply.until(says(NOT_NOW))
    [row] = await until_settled(app)
    assert (row.state, row.refunded, row.error_code) == ("failed", True, ARREARS)
    assert stand_ins.tencent.calls == []
