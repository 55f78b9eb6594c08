"""How long a job waits for an idle worker: through the store, the loop and the runner.

Two spans to the moment the provider is called: from asking the store to accept the job, and from
its commit, which is what the member reads as "queued".
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Sequence

import structlog

from bench.claim import opened
from bench.figures import quantile, table
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Destination, Job, JobId, Options, Order, job_id_of
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Standing
from bot.domain.labels.label import LabelRules
from bot.domain.provider_errors import EngineGone, InputRefused, OperatorFault
from bot.imaging.finishing import Finishing
from bot.ports.pictures import AttachmentMaker
from bot.ports.provider import Drawn, Journal, Work
from bot.services.standings import LineStandings
from bot.settings.config import read_settings
from bot.worker.finisher import Finisher
from bot.worker.loop import Worker
from bot.worker.pruner import Keep, Pruner
from bot.worker.runner import Runner
from bot.worker.waiting import WaitingBoard
from storage import Storage

_JOBS = 200
_WARM_UP = 20
_APART_S = 0.05  # so that each job meets an idle worker
_LIMITS = RunLimits(pools={"aiart": 3})


class _Provider:
    """Notes when it is called; refuses, so that nothing of drawing or posting is in the way."""

    def is_resumable(self, engine: Engine) -> bool:  # noqa: ARG002 - it has only one
        """Say no: sending again would pay again."""
        return False

    def __init__(self) -> None:
        self.called: asyncio.Queue[float] = asyncio.Queue()

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Refuse."""
        del work, journal
        self.called.put_nowait(time.perf_counter())
        raise InputRefused


class _Nobody:
    """A `Deliverer` without anybody to deliver to."""

    async def announce(self, job: Job, standing: Standing) -> None:
        """Do nothing."""

    async def refresh(self, job: Job, standing: Standing) -> None:
        """Do nothing."""

    async def post(self, job: Job, system: str, attachments: AttachmentMaker) -> None:
        """Do nothing."""

    async def tell(self, job: Job) -> None:
        """Do nothing."""

    def shown(self, job_id: JobId) -> Standing | None:
        """Know nothing."""
        del job_id


async def main() -> None:
    """Measure on both databases and print a table."""
    # A line per job would be part of what is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    rows = []
    for database in ("SQLite", "PostgreSQL"):
        async with opened(database) as storage:
            if storage is not None:
                rows.append((database, *_cells(*await _measure(storage))))
    header = ("database", "accept to start p50 ms", "p99 ms", "commit to start p50 ms", "p99 ms")
    print(table(f"start: {_JOBS} jobs, one at a time, idle worker", header, rows))


def _cells(*spans: Sequence[float]) -> list[str]:
    shares = (0.5, 0.99)
    return [f"{quantile(span, share) * 1000:.1f}" for span in spans for share in shares]


async def _measure(storage: Storage) -> tuple[list[float], list[float]]:
    provider, from_accept, from_commit = _Provider(), [], []
    async with _working(storage, provider) as worker:
        for number in range(_JOBS + _WARM_UP):
            asked_at = time.perf_counter()
            await storage.jobs.accept(_order(number), _LIMITS, time.time())
            committed_at = time.perf_counter()
            worker.ring()
            started_at = await provider.called.get()
            from_accept.append(started_at - asked_at)
            from_commit.append(started_at - committed_at)
            await asyncio.sleep(_APART_S)
    return from_accept[_WARM_UP:], from_commit[_WARM_UP:]


@contextlib.asynccontextmanager
async def _working(storage: Storage, provider: _Provider) -> AsyncIterator[Worker]:
    stop = asyncio.Event()
    worker = _worker(storage, provider)
    work = asyncio.create_task(worker.run(stop))
    yield worker
    stop.set()
    await work


def _worker(storage: Storage, provider: _Provider) -> Worker:
    store, blobs, now = storage.jobs, storage.blobs, time.time
    catalogue = Catalogue(read_settings({}).engines, providers={"aiart": provider})
    deliverer = _Nobody()
    standings = LineStandings(store=store, limits=_LIMITS, now=now)
    return Worker(
        store=store,
        runner=Runner(
            store=store,
            blobs=blobs,
            catalogue=catalogue,
            providers={"aiart": provider},
            watch=_NoWatch(),
            now=now,
        ),
        finisher=Finisher(
            store=store,
            guilds=storage.guild_settings,
            blobs=blobs,
            deliverer=deliverer,
            catalogue=catalogue,
            fetch=_no_fetch,
            watch=_NoWatch(),
            finishing=Finishing(LabelRules("bench"), storage.fingerprints),
            now=now,
        ),
        pruner=Pruner(store=storage.retention, blobs=blobs, keep=Keep(1e9, 1e9), now=now),
        board=WaitingBoard(
            store=store, standings=standings, deliverer=deliverer, pools=("aiart",), now=now
        ),
        limits=_LIMITS,
        now=now,
    )


class _NoWatch:
    """Hears of no fault: this provider refuses the input alone."""

    async def report(self, engine: Engine, error: OperatorFault | EngineGone) -> None:
        """Break, since nothing here is the operator's."""
        raise LookupError(engine.name) from error

    async def worked(self, engine: Engine) -> None:
        """Take no notice."""


async def _no_fetch(address: str) -> bytes:
    raise LookupError(address)


def _order(number: int) -> Order:
    where = Destination(
        guild_id=10**18,
        channel_id=10**18 + 1,
        user_id=10**18 + number,
        application_id=1,
        message_id=1,
        token="t" * 200,
        token_expires_at=0.0,
        filesize_limit=10**7,
    )
    options = Options(prompt="a fox in the snow")
    return Order(job_id_of(10**18 + number), "restyle", "anime", "aiart", options, where)
