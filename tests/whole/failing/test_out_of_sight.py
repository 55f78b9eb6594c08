"""Tasks at work that nobody can see for a while: taken up again, never made or paid twice."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Cancel, Job, job_id_of
from bot.sandbox.discord.visitor import Reply
from tests.whole.conftest import Clock, Run, has_pictures, says, until, until_settled

PRICE = 0.11
CATALOGUE = f"""
[engines.mine]
provider = "vod"
model = "GG"
version = "3.0"
pool = "vod"
price_usd = {PRICE}
"""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
def run_mine(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "easel.toml").write_text(CATALOGUE)
    return run


async def ask(stand_ins: StandIns) -> Reply:
    return await stand_ins.visitor("Ada").imagine("a slow river", engine="mine")


async def job_when(app: App, reply: Reply, met: Callable[[Job], object]) -> Job:
    job_id = job_id_of(int(reply.interaction.id))
    async with asyncio.timeout(10):
        while (job := await app.storage.jobs.find(job_id)) is None or not met(job):
            await asyncio.sleep(0.01)
    return job


def is_back_in_line(job: Job) -> bool:
    return job.state == "queued" and job.sent_at is not None


async def soon(app: App, clock: Clock, seconds: float) -> None:
    clock.skipped += seconds
    app.worker.ring()


async def test_an_outage_of_the_status_call_outlasts_no_made_picture(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        stand_ins.tencent.script("DescribeTaskDetail", code="InvalidParameterValue", times=6)
        reply = await ask(stand_ins)
        for tries in range(1, 7):
            await job_when(
                app, reply, lambda job, tries=tries: is_back_in_line(job) and job.attempt == tries
            )
            await soon(app, clock, 61)
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        assert (row.state, row.cost_usd) == ("done", PRICE)
    assert len(stand_ins.tencent.charged) == 1


async def test_polls_that_get_no_answer_use_up_no_tries(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        stand_ins.tencent.script("DescribeTaskDetail", drop=True, times=9)
        reply = await ask(stand_ins)
        await job_when(app, reply, lambda job: job.remote_task)
        async with app.storage.engine.begin() as conn:
            await conn.execute(text("UPDATE jobs SET faults = 3"))
        await job_when(app, reply, is_back_in_line)
        await soon(app, clock, 61)
        await reply.until(has_pictures)
        assert [row.state for row in await until_settled(app)] == ["done"]


async def test_a_task_never_seen_again_ends_as_unknown_at_its_price(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        stand_ins.tencent.script("DescribeTaskDetail", code="InvalidParameterValue", times=2)
        reply = await ask(stand_ins)
        await job_when(app, reply, is_back_in_line)
        await soon(app, clock, 13 * 3600)
        [row] = await until_settled(app)
        assert (row.state, row.cost_usd, row.refunded) == ("unknown", PRICE, True)
        message = reply.message
        assert message is not None
        await until(lambda: says("nobody knows")(message))


async def test_a_job_whose_creation_went_unanswered_cannot_be_cancelled_as_if_unsent(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        stand_ins.tencent.script("CreateAigcImageTask", when="after", drop=True)
        reply = await ask(stand_ins)
        job = await job_when(app, reply, is_back_in_line)
        asker = job.order.destination.user_id
        assert await app.storage.jobs.cancel(job.id, asker, clock(), if_sent=False) is Cancel.PAID
        assert await app.storage.jobs.cancel(job.id, asker, clock(), if_sent=True) is Cancel.MARKED
        await soon(app, clock, 61)
        [row] = await until_settled(app)
        assert (row.state, row.cost_usd, row.refunded) == ("cancelled", PRICE, False)
    assert len(stand_ins.tencent.charged) == 1


async def test_a_creation_that_was_answered_with_an_error_can_be_cancelled_for_nothing(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        stand_ins.tencent.script("CreateAigcImageTask", code="InternalError", times=2)
        reply = await ask(stand_ins)
        job = await job_when(app, reply, lambda job: job.faults)
        asker = job.order.destination.user_id
        assert await app.storage.jobs.cancel(job.id, asker, clock(), if_sent=False) is Cancel.ENDED
        [row] = await until_settled(app)
        assert (row.state, row.cost_usd) == ("cancelled", 0.0)


async def test_a_fault_of_our_own_after_the_creation_ends_as_unknown_at_its_price(
    run_mine: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run_mine() as app:
        async with app.storage.engine.begin() as conn:
            await conn.execute(
                text(
                    "CREATE TRIGGER broken BEFORE UPDATE ON jobs WHEN NEW.remote_task IS NOT NULL "
                    "BEGIN SELECT RAISE(ABORT, 'broken'); END"
                )
            )
        reply = await ask(stand_ins)
        for faults in (1, 2, 3):
            job = await job_when(app, reply, lambda job, faults=faults: job.faults == faults)
            assert is_back_in_line(job)
            await soon(app, clock, 61)
        [row] = await until_settled(app)
        assert (row.state, row.cost_usd, row.refunded) == ("unknown", PRICE, True)
        assert reply.message is not None
        assert "our fault" not in reply.message.text
        await until(lambda: len(stand_ins.tencent.charged) == 1)  # it made it meanwhile
