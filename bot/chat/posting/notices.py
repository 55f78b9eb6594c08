"""The words of notices: what moderators and the operator are told without asking."""

from bot.domain.quotas.allowances import Use
from bot.domain.quotas.packages import PackageEnd, PackageUse
from bot.domain.wording.mentions import date, from_now
from bot.domain.wording.names import pictures_text


def budget_notice(use: Use) -> str:
    """Return what moderators are told of a server's budget that nears its end or is at it."""
    then = "New requests are refused until then; what waits is still made."
    return (
        f"**This server’s budget is {_state(use)}:** {_used_text(use)}, waiting requests "
        "included.\n"
        f"{_resets(use, then)}\n"
        f"Moderators change it with `/settings budget`.{_of_unknown_price(use)}"
    )


def ceiling_notice(use: Use) -> str:
    """Return what the operator is told of the account's budget that nears its end or is at it."""
    then = "What has a price is refused in every server until then; what waits is still made."
    return (
        f"**Easel’s budget is {_state(use)}:** {_used_text(use)}, for all servers together and "
        "waiting requests included.\n"
        f"{_resets(use, then)}\n"
        "What to do: raise `account_usd_per_month` under `[quotas]` in easel.toml and start Easel "
        f"anew, or let it be. `easel usage` lists what was spent.{_assumed_text(use)}"
    )


def package_notice(use: PackageUse, ending: PackageEnd) -> str:
    """Return what the operator is told of a package that is nearly used up or expires soon."""
    left = f"{use.left} of {pictures_text(use.images)} left"
    end = date(use.expires_at)
    if ending is PackageEnd.EXPIRING:
        said = f"**A package of the cloud account expires {from_now(use.expires_at)}:** {use.name}"
        then = "What is not used by then is lost; afterwards pictures cost money."
    elif use.left:
        said = f"**A package of the cloud account is nearly used up:** {use.name}"
        then = f"Once it is, pictures cost money; what is left is good until {end}."
    else:
        said = f"**A package of the cloud account is used up:** {use.name}"
        then = "Pictures cost money from now on."
    return (
        f"{said}, {left}. {then}\n"
        "What to do: buy another one and list it under `[[packages]]` in easel.toml, or let it be. "
        "`easel doctor` shows what is left of each."
    )


def _of_unknown_price(use: Use) -> str:
    if not use.assumed:
        return ""
    return f"\n-# {use.assumed:.2f} USD of it are assumed, for engines without a price."


def _assumed_text(use: Use) -> str:
    """Return how much of it is no price of an engine, as nobody has set one."""
    if not use.assumed:
        return ""
    return (
        f"\n-# {use.assumed:.2f} USD of it are assumed, for engines without a `price_usd`: each of "
        "their pictures counts as `assumed_usd` under `[quotas]` says."
    )


def _state(use: Use) -> str:
    return "used up" if use.is_spent else "nearly used up"


def _resets(use: Use, then: str) -> str:
    """Return when it resets, and what follows once nothing is left."""
    if not use.is_spent:
        then = f"Once it is used up, {then[0].lower()}{then[1:]}"
    return f"It resets {from_now(use.window.resets_at)}. {then}"


def _used_text(use: Use) -> str:
    limit, used = use.window.limit, use.used
    if use.window.kind.traits.is_money:
        return f"{used:.2f} of {limit:.2f} USD per {use.window.period} ({use.percent} %)"
    return f"{used:.0f} of {pictures_text(limit)} per {use.window.period} ({use.percent} %)"
