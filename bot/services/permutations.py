"""Prompts with choices: planned, offered to their member, and accepted together after a yes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain.engines.plans import Default, Plan
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Destination, Job, JobId, Options, Order, accepted_job
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import Standing, unknown_standing
from bot.domain.members.actor import Actor
from bot.domain.members.wishes import Permit, Wish, explained
from bot.domain.moderation.asking import Asking
from bot.domain.permutations.errors import RequestGone
from bot.domain.permutations.request import LIFE_S, PendingRequest
from bot.domain.quotas.allowances import Allowance, QuotaRequest, Use
from bot.domain.quotas.quota import asker_of
from bot.domain.storage_errors import StorageUnavailable
from bot.ports.clock import Clock
from bot.ports.delivery import Standings
from bot.ports.permutations import BatchRequests, PendingRequestStore
from bot.ports.provider import Provider
from bot.ports.queue import Accepted
from bot.services.jobs import Jobs
from bot.services.notices import Notices
from bot.services.quotas import Charge, Quotas
from bot.turns.fair_queue import FairQueue

_log = structlog.get_logger(__name__)

SHOWN_WITHIN_S = 60.0  # then a job starts whose message could not be sent


@dataclass(frozen=True, slots=True)
class Offer:
    """What a yes would come to; `use` is the limit on pictures that leaves the least, if any.

    `passed_over` are the defaults that it does without.
    """

    request: PendingRequest
    engine: str
    price_usd: float
    is_price_known: bool
    use: Use | None
    passed_over: tuple[Default, ...] = ()


class Permutations:
    """Makes one job of each choice, all of them or none."""

    def __init__(
        self,
        *,
        jobs: Jobs,
        pending: PendingRequestStore,
        batches: BatchRequests,
        standings: Standings,
        quotas: Quotas,
        notices: Notices,
        providers: Mapping[str, Provider],
        limits: RunLimits,
        ring: Callable[[], None],
        now: Clock,
    ) -> None:
        self._jobs = jobs
        self.gate = jobs.gate
        self._pending = pending
        self._batches = batches
        self._standings = standings
        self._quotas = quotas
        self._notices = notices
        self._providers = providers
        self._limits = limits
        self._ring = ring
        self._now = now
        self._acceptances = FairQueue(1, now=now)

    def plan(
        self,
        command: str,
        engine: str | None,
        options: Options,
        prompts: Sequence[str],
        permit: Permit = lambda plan: plan,
    ) -> tuple[Plan, ...]:
        """Return a plan for each prompt, all by one engine; raises what `Jobs.plan` does.

        `permit` leaves of a plan what its member may use.
        """
        first = permit(self._jobs.plan(command, engine, replace(options, prompt=prompts[0]), []))
        refused: NotPossible | None = None
        for each in first.choices:
            try:
                return tuple(
                    self._jobs.plan(command, each.engine.name, replace(options, prompt=prompt), [])
                    for prompt in prompts
                )
            except NotPossible as error:
                refused = refused or error
        raise refused or RequestGone

    async def plan_at_best(
        self, wish: Wish, prompts: Sequence[str], actor: Actor
    ) -> tuple[Plan, ...]:
        """Refuse what can be refused without a wait, before the answer is deferred."""
        at_best = await self._jobs.wishes.at_best(wish, actor.guild_id)
        return self._planned(at_best, prompts, await self.gate.permit_soon(actor))

    async def plan_wish(self, wish: Wish, prompts: Sequence[str], actor: Actor) -> tuple[Plan, ...]:
        """Plan what a member wishes with what is set for them and their server.

        Raises what `plan` does.
        """
        permit = await self.gate.permit(actor)
        wish = await self._jobs.wishes.with_defaults(wish, actor, permit)
        return self._planned(wish, prompts, permit)

    def _planned(self, wish: Wish, prompts: Sequence[str], permit: Permit) -> tuple[Plan, ...]:
        given = [wish.prompt_of(prompt) for prompt in prompts]
        try:
            engine = wish.engine or wish.prefers
            plans = self.plan(wish.command, engine, wish.options, given, permit)
        except NotPossible as refused:
            raise explained(refused, wish) from refused
        return tuple(replace(each, passed_over=wish.passed_over) for each in plans)

    async def offer(
        self,
        request_id: JobId,
        plans: Sequence[Plan],
        asking: Asking,
        *,
        spoiler: bool = False,
    ) -> Offer:
        """Keep a request until its member says yes; where no yes would help, it raises why.

        That is QuotaSpent, QueueDrained or what the gate does.
        """
        await self.gate.check(asking, *plans)
        first, asker = plans[0], asker_of(asking.actor)
        request = PendingRequest(
            id=request_id,
            user_id=asker.user_id,
            command=first.command,
            engine=first.engine.name,
            options=replace(first.options, prompt=""),
            prompts=tuple(plan.options.prompt for plan in plans),
            expires_at=self._now() + LIFE_S,
            spoiler=spoiler,
            private=asking.private,
        )
        price = first.engine.price_of(first.options)
        assumed = first.engine.assumed_of(first.options)
        ask = QuotaRequest(asker.guild_id, asker.user_id, request.pictures, price, assumed)
        await self._quotas.check(request_id, ask, await self._quotas.admission(asking))
        await self._pending.keep(request)
        return Offer(
            request,
            engine=first.engine.title,
            price_usd=price * request.pictures,
            is_price_known=price > 0 or first.engine.is_free,
            use=_tightest((await self._quotas.account(asker)).uses),
            passed_over=first.passed_over,
        )

    async def waiting(self, request_id: str, user_id: int) -> PendingRequest:
        """Return a member's request that waits for a yes; raises RequestGone."""
        request = await self._pending.find(request_id, self._now())
        if request is None or request.user_id != user_id:
            raise RequestGone
        return request

    def plans_of(self, request: PendingRequest) -> tuple[Plan, ...]:
        """Return the plans that a kept request comes to now; raises what `plan` does."""
        return self.plan(request.command, request.engine, request.options, request.prompts)

    async def give_up(self, request_id: str, user_id: int) -> None:
        """Forget a request of a member's own; raises RequestGone."""
        await self.waiting(request_id, user_id)
        if not await self._pending.give_up(request_id):
            raise RequestGone  # a yes came in between

    @asynccontextmanager
    async def accepted(
        self,
        request: PendingRequest,
        job_ids: Sequence[JobId],
        to: Destination,
        asking: Asking,
    ) -> AsyncIterator[list[tuple[Job, Standing]]]:
        """Accept all of a request's jobs; each starts once `show_in` tells its message.

        Budgets, which may delay no reply, are told of when the block ends. Raises RequestGone,
        PleaseConfirmAgain, or what a single job is refused with.
        """
        plans = self.plans_of(request)
        async with self._acceptances.turn(to):
            admitted = await self.gate.check(asking, *plans)
            to = replace(to, spoiler=to.spoiler or admitted.is_hidden)
            orders = [self._order(*each, to) for each in zip(plans, job_ids, strict=True)]
            allowance = await self._quotas.admission(asking)
            accepted = await self._accept_all(request.id, orders, allowance)
        for order, each in zip(orders, accepted, strict=True):
            self._quotas.note(order.id, to.guild_id, Charge(order.options.count, each.taken))
        now, is_held = self._now(), allowance.needs_approval
        jobs = [accepted_job(order, now, needs_approval=is_held) for order in orders]
        async with self._notices.telling_of(accepted[0].warnings, to.guild_id):
            yield [
                (job, await self._standing(job, each.ahead))
                for job, each in zip(jobs, accepted, strict=True)
            ]

    async def _standing(self, job: Job, ahead: int) -> Standing:
        """Return where an accepted job stands; a fault here may not read as if it were refused."""
        try:
            return await self._standings.of(job, ahead=ahead)
        except StorageUnavailable as fault:
            _log.warning("standing_unknown", job=job.id, reason=repr(fault.__cause__))
            return unknown_standing(ahead)

    async def show_in(self, job_id: JobId, message_id: int) -> bool:
        """Let a job start, whose message is there now; False where it started or ended already."""
        is_shown = await self._batches.show_in(job_id, message_id)
        self._ring()
        return is_shown

    async def _accept_all(
        self, request_id: str, orders: Sequence[Order], allowance: Allowance
    ) -> tuple[Accepted, ...]:
        now = self._now()
        args = (request_id, orders, self._limits, now, allowance)
        accept_all = partial(self._batches.accept_all, *args, ready_at=now + SHOWN_WITHIN_S)
        guild_id = orders[0].destination.guild_id
        try:
            return await accept_all()
        except StorageUnavailable:
            # The transaction may have ended well all the same; then the jobs are found.
            accepted = await accept_all()
            if not accepted[0].is_new:
                await self._notices.warn_again(allowance, guild_id)
            return accepted
        except asyncio.CancelledError:
            await self._notices.warn_again(allowance, guild_id)
            raise

    def _order(self, plan: Plan, job_id: JobId, to: Destination) -> Order:
        chosen = plan.choices[0]
        can_resume = self._providers[chosen.engine.provider].is_resumable
        return plan.order(job_id, chosen, to, (), is_resumable=can_resume(chosen.engine))


def _tightest(uses: Sequence[Use]) -> Use | None:
    """Return the limit on pictures that leaves the least."""
    of_pictures = [use for use in uses if not use.window.kind.traits.is_money]
    return min(of_pictures, key=lambda use: use.left, default=None)
