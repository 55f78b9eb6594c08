"""Everything a member may ask of a job: plan it from memory, submit it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.engines import Catalogue, Engine, check_wishes, resolve_style
from bot.domain.errors import FileTooLarge
from bot.domain.jobs import Destination, Job, JobId, JobState, Order, Wishes
from bot.domain.limits import MAX_UPLOAD_BYTES, RunLimits
from bot.domain.ports import BlobStore, Clock, Deliverer, Intake, JobStore, Provider
from bot.domain.scheduling import expected_wait_s

_DEFAULT_SECONDS = 15.0  # two recorded tasks took 13 s and 19 s; used until there is a history
_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that memory alone found nothing wrong with."""

    command: str
    engine: Engine
    wishes: Wishes


class Jobs:
    """Plans and submits jobs."""

    def __init__(
        self,
        *,
        store: JobStore,
        blobs: BlobStore,
        intake: Intake,
        deliverer: Deliverer,
        catalogue: Catalogue,
        providers: Mapping[str, Provider],
        limits: RunLimits,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._intake = intake
        self._deliverer = deliverer
        self._catalogue = catalogue
        self._providers = providers
        self._limits = limits
        self._ring = ring
        self._now = now

    def plan(
        self, command: str, engine_name: str | None, wishes: Wishes, upload_sizes: Collection[int]
    ) -> Plan:
        """Refuse from memory what can be refused; sizes are in bytes, as Discord states them.

        Raises the NotPossible that names the limit.
        """
        engine = self._catalogue.choose(command, engine_name)
        if wishes.style is not None and engine.takes.styles:
            wishes = replace(wishes, style=resolve_style(engine, wishes.style))
        check_wishes(engine, wishes)
        for size in upload_sizes:
            _check_size(size)
        return Plan(command, engine, wishes)

    def engines(self, command: str) -> list[Engine]:
        """Return the engines a command can use now, best first."""
        return self._catalogue.usable(command)

    async def submit(
        self, job_id: JobId, plan: Plan, destination: Destination, uploads: Sequence[bytes]
    ) -> None:
        """Fit and keep the uploads, commit the job, show the member that it waits.

        Raises NotPossible; then nothing is kept.
        """
        inputs = await self._keep_inputs(job_id, plan.engine, uploads)
        order = self._order(job_id, plan, destination, inputs)
        try:
            accepted = await self._store.accept(order, self._limits, self._now())
        except BaseException:
            await self._blobs.delete(inputs)
            raise
        if not accepted.is_new:
            return
        wait_s = await self._expected_wait(plan.engine, accepted.ahead)
        self._ring()
        job = Job(order, JobState.QUEUED, created_at=self._now())
        await self._deliverer.announce(job, accepted.ahead, wait_s)

    def _order(
        self, job_id: JobId, plan: Plan, destination: Destination, inputs: tuple[str, ...]
    ) -> Order:
        engine = plan.engine
        return Order(
            id=job_id,
            command=plan.command,
            engine=engine.name,
            pool=engine.pool,
            wishes=plan.wishes,
            destination=destination,
            inputs=inputs,
            price_usd=engine.price_usd,
            is_resumable=self._providers[engine.provider].is_resumable,
        )

    async def _keep_inputs(
        self, job_id: JobId, engine: Engine, uploads: Sequence[bytes]
    ) -> tuple[str, ...]:
        for data in uploads:
            _check_size(len(data))
        limits = engine.takes.picture
        fitted = await asyncio.gather(*(self._intake.fit(data, limits) for data in uploads))
        keys = tuple(f"{job_id}/in/{number}" for number in range(len(fitted)))
        for key, picture in zip(keys, fitted, strict=True):
            await self._blobs.put(key, picture.data)
        return keys

    async def _expected_wait(self, engine: Engine, ahead: int) -> float:
        recent = await self._store.recent_seconds(engine.name, _HISTORY)
        slots = self._limits.pools.get(engine.pool, 1)
        return expected_wait_s(ahead, slots, recent, _DEFAULT_SECONDS)


def _check_size(size: int) -> None:
    if size > MAX_UPLOAD_BYTES:
        raise FileTooLarge(size_mb=size / 1e6, limit_mb=MAX_UPLOAD_BYTES / 1e6)
