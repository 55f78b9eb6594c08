"""What holds above moderators' quotas and grants: the operator's limits, the server's budget."""

from collections.abc import Iterable, Sequence
from math import inf

from bot.domain.quotas.allowances import UNLIMITED, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Period, Rule

_LONGEST_DAYS = {Period.HOUR: 1, Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}


def above_rule(rule: Rule, bounds: Iterable[LimitWindow]) -> LimitWindow | None:
    """Return the tightest bound that allows a member less than a rule does, if any."""
    found = [(_most(bound, rule.period), bound) for bound in bounds if _is_above(bound.kind)]
    most, tightest = min(found, key=lambda pair: pair[0], default=(inf, None))
    return tightest if rule.images == UNLIMITED or most < rule.images else None


def above_grants(uses: Sequence[Use], granted: int) -> LimitWindow | None:
    """Return the tightest bound that lets a member use less than quotas and grants allow now."""
    own = min((use.left for use in uses if use.bound.kind.traits.takes_grants), default=inf)
    above = [use for use in uses if _is_above(use.bound.kind) and use.left < own + granted]
    tightest = min(above, key=lambda use: use.left, default=None)
    return tightest.bound if tightest else None


def _most(bound: LimitWindow, period: Period) -> float:
    """Return how many pictures a bound allows in a period; a day's limit holds anew each day."""
    return bound.limit * (_LONGEST_DAYS[period] if bound.period == Period.DAY else 1)


def _is_above(kind: LimitKind) -> bool:
    return not kind.traits.takes_grants and not kind.traits.is_money
