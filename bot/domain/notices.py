"""Notices: what moderators and the operator are told without asking, and in which words."""

from collections.abc import Awaitable, Callable

from bot.domain.allowances import Use, pictures_text

Post = Callable[[int, str], Awaitable[bool]]
"""Posts a notice in a channel, by its id; False when a later try may do better."""

Write = Callable[[str], Awaitable[bool]]
"""Writes a notice to the operator; False when a later try may do better."""


def budget_notice(use: Use) -> str:
    """Return what moderators are told of a server's budget that nears its end."""
    resets = f"<t:{use.bound.resets_at:.0f}:R>"
    return (
        f"**This server’s budget is nearly used up:** {_used_text(use)}, waiting requests "
        "included.\n"
        f"It resets {resets}. Once it is used up, new requests are refused until then; what waits "
        "is still made.\n"
        "Moderators change it with `/settings budget`."
    )


def ceiling_notice(use: Use) -> str:
    """Return what the operator is told of the account's budget that nears its end."""
    resets = f"<t:{use.bound.resets_at:.0f}:R>"
    return (
        f"**Easel’s budget is nearly used up:** {_used_text(use)}, for all servers together and "
        "waiting requests included.\n"
        f"It resets {resets}. Once it is used up, what has a price is refused in every server "
        "until then; what waits is still made.\n"
        "What to do: raise `account_usd_per_month` under `[quotas]` in easel.toml and start Easel "
        "anew, or let it be. `easel usage` lists what was spent.\n"
        "-# Engines whose price is not set count as 0 USD."
    )


def _used_text(use: Use) -> str:
    limit, used = use.bound.limit, use.used
    percent = f"{100 * used / limit:.0f} %"
    if use.bound.kind.is_money:
        return f"{used:.2f} of {limit:.2f} USD per {use.bound.period} ({percent})"
    return f"{used:.0f} of {pictures_text(limit)} per {use.bound.period} ({percent})"
