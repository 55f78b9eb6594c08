"""Everything a member may ask of a job: plan it from memory, submit it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bot.domain.allowances import Allowance, Ask
from bot.domain.catalogue import Catalogue
from bot.domain.engines import Engine
from bot.domain.errors import NotPossible
from bot.domain.fitted import check_fitted
from bot.domain.jobs import Destination, Job, JobId, JobState, Order, Wishes
from bot.domain.limits import RunLimits
from bot.domain.line import Standing
from bot.domain.ports import Accepted, Clock, Deliverer, JobStore, Provider, Standings
from bot.domain.quotas import Asker
from bot.domain.wish_errors import OthersTakeIt
from bot.domain.wishes import check, resolve
from bot.services.notices import Notices
from bot.services.quotas import Quotas
from bot.services.turns import Turns
from bot.services.uploads import Upload, Uploads, check_size, naming

_OTHERS_SHOWN = 5


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
        uploads: Uploads,
        deliverer: Deliverer,
        standings: Standings,
        quotas: Quotas,
        notices: Notices,
        catalogue: Catalogue,
        providers: Mapping[str, Provider],
        limits: RunLimits,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._store = store
        self._uploads = uploads
        self._deliverer = deliverer
        self._standings = standings
        self._quotas = quotas
        self._notices = notices
        self._catalogue = catalogue
        self._providers = providers
        self._limits = limits
        self._ring = ring
        self._now = now
        # The database serves first come, first served: a flood waits in front of it instead. Two
        # lines, so that nobody who was looked up waits for all who were not.
        self._lookups = Turns(1, now=now)
        self._acceptances = Turns(1, now=now)

    def plan(
        self, command: str, engine_name: str | None, wishes: Wishes, upload_sizes: Collection[int]
    ) -> Plan:
        """Refuse from memory what can be refused; sizes are in bytes, as Discord states them.

        Raises the NotPossible that names the limit.
        """
        engine = self._catalogue.choose(command, engine_name)
        try:
            wishes = _checked(engine, wishes, len(upload_sizes))
        except NotPossible as refusal:
            others = self._takers(command, wishes, len(upload_sizes))
            if engine_name is not None or not others:
                raise
            raise OthersTakeIt(why=refusal, others=", ".join(others)) from refusal
        for number, size in enumerate(upload_sizes):
            with naming(number, len(upload_sizes)):
                check_size(size)
        return Plan(command, engine, wishes, has_uploads=bool(upload_sizes))

    def _takers(self, command: str, wishes: Wishes, pictures: int) -> list[str]:
        """Return the names of the first few engines that take what the default one does not."""
        names: list[str] = []
        for engine in self.engines(command):
            with suppress(NotPossible):
                _checked(engine, wishes, pictures)
                names.append(engine.name)
        return names[:_OTHERS_SHOWN]

    def engines(self, command: str) -> list[Engine]:
        """Return the engines a command can use now, best first."""
        return self._catalogue.usable(command)

    async def admit(
        self, job_id: JobId, plan: Plan, destination: Destination, role_ids: Collection[int]
    ) -> Allowance:
        """Return what the job may be accepted under; with uploads, refuse before they are fetched.

        Raises QuotaSpent, SubmittingPaused or NotReachedInTime.
        """
        asker = Asker(destination.guild_id, destination.user_id, frozenset(role_ids))
        async with self._lookups.turn(destination):
            return await self._allowance(job_id, plan, asker)

    async def _allowance(self, job_id: JobId, plan: Plan, asker: Asker) -> Allowance:
        allowance = await self._quotas.allowance(asker)
        if plan.has_uploads:
            price = plan.engine.price_of(plan.wishes)
            ask = Ask(asker.guild_id, asker.user_id, plan.wishes.count, price)
            await self._quotas.check(job_id, ask, allowance)
        return allowance

    async def submit(
        self,
        job_id: JobId,
        plan: Plan,
        destination: Destination,
        uploads: Sequence[Upload],
        allowance: Allowance,
    ) -> None:
        """Fetch, fit and keep the uploads, commit the job, show the member that it waits.

        Raises NotPossible; then nothing is kept.
        """
        limits = plan.engine.takes.picture_of(len(uploads))
        check_picture = partial(check_fitted, plan.engine, plan.wishes)
        inputs = await self._uploads.keep(job_id, uploads, limits, destination, check_picture)
        order = self._order(job_id, plan, destination, inputs)
        try:
            async with self._acceptances.turn(destination):
                accepted = await self._accept(order, allowance)
        except NotPossible:
            # Only when refused: else the transaction may have ended well, and the job needs these.
            await self._uploads.forget(inputs)
            raise
        if not accepted.is_new:
            return
        self._ring()
        self._quotas.warn(job_id, destination.guild_id, accepted.warnings)
        await self._show(Job(order, JobState.QUEUED, created_at=self._now()), accepted)

    async def _accept(self, order: Order, allowance: Allowance) -> Accepted:
        try:
            return await self._store.accept(order, self._limits, self._now(), allowance)
        except asyncio.CancelledError:
            # The transaction ended whole: it may have noted warnings, which are lost here. Of one
            # that was given before, there is another.
            budgets = [bound for bound in allowance.bounds if bound.kind.is_budget]
            await self._notices.take_back(budgets, order.destination.guild_id)
            raise

    async def _show(self, job: Job, accepted: Accepted) -> None:
        """Show that a job waits, and only then tell of budgets, which may delay no reply."""
        guild_id = job.order.destination.guild_id
        try:
            await self._deliverer.announce(*await self._as_it_stands(job, accepted.ahead))
        except BaseException:
            # Nothing is told now: a stop, which this may be, waits for the end.
            await self._notices.take_back([use.bound for use in accepted.warnings], guild_id)
            raise
        await self._notices.tell_of(accepted.warnings, guild_id)

    async def _as_it_stands(self, job: Job, ahead: int) -> tuple[Job, Standing]:
        """Return a job just accepted and its standing; one of the next may run already.

        `ahead` are the jobs accepted earlier.
        """
        standing = await self._standings.of(job, ahead=ahead)
        if standing.is_running or standing.ahead >= self._limits.pools.get(job.order.pool, 1):
            return job, standing
        found = await self._store.find(job.id)
        if found is None or found.state is not JobState.RUNNING:
            return job, standing
        self._standings.expire()
        return found, await self._standings.of(found)

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
            price_usd=engine.price_of(plan.wishes),
            is_resumable=self._providers[engine.provider].is_resumable(engine),
        )


def _checked(engine: Engine, wishes: Wishes, pictures: int) -> Wishes:
    wishes = resolve(engine, wishes)
    check(engine, wishes, pictures)
    return wishes
