"""One job at the real providers: what becomes of it when a fault, a cancel or a rescue strikes."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.jobs.job import Job, JobState, Lease
from bot.sandbox.tencent.server import TencentSandbox
from bot.worker.outcomes import Ended, LeaseGone, Requeued, ToDeliver
from storage import Storage
from tests.contract.orders import LIMITS, NOW, accept, claimed, order
from tests.providers.work import photo
from tests.worker.conftest import Meanwhile, Open

# Pictures inside the reply, which are kept before the job is delivered.
INLINE = '[engines.anime]\nsettings = { returns = "base64" }\n'
AGAIN = f"[limits]\nretry_unknown = true\n{INLINE}"
MINE = '[engines.mine]\nprovider = "vod"\nmodel = "GG"\nversion = "3.0"\npool = "vod"\n'
LONG_AFTER = NOW + 10_000
BUSY, BROKEN = "RequestLimitExceeded.JobNumExceed", "FailedOperation.ServerError"


async def started(storage: Storage, **changes: Any) -> tuple[Job, Lease]:
    asked = order()
    key = f"{asked.id}/in/0"
    await storage.blobs.put(key, photo())
    await accept(storage, replace(asked, inputs=(key,), **changes))
    pool = changes.get("pool", "aiart")
    return await claimed(storage, pool=pool, limits=replace(LIMITS, pools={pool: 1}))


async def read(storage: Storage, job: Job) -> Job:
    found = await storage.jobs.find(job.id)
    assert found is not None
    return found


async def cancel(storage: Storage, job: Job) -> None:
    await storage.jobs.cancel(job.id, job.order.destination.user_id, NOW + 150, if_sent=True)


async def is_kept(storage: Storage, job: Job) -> bool:
    try:
        return bool(await storage.blobs.get(f"{job.id}/raw/0"))
    except KeyError:
        return False


async def test_a_picture_inside_a_reply_is_kept_before_it_is_delivered(
    storage: Storage, runner_with: Open
) -> None:
    job, lease = await started(storage)
    outcome = await runner_with(INLINE).run(job, lease)
    assert isinstance(outcome, ToDeliver)
    drawn = outcome.job
    assert (drawn.state, drawn.outputs) == (JobState.DELIVERING, (f"{job.id}/raw/0",))
    assert await read(storage, job) == replace(drawn, drawn_at=NOW + 200, sent_at=NOW + 200)
    assert await is_kept(storage, job)


async def test_the_pictures_of_a_job_cancelled_at_work_go_with_it(
    storage: Storage, runner_with: Open, meanwhile: Meanwhile, tencent: TencentSandbox
) -> None:
    job, lease = await started(storage)
    outcome = await meanwhile(runner_with(INLINE), job, lease, cancel(storage, job))
    [charge] = tencent.charged
    assert isinstance(outcome, Ended)
    ending = outcome.ending
    assert (ending.state, ending.images) == (JobState.CANCELLED, 1)
    assert ending.request_id == charge.request_id
    assert not await is_kept(storage, job)


async def test_who_lost_the_lease_deletes_nothing_and_ends_nothing(
    storage: Storage, runner_with: Open, meanwhile: Meanwhile
) -> None:
    job, lease = await started(storage)
    outcome = await meanwhile(runner_with(INLINE), job, lease, storage.jobs.rescue(LONG_AFTER))
    assert outcome == LeaseGone()
    assert await is_kept(storage, job)
    assert (await read(storage, job)).state is JobState.UNKNOWN


async def test_a_task_that_is_known_too_late_is_dropped(
    storage: Storage, runner_with: Open, meanwhile: Meanwhile, tencent: TencentSandbox
) -> None:
    job, lease = await started(storage, engine="hy-3.0", pool="aiart-job")
    tencent.script("SubmitTextToImageJob", when="after", held=True)
    outcome = await meanwhile(runner_with(""), job, lease, storage.jobs.rescue(LONG_AFTER))
    assert outcome == LeaseGone()
    assert (await read(storage, job)).remote_task is None
    assert [call.action for call in tencent.calls] == ["SubmitTextToImageJob"]


@pytest.mark.parametrize(("code", "pause_s"), [(BROKEN, 0.0), (BUSY, 5.0)])
async def test_only_a_busy_api_rests_the_pool(
    storage: Storage, runner_with: Open, tencent: TencentSandbox, code: str, pause_s: float
) -> None:
    job, lease = await started(storage)
    tencent.script("ImageToImage", code=code)
    assert await runner_with(INLINE).run(job, lease) == Requeued(pause_s)
    assert (await read(storage, job)).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("fault", "state", "billed"),
    [({"code": BROKEN}, JobState.CANCELLED, 0), ({"drop": True}, JobState.UNKNOWN, 1)],
)
async def test_a_cancelled_job_is_not_tried_again_and_pays_what_may_be_paid(
    storage: Storage,
    runner_with: Open,
    meanwhile: Meanwhile,
    tencent: TencentSandbox,
    fault: dict[str, Any],
    state: JobState,
    billed: int,
) -> None:
    job, lease = await started(storage)
    tencent.script("ImageToImage", held=True, **fault)
    outcome = await meanwhile(runner_with(AGAIN), job, lease, cancel(storage, job))
    assert isinstance(outcome, Ended)
    ending = outcome.ending
    assert (ending.state, ending.images, ending.billed) == (state, 0, billed)
    assert (await read(storage, job)).state is state


async def test_an_engine_that_was_taken_out_ends_what_was_not_sent(
    storage: Storage, runner_with: Open, tencent: TencentSandbox
) -> None:
    job, lease = await started(storage, engine="mine", pool="vod")
    outcome = await runner_with("").run(job, lease)
    assert isinstance(outcome, Ended)
    ending = outcome.ending
    assert (ending.state, ending.billed) == (JobState.FAILED, 0)
    assert tencent.calls == []


async def test_an_engine_that_was_taken_out_is_waited_for_by_what_was_sent(
    storage: Storage, runner_with: Open, tencent: TencentSandbox
) -> None:
    job, lease = await started(storage, engine="mine", pool="vod", is_resumable=True)
    tencent.hold()
    at_work = asyncio.create_task(runner_with(MINE).run(job, lease))
    while not (task := (await read(storage, job)).remote_task):
        await asyncio.sleep(0.01)
    at_work.cancel()  # as a crash does
    await asyncio.wait({at_work})
    await storage.jobs.rescue(LONG_AFTER)
    job, lease = await claimed(storage, pool="vod", now=LONG_AFTER + 1)
    assert await runner_with("").run(job, lease) == Requeued(0.0)
    assert (await read(storage, job)).remote_task == task

    tencent.release()
    job, lease = await claimed(storage, pool="vod", now=LONG_AFTER + 100)
    assert isinstance(await runner_with(MINE).run(job, lease), ToDeliver)
    assert len(tencent.charged) == 1
