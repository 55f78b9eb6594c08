"""Quotas: whom a rule is for, periods in a server's time zone, the operator's ceilings."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from math import inf

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.operations import GuildPause
from bot.domain.members.actor import Actor
from bot.domain.quotas.allowances import UNLIMITED, Allowance, LimitWindow, Use
from bot.domain.quotas.errors import UserOrRole
from bot.domain.quotas.limit_kinds import LimitKind

_HOUR_S = 3600


class Period(StrEnum):
    """How long a quota lasts."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Scope(StrEnum):
    """Whom a rule is for."""

    MEMBER = "member"
    ROLE = "role"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Window:
    """A period's bounds in unix seconds: from `since` on, before `until`."""

    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A moderator's rule; `images` 0 = none, -1 = unlimited; `subject_id` 0 for everyone."""

    scope: Scope
    subject_id: int
    period: Period
    images: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Extra pictures for a member, beyond the moderators' rules; a negative number takes back."""

    user_id: int
    images: int
    reason: str
    granted_by: int


@dataclass(frozen=True, slots=True)
class OpenGrant:
    """What a member has left of all grants; reason and giver are the latest grant's."""

    user_id: int
    left: int
    reason: str
    granted_by: int


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The operator's own limits, above whatever moderators set; -1 = none."""

    user_per_day: int = UNLIMITED
    guild_per_day: int = UNLIMITED
    account_usd_per_month: float = UNLIMITED


@dataclass(frozen=True, slots=True)
class Policy:
    """All that a server's moderators set."""

    rules: tuple[Rule, ...] = ()
    settings: GuildSettings = field(default_factory=GuildSettings)
    pause: GuildPause | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where; roles are those of that server."""

    guild_id: int | None
    user_id: int
    role_ids: frozenset[int] = frozenset()


def asker_of(actor: Actor) -> Asker:
    """Return whoever acts as one who asks."""
    return Asker(actor.guild_id, actor.user_id, actor.role_ids)


def subject_of(guild_id: int, user_id: int | None, role_id: int | None) -> tuple[Scope, int]:
    """Return whom a rule is for; the role @everyone has the server's id. Raises UserOrRole."""
    if user_id is not None and role_id is not None:
        raise UserOrRole
    if user_id is not None:
        return Scope.MEMBER, user_id
    if role_id is not None and role_id != guild_id:
        return Scope.ROLE, role_id
    return Scope.EVERYONE, 0


def period_window(period: Period, now: float, zone: tzinfo) -> Window:
    """Return the period that `now` lies in, as the zone's clocks and calendar have it."""
    local = datetime.fromtimestamp(now, zone)
    if period is Period.HOUR:
        offset = local.utcoffset() or timedelta()
        since = now - (now + offset.total_seconds()) % _HOUR_S
        return Window(since, since + _HOUR_S)
    # Wall-clock arithmetic, so that a day with a change of clocks has 23 or 25 hours; fold=0 is
    # the first of two midnights, and for a skipped midnight the moment the clocks change.
    first = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period is Period.WEEK:
        first -= timedelta(days=first.weekday())
    elif period is Period.MONTH:
        first = first.replace(day=1)
    return Window(first.timestamp(), _next(period, first).timestamp())


def _next(period: Period, first: datetime) -> datetime:
    if period is Period.MONTH:
        return (first + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=7 if period is Period.WEEK else 1)


def own_rules(rules: Iterable[Rule], user_id: int, alias: int) -> tuple[Rule, ...]:
    """Return the rules, a member's own among them that stand under their alias since an erasure.

    One that was set since then replaces the one for the same period from before.
    """
    known = tuple(rules)
    newer = {rule.period for rule in known if _is_of(rule, user_id)}
    older = (rule for rule in known if _is_of(rule, alias) and rule.period not in newer)
    return (*known, *(replace(rule, subject_id=user_id) for rule in older))


def _is_of(rule: Rule, user_id: int) -> bool:
    return rule.scope is Scope.MEMBER and rule.subject_id == user_id


def in_force(rules: Iterable[Rule], user_id: int, role_ids: Collection[int]) -> list[Rule]:
    """Return one rule per period: the member's own, else the most generous role's, else everyone's.

    Unlimited ones are part of it: they hide what stands below them.
    """
    best: dict[Period, Rule] = {}
    for rule in rules:
        if not concerns(rule, user_id, role_ids):
            continue
        known = best.get(rule.period)
        if known is None or _rank(rule) > _rank(known):
            best[rule.period] = rule
    return [best[period] for period in Period if period in best]


def concerns(rule: Rule, user_id: int, role_ids: Collection[int]) -> bool:
    """Whether a rule is for a member: the own one, a role's, or everyone's."""
    if rule.scope is Scope.MEMBER:
        return rule.subject_id == user_id
    return rule.scope is Scope.EVERYONE or rule.subject_id in role_ids


def _rank(rule: Rule) -> tuple[int, float]:
    scopes = (Scope.EVERYONE, Scope.ROLE, Scope.MEMBER)
    images = float("inf") if rule.images == UNLIMITED else rule.images
    return scopes.index(rule.scope), images


def allowance_for(asker: Asker, policy: Policy, ceilings: Ceilings, now: float) -> Allowance:
    """Return every window on what somebody may take now."""
    windows = (*_of_moderators(asker, policy, now), *_of_operator(asker, ceilings, now))
    return Allowance(windows, watches_refusals=True)


def _of_moderators(asker: Asker, policy: Policy, now: float) -> Iterator[LimitWindow]:
    if asker.guild_id is None:
        return
    settings = policy.settings
    for rule in in_force(policy.rules, asker.user_id, asker.role_ids):
        if rule.images != UNLIMITED:
            kind, at = LimitKind(rule.scope.value), period_window(rule.period, now, settings.zone)
            yield _window(kind, rule.images, rule.period, at, rule.subject_id)
    month = period_window(Period.MONTH, now, settings.zone)
    budgets = {
        LimitKind.BUDGET_IMAGES: settings.budget_images,
        LimitKind.BUDGET_USD: settings.budget_usd,
    }
    for kind, limit in budgets.items():
        if limit is not None:
            budget = _window(kind, limit, Period.MONTH, month)
            yield replace(budget, warns_at=settings.budget_warning)


def _of_operator(asker: Asker, ceilings: Ceilings, now: float) -> Iterator[LimitWindow]:
    # One account for servers in many time zones, so its days and months are those of UTC; in a
    # server's own zone its moderators could start the operator's day anew by changing it.
    day = period_window(Period.DAY, now, UTC)
    if ceilings.user_per_day != UNLIMITED:
        yield _window(LimitKind.USER_CEILING, ceilings.user_per_day, Period.DAY, day)
    if asker.guild_id is not None and ceilings.guild_per_day != UNLIMITED:
        yield _window(LimitKind.GUILD_CEILING, ceilings.guild_per_day, Period.DAY, day)
    if ceilings.account_usd_per_month != UNLIMITED:
        month = period_window(Period.MONTH, now, UTC)
        limit = ceilings.account_usd_per_month
        yield _window(LimitKind.ACCOUNT_USD, limit, Period.MONTH, month)


def _window(
    kind: LimitKind, limit: float, period: Period, at: Window, subject_id: int = 0
) -> LimitWindow:
    return LimitWindow(kind, limit, period.value, at.since, at.until, subject_id)


_LONGEST_DAYS = {Period.HOUR: 1, Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}


def above_rule(rule: Rule, windows: Iterable[LimitWindow]) -> LimitWindow | None:
    """Return the tightest limit that allows a member less than a rule does, if any."""
    found = [(_most(window, rule.period), window) for window in windows if _is_above(window.kind)]
    most, tightest = min(found, key=lambda pair: pair[0], default=(inf, None))
    return tightest if rule.images == UNLIMITED or most < rule.images else None


def above_grants(uses: Sequence[Use], granted: int) -> LimitWindow | None:
    """Return the tightest limit that lets a member use less than quotas and grants allow now."""
    own = min((use.left for use in uses if use.window.kind.traits.takes_grants), default=inf)
    above = [use for use in uses if _is_above(use.window.kind) and use.left < own + granted]
    tightest = min(above, key=lambda use: use.left, default=None)
    return tightest.window if tightest else None


def _most(window: LimitWindow, period: Period) -> float:
    """Return how many pictures a window allows in a period; a day's limit holds anew each day."""
    return window.limit * (_LONGEST_DAYS[period] if window.period == Period.DAY else 1)


def _is_above(kind: LimitKind) -> bool:
    return not kind.traits.takes_grants and not kind.traits.is_money
