"""The answers to /quota: where somebody stands, what is set, what was granted."""

from types import MappingProxyType
from typing import NamedTuple

from bot.domain.quotas.allowances import LimitWindow, Use
from bot.domain.quotas.amounts import Amount
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant, OpenGrant, Rule, Scope
from bot.domain.wording.quoting import quoted
from bot.domain.wording.sentences import Operator, say
from bot.services.quotas import Account, Granted, Listing
from cogs.views.fitting import and_more_of_many, fitting

_ROOM_FOR_RULES = 2400  # characters, of all that a message's texts share
_ROOM_FOR_GRANTS = 1200
_REASON_SHOWN = 100


class _Words(NamedTuple):
    """What is said of a kind of limit: what is left, that it is nothing, and that money ends.

    `above`: that it holds all the same above a rule or a grant.
    """

    left: str
    nothing: str
    nearing: str = ""
    spent: str = ""
    above: str = ""


_WORDS = MappingProxyType(
    {
        LimitKind.MEMBER: _Words(
            "Own quota: {left:.0f} left of {amount}, resets {resets_at:from now}",
            "Own quota: no pictures are allowed",
        ),
        LimitKind.ROLE: _Words(
            "Quota, for each member with {subject_id:role}: {left:.0f} left of {amount}, resets "
            "{resets_at:from now}",
            "Quota, for each member with {subject_id:role}: no pictures are allowed",
        ),
        LimitKind.EVERYONE: _Words(
            "Quota, for each member: {left:.0f} left of {amount}, resets {resets_at:from now}",
            "Quota, for each member: no pictures are allowed",
        ),
        LimitKind.USER_CEILING: _Words(
            "Limit set by {operator} for one member, in all servers: {left:.0f} left of {amount}, "
            "resets {resets_at:from now}",
            "Limit set by {operator} for one member, in all servers: no pictures are allowed",
            above="The limit of {amount} for each member, set by {operator}, still holds.",
        ),
        LimitKind.GUILD_CEILING: _Words(
            "Limit set by {operator} for this server: {left:.0f} left of {amount}, resets "
            "{resets_at:from now}",
            "Limit set by {operator} for this server: no pictures are allowed",
            above="The limit of {amount} for this server, set by {operator}, still holds.",
        ),
        LimitKind.BUDGET_IMAGES: _Words(
            "This server’s budget: {left:.0f} left of {amount}, resets {resets_at:from now}",
            "This server’s budget: no pictures are allowed",
            above="This server’s budget of {amount} still holds.",
        ),
        LimitKind.BUDGET_USD: _Words(
            "This server’s budget in US dollars: {left:.2f} left of {amount}, resets "
            "{resets_at:from now}",
            "This server’s budget in US dollars allows nothing that has a price",
            "This server’s budget in US dollars is nearly used up, so a request may be refused; it "
            "resets {resets_at:from now}",
            "This server’s budget in US dollars is used up; it resets {resets_at:from now}",
        ),
        LimitKind.ACCOUNT_USD: _Words(
            "",  # what the operator pays in all is nobody's business
            "The monthly budget set by {operator} allows nothing that has a price",
            "The monthly budget set by {operator} is nearly used up, so a request may be refused; "
            "it resets {resets_at:from now}",
            "The monthly budget set by {operator} is used up; it resets {resets_at:from now}",
        ),
    }
)


def account_text(account: Account, user_id: int, operator: Operator, *, shows_money: bool) -> str:
    """Return what applies to a member, what is left and when it resets.

    The server's money is for those who may see it, the operator's for nobody: of these one reads
    only that they come to their end.
    """
    uses = [_use_text(use, operator, shows_money=shows_money) for use in account.uses]
    lines = [line for line in uses if line]
    if not lines:
        lines = [say("No quota applies.")]
    if account.granted:
        extra = "Extra pictures, used when a quota runs out: {left} left"
        lines.append(say(extra, left=account.granted))
    if account.barred_until:
        paused = "Paused after refusals by review; requests are taken again {barred_until:from now}"
        lines.append(say(paused, barred_until=account.barred_until))
    title = say("**Quotas of {user_id:member}**", user_id=user_id)
    return "\n".join([title, *lines])


def _use_text(use: Use, operator: Operator, *, shows_money: bool) -> str:
    """Return one line, "" for what this reader need not know."""
    window, words = use.window, _WORDS[use.window.kind]
    is_told = shows_money and window.kind is LimitKind.BUDGET_USD
    if window.kind.traits.is_money and not is_told:
        line = _end_of_money(use, words)
    else:
        line = words.left if window.limit or is_told else words.nothing
    return _filled(line, window, operator, left=use.left)


def _end_of_money(use: Use, words: _Words) -> str:
    """Return the line that money comes to its end, without amounts; "" where there is enough."""
    if not use.window.limit:
        return words.nothing
    if not use.is_nearing:
        return ""
    return words.spent if use.is_spent else words.nearing


def _filled(line: str, window: LimitWindow, operator: Operator, *, left: float = 0.0) -> str:
    return say(
        line,
        left=left,
        amount=window.amount,
        subject_id=window.subject_id,
        resets_at=window.resets_at,
        operator=operator.called,
    )


_NOTHING_SET = (
    "No quotas are set here; the limits set by {operator} apply. `/quota show` names them."
)
_NOTHING_FOR_YOU = (
    "No quotas here are for you; the limits set by {operator} apply. `/quota show` names them."
)


def listing_text(listing: Listing, operator: Operator, *, sees_all: bool) -> str:
    """Return a server's rules and open grants, as many as a message holds."""
    nothing = _NOTHING_SET if sees_all else _NOTHING_FOR_YOU
    lines: list[str] = [say(nothing, operator=operator.called)]
    if listing.rules:
        title = say("**Quotas of this server**") if sees_all else say("**Quotas for you**")
        rules = fitting([_rule_text(rule) for rule in listing.rules], _ROOM_FOR_RULES)
        zone = say("-# Periods begin in the time zone {zone}.", zone=listing.timezone)
        lines = [title, *rules, zone]
    if listing.grants:
        texts = [_grant_text(grant) for grant in listing.grants]
        grants = fitting(texts, _ROOM_FOR_GRANTS, rest=and_more_of_many)
        lines += [say("**Extra pictures, used when a quota runs out**"), *grants]
    return "\n".join(lines)


def _grant_text(grant: OpenGrant) -> str:
    line = "{user_id:member}: {left} left, the latest given by {granted_by:member}: {reason}"
    return say(
        line,
        user_id=grant.user_id,
        left=grant.left,
        granted_by=grant.granted_by,
        reason=quoted(grant.reason, _REASON_SHOWN),
    )


def set_text(rule: Rule, above: LimitWindow | None, operator: Operator) -> str:
    """Return what was set, and what holds above it all the same."""
    return _with_above(say("Set. {rule}", rule=_rule_text(rule)), above, operator)


def cleared_text(count: int, scope: Scope, subject_id: int) -> str:
    """Return how many quotas no longer hold, and for whom they did."""
    one, several = _CLEARED[scope]
    return say(one if count == 1 else several, count=count, subject_id=subject_id)


_CLEARED = MappingProxyType(
    {
        Scope.MEMBER: (
            "Cleared 1 quota that held for {subject_id:member}.",
            "Cleared {count} quotas that held for {subject_id:member}.",
        ),
        Scope.ROLE: (
            "Cleared 1 quota that held for each member with {subject_id:role}.",
            "Cleared {count} quotas that held for each member with {subject_id:role}.",
        ),
        Scope.EVERYONE: (
            "Cleared 1 quota that held for each member.",
            "Cleared {count} quotas that held for each member.",
        ),
    }
)


def granted_text(grant: Grant, granted: Granted, operator: Operator) -> str:
    """Return what was given or taken back, what is left, and what holds all the same."""
    facts = {"user_id": grant.user_id, "left": granted.left, "reason": quoted(grant.reason)}
    if granted.images < 0:
        taken = -granted.images
        line = _TOOK_ONE if taken == 1 else _TOOK_SEVERAL
        return say(line, taken=taken, **facts)
    line = _HAS_ONE if granted.left == 1 else _HAS_SEVERAL
    return _with_above(say(line, **facts), granted.above, operator)


_TOOK_ONE = "Took back 1 picture from {user_id:member}; {left} extra left: {reason}"
_TOOK_SEVERAL = "Took back {taken} pictures from {user_id:member}; {left} extra left: {reason}"
_HAS_ONE = "{user_id:member} has 1 picture extra now, used when a quota runs out: {reason}"
_HAS_SEVERAL = (
    "{user_id:member} has {left} pictures extra now, used when a quota runs out: {reason}"
)


def _with_above(said: str, above: LimitWindow | None, operator: Operator) -> str:
    if above is None:
        return said
    return f"{said}\n{_filled(_WORDS[above.kind].above, above, operator)}"


_RULES = MappingProxyType(
    {
        Scope.MEMBER: "{subject_id:member}: {amount}",
        Scope.ROLE: "Each member with {subject_id:role}: {amount}",
        Scope.EVERYONE: "Each member: {amount}",
    }
)


def _rule_text(rule: Rule) -> str:
    """Return whom a rule is for, each of whom has it alone, and how much it allows."""
    amount = Amount(rule.images, rule.period)
    return say(_RULES[rule.scope], subject_id=rule.subject_id, amount=amount)
