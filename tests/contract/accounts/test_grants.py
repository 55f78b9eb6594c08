"""Granted pictures on both databases: taken after the quota, given back first, taken back."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.jobs.job import Order
from bot.domain.quotas.allowances import Allowance, Counts, quota_request_of
from bot.domain.quotas.errors import QuotaSpent
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant, OpenGrant
from bot.ports.queue import Accepted
from storage import Storage
from storage.database.tables import ledger
from tests.contract.accounts.limited import GUILD, MEMBER, accept, counts, make, window
from tests.contract.orders import NOW, order


async def from_grant(storage: Storage, asked: Order) -> int:
    look = select(ledger.c.from_grant).where(ledger.c.job_id == asked.id)
    async with storage.engine.connect() as conn:
        return await conn.scalar(look) or 0


async def test_granted_pictures_are_given_back_first_and_count_towards_no_period(
    storage: Storage,
) -> None:
    two = window(LimitKind.MEMBER, 2)
    await storage.quotas.add_grant(GUILD, Grant(MEMBER, 3, "won", granted_by=9), NOW)
    await accept(storage, order(1, count=4), two)
    assert await from_grant(storage, order(1)) == 2
    assert (await counts(storage, two)) == Counts((2.0,), granted=1)
    await make(storage, order(1), made=3)
    assert await from_grant(storage, order(1)) == 1
    assert (await counts(storage, two)) == Counts((2.0,), granted=2)
    await accept(storage, order(2, count=2), two)
    assert (await counts(storage, two)) == Counts((2.0,), granted=0)
    with pytest.raises(QuotaSpent):
        await accept(storage, order(3), two)


async def test_a_refund_larger_than_the_grants_part_gives_both_back(storage: Storage) -> None:
    two = window(LimitKind.MEMBER, 2)
    await storage.quotas.add_grant(GUILD, Grant(MEMBER, 1, "won", granted_by=9), NOW)
    await accept(storage, order(1, count=3), two)
    await make(storage, order(1), made=1)
    assert (await counts(storage, two)) == Counts((1.0,), granted=1)


async def test_grants_are_for_one_member_in_one_server(storage: Storage) -> None:
    await storage.quotas.add_grant(GUILD, Grant(MEMBER, 3, "won", granted_by=9), NOW)
    for asked in (order(user=2), order(guild=2)):
        assert (await storage.quotas.count(quota_request_of(asked), Allowance(), NOW)).granted == 0


async def test_what_is_left_of_grants_is_listed_with_the_latest_reason_and_giver(
    storage: Storage,
) -> None:
    store, none = storage.quotas, window(LimitKind.EVERYONE, 0)
    other, third = GUILD + 20, GUILD + 30
    assert await store.open_grants(GUILD) == ()
    for user, images, reason, giver in (
        (MEMBER, 2, "won", 9),
        (other, 1, "again", 8),
        (third, 4, "helped", 9),
        (MEMBER, 3, "sorry", 7),
        (MEMBER, -1, "too many", 6),
        (third, -4, "mistake", 9),
    ):
        await store.add_grant(GUILD, Grant(user, images, reason, granted_by=giver), NOW)
    await store.add_grant(GUILD + 1, Grant(other, 50, "elsewhere", granted_by=8), NOW)
    await accept(storage, order(1, count=3), none)
    expected = (OpenGrant(MEMBER, 1, "sorry", 7), OpenGrant(other, 1, "again", 8))
    assert await store.open_grants(GUILD) == expected
    await accept(storage, order(2), none)
    assert await store.open_grants(GUILD) == expected[1:]


async def test_no_more_is_taken_back_than_is_left_of_grants(storage: Storage) -> None:
    store, none = storage.quotas, window(LimitKind.EVERYONE, 0)
    assert await store.add_grant(GUILD, Grant(MEMBER, 5, "won", granted_by=9), NOW) == 5
    await accept(storage, order(1, count=2), none)
    assert await store.add_grant(GUILD, Grant(MEMBER, -1, "oops", granted_by=9), NOW) == -1
    assert await store.add_grant(GUILD, Grant(MEMBER, -9, "oops", granted_by=9), NOW) == -2
    assert await store.add_grant(GUILD, Grant(MEMBER, -1, "oops", granted_by=9), NOW) == 0
    assert (await counts(storage)).granted == 0
    await make(storage, order(1), made=0)
    assert (await counts(storage)).granted == 2, "what a job gives back is the member's"


async def test_granted_pictures_are_taken_or_taken_back_never_both(storage: Storage) -> None:
    none = window(LimitKind.EVERYONE, 0)
    await storage.quotas.add_grant(GUILD, Grant(MEMBER, 4, "won", granted_by=9), NOW)
    back = Grant(MEMBER, -1, "oops", granted_by=9)
    answers = await asyncio.gather(
        *(accept(storage, order(n), none) for n in range(6)),
        *(storage.quotas.add_grant(GUILD, back, NOW) for _ in range(6)),
        return_exceptions=True,
    )
    accepted = sum(isinstance(answer, Accepted) for answer in answers)
    assert accepted + answers.count(-1) == 4
    await storage.quotas.add_grant(GUILD, replace(back, images=1), NOW)
    assert (await counts(storage)).granted == 1, "nothing was taken that was not there"


async def test_ten_requests_at_once_share_one_granted_picture(storage: Storage) -> None:
    await storage.quotas.add_grant(GUILD, Grant(MEMBER, 1, "won", granted_by=9), NOW)
    none = window(LimitKind.EVERYONE, 0)
    answers = await asyncio.gather(
        *(accept(storage, order(n), none) for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(answer, Accepted) for answer in answers) == 1
