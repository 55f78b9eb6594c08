"""The answers to /quota: where somebody stands, what is set, what was granted."""

from types import MappingProxyType
from typing import NamedTuple

from bot.domain.quotas.allowances import UNLIMITED, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant, OpenGrant, Rule, Scope
from bot.domain.wording.mentions import from_now, member, role
from bot.domain.wording.names import pictures_text
from bot.domain.wording.quoting import quoted
from bot.domain.wording.sentences import Operator
from bot.services.quotas import Account, Granted, Listing
from cogs.views.fitting import fitting

_ROOM_FOR_RULES = 2400  # characters, of all that a message's texts share
_ROOM_FOR_GRANTS = 1200
_REASON_SHOWN = 100


class _Words(NamedTuple):
    """How a kind of limit is called, and what is said where it holds above a rule or a grant."""

    name: str
    above: str = ""


_WORDS = MappingProxyType(
    {
        LimitKind.MEMBER: _Words("Own quota"),
        LimitKind.ROLE: _Words("Quota, for each member with {subject}"),
        LimitKind.EVERYONE: _Words("Quota, for each member"),
        LimitKind.USER_CEILING: _Words(
            "Limit set by {operator} for one member, in all servers",
            "The limit of {what} for each member, set by {operator}, still holds.",
        ),
        LimitKind.GUILD_CEILING: _Words(
            "Limit set by {operator} for this server",
            "The limit of {what} for this server, set by {operator}, still holds.",
        ),
        LimitKind.BUDGET_IMAGES: _Words(
            "This server’s budget", "This server’s budget of {what} still holds."
        ),
        LimitKind.BUDGET_USD: _Words("This server’s budget in US dollars"),
        LimitKind.ACCOUNT_USD: _Words("The monthly budget set by {operator}"),
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
        lines = ["No quota applies."]
    if account.granted:
        lines.append(f"Extra pictures, used when a quota runs out: {account.granted} left")
    if account.barred_until:
        until = from_now(account.barred_until)
        lines.append(f"Paused after refusals by review; requests are taken again {until}")
    return "\n".join([f"**Quotas of {member(user_id)}**", *lines])


def _use_text(use: Use, operator: Operator, *, shows_money: bool) -> str:
    """Return one line, "" for what this reader need not know."""
    window = use.window
    name = _WORDS[window.kind].name.format(
        subject=role(window.subject_id), operator=operator.called
    )
    if window.kind.traits.is_money and not (shows_money and window.kind is LimitKind.BUDGET_USD):
        return _end_text(name, use)
    resets = f"resets {from_now(window.resets_at)}"
    if window.kind.traits.is_money:
        numbers = f"{use.left:.2f} of {window.limit:.2f} USD left"
    elif not window.limit:
        return f"{name}: no pictures are allowed"
    else:
        numbers = f"{use.left:.0f} of {pictures_text(window.limit)} left"
    return f"{name}: {numbers} per {window.period}, {resets}"


def _end_text(name: str, use: Use) -> str:
    """Return that money comes to its end, without amounts; nothing where there is enough."""
    if not use.window.limit:
        return f"{name} allows nothing that has a price"
    if not use.is_nearing:
        return ""
    state = "used up" if use.is_spent else "nearly used up, so a request may be refused"
    return f"{name} is {state}; it resets {from_now(use.window.resets_at)}"


def listing_text(listing: Listing, operator: Operator, *, sees_all: bool) -> str:
    """Return a server's rules and open grants, as many as a message holds."""
    nothing = "No quotas are set here" if sees_all else "No quotas here are for you"
    limits = f"the limits set by {operator.called} apply"
    lines = [f"{nothing}; {limits}. `/quota show` names them."]
    if listing.rules:
        title = "**Quotas of this server**" if sees_all else "**Quotas for you**"
        rules = fitting([_rule_text(rule) for rule in listing.rules], _ROOM_FOR_RULES)
        zone = f"-# Periods begin in the time zone {listing.timezone}."
        lines = [title, *rules, zone]
    if listing.grants:
        texts = [_grant_text(grant) for grant in listing.grants]
        grants = fitting(texts, _ROOM_FOR_GRANTS, is_whole=False)  # the store reads the latest
        lines += ["**Extra pictures, used when a quota runs out**", *grants]
    return "\n".join(lines)


def _grant_text(grant: OpenGrant) -> str:
    left = f"{member(grant.user_id)}: {pictures_text(grant.left)} left"
    reason = quoted(grant.reason, _REASON_SHOWN)
    return f"{left}, the latest given by {member(grant.granted_by)}: {reason}"


def set_text(rule: Rule, above: LimitWindow | None, operator: Operator) -> str:
    """Return what was set, and what holds above it all the same."""
    return f"Set. {_rule_text(rule)}{_above_text(above, operator)}"


def cleared_text(count: int, scope: Scope, subject_id: int) -> str:
    """Return how many quotas no longer hold, and for whom they did."""
    quotas = "1 quota" if count == 1 else f"{count} quotas"
    return f"Cleared {quotas} that held for {_subject_text(scope, subject_id)}."


def granted_text(grant: Grant, granted: Granted, operator: Operator) -> str:
    """Return what was given or taken back, what is left, and what holds all the same."""
    whom, left = member(grant.user_id), pictures_text(granted.left)
    reason = quoted(grant.reason)
    if granted.images < 0:
        taken = pictures_text(-granted.images)
        return f"Took back {taken} from {whom}; {left} extra left: {reason}"
    given = f"{whom} has {left} extra now, used when a quota runs out: {reason}"
    return f"{given}{_above_text(granted.above, operator)}"


def _above_text(above: LimitWindow | None, operator: Operator) -> str:
    if above is None:
        return ""
    what = f"{pictures_text(above.limit)} per {above.period}"
    return "\n" + _WORDS[above.kind].above.format(what=what, operator=operator.called)


def _rule_text(rule: Rule) -> str:
    amount = {UNLIMITED: "unlimited pictures", 0: "no pictures"}.get(
        rule.images, pictures_text(rule.images)
    )
    whom = _subject_text(rule.scope, rule.subject_id)
    return f"{whom[0].upper()}{whom[1:]}: {amount} per {rule.period}"


def _subject_text(scope: Scope, subject_id: int) -> str:
    """Return whom a rule is for; each of them has it alone."""
    if scope is Scope.MEMBER:
        return member(subject_id)
    return "each member" if scope is Scope.EVERYONE else f"each member with {role(subject_id)}"
