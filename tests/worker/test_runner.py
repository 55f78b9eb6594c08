"""One job on a real store: what becomes of it when a provider, a cancel or a rescue strikes."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.provider_errors import Busy, OperatorFault, OutcomeUnknown, ServerFault
from bot.domain.engines.states import Telling
from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import Job, JobState, Lease
from bot.ports.provider import Drawn, Journal, Work
from bot.worker.runner import Returned, Runner
from storage import Storage, open_storage
from tests.contract.orders import NOW, accept, claimed, lease_of, order
from tests.domain.engines.samples import ANIME, GG

PICTURE = b"a raw picture"
LONG_AFTER = NOW + 10_000
Draw = Callable[[Work, Journal], Awaitable[Drawn]]


class Told:
    """A provider that does what a test tells it."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def is_resumable(self, engine: Engine) -> bool:
        return engine is GG

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        return await self._draw(work, journal)


class Watch:
    """Notes what it hears of engines; a broken one has no database to note it in."""

    def __init__(self, *, is_broken: bool = False) -> None:
        self.heard: list[Telling | None] = []
        self._is_broken = is_broken

    async def report(self, engine: Engine, error: Telling) -> None:
        del engine
        if self._is_broken:
            raise RuntimeError
        self.heard.append(error)

    async def worked(self, engine: Engine) -> None:
        del engine
        self.heard.append(None)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
async def storage(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'easel.db')}"
    async with open_storage(url, tmp_path) as opened:
        yield opened


def runner(
    storage: Storage, draw: Draw, *engines: Engine, watch: Watch | None = None, again: bool = False
) -> Runner:
    return Runner(
        store=storage.jobs,
        blobs=storage.blobs,
        catalogue=Catalogue(engines or (ANIME,), providers=["aiart", "vod"]),
        providers={"aiart": Told(draw), "vod": Told(draw)},
        watch=watch or Watch(),
        now=lambda: NOW + 200,
        retry_unknown=again,
    )


async def started(storage: Storage) -> tuple[Job, Lease]:
    await accept(storage, order())
    return await claimed(storage)


async def read(storage: Storage, job: Job) -> Job:
    found = await storage.jobs.find(job.id)
    assert found is not None
    return found


async def cancel(storage: Storage, job: Job) -> None:
    await storage.jobs.cancel(job.id, job.order.destination.user_id, NOW + 150, if_sent=True)


async def is_kept(storage: Storage, job: Job) -> bool:
    try:
        return await storage.blobs.get(f"{job.id}/raw/0") == PICTURE
    except KeyError:
        return False


async def test_the_pictures_of_a_job_cancelled_at_work_go_with_it(storage: Storage) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        await cancel(storage, job)
        return Drawn((PICTURE,), "req-1")

    ending = await runner(storage, draw).run(job, lease)
    assert isinstance(ending, Ending)
    assert (ending.state, ending.images, ending.request_id) == (JobState.CANCELLED, 1, "req-1")
    assert not await is_kept(storage, job)


async def test_who_lost_the_lease_deletes_nothing_and_ends_nothing(storage: Storage) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        await storage.jobs.rescue(LONG_AFTER)
        return Drawn((PICTURE,), "req-1")

    assert await runner(storage, draw).run(job, lease) is None
    assert await is_kept(storage, job)
    assert (await read(storage, job)).state is JobState.UNKNOWN


async def test_a_task_that_is_known_too_late_is_dropped(storage: Storage) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        await storage.jobs.rescue(LONG_AFTER)
        await journal.accepted("task-1")
        raise AssertionError("the lease is lost")

    assert await runner(storage, draw).run(job, lease) is None
    assert (await read(storage, job)).remote_task is None


@pytest.mark.parametrize(
    ("error", "pause_s"), [(ServerFault("Broken"), 0.0), (Busy(retry_after_s=7.0), 7.0)]
)
async def test_only_a_busy_api_rests_the_pool(
    storage: Storage, error: ServerFault | Busy, pause_s: float
) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        raise error

    assert await runner(storage, draw).run(job, lease) == Returned(pause_s)
    assert (await read(storage, job)).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("error", "state", "billed"),
    [(ServerFault("Broken"), JobState.CANCELLED, 0), (OutcomeUnknown(), JobState.UNKNOWN, 1)],
)
async def test_a_cancelled_job_is_not_tried_again_and_pays_what_may_be_paid(
    storage: Storage, error: ServerFault | OutcomeUnknown, state: JobState, billed: int
) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        await cancel(storage, job)
        raise error

    ending = await runner(storage, draw, again=True).run(job, lease)
    assert isinstance(ending, Ending)
    assert (ending.state, ending.images, ending.billed) == (state, 0, billed)
    assert (await read(storage, job)).state is state


async def test_an_engine_that_was_taken_out_ends_what_was_not_sent(storage: Storage) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, __: Journal) -> Drawn:
        raise AssertionError("there is no such engine")

    ending = await runner(storage, draw, GG).run(job, lease)
    assert isinstance(ending, Ending)
    assert (ending.state, ending.billed) == (JobState.FAILED, 0)


async def test_an_engine_that_was_taken_out_is_waited_for_by_what_was_sent(
    storage: Storage,
) -> None:
    await accept(storage, order(is_resumable=True))
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 110)
    await storage.jobs.record_task(lease, "task-1")
    await storage.jobs.rescue(LONG_AFTER)
    job, lease = await claimed(storage, now=LONG_AFTER + 1)

    async def draw(_: Work, __: Journal) -> Drawn:
        raise AssertionError("there is no such engine")

    assert await runner(storage, draw, GG).run(job, lease) == Returned(0.0)
    assert (await read(storage, job)).remote_task == "task-1"


async def test_an_engine_state_that_cannot_be_kept_costs_no_job_its_end(storage: Storage) -> None:
    job, lease = await started(storage)

    async def draw(_: Work, journal: Journal) -> Drawn:
        await journal.sending()
        raise OperatorFault("NoKey")

    ending = await runner(storage, draw, watch=Watch(is_broken=True)).run(job, lease)
    assert isinstance(ending, Ending)
    assert ending.state is JobState.FAILED
    assert lease == lease_of(job)
