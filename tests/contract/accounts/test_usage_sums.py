"""Sums of the ledger by time, engine and member, on both databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.jobs.endings import done, failed
from bot.domain.provider_errors import ServerFault
from bot.domain.usage.report import MemberUse, Sum
from bot.ports.usage.sums import TableRow, Whose
from storage import Storage
from tests.contract.orders import LIMITS, NOW, accept, claimed, order

BOUNDS = (NOW - 10, NOW + 100, NOW + 200, NOW + 300)
FIRST = 1_300_000_000_000_000_000
SERVER = Whose(FIRST + 1)


async def used(storage: Storage) -> None:
    """Two members of a server, one of them elsewhere, too, and one refunded picture."""
    await accept(storage, order(1, user=1, count=2), now=NOW)
    job, lease = await claimed(storage, limits=LIMITS, now=NOW + 1)
    await storage.jobs.end(lease, done(job, 2), NOW + 2)
    await accept(storage, order(2, user=1), now=NOW + 3)
    job, lease = await claimed(storage, limits=LIMITS, now=NOW + 4)
    await storage.jobs.end(lease, failed(job, ServerFault()), NOW + 5)
    await accept(storage, replace(order(3, user=2, count=3), engine="rapid"), now=NOW + 150)
    await accept(storage, order(4, user=1), now=NOW + 250)
    await accept(storage, order(5, user=1, guild=2, count=9), now=NOW + 20)
    await accept(storage, order(6, user=1, guild=None, count=5), now=NOW + 30)
    await accept(storage, order(7, user=1, count=4), now=NOW + 400)
    await accept(storage, order(8, user=1, count=4), now=NOW - 400)


async def test_pictures_are_summed_by_bar_and_engine_of_that_server_alone(storage: Storage) -> None:
    await used(storage)
    sums = await storage.usage_sums.by_bar_and_engine(BOUNDS, SERVER)
    assert {key: each.images for key, each in sums.items() if each.images} == {
        (0, "anime"): 2,
        (1, "rapid"): 3,
        (2, "anime"): 1,
    }
    assert sums[0, "anime"].usd == 0.16
    own = await storage.usage_sums.by_bar_and_engine(BOUNDS, replace(SERVER, user_id=FIRST + 2))
    assert list(own) == [(1, "rapid")]
    private = await storage.usage_sums.by_bar_and_engine(BOUNDS, Whose(None, FIRST + 1))
    assert {key: each.images for key, each in private.items()} == {(0, "anime"): 5}


async def test_money_is_summed_by_bar(storage: Storage) -> None:
    await used(storage)
    sums = await storage.usage_sums.by_bar(BOUNDS, SERVER)
    assert sums[0] == Sum(2, 0.16, 0.0)
    assert sorted(sums) == [0, 1, 2]


async def test_members_are_ranked_and_those_beyond_the_first_are_counted(storage: Storage) -> None:
    await used(storage)
    members, count = await storage.usage_sums.by_member(BOUNDS, SERVER, 1)
    assert members == [MemberUse(FIRST + 1, Sum(3, 0.16, 0.0))]
    assert count == 2


async def test_the_table_has_every_member_engine_and_bar(storage: Storage) -> None:
    await used(storage)
    rows: list[TableRow] = []

    def write(part: Sequence[TableRow]) -> None:
        rows.extend(part)

    await storage.usage_sums.write_table(BOUNDS, SERVER, write)
    assert [
        (row.bar, row.engine, row.user_id - FIRST, row.jobs, row.used.images) for row in rows
    ] == [
        (0, "anime", 1, 2, 2),
        (1, "rapid", 2, 1, 3),
        (2, "anime", 1, 1, 1),
    ]


async def test_a_single_bar_is_summed_like_several(storage: Storage) -> None:
    await used(storage)
    whole = (BOUNDS[0], BOUNDS[-1])
    assert (await storage.usage_sums.by_bar(whole, SERVER))[0].images == 6
    engines = await storage.usage_sums.by_bar_and_engine(whole, SERVER)
    assert {engine: each.images for (_, engine), each in engines.items()} == {
        "anime": 3,
        "rapid": 3,
    }


async def test_a_long_look_waits_for_nobody_who_writes_and_nobody_for_it(storage: Storage) -> None:
    await used(storage)
    async with storage.engine.begin(), asyncio.timeout(10):  # SQLite's only connection to write by
        assert await storage.usage_sums.by_bar(BOUNDS, SERVER)
