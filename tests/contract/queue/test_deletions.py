"""A deleted result is noted once, keeps its names while it is delivered, and is cleared away."""

from pathlib import Path

from bot.domain.jobs.endings import done
from bot.domain.jobs.job import JobId
from bot.worker.pruner import Keep, Pruner
from storage import Storage, open_storage
from tests.contract.orders import NOW, accept, claimed, order

FOREVER = Keep(pictures_s=1e9, words_s=1e9)


async def delivering(storage: Storage) -> JobId:
    await accept(storage, order())
    job, lease = await claimed(storage)
    await storage.blobs.put(f"{job.id}/raw/0", b"picture")
    await storage.jobs.record_drawn(lease, [f"{job.id}/raw/0"], "request", NOW)
    return job.id


async def finished(storage: Storage) -> JobId:
    job_id = await delivering(storage)
    job = await storage.jobs.find(job_id)
    assert job is not None
    await storage.jobs.end(job.lease, done(job, 1), NOW)
    return job_id


async def names(storage: Storage, job_id: JobId) -> int:
    job = await storage.jobs.find(job_id)
    assert job is not None
    return len(job.outputs)


async def test_it_is_noted_once_and_when(storage: Storage) -> None:
    job_id = await finished(storage)
    assert await storage.jobs.mark_deleted(job_id, 1, NOW + 1)
    assert not await storage.jobs.mark_deleted(job_id, 1, NOW + 2)
    job = await storage.jobs.find(job_id)
    assert job is not None
    assert job.deleted_at == NOW + 1


async def test_what_waits_or_is_not_there_is_no_result(storage: Storage) -> None:
    await accept(storage, order())
    assert not await storage.jobs.mark_deleted(order().id, 1, NOW)
    assert not await storage.jobs.mark_deleted(JobId("zzzzzzzzzzzzz"), 1, NOW)


async def test_names_are_forgotten_of_deleted_results_alone(storage: Storage) -> None:
    job_id = await finished(storage)
    await storage.jobs.forget_deleted(job_id)
    assert await names(storage, job_id) == 1
    await storage.jobs.mark_deleted(job_id, 1, NOW)
    await storage.jobs.forget_deleted(job_id)
    assert await names(storage, job_id) == 0


async def test_a_delivering_one_keeps_its_names_which_say_what_is_paid(storage: Storage) -> None:
    job_id = await delivering(storage)
    assert await storage.jobs.mark_deleted(job_id, 1, NOW)
    await storage.jobs.forget_deleted(job_id)
    assert await names(storage, job_id) == 1


async def test_what_a_crash_left_of_a_deleted_result_goes_with_the_next_pruning(
    storage: Storage,
) -> None:
    job_id = await finished(storage)
    store, blobs = storage.retention, storage.blobs
    pruner = Pruner(store=store, blobs=blobs, keep=FOREVER, now=lambda: NOW + 1)
    await pruner.prune()
    assert await names(storage, job_id) == 1
    await storage.jobs.mark_deleted(job_id, 1, NOW + 1)
    await pruner.prune()
    assert await names(storage, job_id) == 0
    assert await storage.usage.rows(0.0)


async def test_copies_are_known_in_every_process_until_their_jobs_row_goes(
    storage: Storage, url: str, tmp_path: Path
) -> None:
    job_id = await finished(storage)
    for place in ((7, 2**62), (7, 9), (7, 9)):
        await storage.jobs.note_copy(job_id, *place)
    await storage.jobs.note_copy(JobId("zzzzzzzzzzzzz"), 7, 10)
    async with open_storage(url, tmp_path) as other:
        assert sorted(await other.jobs.copies(job_id)) == [(7, 9), (7, 2**62)]
    await storage.retention.forget_words(NOW + 1, 10)
    await storage.retention.forget_pictures([job_id])
    assert await storage.retention.forget_jobs(NOW + 1, 10) == 1
    assert await storage.jobs.copies(job_id) == []


async def test_an_erased_members_copies_are_no_longer_noted(storage: Storage) -> None:
    job_id = await finished(storage)
    await storage.jobs.note_copy(job_id, 7, 9)
    await storage.personal.erase(order().destination.user_id, 5, NOW + 1)
    assert await storage.jobs.copies(job_id) == []
