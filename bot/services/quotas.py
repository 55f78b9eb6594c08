"""Quotas: what somebody may take now, and the rules and grants that moderators set."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain.jobs.job import JobId
from bot.domain.jobs.operations import check_open
from bot.domain.moderation.approvals import needs_approval
from bot.domain.moderation.asking import Asking
from bot.domain.personal.aliases import AliasOf
from bot.domain.quotas.allowances import (
    NOTHING_TAKEN,
    Allowance,
    LimitWindow,
    QuotaRequest,
    Taken,
    Use,
    barred_until,
    take,
)
from bot.domain.quotas.errors import NoReason, NoSuchRule, NothingGranted, NothingToTakeBack
from bot.domain.quotas.quota import (
    Asker,
    Ceilings,
    Grant,
    OpenGrant,
    Period,
    Policy,
    Rule,
    Scope,
    above_grants,
    above_rule,
    allowance_for,
    asker_of,
    concerns,
    own_rules,
)
from bot.domain.wording.quoting import has_visible
from bot.ports.accounts import QuotaStore
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

_REMEMBERED = 1000  # charges; a waiting message lives for hours at the most


@dataclass(frozen=True, slots=True)
class Account:
    """Where somebody stands: windows, granted pictures left, until when review pauses them (0)."""

    uses: tuple[Use, ...]
    granted: int
    barred_until: float


@dataclass(frozen=True, slots=True)
class Granted:
    """What a grant came to: pictures given (negative: taken back), left now, the window above."""

    images: int
    left: int
    above: LimitWindow | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A server's rules and open grants, as far as whoever asks may see them."""

    rules: tuple[Rule, ...]
    timezone: str
    grants: tuple[OpenGrant, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge:
    """What one job uses: so many pictures, and what was taken for them."""

    images: int = 0
    taken: Taken = NOTHING_TAKEN


NO_CHARGE = Charge()


class Quotas:
    """Answers members and moderators; the ceilings are the operator's."""

    def __init__(
        self, *, store: QuotaStore, ceilings: Ceilings, alias_of: AliasOf, now: Clock
    ) -> None:
        self._store = store
        self._alias_of = alias_of
        self._ceilings = ceilings
        self._now = now
        self._charges: OrderedDict[JobId, Charge] = OrderedDict()

    async def allowance(self, asker: Asker) -> Allowance:
        """Return what the asker's next job may be accepted under."""
        return self._allowance(asker, await self._policy(asker))

    async def admission(self, asking: Asking) -> Allowance:
        """Return the same for a request, with whether it waits for a moderator's yes.

        Raises QueueDrained, NobodyToApprove or ShownToModerators.
        """
        asker = asker_of(asking.actor)
        policy = await self._policy(asker)
        check_open(policy.pause)
        is_held = needs_approval(policy.settings, asking, self._now())
        return replace(self._allowance(asker, policy), needs_approval=is_held)

    async def _policy(self, asker: Asker) -> Policy:
        guild_id = asker.guild_id
        policy = Policy() if guild_id is None else await self._store.policy(guild_id)
        rules = own_rules(policy.rules, asker.user_id, self._alias_of(asker.user_id))
        return replace(policy, rules=rules)

    def _allowance(self, asker: Asker, policy: Policy) -> Allowance:
        allowance = allowance_for(asker, policy, self._ceilings, self._now())
        return replace(allowance, alias=self._alias_of(asker.user_id))

    async def check(self, job_id: JobId, ask: QuotaRequest, allowance: Allowance) -> None:
        """Refuse before any work what would not be accepted; `accept` decides for certain.

        A job that exists was accepted. Raises QuotaSpent or SubmittingPaused.
        """
        now = self._now()
        counts = await self._store.count_before(job_id, ask, allowance, now)
        if counts is not None:
            take(ask, allowance, counts, now)

    def note(self, job_id: JobId, guild_id: int | None, charge: Charge) -> None:
        """Remember what a job uses, for its message; log budgets that come near their end."""
        for use in charge.taken.nearing:
            _log.warning(
                "budget_nearing_its_end", guild=guild_id, kind=use.window.kind.value, job=job_id
            )
        self._charges[job_id] = charge
        while len(self._charges) > _REMEMBERED:
            self._charges.popitem(last=False)

    def charge(self, job_id: JobId) -> Charge:
        """Return what a job uses, as far as this process accepted it."""
        return self._charges.get(job_id, NO_CHARGE)

    async def account(self, asker: Asker) -> Account:
        """Return every window on somebody and how much of it is used."""
        allowance = await self.allowance(asker)
        ask = QuotaRequest(asker.guild_id, asker.user_id, 0, 0.0)
        counts = await self._store.count(ask, allowance, self._now())
        barred = barred_until(counts.refused_at)
        return Account(
            counts.uses(allowance), counts.granted, barred if barred > self._now() else 0.0
        )

    async def listing(self, asker: Asker, *, sees_all: bool) -> Listing:
        """Return a server's rules: all of them with the open grants, or those for the asker."""
        guild_id = asker.guild_id or 0
        policy = await self._store.policy(guild_id)
        zone = policy.settings.timezone
        if sees_all:
            return Listing(policy.rules, zone, await self._store.open_grants(guild_id))
        rules = own_rules(policy.rules, asker.user_id, self._alias_of(asker.user_id))
        own = (rule for rule in rules if concerns(rule, asker.user_id, asker.role_ids))
        return Listing(tuple(own), zone)

    async def set_rule(self, guild_id: int, rule: Rule, by: int) -> LimitWindow | None:
        """Set a rule, which counts from the next request on; returns the limit above it, if any."""
        # The change comes last: no fault after it may read as if nothing had been done.
        above = above_rule(rule, (await self.allowance(Asker(guild_id, by))).windows)
        await self._store.set_rule(guild_id, rule, by, self._now())
        _log.info("quota_set", guild=guild_id, by=by, scope=rule.scope, subject=rule.subject_id)
        return above

    async def clear(
        self, guild_id: int, subject: tuple[Scope, int], period: Period | None, by: int
    ) -> int:
        """Clear a subject's rules, of one period or all; returns how many. Raises NoSuchRule."""
        clear = partial(self._store.clear_rules, guild_id, period=period, by=by, now=self._now())
        cleared = await clear(subject)
        scope, subject_id = subject
        if scope is Scope.MEMBER:
            cleared += await clear((scope, self._alias_of(subject_id)))
        if not cleared:
            raise NoSuchRule
        _log.info("quota_cleared", guild=guild_id, by=by, scope=subject[0], subject=subject[1])
        return cleared

    async def grant(self, member: Asker, grant: Grant) -> Granted:
        """Give a member extra pictures, or take back what is left of them.

        Raises NothingGranted, NoReason or NothingToTakeBack.
        """
        if not grant.images:
            raise NothingGranted
        if not has_visible(grant.reason):
            raise NoReason
        guild_id = member.guild_id or 0
        account = await self.account(member)
        # The change comes last: repeated after a fault that follows it, it would be given twice.
        alias = self._alias_of(grant.user_id)
        images = await self._store.add_grant(guild_id, grant, self._now(), alias=alias)
        if not images:
            raise NothingToTakeBack(user_id=grant.user_id)
        _log.info("quota_granted", guild=guild_id, by=grant.granted_by, images=images)
        left = max(account.granted + images, 0)
        return Granted(images, left, above_grants(account.uses, left))
