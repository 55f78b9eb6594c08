"""Draws one job after the other through the queue, by itself or by the bot that runs already."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from bot.cli.styles.nobody import AtTheTerminal, Nobody
from bot.cloud import open_providers
from bot.domain.jobs.job import Job, JobId, JobState, Order
from bot.domain.jobs.scheduling import BEAT_S, LEASE_S
from bot.domain.quotas.allowances import UNLIMITED, Allowance
from bot.domain.quotas.quota import Asker, Ceilings, Policy, allowance_for
from bot.domain.storage_errors import AlreadyRunning
from bot.imaging.finishing import Finishing
from bot.ports.clock import Clock
from bot.providers.tencent.results import Results
from bot.settings.config import Settings
from bot.worker.finisher import Finisher
from bot.worker.leases import Leases
from bot.worker.outcomes import ToDeliver
from bot.worker.runner import Runner
from storage import Storage

_LOOK_S = 0.2
_AT_WORK = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING})


class Drawing:
    """Sees jobs through to their ends.

    Each is a job like a member's: in the account's slots, its request noted before it leaves, in
    the ledger. One at a time, so that members keep the other slots.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        settings: Settings,
        runner: Runner,
        finisher: Finisher,
        is_claiming: bool,
        now: Clock,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._runner = runner
        self._finisher = finisher
        self._is_claiming = is_claiming
        self._now = now
        self._name = secrets.token_hex(8)
        self._leases = Leases(storage.jobs, self._name, now, news=lambda: None)

    async def accept(self, order: Order) -> None:
        """Commit the job; raises QuotaSpent where it would be above the operator's own ceiling."""
        await self._storage.jobs.accept(
            order, self._settings.run_limits, self._now(), self._allowance()
        )

    async def see_through(self, job_id: JobId) -> Job:
        """Return the job once it has ended, whoever worked on it; raises KeyError."""
        while True:
            job = await self._storage.jobs.find(job_id)
            if job is None:
                raise KeyError(job_id)
            if job.state not in _AT_WORK:
                await self._storage.jobs.record_told(job_id, self._now())
                return job
            if self._is_claiming:
                await self._take(job)
            await asyncio.sleep(_LOOK_S)

    async def _take(self, job: Job) -> None:
        """Work on a job in its own task, if it is free and there is room."""
        jobs, now = self._storage.jobs, self._now()
        if job.state is JobState.QUEUED:
            limits, pool = self._settings.run_limits, job.order.pool
            mine = await jobs.claim_next(pool, self._name, limits, now, LEASE_S, only=job.id)
            if mine is not None:
                self._leases.start(mine, self._draw(mine))
        elif job.state is JobState.DELIVERING:
            mine = await jobs.claim_delivery(self._name, now, LEASE_S, only=job.id)
            if mine is not None:
                self._leases.start(mine, self._finisher.finish(mine, mine.lease))

    async def _draw(self, job: Job) -> None:
        outcome = await self._runner.run(job, job.lease)
        if isinstance(outcome, ToDeliver):
            await self._finisher.finish(outcome.job, job.lease)
        else:
            self._leases.let_go(job.id)

    def _allowance(self) -> Allowance:
        """Return what the run may take: quotas are members', the ceiling of money is for all."""
        most = self._settings.ceilings.account_usd_per_month
        ceilings = Ceilings(UNLIMITED, UNLIMITED, most)
        asker = Asker(guild_id=None, user_id=0)
        windows = allowance_for(asker, Policy(), ceilings, self._now()).windows
        return Allowance(windows, watches_refusals=False)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Keep the leases for the length of the block, and move on what a dead process held."""
        if not self._is_claiming:
            yield
            return
        keeping = self._leases.keep(every_s=BEAT_S, for_s=LEASE_S, retry_unknown=False)
        keeper = asyncio.create_task(keeping, name="lease keeper")
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, *self._leases.cancel(), return_exceptions=True)
            with contextlib.suppress(Exception):  # they run out by themselves, too
                await self._storage.jobs.release(self._name)


@asynccontextmanager
async def open_drawing(
    settings: Settings, storage: Storage, *, now: Clock
) -> AsyncIterator[Drawing]:
    """Open what draws; where a bot holds the SQLite file already, it is the one to draw."""
    async with AsyncExitStack() as open_parts:
        http = await open_parts.enter_async_context(httpx.AsyncClient())
        try:
            await open_parts.enter_async_context(storage.claiming())
            is_claiming = True
        except AlreadyRunning:
            is_claiming = False
        drawing = _drawing(settings, storage, http, is_claiming=is_claiming, now=now)
        await open_parts.enter_async_context(drawing.at_work())
        yield drawing


def _drawing(
    settings: Settings,
    storage: Storage,
    http: httpx.AsyncClient,
    *,
    is_claiming: bool,
    now: Clock,
) -> Drawing:
    limits = storage.rate_limits
    providers = open_providers(settings.account, http, now=now, rate_limits=limits)
    catalogue, watch = settings.catalogue(providers), AtTheTerminal()
    results = Results(http, endpoints=settings.addresses, hosts=settings.file.results.hosts)
    runner = Runner(
        store=storage.jobs,
        blobs=storage.blobs,
        catalogue=catalogue,
        providers=providers,
        watch=watch,
        now=now,
    )
    finisher = Finisher(
        store=storage.jobs,
        blobs=storage.blobs,
        deliverer=Nobody(),
        catalogue=catalogue,
        guilds=storage.guild_settings,
        fetch=results.fetch,
        watch=watch,
        finishing=_of_a_sheet(settings, storage),
        now=now,
    )
    return Drawing(
        storage=storage,
        settings=settings,
        runner=runner,
        finisher=finisher,
        is_claiming=is_claiming,
        now=now,
    )


def _of_a_sheet(settings: Settings, storage: Storage) -> Finishing:
    """Return how these are finished: unsigned, because the sheet made of them is what is posted."""
    return Finishing(settings.label_rules, storage.fingerprints)
