"""Everything a member may ask of a job: plan it from memory, submit it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import structlog

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.choosing import Choice, choice, choices, may_suit_another, refusal
from bot.domain.engines.engine import Engine
from bot.domain.engines.errors import OthersTakeIt, UnknownEngine
from bot.domain.engines.options import check_fitted
from bot.domain.engines.plans import Plan
from bot.domain.errors import EngineOff, NotPossible, ServicePaused
from bot.domain.jobs.job import Destination, Job, JobId, JobState, Options, Order, accepted_job
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Standing, unknown_standing
from bot.domain.jobs.uploads import check_upload_size, naming
from bot.domain.members.actor import Actor
from bot.domain.members.wishes import Wish, planned
from bot.domain.moderation.asking import Asking
from bot.domain.quotas.allowances import Allowance, QuotaRequest
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock
from bot.ports.delivery import Deliverer, Standings
from bot.ports.provider import Provider
from bot.ports.queue import Accepted, JobRequests
from bot.services.members.first_uploads import FirstUploads
from bot.services.members.wishes import Wishes
from bot.services.moderation.gate import Gate
from bot.services.notices import Notices
from bot.services.quotas import Charge, Quotas
from bot.services.uploads import Upload, Uploads
from bot.turns.fair_queue import FairQueue

_log = structlog.get_logger(__name__)

_OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Admission:
    """A request as it may be accepted: by which engines, where to, and under which limits."""

    plan: Plan
    destination: Destination
    allowance: Allowance


class Jobs:
    """Plans and submits jobs."""

    def __init__(
        self,
        *,
        store: JobRequests,
        uploads: Uploads,
        deliverer: Deliverer,
        standings: Standings,
        quotas: Quotas,
        gate: Gate,
        notices: Notices,
        first_uploads: FirstUploads,
        wishes: Wishes,
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
        self.gate = gate
        self._notices = notices
        self.first_uploads = first_uploads
        self.wishes = wishes
        self._catalogue = catalogue
        self._providers = providers
        self._limits = limits
        self._ring = ring
        self._now = now
        # The database serves first come, first served: a flood waits in front of it instead. Two
        # lines, so that nobody who was looked up waits for all who were not.
        self._lookups = FairQueue(1, now=now)
        self._acceptances = FairQueue(1, now=now)

    def plan(
        self, command: str, engine_name: str | None, options: Options, upload_sizes: Collection[int]
    ) -> Plan:
        """Refuse from memory what can be refused; sizes are in bytes, as Discord states them.

        Raises the NotPossible that names the limit.
        """
        pictures = len(upload_sizes)
        if engine_name is None:
            found = self._takers(command, options, pictures)
        else:
            found = (self._named(command, engine_name, options, pictures),)
        for number, size in enumerate(upload_sizes):
            with naming(number, pictures):
                check_upload_size(size)
        return Plan(command, found, has_uploads=pictures > 0)

    async def plan_at_best(
        self, wish: Wish, guild_id: int | None, upload_sizes: Collection[int]
    ) -> Plan:
        """Refuse what can be refused without a wait, before the answer is deferred."""
        wish = await self.wishes.at_best(wish, guild_id)
        return self._planned(wish, wish, upload_sizes)

    async def plan_wish(
        self,
        wish: Wish,
        to: Destination,
        actor: Actor,
        upload_sizes: Collection[int],
        *,
        has_defaults: bool,
    ) -> Plan:
        """Plan what a member wishes with what is set for them and their server.

        `has_defaults`: options left out are as they are set. Raises what `plan` does.
        """
        async with self._lookups.turn(to):
            plain = wish = await self.wishes.with_preset(wish, to.guild_id)
            if has_defaults:
                permit = await self.gate.permit(actor)
                wish = await self.wishes.with_defaults(plain, actor, permit)
        return self._planned(wish, plain, upload_sizes)

    def _planned(self, wish: Wish, plain: Wish, upload_sizes: Collection[int]) -> Plan:
        return planned(
            wish,
            plain,
            lambda each: self.plan(each.command, each.engine, each.filled, upload_sizes),
        )

    def plan_again(self, order: Order, upload_sizes: Collection[int]) -> Plan:
        """Plan an earlier order anew, by another engine that takes it where its own is gone.

        Raises what `plan` does; where no other takes it either, what is wrong with its own.
        """
        command, name, options = order.command, order.engine, order.options
        try:
            return self.plan(command, name, options, upload_sizes)
        except (UnknownEngine, EngineOff, ServicePaused) as gone:
            engine = self._catalogue.get(name)
            # Others know a style by its name, if at all: its id is the engine's own.
            names = engine.capabilities.styles if engine else {}
            style = names.get(options.style or "", options.style)
            try:
                return self.plan(command, None, replace(options, style=style), upload_sizes)
            except NotPossible:
                raise gone from None

    def _named(self, command: str, name: str, options: Options, pictures: int) -> Choice:
        engine = self._catalogue.choose(command, name)
        try:
            return choice(engine, options, pictures)
        except NotPossible as refused:
            found = choices(self.engines(command), options, pictures)
            others = [each.engine.name for each in islice(found, _OTHERS_SHOWN)]
            if not others:
                raise
            raise OthersTakeIt(why=refused, others=", ".join(others)) from refused

    def _takers(self, command: str, options: Options, pictures: int) -> tuple[Choice, ...]:
        engines = self._catalogue.candidates(command)
        found = tuple(choices(engines, options, pictures))
        if not found:
            raise refusal(engines, options, pictures)
        return found

    def engines(self, command: str) -> list[Engine]:
        """Return the engines a command can use now, best first."""
        return self._catalogue.usable(command)

    def styled_engines(self) -> list[Engine]:
        """Return the usable engines that have styles, best first."""
        return [each for each in self._catalogue.usable_engines() if each.capabilities.styles]

    async def admit(
        self, job_id: JobId, plan: Plan, destination: Destination, asking: Asking
    ) -> Admission:
        """Return what the job may be accepted as; with uploads, refuse before they are fetched.

        Raises what the gate does, QueueDrained, QuotaSpent, SubmittingPaused or NotReachedInTime.
        """
        async with self._lookups.turn(destination):
            admitted = await self.gate.check(asking, plan)
            [plan] = admitted.plans
            allowance = await self._allowance(job_id, plan, asking)
        spoiler = destination.spoiler or admitted.is_hidden
        return Admission(plan, replace(destination, spoiler=spoiler), allowance)

    async def _allowance(self, job_id: JobId, plan: Plan, asking: Asking) -> Allowance:
        asker = asking.actor
        allowance = await self._quotas.admission(asking)
        if plan.has_uploads:
            engine, options = plan.engine, plan.options
            prices = engine.price_of(options), engine.assumed_of(options)
            ask = QuotaRequest(asker.guild_id, asker.user_id, options.count, *prices)
            await self._quotas.check(job_id, ask, allowance)
        return allowance

    async def submit(self, job_id: JobId, admission: Admission, uploads: Sequence[Upload]) -> None:
        """Fetch, fit and keep the uploads, commit the job, show the member that it waits.

        Raises NotPossible; then nothing is kept.
        """
        plan, destination, allowance = admission.plan, admission.destination, admission.allowance
        chosen, inputs = await self._keep(job_id, plan, destination, uploads)
        can_resume = self._providers[chosen.engine.provider].is_resumable
        order = plan.order(
            job_id, chosen, destination, inputs, is_resumable=can_resume(chosen.engine)
        )
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
        self.wishes.note(job_id, plan.passed_over_by(chosen))
        charge = Charge(order.options.count, accepted.taken)
        self._quotas.note(job_id, destination.guild_id, charge)
        await self._show(
            accepted_job(order, self._now(), needs_approval=allowance.needs_approval), accepted
        )

    async def _keep(
        self, job_id: JobId, plan: Plan, to: Destination, uploads: Sequence[Upload]
    ) -> tuple[Choice, tuple[str, ...]]:
        """Keep the uploads as the first engine wants them that takes pictures of their sizes."""
        refused: dict[tuple[float, ...], NotPossible] = {}
        for each in (*plan.choices, *plan.plain):
            if each.picture_rule in refused:
                continue
            limits = each.engine.capabilities.picture_of(len(uploads))
            check_picture = partial(check_fitted, each.engine, each.options)
            try:
                return each, await self._uploads.keep(job_id, uploads, limits, to, check_picture)
            except NotPossible as error:
                if not may_suit_another(error):
                    raise
                refused[each.picture_rule] = error
        raise next(iter(refused.values()))

    async def _accept(self, order: Order, allowance: Allowance) -> Accepted:
        accept = partial(self._store.accept, order, self._limits)
        try:
            return await accept(self._now(), allowance)
        except StorageUnavailable:
            # The transaction may have ended well all the same; then the job is found by its id.
            accepted = await accept(self._now(), allowance)
            if accepted.is_new:
                return accepted
            await self._notices.warn_again(allowance, order.destination.guild_id)
            return replace(accepted, is_new=True)
        except asyncio.CancelledError:
            await self._notices.warn_again(allowance, order.destination.guild_id)
            raise

    async def _show(self, job: Job, accepted: Accepted) -> None:
        """Show that a job waits, and only then tell of budgets, which may delay no reply."""
        async with self._notices.telling_of(accepted.warnings, job.order.destination.guild_id):
            await self._deliverer.announce(*await self._as_it_stands(job, accepted.ahead))

    async def _as_it_stands(self, job: Job, ahead: int) -> tuple[Job, Standing]:
        """Return a job just accepted and its standing; one of the next may run already.

        `ahead` are the jobs accepted earlier. A fault here is only logged: an accepted job may not
        read like a refused one.
        """
        try:
            return await self._looked_up(job, ahead)
        except StorageUnavailable as fault:
            _log.warning("standing_unknown", job=job.id, reason=repr(fault.__cause__))
            return job, unknown_standing(ahead)

    async def _looked_up(self, job: Job, ahead: int) -> tuple[Job, Standing]:
        standing = await self._standings.of(job, ahead=ahead)
        if standing.is_running or standing.ahead >= self._limits.pools.get(job.order.pool, 1):
            return job, standing
        found = await self._store.find(job.id)
        if found is None or found.state is not JobState.RUNNING:
            return job, standing
        self._standings.expire()
        return found, await self._standings.of(found)
