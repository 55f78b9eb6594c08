"""From raw pictures to an end, with deliveries, disks and addresses that fail."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.provider_errors import ServerFault
from bot.domain.errors import Undeliverable
from bot.domain.jobs.endings import failed
from bot.domain.jobs.job import Job, JobState, Lease
from bot.domain.jobs.line import Standing
from bot.domain.jobs.scheduling import DELIVERED_WITHIN_S
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.pictures import AttachmentMaker, BlobStore
from bot.worker.finisher import Finisher
from storage import Storage
from tests.contract.orders import LEASE_S, NOW, accept, claimed, lease_of, order
from tests.domain.engines.samples import ANIME
from tests.imaging import corpus
from tests.worker.test_runner import Watch, storage

__all__ = ["storage"]

PICTURE = corpus.saved("PNG")
ADDRESS = "https://a.cos.myqcloud.com/a.png"
TORN = corpus.cut(PICTURE)
Fetch = Callable[[str], Awaitable[bytes]]


class Post:
    """A way to members that fails as it is told."""

    def __init__(self, *faults: Exception) -> None:
        self._faults = list(faults)
        self.posted: list[int] = []
        self.told: list[str] = []

    async def announce(self, job: Job, standing: Standing) -> None:
        raise NotImplementedError

    def shown(self, job_id: str) -> Standing | None:
        raise NotImplementedError

    async def refresh(self, job: Job, standing: Standing) -> None:
        raise NotImplementedError

    async def post(self, job: Job, system: str, album: AttachmentMaker) -> None:
        del job, system
        self._fail()
        self.posted.append(len((await album(10_000_000)).pictures))

    async def tell(self, job: Job) -> None:
        self._fail()
        self.told.append(job.id)

    def _fail(self) -> None:
        if self._faults:
            raise self._faults.pop(0)


class FullDisk:
    """A blob store that takes nothing more."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def get(self, key: str) -> bytes:
        return await self._blobs.get(key)

    async def put(self, key: str, data: bytes) -> None:
        raise StorageUnavailable from OSError(f"no room for {len(data)} bytes of {key}")

    async def delete(self, keys: Sequence[str]) -> None:
        await self._blobs.delete(keys)

    async def owners(self, before: str) -> list[str]:
        return await self._blobs.job_ids(before)

    async def delete_all(self, owner: str) -> None:
        await self._blobs.delete_all(owner)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


class Ticking:
    """A clock that an hour passes by at every look, once it is told to hurry."""

    def __init__(self, at: float) -> None:
        self.at = at
        self.step_s = 0.0

    def __call__(self) -> float:
        self.at += self.step_s
        return self.at


async def fetched(_: str) -> bytes:
    return PICTURE


def finisher(
    storage: Storage,
    post: Post,
    clock: Callable[[], float],
    *,
    fetch: Fetch = fetched,
    blobs: BlobStore | None = None,
) -> Finisher:
    return Finisher(
        store=storage.jobs,
        blobs=blobs or storage.blobs,
        deliverer=post,
        catalogue=Catalogue([ANIME], providers=["aiart"]),
        fetch=fetch,
        watch=Watch(),
        producer="",
        now=clock,
    )


async def drawn(storage: Storage, *, urls: Sequence[str] = ()) -> tuple[Job, Lease]:
    """A job whose picture is made, as the task that made it holds it."""
    await accept(storage, order())
    job, lease = await claimed(storage)
    keys = [] if urls else [f"{job.id}/raw/0"]
    for key in keys:
        await storage.blobs.put(key, PICTURE)
    await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.record_drawn(lease, keys, "req-1", NOW + 110, results=urls)
    return await read(storage, job), lease


async def read(storage: Storage, job: Job) -> Job:
    found = await storage.jobs.find(job.id)
    assert found is not None
    return found


async def test_a_fault_of_one_delivery_is_tried_again_and_the_picture_kept_before(
    storage: Storage,
) -> None:
    job, lease = await drawn(storage, urls=[ADDRESS])
    post, clock = Post(RuntimeError("a bug")), Ticking(NOW + 120)
    await finisher(storage, post, clock).finish(job, lease)

    after = await read(storage, job)
    assert (after.state, after.worker) == (JobState.DELIVERING, None)
    assert (after.outputs, after.results) == ((f"{job.id}/raw/0",), ())
    clock.at += 600
    again = await storage.jobs.claim_delivery("w2", clock.at, LEASE_S)
    assert again is not None
    await finisher(storage, post, clock).finish(again, lease_of(again))
    assert (await read(storage, job)).state is JobState.DONE
    assert post.posted == [1]


async def test_an_end_that_nobody_could_be_told_for_days_is_let_go(storage: Storage) -> None:
    await accept(storage, order())
    job, lease = await claimed(storage)
    await storage.jobs.end(lease, failed(job, ServerFault("Broken")), NOW + 110)
    late = NOW + 110 + DELIVERED_WITHIN_S
    held = await storage.jobs.claim_delivery("w", late, LEASE_S)
    assert held is not None
    await finisher(storage, Post(Undeliverable()), Ticking(late)).finish(held, lease_of(held))
    assert await storage.jobs.claim_delivery("w", late + 9_999, LEASE_S) is None
    assert (await read(storage, job)).state is JobState.FAILED


async def test_a_picture_that_could_not_be_fetched_for_days_is_lost_paid_and_refunded(
    storage: Storage,
) -> None:
    async def broken(_: str) -> bytes:
        raise ServerFault("ResultNotFetched")

    job, lease = await drawn(storage, urls=[ADDRESS])
    early, late = Ticking(NOW + 120), Ticking(NOW + 110 + DELIVERED_WITHIN_S)
    await finisher(storage, Post(), early, fetch=broken).finish(job, lease)
    assert (await read(storage, job)).state is JobState.DELIVERING
    held = await storage.jobs.claim_delivery("w", late.at, LEASE_S)
    assert held is not None
    await finisher(storage, Post(), late, fetch=broken).finish(held, lease_of(held))
    [row] = await storage.usage.rows(0.0)
    assert (row.state, row.error_code) == ("unknown", "ResultLost")
    assert (row.images, row.cost_usd, row.request_id) == (0, 0.08, "req-1")


async def test_what_cannot_be_read_does_not_end_before_it_is_kept(storage: Storage) -> None:
    async def torn(_: str) -> bytes:
        return TORN

    job, lease = await drawn(storage, urls=[ADDRESS])
    clock = Ticking(NOW + 120)
    full = FullDisk(storage.blobs)
    clock.step_s = 60.0
    await finisher(storage, Post(), clock, fetch=torn, blobs=full).finish(job, lease)
    after = await read(storage, job)
    assert (after.state, after.results) == (JobState.DELIVERING, (ADDRESS,))

    clock.step_s = 0.0
    held = await storage.jobs.claim_delivery("w", clock.at + 999, LEASE_S)
    assert held is not None
    await finisher(storage, Post(), clock, fetch=torn).finish(held, lease_of(held))
    after = await read(storage, job)
    assert (after.state, after.error_code) == (JobState.UNKNOWN, "ResultUnreadable")
    assert after.is_kept_unread
    assert await storage.blobs.get(after.outputs[0]) == TORN
    assert replace(after, error_code=None).is_kept_unread is False
