"""The table of ends through the real store: quota used or given back, what the ledger says it cost.

Also the packages of the cloud account, which are used up before anything costs.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.domain.jobs.endings import cancelled_sent, done, failed
from bot.domain.jobs.job import Cancel, Job, Lease
from bot.domain.provider_errors import (
    EngineGone,
    Moderated,
    OperatorFault,
    ProviderError,
    ServerFault,
)
from bot.domain.quotas.allowances import Allowance, LimitWindow, quota_request_of
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.packages import Package
from storage import Storage
from storage.database.tables import ledger, packages
from tests.contract.orders import LEASE_S, LIMITS, NOW, accept, claimed, finish, order

PRICE = 0.08
ASKED = 3
ASKER = order().destination.user_id
EARLY, LATE = date(2027, 3, 1), date(2028, 3, 1)  # NOW is in January 2027
ENDED = NOW + 110

End = Callable[[Storage], Awaitable[None]]


async def _start(storage: Storage) -> tuple[Job, Lease]:
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 101)
    return job, lease


def made(pictures: int) -> End:
    async def end(storage: Storage) -> None:
        job, lease = await _start(storage)
        await storage.jobs.record_drawn(lease, ["k"] * pictures, "r", NOW + 105)
        assert await storage.jobs.end(lease, done(job, pictures), ENDED)

    return end


def refused_with(error: ProviderError, *, bill_refused: bool = True) -> End:
    async def end(storage: Storage) -> None:
        job, lease = await _start(storage)
        ending = failed(job, error, bill_refused=bill_refused)
        assert await storage.jobs.end(lease, ending, ENDED)

    return end


async def cancelled_waiting(storage: Storage) -> None:
    outcome = await storage.jobs.cancel(order().id, ASKER, ENDED, if_sent=False)
    assert outcome is Cancel.ENDED


async def cancelled_at_work(storage: Storage) -> None:
    job, lease = await _start(storage)
    assert await storage.jobs.cancel(job.id, ASKER, ENDED, if_sent=True) is Cancel.MARKED
    assert await storage.jobs.end_cancelled(lease, cancelled_sent(job, "r"), ENDED)


async def waited_too_long(storage: Storage) -> None:
    assert await storage.jobs.rescue(NOW + LIMITS.max_wait_s + 1) == 1


async def died_after_sending(storage: Storage) -> None:
    await _start(storage)
    assert await storage.jobs.rescue(NOW + 100 + LEASE_S + 1) == 1


async def cancelled_at_work_then_died(storage: Storage) -> None:
    job, _ = await _start(storage)
    assert await storage.jobs.cancel(job.id, ASKER, NOW + 102, if_sent=True) is Cancel.MARKED
    assert await storage.jobs.rescue(NOW + 100 + LEASE_S + 1) == 1


TABLE = [
    ("done", made(3), "done", 3, 3),
    ("fewer pictures than asked", made(1), "done", 1, 1),
    ("prompt refused", refused_with(Moderated(what="prompt")), "refused", 0, 0),
    ("upload refused", refused_with(Moderated(what="picture")), "refused", 0, 0),
    ("result refused", refused_with(Moderated(what="result")), "refused", 0, 3),
    (
        "result refused, not billed",
        refused_with(Moderated(what="result"), bill_refused=False),
        "refused",
        0,
        0,
    ),
    ("server failed", refused_with(ServerFault()), "failed", 0, 0),
    ("operator's account", refused_with(OperatorFault()), "failed", 0, 0),
    ("engine gone", refused_with(EngineGone()), "failed", 0, 0),
    ("cancelled while waiting", cancelled_waiting, "cancelled", 0, 0),
    ("expired", waited_too_long, "expired", 0, 0),
    ("cancelled after sending", cancelled_at_work, "cancelled", 3, 3),
    ("cancelled after sending, then died", cancelled_at_work_then_died, "cancelled", 3, 3),
    ("unknown", died_after_sending, "unknown", 0, 3),
]
ROWS = pytest.mark.parametrize(
    ("end", "state", "used", "billed"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)


@ROWS
async def test_the_table_of_ends(
    storage: Storage, end: End, state: str, used: int, billed: int
) -> None:
    await accept(storage, order(count=ASKED))
    await end(storage)
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.images, row.refunded) == (state, used, used == 0)
    assert row.cost_usd == pytest.approx(billed * PRICE)
    windows = [LimitWindow(kind, 9, "day", NOW, NOW + 1) for kind in LimitKind]
    counts = await storage.quotas.count(quota_request_of(order()), Allowance(tuple(windows)), ENDED)
    for kind, counted in zip(LimitKind, counts.used, strict=True):
        assert counted == pytest.approx(billed * PRICE if kind.traits.is_money else used)


@ROWS
@pytest.mark.parametrize("is_packaged", [False, True])
async def test_what_nobody_knows_the_price_of_costs_nothing_and_counts_as_assumed(
    storage: Storage, end: End, state: str, used: int, billed: int, *, is_packaged: bool
) -> None:
    if is_packaged:
        await storage.packages.keep([Package("aiart", billed, LATE)] if billed else [])
    windows = Allowance(tuple(LimitWindow(kind, 9, "day", NOW, NOW + 1) for kind in LimitKind))
    await accept(storage, order(count=ASKED, price_usd=0.0, assumed_usd=0.15))
    waiting = await storage.quotas.count(quota_request_of(order()), windows, NOW)
    for use in waiting.uses(windows):
        assert use.assumed == pytest.approx(ASKED * 0.15 if use.window.kind.traits.is_money else 0)
        assert use.used == pytest.approx(ASKED * 0.15 if use.window.kind.traits.is_money else ASKED)
    await end(storage)
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.images, row.cost_usd) == (state, used, 0.0)
    ended = await storage.quotas.count(quota_request_of(order()), windows, ENDED)
    for use in ended.uses(windows):
        counted = 0 if is_packaged else billed * 0.15
        assert use.used == pytest.approx(counted if use.window.kind.traits.is_money else used)


async def test_nothing_is_left_of_money_that_was_reserved_and_given_back(storage: Storage) -> None:
    """Three times 0.08 dollars, each taken away again, are just below 0 in floating point."""
    orders = [order(n, price_usd=0.08, assumed_usd=0.15) for n in range(3)]
    await accept(storage, *orders)
    for each in orders:
        await storage.jobs.cancel(each.id, 1, ENDED, if_sent=False)
    windows = Allowance(tuple(LimitWindow(kind, 9, "day", NOW, NOW + 1) for kind in LimitKind))
    counts = await storage.quotas.count(quota_request_of(order()), windows, ENDED)
    assert ({str(used) for used in counts.used}, counts.assumed) == ({"0.0"}, ()), "and no -0.0"


@ROWS
async def test_a_package_pays_for_what_is_billed_and_for_nothing_else(
    storage: Storage, end: End, state: str, used: int, billed: int
) -> None:
    await storage.packages.keep([Package("aiart", 50, LATE)])
    await accept(storage, order(count=ASKED))
    await end(storage)
    (row,) = await storage.usage.rows(0)
    assert (row.state, row.images, row.cost_usd) == (state, used, 0.0)
    assert await uses(storage) == {"aiart until 2028-03-01": billed}
    assert await prepaid(storage) == [(billed, "aiart until 2028-03-01" if billed else None)]


async def uses(storage: Storage) -> dict[str, int]:
    async with storage.engine.connect() as conn:
        rows = await conn.execute(select(packages.c.name, packages.c.used))
        return {row.name: row.used for row in rows}


async def prepaid(storage: Storage) -> list[tuple[int, str | None]]:
    look = select(ledger.c.prepaid, ledger.c.package).order_by(ledger.c.created_at)
    async with storage.engine.connect() as conn:
        return [(row.prepaid, row.package) for row in await conn.execute(look)]


async def test_packages_of_the_pool_are_used_up_earliest_expiry_first(storage: Storage) -> None:
    await storage.packages.keep(
        [Package("aiart", 2, LATE), Package("aiart", 2, EARLY), Package("vod", 9, EARLY)]
    )
    await accept(storage, *(order(n, count=3) for n in (1, 2)))
    assert await finish(storage) == 0.0
    assert await finish(storage) == pytest.approx(2 * PRICE)
    assert await uses(storage) == {
        "aiart until 2027-03-01": 2,
        "aiart until 2028-03-01": 2,
        "vod until 2027-03-01": 0,
    }
    assert await prepaid(storage) == [
        (3, "aiart until 2027-03-01, aiart until 2028-03-01"),
        (1, "aiart until 2028-03-01"),
    ]


async def test_a_package_is_good_on_its_last_day_and_not_after(storage: Storage) -> None:
    await storage.packages.keep([Package("aiart", 9, EARLY)])
    await accept(storage, order(1), order(2))
    last = datetime(2027, 3, 1, 23, 59, tzinfo=UTC).timestamp()
    assert await finish(storage, now=last) == 0.0
    assert await finish(storage, now=last + 61) == pytest.approx(PRICE)


async def test_a_package_keeps_its_use_over_restarts_and_changes_of_the_list(
    storage: Storage,
) -> None:
    await storage.packages.keep([Package("aiart", 1, LATE)])
    await accept(storage, *(order(n) for n in range(1, 5)))
    assert await finish(storage) == 0.0
    await storage.packages.keep([Package("aiart", 1, LATE)])
    assert await finish(storage) == pytest.approx(PRICE)
    await storage.packages.keep([Package("aiart", 2, LATE)])
    assert await finish(storage) == 0.0
    await storage.packages.keep([])
    assert await finish(storage) == pytest.approx(PRICE)


async def test_a_deadline_expires_what_waits_and_gives_the_quota_back(storage: Storage) -> None:
    one = LimitWindow(LimitKind.EVERYONE, 1, "day", NOW, NOW + 9999)
    await storage.jobs.accept(order(1), LIMITS, NOW, Allowance((one,)))
    await waited_too_long(storage)
    again = await storage.jobs.accept(order(2), LIMITS, NOW + 7 * 3600, Allowance((one,)))
    assert again.is_new
