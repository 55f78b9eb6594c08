"""Who took what and may take what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import JobId
from bot.domain.quotas.allowances import Allowance, Counts, LimitWindow, QuotaRequest
from bot.domain.quotas.packages import Package, PackageEnd, PackageUse
from bot.domain.quotas.quota import (
    Grant,
    OpenGrant,
    Period,
    Policy,
    Rule,
    Scope,
)


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One ledger row (contract, "A usage object"); times are unix seconds.

    `held`: its job is queued, and held back by moderators or until an approval.
    """

    job_id: JobId
    held: bool
    guild_id: int | None
    channel_id: int
    user_id: int
    command: str
    engine: str
    pool: str
    state: str
    images: int
    cost_usd: float
    refunded: bool
    error_code: str | None
    request_id: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None


class UsageStore(Protocol):
    """The ledger, read."""

    async def rows(self, since: float, guild_id: int | None = None) -> list[UsageRow]:
        """Return rows created at or after `since`, oldest first."""


class QuotaStore(Protocol):
    """Moderators' rules and grants, and how much is used of what they allow."""

    async def policy(self, guild_id: int) -> Policy:
        """Return all that a server's moderators set, in one look."""

    async def set_rule(self, guild_id: int, rule: Rule, by: int, now: float) -> None:
        """Set a rule; one of the same scope, subject and period is replaced. It is written down."""

    async def clear_rules(
        self,
        guild_id: int,
        subject: tuple[Scope, int],
        period: Period | None,
        *,
        by: int,
        now: float,
    ) -> int:
        """Delete a subject's rules, of one period or all, and write that down; returns how many."""

    async def add_grant(
        self, guild_id: int, grant: Grant, now: float, *, alias: int | None = None
    ) -> int:
        """Give extra pictures, or take back no more than are left, and write that down.

        Returns how many it came to.
        """

    async def open_grants(self, guild_id: int) -> tuple[OpenGrant, ...]:
        """Return who has granted pictures left, the latest given first; at most a hundred."""

    async def count(self, ask: QuotaRequest, allowance: Allowance, now: float) -> Counts:
        """Count what is used of an allowance, without a lock: for a look."""

    async def count_before(
        self, job_id: JobId, ask: QuotaRequest, allowance: Allowance, now: float
    ) -> Counts | None:
        """Count it before a job is accepted; None for a job that exists, which took its own."""


Change = Callable[[GuildSettings], GuildSettings]
"""Makes of what is set what is to be set; raises the NotPossible that says why not."""


class GuildSettingsStore(Protocol):
    """What moderators set with /settings for a whole server."""

    async def settings(self, guild_id: int | None) -> GuildSettings:
        """Return what is set; nothing is in direct messages, which have no server."""

    async def change(
        self, guild_id: int, change: Change, *, by: int, now: float
    ) -> tuple[GuildSettings, GuildSettings]:
        """Carry out a change on what is set, write down whose it was; returns before and after.

        What stays as it is, is not written; what `change` raises, undoes all of it.
        """


class WarningStore(Protocol):
    """Which budgets were warned of, as `accept` notes them."""

    async def forget(self, guild_id: int | None, *windows: LimitWindow) -> None:
        """Forget that budgets were warned of: the next request that comes near an end warns."""

    async def forget_server(self, guild_id: int) -> None:
        """Forget that a server's own budgets were warned of, whichever they were."""


class PackageStore(Protocol):
    """The packages, and how much of each is used."""

    async def keep(self, listed: Sequence[Package]) -> None:
        """Let the operator's list replace the one before; a package that stays keeps its use."""

    async def uses(self) -> list[PackageUse]:
        """Return the listed packages, the earliest to expire first."""

    async def note(self, use: PackageUse, ending: PackageEnd) -> bool:
        """Note that the operator is told; False when that was noted of as many pictures before."""

    async def forget(self, use: PackageUse, ending: PackageEnd) -> None:
        """Take that back: it could not be told."""
