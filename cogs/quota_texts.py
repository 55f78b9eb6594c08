"""The answers to /quota: where somebody stands, what is set, what was granted."""

from collections.abc import Iterator, Sequence

from discord.utils import escape_markdown

from bot.domain.allowances import UNLIMITED, Bound, BoundKind, Use, pictures_text
from bot.domain.quotas import Grant, OpenGrant, Rule, Scope
from bot.services.quotas import Account, Granted, Listing

_ROOM_FOR_RULES = 2400  # characters; all texts of a message hold 4,000 (Discord docs, 2026-08)
_ROOM_FOR_GRANTS = 1200
_REASON_SHOWN = 100
_NAMES = {
    BoundKind.MEMBER: "Own quota",
    BoundKind.ROLE: "Quota, for each member with <@&{subject}>",
    BoundKind.EVERYONE: "Quota, for each member",
    BoundKind.USER_CEILING: "Operator’s limit for one member, in all servers",
    BoundKind.GUILD_CEILING: "Operator’s limit for this server",
    BoundKind.BUDGET_IMAGES: "This server’s budget",
    BoundKind.BUDGET_USD: "This server’s budget in US dollars",
    BoundKind.ACCOUNT_USD: "The operator’s monthly budget",
}
_ABOVE = {
    BoundKind.USER_CEILING: "The operator’s limit of {what} for each member",
    BoundKind.GUILD_CEILING: "The operator’s limit of {what} for this server",
    BoundKind.BUDGET_IMAGES: "This server’s budget of {what}",
}


def account_text(account: Account, user_id: int, *, shows_money: bool) -> str:
    """Return what applies to a member, what is left and when it resets.

    The server's money is for those who may see it, the operator's for nobody: of these one reads
    only that they come to their end.
    """
    lines = [line for use in account.uses if (line := _use_text(use, shows_money=shows_money))]
    if not lines:
        lines = ["No quota applies."]
    if account.granted:
        lines.append(f"Extra pictures, used once a quota is: {account.granted} left")
    if account.paused_until:
        until = f"<t:{account.paused_until:.0f}:R>"
        lines.append(f"Paused after refusals by review; requests are taken again {until}")
    return "\n".join([f"**Quotas of <@{user_id}>**", *lines])


def _use_text(use: Use, *, shows_money: bool) -> str:
    bound = use.bound
    name = _NAMES[bound.kind].format(subject=bound.subject_id)
    if bound.kind.is_money and not (shows_money and bound.kind is BoundKind.BUDGET_USD):
        return _end_text(name, use)
    resets = f"resets <t:{bound.resets_at:.0f}:R>"
    if bound.kind.is_money:
        numbers = f"{use.left:.2f} of {bound.limit:.2f} USD left"
    elif not bound.limit:
        return f"{name}: no pictures are allowed"
    else:
        numbers = f"{use.left:.0f} of {pictures_text(bound.limit)} left"
    return f"{name}: {numbers} per {bound.period}, {resets}"


def _end_text(name: str, use: Use) -> str:
    """Return that money comes to its end, without amounts; nothing where there is enough."""
    if not use.bound.limit:
        return f"{name} allows nothing that has a price"
    if not use.is_nearing:
        return ""
    state = "used up" if use.is_spent else "nearly used up, so a request may be refused"
    return f"{name} is {state}; it resets <t:{use.bound.resets_at:.0f}:R>"


def listing_text(listing: Listing, *, sees_all: bool) -> str:
    """Return a server's rules and open grants, as many as a message holds."""
    nothing = "No quotas are set here" if sees_all else "No quotas here are for you"
    lines = [f"{nothing}; the operator’s limits apply. `/quota show` names them."]
    if listing.rules:
        title = "**Quotas of this server**" if sees_all else "**Quotas for you**"
        rules = _fitting([_rule_text(rule) for rule in listing.rules], _ROOM_FOR_RULES)
        zone = f"-# Periods begin in the time zone {listing.timezone}."
        lines = [title, *rules, zone]
    if listing.grants:
        grants = _fitting([_grant_text(grant) for grant in listing.grants], _ROOM_FOR_GRANTS)
        lines += ["**Extra pictures, used once a quota is**", *grants]
    return "\n".join(lines)


def _fitting(lines: Sequence[str], room: int) -> Iterator[str]:
    """Yield as many lines as there is room for, and say so where that is not all of them."""
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield "-# and more"
            return
        yield line


def _grant_text(grant: OpenGrant) -> str:
    reason = " ".join(grant.reason.split())
    if len(reason) > _REASON_SHOWN:
        reason = f"{reason[:_REASON_SHOWN]}…"
    left = f"<@{grant.user_id}>: {pictures_text(grant.left)} left"
    return f"{left}, the latest given by <@{grant.granted_by}>: {escape_markdown(reason)}"


def set_text(rule: Rule, above: Bound | None) -> str:
    """Return what was set, and what holds above it all the same."""
    return f"Set. {_rule_text(rule)}{_above_text(above)}"


def granted_text(grant: Grant, granted: Granted) -> str:
    """Return what was given or taken back, what is left, and what holds all the same."""
    whom, left = f"<@{grant.user_id}>", pictures_text(granted.left)
    reason = escape_markdown(grant.reason)
    if granted.images < 0:
        taken = pictures_text(-granted.images)
        return f"Took back {taken} from {whom}; {left} extra left: {reason}"
    given = f"{whom} has {left} extra now, used once a quota is: {reason}"
    return f"{given}{_above_text(granted.above)}"


def _above_text(above: Bound | None) -> str:
    if above is None:
        return ""
    what = f"{pictures_text(above.limit)} per {above.period}"
    return f"\n{_ABOVE[above.kind].format(what=what)} still holds."


def _rule_text(rule: Rule) -> str:
    amount = {UNLIMITED: "unlimited pictures", 0: "no pictures"}.get(
        rule.images, pictures_text(rule.images)
    )
    return f"{subject_text(rule.scope, rule.subject_id)}: {amount} per {rule.period}"


def subject_text(scope: Scope, subject_id: int) -> str:
    """Return whom a rule is for; each of them has it alone."""
    if scope is Scope.MEMBER:
        return f"<@{subject_id}>"
    return "each member" if scope is Scope.EVERYONE else f"each member with <@&{subject_id}>"
