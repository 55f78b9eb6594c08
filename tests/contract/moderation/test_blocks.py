"""Blocks: kept, replaced, lifted, ended by themselves; what the blocked have waiting ends."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.jobs.job import JobState, Order
from bot.domain.moderation.acts import ActKind
from bot.domain.moderation.blocks import MOST_BLOCKS, Block, BlockKind
from bot.domain.moderation.errors import Blocked, TooManyBlocks
from bot.domain.quotas.allowances import Allowance
from storage import Storage
from tests.contract.orders import LEASE_S, LIMITS, NOW, accept, claimed, ids_claimed, order

ADA, BOB = order(user=1).destination.user_id, order(user=2).destination.user_id
HERE = order(guild=1).destination.guild_id or 0
ELSEWHERE = order(guild=2).destination.guild_id or 0
MO = 77


def block(
    subject_id: int = ADA, *, until: float | None = None, at: float = NOW, why: str = "spam"
) -> Block:
    return Block(BlockKind.USER, subject_id, why, until, set_by=MO, set_at=at)


def role_block(role_id: int) -> Block:
    return replace(block(role_id), kind=BlockKind.ROLE)


async def states(storage: Storage, *orders: Order) -> list[JobState]:
    found = [await storage.jobs.find(each.id) for each in orders]
    return [job.state for job in found if job is not None]


async def test_what_a_blocked_member_has_waiting_in_this_server_ends_with_a_refund(
    storage: Storage,
) -> None:
    sent, started, waiting = (order(number, user=1) for number in (1, 2, 3))
    elsewhere, others = order(4, user=1, guild=2), order(5, user=2)
    await accept(storage, sent)
    job, lease = await claimed(storage)
    await storage.jobs.record_sent(lease, NOW + 100)
    assert job.id == sent.id
    await accept(storage, started)
    assert await ids_claimed(storage, now=NOW + 101) == [started.id]  # and not sent yet
    await accept(storage, waiting, elsewhere, others)
    ended = await storage.blocks.put(HERE, block(at=NOW + 200))
    assert set(ended) == {started.id, waiting.id}
    assert await states(storage, sent, started, waiting) == [
        JobState.RUNNING,
        JobState.CANCELLED,
        JobState.CANCELLED,
    ]
    assert JobState.CANCELLED not in await states(storage, elsewhere, others)
    rows = {row.job_id: row for row in await storage.usage.rows(0.0)}
    assert [rows[each.id].refunded for each in (started, waiting)] == [True, True]
    told: set[str] = set()
    while untold := await storage.jobs.claim_delivery("w", NOW + 200, LEASE_S):
        told.add(untold.id)
    assert {started.id, waiting.id} <= told


async def test_nobody_who_is_blocked_is_accepted_until_it_ends_by_itself(storage: Storage) -> None:
    await storage.blocks.put(HERE, block(until=NOW + 60))
    with pytest.raises(Blocked, match="spam"):
        await storage.jobs.accept(order(1, user=1), LIMITS, NOW + 59)
    assert await storage.usage.rows(0.0) == []
    await storage.jobs.accept(order(2, user=1, guild=2), LIMITS, NOW + 59)
    await storage.jobs.accept(order(3, user=1, guild=None), LIMITS, NOW + 59)
    await storage.jobs.accept(order(4, user=2), LIMITS, NOW + 59)
    await storage.jobs.accept(order(5, user=1), LIMITS, NOW + 60)


async def test_a_job_is_accepted_before_a_block_and_ended_or_not_at_all(storage: Storage) -> None:
    orders = [order(number, user=1) for number in range(1, 9)]
    tries = [storage.jobs.accept(each, LIMITS, NOW) for each in orders]
    half = len(tries) // 2
    await asyncio.gather(
        *tries[:half], storage.blocks.put(HERE, block()), *tries[half:], return_exceptions=True
    )
    assert set(await states(storage, *orders)) <= {JobState.CANCELLED}


async def test_a_later_block_stands_in_place_of_an_earlier_one(storage: Storage) -> None:
    await storage.blocks.put(HERE, block(why="first"))
    await storage.blocks.put(HERE, block(why="second", until=NOW + 60, at=NOW + 1))
    page = await storage.blocks.page(HERE, NOW + 2, 10, 0)
    assert [(each.reason, each.until) for each in page.blocks] == [("second", NOW + 60)]
    assert page.count == 1


async def test_a_block_from_before_an_erasure_is_the_same_members(storage: Storage) -> None:
    alias = -9
    await storage.blocks.put(HERE, block(why="first"))
    await storage.personal.erase(ADA, alias, NOW)
    with pytest.raises(Blocked, match="first"):
        await storage.jobs.accept(order(1, user=1), LIMITS, NOW, Allowance(alias=alias))
    await storage.blocks.put(HERE, block(why="second", at=NOW + 1), alias=alias)
    page = await storage.blocks.page(HERE, NOW + 2, 10, 0)
    assert [each.reason for each in page.blocks] == ["second"]
    await storage.personal.erase(ADA, alias, NOW + 2)
    lifted = await storage.blocks.remove(HERE, BlockKind.USER, ADA, by=MO, now=NOW + 3, alias=alias)
    assert lifted is not None
    assert (await storage.blocks.page(HERE, NOW + 3, 10, 0)).count == 0
    await storage.jobs.accept(order(2, user=1), LIMITS, NOW + 3, Allowance(alias=alias))


async def test_blocks_of_members_and_roles_are_paged_the_latest_first(storage: Storage) -> None:
    for number in range(5):
        await storage.blocks.put(HERE, block(number, at=NOW + number))
    await storage.blocks.put(HERE, replace(role_block(3), set_at=NOW + 9))
    await storage.blocks.put(HERE, block(99, until=NOW + 10))
    await storage.blocks.put(ELSEWHERE, block(98))
    page = await storage.blocks.page(HERE, NOW + 10, 3, 1)
    assert page.count == 6
    assert [each.subject_id for each in page.blocks] == [4, 3, 2]


async def test_each_change_is_written_down_with_who_made_it(storage: Storage) -> None:
    await storage.blocks.put(HERE, block(until=1_800_000_060.0))
    await storage.blocks.put(HERE, role_block(5))
    await storage.blocks.remove(HERE, BlockKind.USER, ADA, by=78, now=NOW + 5)
    acts = await storage.audit.latest(HERE, 10)
    written = [(act.kind, act.by, act.member, act.target, act.after, act.reason) for act in acts]
    assert written == [
        (ActKind.UNBLOCKED, 78, ADA, None, None, None),
        (ActKind.BLOCKED, MO, None, "role:5", "∞", "spam"),
        (ActKind.BLOCKED, MO, ADA, None, "2027-01-15 08:01 UTC", "spam"),
    ]


async def test_what_is_no_block_cannot_be_lifted(storage: Storage) -> None:
    await storage.blocks.put(ELSEWHERE, block())
    await storage.blocks.put(HERE, block(BOB, until=NOW + 1))
    for subject_id in (ADA, BOB):
        gone = await storage.blocks.remove(HERE, BlockKind.USER, subject_id, by=MO, now=NOW + 1)
        assert gone is None
    assert [act.kind for act in await storage.audit.latest(HERE, 10)] == [ActKind.BLOCKED]


async def test_a_server_has_only_so_many_blocks(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.queue.holding.blocking.MOST_BLOCKS", 3)
    assert MOST_BLOCKS == 1000
    for number in range(3):
        await storage.blocks.put(HERE, block(number, until=NOW + 10))
    with pytest.raises(TooManyBlocks):
        await storage.blocks.put(HERE, block(3))
    await storage.blocks.put(HERE, block(1, why="again"))  # in place of one there is
    await storage.blocks.put(HERE, block(3, at=NOW + 10))  # the others have ended


async def test_a_policy_is_read_whole_once_and_again_when_its_lists_changed(
    storage: Storage,
) -> None:
    nothing = await storage.policies.look(HERE, None)
    assert (nothing.revision, nothing.lists) == (None, None)
    await storage.blocks.put(HERE, block())
    first = await storage.policies.look(HERE, nothing.revision)
    assert first.lists is not None
    assert first.lists.blocks == (block(),)
    assert (await storage.policies.look(HERE, first.revision)).lists is None
    assert (await storage.policies.look(ELSEWHERE, first.revision)).lists is not None
    await storage.blocks.remove(HERE, BlockKind.USER, ADA, by=MO, now=NOW)
    second = await storage.policies.look(HERE, first.revision)
    assert second.lists is not None
    assert second.lists.blocks == ()
