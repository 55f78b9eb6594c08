"""What a waiting message says of quotas: what the job uses, what is left, which budgets end."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from bot.domain.quotas.allowances import Use
from bot.domain.quotas.limit_kinds import Counted
from bot.domain.wording.quoting import Markup
from bot.domain.wording.sentences import say
from bot.services.quotas import Charge


class _Left(NamedTuple):
    """One sentence for each number of pictures that is left."""

    many: str
    one: str
    none: str


_OWN: Mapping[str, _Left] = MappingProxyType(
    {
        "hour": _Left(
            "Uses {images} of your {limit} pictures this hour; {left} are left.",
            "Uses {images} of your {limit} pictures this hour; 1 is left.",
            "Uses {images} of your {limit} pictures this hour; none is left.",
        ),
        "day": _Left(
            "Uses {images} of your {limit} pictures today; {left} are left.",
            "Uses {images} of your {limit} pictures today; 1 is left.",
            "Uses {images} of your {limit} pictures today; none is left.",
        ),
        "week": _Left(
            "Uses {images} of your {limit} pictures this week; {left} are left.",
            "Uses {images} of your {limit} pictures this week; 1 is left.",
            "Uses {images} of your {limit} pictures this week; none is left.",
        ),
        "month": _Left(
            "Uses {images} of your {limit} pictures this month; {left} are left.",
            "Uses {images} of your {limit} pictures this month; 1 is left.",
            "Uses {images} of your {limit} pictures this month; none is left.",
        ),
    }
)
_SERVERS: Mapping[str, _Left] = MappingProxyType(
    {
        "day": _Left(
            "Uses {images} of this server’s {limit} pictures today; {left} are left.",
            "Uses {images} of this server’s {limit} pictures today; 1 is left.",
            "Uses {images} of this server’s {limit} pictures today; none is left.",
        ),
        "month": _Left(
            "Uses {images} of this server’s {limit} pictures this month; {left} are left.",
            "Uses {images} of this server’s {limit} pictures this month; 1 is left.",
            "Uses {images} of this server’s {limit} pictures this month; none is left.",
        ),
    }
)
_ONLY_ONE = "Uses your only picture; the next one is yours {resets_at:from now}."
_SERVERS_ONLY_ONE = "Uses this server’s only picture; the next one comes {resets_at:from now}."
_EXTRA = _Left(
    "Uses {extra} of your extra pictures; {left} are left.",
    "Uses {extra} of your extra pictures; 1 is left.",
    "Uses {extra} of your extra pictures; none is left.",
)
_BUDGET_USED_UP = "With this, the server’s budget of {amount} is used up."
_BUDGET_NEARING = "With this, {percent} % of the server’s budget of {amount} is used."


def charge_text(charge: Charge) -> str:
    """Return lines of small print, "" where no limit holds: first what is left for the member."""
    taken = charge.taken
    budgets = [use for use in taken.nearing if not use.window.kind.traits.is_operators]
    uses = [use for use in taken.uses if use not in budgets]
    lines = []
    if taken.from_grant:
        extra = _by_left(_EXTRA, taken.granted)
        lines.append(say(extra, extra=taken.from_grant, left=taken.granted))
    elif uses:
        lines.append(_use_text(charge.images, _tightest(uses)))
    return "\n".join([*lines, *map(_budget_text, budgets)])


def _tightest(uses: Sequence[Use]) -> Use:
    """Return the window that has the least left, of several the one that holds out longest."""
    return min(uses, key=lambda use: (use.left, -use.window.resets_at))


def _use_text(images: int, use: Use) -> Markup:
    window, left = use.window, round(use.left)
    is_servers = window.kind.traits.counts is Counted.GUILD
    if window.limit == 1:
        only_one = _SERVERS_ONLY_ONE if is_servers else _ONLY_ONE
        return say(only_one, resets_at=round(window.resets_at))
    sentence = _by_left((_SERVERS if is_servers else _OWN)[window.period], left)
    return say(sentence, images=images, limit=round(window.limit), left=left)


def _by_left(sentences: _Left, left: int) -> str:
    return {0: sentences.none, 1: sentences.one}.get(left, sentences.many)


def _budget_text(use: Use) -> Markup:
    sentence = _BUDGET_USED_UP if use.is_spent else _BUDGET_NEARING
    return say(sentence, percent=use.percent, amount=use.window.amount)
