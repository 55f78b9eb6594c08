"""Orders accepted, counted and made under limit windows."""

from bot.domain.jobs.endings import done
from bot.domain.jobs.job import Order
from bot.domain.quotas.allowances import (
    Allowance,
    Counts,
    LimitWindow,
    quota_request_of,
)
from bot.domain.quotas.limit_kinds import LimitKind
from bot.ports.queue import Accepted
from storage import Storage
from tests.contract.orders import LIMITS, NOW, claimed, order

GUILD = order().destination.guild_id or 0
MEMBER = order().destination.user_id


def window(kind: LimitKind, limit: float, since: float = NOW - 100) -> LimitWindow:
    return LimitWindow(kind, limit, "day", since, NOW + 1000)


def under(*windows: LimitWindow) -> Allowance:
    return Allowance(windows, watches_refusals=True)


async def accept(
    storage: Storage, asked: Order, *windows: LimitWindow, now: float = NOW
) -> Accepted:
    return await storage.jobs.accept(asked, LIMITS, now, under(*windows))


async def counts(storage: Storage, *windows: LimitWindow, now: float = NOW) -> Counts:
    return await storage.quotas.count(quota_request_of(order()), under(*windows), now)


async def make(storage: Storage, asked: Order, made: int) -> None:
    """Take an accepted job to its good end."""
    job, lease = await claimed(storage)
    assert job.id == asked.id
    await storage.jobs.record_drawn(lease, ["k"] * made, None, NOW)
    await storage.jobs.end(lease, done(job, made), NOW)
