"""What is old is cleared away and nothing else, on both databases, with both kinds of blobs."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.domain.jobs.endings import Ending, done
from bot.domain.jobs.job import Job, JobId, JobState, Order, job_id_of, lowest_job_id_at
from bot.worker.pruner import Keep, Pruner
from storage import Storage
from storage.database.tables import jobs, lanes
from tests.contract import recount
from tests.contract.orders import NOW, accept, claimed, order

DAY = 86400.0
KEEP = Keep(pictures_s=30 * DAY, words_s=180 * DAY)
ID_NOW = job_id_of(int(NOW * 1000 - 1_420_070_400_000) << 22)


async def prune(storage: Storage, now: float, keep: Keep = KEEP) -> None:
    store, blobs = storage.retention, storage.blobs
    await Pruner(store=store, blobs=blobs, keep=keep, now=lambda: now, batch=2).prune()


async def finish(storage: Storage, number: int = 1) -> Order:
    """Take a job with an upload all the way to its pictures; it ends at NOW."""
    asked = order(number, user=number)
    asked = replace(asked, inputs=(f"{asked.id}/in/0",))
    await storage.blobs.put(asked.inputs[0], b"upload")
    await accept(storage, asked)
    job, lease = await claimed(storage)
    raw = f"{job.id}/raw/0"
    await storage.blobs.put(raw, b"picture")
    await storage.jobs.record_drawn(lease, [raw], "request", NOW)
    await storage.jobs.end(lease, done(job, 1), NOW)
    return asked


async def found(storage: Storage, job_id: JobId) -> Job:
    job = await storage.jobs.find(job_id)
    assert job is not None
    return job


async def is_kept(storage: Storage, key: str) -> bool:
    try:
        await storage.blobs.get(key)
    except KeyError:
        return False
    return True


async def test_pictures_then_words_then_the_row_go_and_the_ledger_stays(storage: Storage) -> None:
    asked = await finish(storage)
    raw = f"{asked.id}/raw/0"
    await prune(storage, NOW + 30 * DAY - 1)
    assert (await found(storage, asked.id)).outputs == (raw,)
    assert await is_kept(storage, raw)
    await prune(storage, NOW + 30 * DAY + 1)
    job = await found(storage, asked.id)
    assert (job.outputs, job.order.inputs, job.order.options.prompt) == (
        (), (), "as a watercolour",
    )  # fmt: skip
    assert not await is_kept(storage, raw)
    assert not await is_kept(storage, asked.inputs[0])
    await prune(storage, NOW + 180 * DAY + 1)
    assert (await found(storage, asked.id)).order.options.prompt == ""
    await prune(storage, NOW + 300 * DAY)
    assert await storage.jobs.find(asked.id) is None
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.images, row.request_id) == ("done", 1, "request")


async def test_many_old_jobs_go_in_batches(storage: Storage) -> None:
    asked = [await finish(storage, number) for number in range(1, 6)]
    await prune(storage, NOW + 31 * DAY)
    assert [await is_kept(storage, f"{each.id}/raw/0") for each in asked] == [False] * 5
    await prune(storage, NOW + 300 * DAY)
    assert [await storage.jobs.find(each.id) for each in asked] == [None] * 5


@pytest.mark.parametrize("state", ["queued", "running", "delivering"])
async def test_a_job_that_has_not_ended_keeps_everything(storage: Storage, state: str) -> None:
    asked = replace(order(), inputs=(f"{order().id}/in/0",))
    await storage.blobs.put(asked.inputs[0], b"upload")
    await accept(storage, asked)
    if state != "queued":
        _, lease = await claimed(storage)
        if state == "delivering":
            await storage.jobs.record_drawn(lease, ["raw"], None, NOW)
    await prune(storage, NOW + 900 * DAY)
    job = await found(storage, asked.id)
    assert (job.state, job.order.inputs) == (state, asked.inputs)
    assert job.order.options.prompt
    assert await is_kept(storage, asked.inputs[0])


async def test_tokens_go_once_discord_takes_them_no_more(storage: Storage) -> None:
    await accept(storage, order())
    await prune(storage, NOW + 29 * 60)
    assert (await found(storage, order().id)).order.destination.token
    await prune(storage, NOW + 31 * 60)
    job = await found(storage, order().id)
    assert (job.order.destination.token, job.state) == ("", JobState.QUEUED)


async def test_uploads_of_requests_that_never_became_jobs_go_after_a_day(
    storage: Storage,
) -> None:
    stray, fresh = lowest_job_id_at(NOW - 2 * DAY), lowest_job_id_at(NOW - DAY / 2)
    asked = await finish(storage)
    for job_id in (stray, fresh):
        await storage.blobs.put(f"{job_id}/in/0", b"upload")
        await storage.blobs.put(f"{job_id}/in/1", b"upload")
    await prune(storage, NOW)
    assert not await is_kept(storage, f"{stray}/in/0")
    assert not await is_kept(storage, f"{stray}/in/1")
    assert await is_kept(storage, f"{fresh}/in/0")
    assert await is_kept(storage, f"{asked.id}/raw/0")


async def test_the_lowest_id_of_a_moment_is_that_of_its_first_snowflake() -> None:
    assert lowest_job_id_at(NOW) == ID_NOW
    assert lowest_job_id_at(0) == job_id_of(0)


async def test_lanes_that_owe_or_work_stay(storage: Storage) -> None:
    await accept(storage, order(1, guild=1, user=1), order(2, guild=2, user=2, count=9))
    for _ in range(2):
        _, lease = await claimed(storage)
        await storage.jobs.end(lease, Ending(JobState.FAILED), NOW)
    before = await lanes_of(storage)
    assert await storage.retention.forget_lanes(9) == 0
    assert await lanes_of(storage) == before, "nobody's time is past yet"


async def test_an_idle_lane_behind_the_clock_goes(storage: Storage) -> None:
    first, second = order(1, guild=1, user=1), order(2, guild=2, user=2, count=3)
    for asked in (first, second, order(3, guild=2, user=2), order(4, guild=2, user=2)):
        await accept(storage, asked)
        _, lease = await claimed(storage)
        await storage.jobs.end(lease, Ending(JobState.FAILED), NOW)
    assert await storage.retention.forget_lanes(9) == 2
    left = await lanes_of(storage)
    assert first.destination.guild_id not in left
    assert second.destination.guild_id in left


async def test_idle_lanes_go_in_batches_and_what_works_beside_them_stays(
    storage: Storage,
) -> None:
    alone, beside, busy = (order(1, guild=1), order(2, guild=2, user=2), order(3, guild=2, user=3))
    ended = (alone, beside, order(6, guild=5, user=6), order(4, guild=3, user=4, count=9))
    for asked in ended:
        await accept(storage, asked)
        _, lease = await claimed(storage)
        await storage.jobs.end(lease, Ending(JobState.FAILED), NOW)
    await accept(storage, busy, order(5, guild=4, user=5))
    await claimed(storage)
    async with storage.engine.begin() as conn:
        await conn.execute(update(lanes).where(lanes.c.lane == 0).values(vtime=5.0))
    assert await storage.retention.forget_lanes(1) == 1
    await prune(storage, NOW)
    recount.check_lanes(await recount.look(storage))
    async with storage.engine.connect() as conn:
        left = select(lanes.c.lane, lanes.c.user_id).where(lanes.c.lane != 0)
        keys = {(row.lane, row.user_id) for row in await conn.execute(left)}
    assert keys == {
        (place.guild_id, user_id)
        for place in (busy.destination, order(4, guild=3, user=4).destination,
                      order(5, guild=4, user=5).destination)
        for user_id in (0, place.user_id)
    }  # fmt: skip


async def lanes_of(storage: Storage) -> set[int | None]:
    async with storage.engine.connect() as conn:
        return set(await conn.scalars(select(lanes.c.lane).where(lanes.c.lane != 0)))


async def test_a_pruned_database_claims_as_before(storage: Storage) -> None:
    await finish(storage)
    await prune(storage, NOW + 300 * DAY)
    async with storage.engine.connect() as conn:
        assert await conn.scalar(select(func.count()).select_from(jobs)) == 0
    await accept(storage, order(7))
    await claimed(storage)
