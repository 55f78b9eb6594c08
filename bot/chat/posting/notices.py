"""The words of notices: what moderators and the operator are told without asking."""

from types import MappingProxyType

from bot.domain.quotas.allowances import Use
from bot.domain.quotas.packages import PackageEnd, PackageUse
from bot.domain.wording.mentions import date, from_now
from bot.domain.wording.sentences import say

_BUDGET = MappingProxyType(  # by what counts in it, and whether it is used up
    {
        (False, False): (
            "**This server’s budget is nearly used up:** {used:.0f} of {amount} ({percent} %), "
            "waiting requests included."
        ),
        (False, True): (
            "**This server’s budget is used up:** {used:.0f} of {amount} ({percent} %), waiting "
            "requests included."
        ),
        (True, False): (
            "**This server’s budget is nearly used up:** {used:.2f} of {amount} ({percent} %), "
            "waiting requests included."
        ),
        (True, True): (
            "**This server’s budget is used up:** {used:.2f} of {amount} ({percent} %), waiting "
            "requests included."
        ),
    }
)
_BUDGET_THEN = (
    "It resets {resets_at:from now}. Once it is used up, new requests are refused until then; what "
    "waits is still made."
)
_BUDGET_NOW = (
    "It resets {resets_at:from now}. New requests are refused until then; what waits is still made."
)
_BUDGET_TO_DO = "Moderators change it with `/settings budget`."
_BUDGET_ASSUMED = "-# {assumed:.2f} USD of it are assumed, for engines without a price."


def budget_notice(use: Use) -> str:
    """Return what moderators are told of a server's budget that nears its end or is at it."""
    is_money = use.window.kind.traits.is_money
    then = _BUDGET_NOW if use.is_spent else _BUDGET_THEN
    lines = [_BUDGET[is_money, use.is_spent], then, _BUDGET_TO_DO]
    return _told(use, [*lines, _BUDGET_ASSUMED] if use.assumed else lines)


_CEILING = (
    "**Easel’s budget is nearly used up:** {used:.2f} of {amount} ({percent} %), for all servers "
    "together and waiting requests included."
)
_CEILING_SPENT = (
    "**Easel’s budget is used up:** {used:.2f} of {amount} ({percent} %), for all servers together "
    "and waiting requests included."
)
_CEILING_THEN = (
    "It resets {resets_at:from now}. Once it is used up, what has a price is refused in every "
    "server until then; what waits is still made."
)
_CEILING_NOW = (
    "It resets {resets_at:from now}. What has a price is refused in every server until then; what "
    "waits is still made."
)
_CEILING_TO_DO = (
    "What to do: raise `account_usd_per_month` under `[quotas]` in easel.toml and start Easel "
    "anew, or let it be. `easel usage` lists what was spent."
)
_CEILING_ASSUMED = (
    "-# {assumed:.2f} USD of it are assumed, for engines without a `price_usd`: each of their "
    "pictures counts as `assumed_usd` under `[quotas]` says."
)


def ceiling_notice(use: Use) -> str:
    """Return what the operator is told of the account's budget that nears its end or is at it."""
    said = (_CEILING_SPENT, _CEILING_NOW) if use.is_spent else (_CEILING, _CEILING_THEN)
    lines = [*said, _CEILING_TO_DO]
    return _told(use, [*lines, _CEILING_ASSUMED] if use.assumed else lines)


def _told(use: Use, lines: list[str]) -> str:
    facts = {
        "used": use.used,
        "amount": use.window.amount,
        "percent": use.percent,
        "resets_at": use.window.resets_at,
        "assumed": use.assumed,
    }
    return "\n".join(say(line, **facts) for line in lines)


_EXPIRING = (
    "**A package of the cloud account expires {when}:** {name}, {left} of {images} left. "
    "What is not used by then is lost; afterwards pictures cost money."
)
_NEARLY_USED_UP = (
    "**A package of the cloud account is nearly used up:** {name}, {left} of {images} left. "
    "Once it is, pictures cost money; what is left is good until {end}."
)
_USED_UP = (
    "**A package of the cloud account is used up:** {name}, {left} of {images} left. "
    "Pictures cost money from now on."
)
_PACKAGE_TO_DO = (
    "What to do: buy another one and list it under `[[packages]]` in easel.toml, or let it be. "
    "`easel doctor` shows what is left of each."
)


def package_notice(use: PackageUse, ending: PackageEnd) -> str:
    """Return what the operator is told of a package that is nearly used up or expires soon."""
    said = _NEARLY_USED_UP if use.left else _USED_UP
    if ending is PackageEnd.EXPIRING:
        said = _EXPIRING
    facts = {
        "name": use.name,
        "left": use.left,
        "images": use.images,
        "when": from_now(use.expires_at),
        "end": date(use.expires_at),
    }
    return "\n".join([say(said, **facts), say(_PACKAGE_TO_DO)])
