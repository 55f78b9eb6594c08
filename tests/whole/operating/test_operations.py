"""What operators do to a running bot, and what members see of it."""

import asyncio
import json
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job
from bot.domain.jobs.scheduling import LONGEST_CALL_S
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until, until_settled
from tests.whole.process import bot, calls_of, easel

HOUR = 3600.0


async def test_a_paused_bot_says_why_and_goes_on_without_a_restart(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await app.storage.operations.pause("The card is being renewed.", clock())
    reply = await stand_ins.visitor("Ada").restyle(photo())
    message = await reply.until(says("The card is being renewed."))
    assert "position 1" in message.text
    assert "about" not in message.text
    await asyncio.sleep(0.3)
    assert stand_ins.tencent.calls == []
    assert await app.storage.operations.resume()
    app.worker.ring()
    await reply.until(has_pictures)


async def test_pause_and_resume_from_the_command_line_reach_the_running_bot(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    async with bot(stand_ins, tmp_path, beat_s=0.5):
        paused = await easel(tmp_path, variables, "pause", "--reason", "Back at noon.")
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(says("Back at noon."))
        doctor = await easel(tmp_path, variables, "doctor", "--json")
        without_reason = await easel(tmp_path, variables, "pause")
        resumed = await easel(tmp_path, variables, "resume")
        await reply.until(has_pictures, timeout=20)
        again = await easel(tmp_path, variables, "resume")
    assert (paused.code, resumed.code, again.code) == (0, 0, 0)
    assert "The reason stays: Back at noon." in without_reason.out
    assert "Nothing was paused" in again.out
    findings = {finding["check"]: finding for finding in json.loads(doctor.out)}
    assert findings["queue"]["status"] == "warning"
    assert "Back at noon." in findings["queue"]["text"]
    stand_ins.tencent.faults.clear()  # the doctor's probes are wrong on purpose


async def test_a_backup_beside_the_running_bot_is_whole_and_overwrites_nothing(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    async with bot(stand_ins, tmp_path):
        reply = await stand_ins.visitor("Ada").restyle(photo())
        await reply.until(has_pictures)
        made = await easel(tmp_path, variables, "backup", "copy.db")
        second = await easel(tmp_path, variables, "backup", "copy.db")
        elsewhere = await easel(tmp_path, variables, "backup", "no/such/folder.db")
    assert (made.code, second.code, elsewhere.code) == (0, 2, 2)
    assert "Traceback" not in second.err + elsewhere.err
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM jobs").fetchone() == (1,)
    copy.close()


async def test_a_backup_of_postgresql_names_the_right_tool(tmp_path: Path) -> None:
    ended = await easel(tmp_path, {"DATABASE_URL": "postgresql://e@127.0.0.1/e"}, "backup", "x.db")
    assert (ended.code, "pg_dump" in ended.err) == (2, True)


@pytest.mark.usefixtures("quick_beats")
async def test_a_job_nobody_could_start_expires_with_a_message_and_a_refund(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await app.storage.operations.pause("", clock())
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(says("Queued"))
    clock.skipped += 6 * HOUR + 1
    await reply.until(says("No place came free within 6 h"), timeout=20)
    [row] = await until_settled(app)
    assert (row.state, row.refunded, row.cost_usd) == ("expired", True, 0.0)


async def test_old_pictures_and_words_go_and_the_ledger_stays(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    async with run() as first:
        reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="as a stamp")
        await reply.until(has_pictures)
        [row] = await until_settled(first)
    kept = tmp_path / "pictures"
    assert [path for path in kept.rglob("*") if path.is_file()]
    clock.skipped += 181 * 24 * HOUR
    async with run() as second:
        async with asyncio.timeout(10):
            # Tokens go last of what a job's row says.
            while (job := await second.storage.jobs.find(row.job_id)) and _token_of(job):
                await asyncio.sleep(0.01)
        assert job is not None
        assert (job.outputs, job.order.inputs, job.order.options.prompt) == ((), (), "")
        assert [path for path in kept.rglob("*") if path.is_file()] == []
        assert len(await ledger(second)) == 1


def _token_of(job: Job) -> str:
    return job.order.destination.token


async def test_queue_show_tells_a_moderator_what_runs_waits_and_got_lost(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("ImageToImage", when="after", drop=True)
    lost = await stand_ins.visitor("Ada").restyle(photo())
    await lost.until(says("nobody knows"))
    await app.storage.operations.pause("Back at noon.", clock())
    waiting = await stand_ins.visitor("Bob").restyle(photo())
    await waiting.until(says("Back at noon."))
    moderator = stand_ins.visitor("Mod")
    stand_ins.guild.add_member(moderator.user, permissions=["MANAGE_GUILD"])
    reply = await moderator.use("queue show")
    message = await reply.until(says("Pictures being made now: none"))
    assert reply.ephemeral
    row, _ = await until_settled(app)
    for words in (
        "All servers were paused",
        "Back at noon.",
        "1, the oldest was asked",
        row.job_id,
        "no request id",
    ):
        assert words in message.text
    assert message.mentions == []
    refused = await stand_ins.visitor("Ada").use("queue show")
    answer = await refused.until(says("Manage Server"))
    assert answer.ephemeral


async def test_a_pool_without_a_place_rests_longer_each_time_and_the_job_keeps_its_place(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    busy = "RequestLimitExceeded.JobNumExceed"
    stand_ins.tencent.script("ImageToImage", code=busy, times=2)
    ada = stand_ins.visitor("Ada")
    first = await ada.restyle(photo(), prompt="first")
    await until(lambda: len(stand_ins.tencent.calls) == 1)
    second = await stand_ins.visitor("Bob").restyle(photo(), prompt="second")
    await asyncio.sleep(0.3)
    assert len(stand_ins.tencent.calls) == 1, "the pool rests"
    clock.skipped += 5.1
    app.worker.ring()
    await until(lambda: len(stand_ins.tencent.calls) > 1)
    await asyncio.sleep(0.3)
    calls = len(stand_ins.tencent.calls)
    clock.skipped += 5.1
    app.worker.ring()
    await asyncio.sleep(0.3)
    assert len(stand_ins.tencent.calls) == calls, "ten seconds this time"
    clock.skipped += 5.1
    app.worker.ring()
    await first.until(has_pictures)
    await second.until(has_pictures)
    assert stand_ins.tencent.calls[1].params["Prompt"] == "first"
    await until_settled(app, count=2)


async def test_a_stop_leaves_unsent_jobs_for_the_next_start_and_finishes_the_sent_one(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.seconds_per_picture = 1.5
    ada = stand_ins.visitor("Ada")
    async with bot(stand_ins, tmp_path) as process:
        sent = await ada.restyle(photo(), prompt="first")
        await calls_of(stand_ins, "ImageToImage")
        waiting = await ada.restyle(photo(), prompt="second")
        await waiting.until(says("Queued"))
    assert process.returncode == 0
    assert has_pictures(await sent.until(has_pictures))
    assert len(stand_ins.tencent.calls) == 1
    async with bot(stand_ins, tmp_path):
        await waiting.until(has_pictures, timeout=20)
    assert len(stand_ins.tencent.charged) == 2


async def test_a_second_signal_ends_the_process_at_once(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    async with bot(stand_ins, tmp_path) as process:
        await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)
    assert process.returncode == -signal.SIGTERM, "and not 0, as after the grace"


async def test_a_task_still_at_work_after_the_grace_is_taken_up_by_the_next_start(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.hold()
    async with bot(stand_ins, tmp_path, grace_s=1.0) as process:
        reply = await stand_ins.visitor("Ada").imagine("a slow river", engine="gg-3.0")
        await calls_of(stand_ins, "DescribeTaskDetail")
    assert process.returncode == 0
    async with bot(stand_ins, tmp_path):
        stand_ins.tencent.release()
        await reply.until(has_pictures, timeout=30)
    created = [call for call in stand_ins.tencent.calls if call.action == "CreateAigcImageTask"]
    assert len(created) == 1
    assert len(stand_ins.tencent.charged) == 1


async def test_after_a_kill_the_lost_calls_slot_stays_taken_while_it_may_run(
    run: Run, stand_ins: StandIns, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[pools.aiart]\nconcurrency = 1\n")
    stand_ins.tencent.seconds_per_picture = 2.0
    async with bot(stand_ins, tmp_path, signal.SIGKILL):
        lost = await stand_ins.visitor("Ada").restyle(photo())
        await calls_of(stand_ins, "ImageToImage")
    async with run() as app:
        await lost.until(says("nobody knows"), timeout=20)
        next_one = await stand_ins.visitor("Bob").restyle(photo())
        await next_one.until(says("Queued"))
        await asyncio.sleep(0.3)
        assert len(stand_ins.tencent.calls) == 1
        clock.skipped += LONGEST_CALL_S
        app.worker.ring()
        await next_one.until(has_pictures, timeout=20)
        await until_settled(app, count=2)
