"""The kinds of limits: who set one, whose pictures or dollars count, and what it refuses with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.quotas.errors import (
    AccountCeilingReached,
    EveryoneQuotaSpent,
    GuildCeilingReached,
    MemberQuotaSpent,
    MoneyBudgetSpent,
    PictureBudgetSpent,
    QuotaSpent,
    RoleQuotaSpent,
    UserCeilingReached,
)


class Counted(StrEnum):
    """Whose rows of the ledger a limit counts."""

    MEMBER_HERE = "member here"
    MEMBER = "member"
    GUILD = "guild"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Traits:
    """What distinguishes a kind of limit.

    `is_money`: US dollars count instead of pictures. `takes_grants`: granted pictures go beyond it,
    a moderator's own rules and nothing above them. `is_budget`: a month's, which warns before it
    ends. `is_operators`: the operator set it, and not a server's moderators.
    """

    counts: Counted
    refusal: type[QuotaSpent]
    is_money: bool = False
    takes_grants: bool = False
    is_budget: bool = False
    is_operators: bool = False


class LimitKind(StrEnum):
    """Who set a limit, and on what."""

    MEMBER = "member"
    ROLE = "role"
    EVERYONE = "everyone"
    USER_CEILING = "user ceiling"
    GUILD_CEILING = "guild ceiling"
    BUDGET_IMAGES = "budget images"
    BUDGET_USD = "budget usd"
    ACCOUNT_USD = "account usd"

    @property
    def traits(self) -> Traits:
        """What distinguishes it."""
        return _TRAITS[self]


_TRAITS: Mapping[LimitKind, Traits] = MappingProxyType(
    {
        LimitKind.MEMBER: Traits(Counted.MEMBER_HERE, MemberQuotaSpent, takes_grants=True),
        LimitKind.ROLE: Traits(Counted.MEMBER_HERE, RoleQuotaSpent, takes_grants=True),
        LimitKind.EVERYONE: Traits(Counted.MEMBER_HERE, EveryoneQuotaSpent, takes_grants=True),
        LimitKind.USER_CEILING: Traits(Counted.MEMBER, UserCeilingReached, is_operators=True),
        LimitKind.GUILD_CEILING: Traits(Counted.GUILD, GuildCeilingReached, is_operators=True),
        LimitKind.BUDGET_IMAGES: Traits(Counted.GUILD, PictureBudgetSpent, is_budget=True),
        LimitKind.BUDGET_USD: Traits(
            Counted.GUILD, MoneyBudgetSpent, is_money=True, is_budget=True
        ),
        LimitKind.ACCOUNT_USD: Traits(
            Counted.ACCOUNT, AccountCeilingReached, is_money=True, is_budget=True, is_operators=True
        ),
    }
)
