"""Orders and limits for the suites, with every detail that a test does not care about."""

from typing import Any

from bot.domain.jobs.endings import Ending, done
from bot.domain.jobs.job import (
    Destination,
    Job,
    JobState,
    Lease,
    Options,
    Order,
    job_id_of,
)
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.reasons.reason import Reason
from storage import Storage

NOW = 1_800_000_000.0
LEASE_S = 20.0
LIMITS = RunLimits(pools={"aiart": 3, "vod": 1}, per_guild=3, per_user=3, queued_per_user=50)
LIVE = frozenset({JobState.QUEUED, JobState.RUNNING, JobState.DELIVERING})  # others are ends
TOKEN = "aW50ZXJhY3Rpb24-secret"
_FIRST = 1_300_000_000_000_000_000  # ids as large as Discord's


def order(
    number: int = 1,
    *,
    guild: int | None = 1,
    user: int = 1,
    channel: int = 500,
    pool: str = "aiart",
    count: int = 1,
    options: Options | None = None,
    **details: Any,
) -> Order:
    return Order(
        id=job_id_of(_FIRST + number),
        command="restyle",
        engine="anime",
        pool=pool,
        options=options or Options(prompt="as a watercolour", count=count),
        destination=Destination(
            guild_id=None if guild is None else _FIRST + guild,
            channel_id=_FIRST + channel,
            user_id=_FIRST + user,
            application_id=_FIRST,
            message_id=_FIRST + 600,
            token=TOKEN,
            token_expires_at=NOW + 900,
            filesize_limit=10_485_760,
            locale="zh-CN",
        ),
        price_usd=details.pop("price_usd", 0.08),
        **details,
    )


async def accept(storage: Storage, *orders: Order, now: float = NOW) -> None:
    """Accept orders, one second apart."""
    for offset, each in enumerate(orders):
        await storage.jobs.accept(each, LIMITS, now + offset)


async def claim(
    storage: Storage,
    *,
    pool: str = "aiart",
    limits: RunLimits = LIMITS,
    worker: str = "w",
    now: float = NOW + 100,
) -> Job | None:
    return await storage.jobs.claim_next(pool, worker, limits, now, LEASE_S)


async def claimed(storage: Storage, **how: Any) -> tuple[Job, Lease]:
    """Claim a job that must be there."""
    job = await claim(storage, **how)
    assert job is not None
    return job, job.lease


async def ids_claimed(storage: Storage, most: int = 100, **how: Any) -> list[str]:
    """Claim until nothing more may start."""
    ids: list[str] = []
    while len(ids) < most and (job := await claim(storage, **how)):
        ids.append(job.id)
    return ids


FAILED = Ending(
    JobState.FAILED, error_code="ServerFault", request_id="r9", reason=Reason("ServerFault")
)
LATER = NOW + 100 + LEASE_S + 1


def why_of(job: Job) -> str:
    """Return what is said of a job that ended without a picture."""
    assert job.reason is not None
    return str(job.reason.error)


async def finish(storage: Storage, *, now: float = NOW + 110) -> float:
    """Take the next job to its good end; returns what it cost."""
    job, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["k"] * job.order.options.count, None, now)
    await storage.jobs.end(lease, done(job, job.order.options.count), now)
    rows = {row.job_id: row for row in await storage.usage.rows(0)}
    return rows[job.id].cost_usd
