"""Everything a member may ask of a job: plan it from memory, submit it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.allowances import Allowance, Ask
from bot.domain.engines import Catalogue, Engine, check_wishes, resolve_style
from bot.domain.errors import FileTooLarge
from bot.domain.jobs import Destination, Job, JobId, JobState, Order, Wishes
from bot.domain.limits import MAX_UPLOAD_BYTES, RunLimits
from bot.domain.ports import BlobStore, Clock, Deliverer, Intake, JobStore, Provider, Standings
from bot.domain.quotas import Asker
from bot.services.quotas import Quotas


@dataclass(frozen=True, slots=True)
class Plan:
    """A request that memory alone found nothing wrong with."""

    command: str
    engine: Engine
    wishes: Wishes
    has_uploads: bool


class Jobs:
    """Plans and submits jobs."""

    def __init__(
        self,
        *,
        store: JobStore,
        blobs: BlobStore,
        intake: Intake,
        deliverer: Deliverer,
        standings: Standings,
        quotas: Quotas,
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
        self._standings = standings
        self._quotas = quotas
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
        return Plan(command, engine, wishes, has_uploads=bool(upload_sizes))

    def engines(self, command: str) -> list[Engine]:
        """Return the engines a command can use now, best first."""
        return self._catalogue.usable(command)

    async def admit(
        self, job_id: JobId, plan: Plan, destination: Destination, role_ids: Collection[int]
    ) -> Allowance:
        """Return what the job may be accepted under; with uploads, refuse before they are fetched.

        Raises QuotaSpent or SubmittingPaused.
        """
        asker = Asker(destination.guild_id, destination.user_id, frozenset(role_ids))
        allowance = await self._quotas.allowance(asker)
        if plan.has_uploads:
            ask = Ask(asker.guild_id, asker.user_id, plan.wishes.count, plan.engine.price_usd)
            await self._quotas.check(job_id, ask, allowance)
        return allowance

    async def submit(
        self,
        job_id: JobId,
        plan: Plan,
        destination: Destination,
        uploads: Sequence[bytes],
        allowance: Allowance,
    ) -> None:
        """Fit and keep the uploads, commit the job, show the member that it waits.

        Raises NotPossible; then nothing is kept.
        """
        inputs = await self._keep_inputs(job_id, plan.engine, uploads)
        order = self._order(job_id, plan, destination, inputs)
        try:
            accepted = await self._store.accept(order, self._limits, self._now(), allowance)
        except BaseException:
            await self._blobs.delete(inputs)
            raise
        if not accepted.is_new:
            return
        self._quotas.warn(job_id, destination.guild_id, accepted.warnings)
        job = Job(order, JobState.QUEUED, created_at=self._now())
        standing = await self._standings.of(job)
        self._ring()
        await self._deliverer.announce(job, standing)

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


def _check_size(size: int) -> None:
    if size > MAX_UPLOAD_BYTES:
        raise FileTooLarge(size_mb=size / 1e6, limit_mb=MAX_UPLOAD_BYTES / 1e6)
