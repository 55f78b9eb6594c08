"""What has to be true of every row of the queue and of the ledger, whatever happened before."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.jobs.limits import RunLimits
from storage import Storage
from storage.database.tables import jobs, ledger
from tests.contract.orders import LIVE

LIMITS = RunLimits(
    pools={"aiart": 2, "vod": 1}, per_guild=2, per_user=1, queued_per_user=3, max_wait_s=300
)
PRICES = {"aiart": {"price_usd": 0.08}, "vod": {"price_usd": 0.0, "assumed_usd": 0.05}}


async def rows_of(storage: Storage) -> list[Any]:
    """Read every job, with what the ledger says of it."""
    joined = select(
        jobs,
        ledger.c.state.label("ledger_state"),
        ledger.c.images.label("counted"),
        ledger.c.reserved,
        ledger.c.refunded,
        ledger.c.prepaid,
        ledger.c.cost_usd,
        ledger.c.assumed_usd,
    ).join_from(jobs, ledger, jobs.c.id == ledger.c.job_id)
    async with storage.engine.connect() as conn:
        return list(await conn.execute(joined))


def check_limits(running: list[Any]) -> None:
    for pool, limit in LIMITS.pools.items():
        assert sum(row.pool == pool for row in running) <= limit
    for row in running:
        assert row.worker is not None
        assert sum(other.lane == row.lane for other in running) <= LIMITS.per_guild
        assert sum(other.user_id == row.user_id for other in running) <= LIMITS.per_user


def check_hold(row: Any) -> None:
    """What is held waits, unsent, and its clock stands still; of others no trace of it is left."""
    is_held = row.held_at is not None
    assert (row.held_for is not None) == is_held
    if is_held:
        assert (row.state, row.worker, row.sent_at) == ("queued", None, None)
        assert row.held_for != "moderator" or row.deadline_at is None
    else:
        assert row.wait_left_s is None


def check_ledger(row: Any) -> None:
    if row.state not in LIVE:
        assert row.state == row.ledger_state
    refunded = row.reserved - row.counted
    assert row.reserved == row.images
    if row.state == "done":
        assert row.counted == len(row.outputs)
    elif row.state == "cancelled" and row.cancel_at is not None:
        assert (refunded, row.refunded) == (0, False), "cancelled at work is paid"
    elif row.state not in LIVE:
        assert (refunded, row.refunded) == (row.reserved, True)
    else:
        assert refunded == 0
    if row.state not in LIVE:
        payable = _billed(row) - row.prepaid
        assert row.cost_usd == pytest.approx(payable * PRICES[row.pool]["price_usd"])
        assert row.assumed_usd == pytest.approx(payable * PRICES[row.pool].get("assumed_usd", 0.0))


def _billed(row: Any) -> int:
    """Return the pictures that the table of ends has paid for."""
    return int(row.reserved if row.state == "unknown" else row.counted)
