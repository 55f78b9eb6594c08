"""Who starts next: limits over all pools, fair turns for guilds and members, priority, pauses."""

import asyncio
from pathlib import Path

from sqlalchemy import update

from bot.domain.jobs.endings import Ending
from bot.domain.jobs.job import JobState, Lease
from bot.domain.jobs.limits import RunLimits
from storage import Storage, open_storage
from storage.database.tables import jobs
from storage.database.transactions import lock_account
from tests.contract import recount
from tests.contract.orders import (
    LEASE_S,
    LIMITS,
    NOW,
    accept,
    claim,
    claimed,
    ids_claimed,
    order,
)

END = Ending(JobState.FAILED)


async def test_a_pool_never_runs_more_than_its_concurrency(storage: Storage) -> None:
    await accept(storage, *(order(n, guild=n, user=n) for n in range(5)))
    assert len(await ids_claimed(storage)) == 3


async def test_pools_have_places_of_their_own(storage: Storage) -> None:
    await accept(storage, *(order(n, guild=n, user=n) for n in range(4)))
    await accept(storage, order(9, guild=9, user=9, pool="vod"))
    await ids_claimed(storage)
    assert (await claimed(storage, pool="vod"))[0].id == order(9).id


async def test_a_guild_is_limited_over_all_pools(storage: Storage) -> None:
    limits = RunLimits(pools=LIMITS.pools, per_guild=2, per_user=9)
    await accept(storage, order(1, pool="vod"), *(order(n) for n in (2, 3)), order(4, guild=2))
    await claimed(storage, pool="vod", limits=limits)
    assert await ids_claimed(storage, limits=limits) == [order(4).id, order(2).id]


async def test_a_member_is_limited_over_all_pools_and_guilds(storage: Storage) -> None:
    limits = RunLimits(pools=LIMITS.pools, per_guild=3, per_user=1)
    await accept(storage, order(1, pool="vod"), order(2, guild=2), order(3, user=2))
    await claimed(storage, pool="vod", limits=limits)
    assert await ids_claimed(storage, limits=limits) == [order(3).id]


async def test_members_in_direct_messages_do_not_share_a_limit(storage: Storage) -> None:
    limits = RunLimits(pools=LIMITS.pools, per_guild=1, per_user=1)
    alone = [order(n, guild=None, user=n, channel=n) for n in (1, 2)]
    await accept(storage, *alone)
    assert len(await ids_claimed(storage, limits=limits)) == 2


async def test_guilds_take_turns_however_long_one_guilds_queue_is(storage: Storage) -> None:
    flood = [order(n, guild=1, user=1) for n in range(1, 8)]
    await accept(storage, *flood, order(8, guild=2, user=2), order(9, guild=2, user=3))
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    started = await _one_after_the_other(storage, limits)
    assert started[:5] == [order(n).id for n in (1, 8, 2, 9, 3)]


async def test_members_of_a_guild_take_turns(storage: Storage) -> None:
    flood = [order(n, user=1) for n in range(1, 6)]
    await accept(storage, *flood, order(6, user=2), order(7, user=2))
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    started = await _one_after_the_other(storage, limits)
    assert started[:4] == [order(n).id for n in (1, 6, 2, 7)]


async def test_guilds_that_never_ran_start_in_the_order_they_came(storage: Storage) -> None:
    await accept(storage, *(order(n, guild=9 - n, user=n) for n in range(1, 4)))
    assert await ids_claimed(storage) == [order(n).id for n in (1, 2, 3)]


async def test_the_guild_with_fewest_running_is_first(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3, guild=2, user=2))
    await claimed(storage)
    assert (await claimed(storage))[0].id == order(3).id


async def test_many_pictures_count_as_many_turns(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    await accept(
        storage,
        *(order(n, guild=1, user=1, count=3) for n in (1, 2)),
        *(order(n, guild=2, user=2) for n in (3, 4, 5, 6)),
    )
    started = await _one_after_the_other(storage, limits)
    assert started[:5] == [order(n).id for n in (1, 3, 4, 5, 2)]


async def test_a_guild_that_was_idle_gets_its_share_and_not_a_burst(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    await accept(storage, order(1, guild=2, user=2))
    await _one_after_the_other(storage, limits)
    await accept(storage, *(order(n, guild=1) for n in range(10, 40)))
    await _one_after_the_other(storage, limits, most=20)
    await accept(storage, *(order(n, guild=2, user=2) for n in range(50, 60)), now=NOW + 60)
    started = await _one_after_the_other(storage, limits, most=8)
    returned = {order(n).id for n in range(50, 60)}
    assert sum(job_id in returned for job_id in started) in (4, 5)
    assert started[0] in returned


async def test_what_is_put_first_starts_first_in_its_guild_and_one_kept_back_blocks_nobody(
    storage: Storage,
) -> None:
    limits = RunLimits(pools={"aiart": 9}, per_guild=9, per_user=1)
    await accept(storage, order(1), order(2, user=2), order(3, user=3), order(4, user=3))
    for number in (3, 4):
        assert await storage.operations.put_first(order(number).id, 9, NOW)
    # The other job of member 3 may not start beside the first one.
    assert await ids_claimed(storage, limits=limits) == [order(n).id for n in (4, 1, 2)]


async def test_what_is_put_first_takes_no_other_guilds_turn(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    here = [order(n, user=n) for n in range(1, 5)]
    await accept(storage, *here, *(order(n, guild=2, user=n) for n in range(11, 15)))
    for each in (here[3], here[2]):
        assert await storage.operations.put_first(each.id, 9, NOW)
    started = await _one_after_the_other(storage, limits)
    assert started == [order(n).id for n in (3, 11, 4, 12, 1, 13, 2, 14)]


async def test_what_is_put_first_goes_before_members_who_run_nothing(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 9}, per_guild=9, per_user=2)
    await accept(storage, order(1))
    await claimed(storage, limits=limits)
    await accept(storage, order(2), order(3, user=2))
    assert await storage.operations.put_first(order(2).id, 9, NOW)
    assert await ids_claimed(storage, limits=limits) == [order(2).id, order(3).id]


async def test_jobs_put_first_at_once_come_one_after_the_other(storage: Storage) -> None:
    waiting = [order(n, user=n) for n in range(1, 9)]
    await accept(storage, *waiting)
    await asyncio.gather(*(storage.operations.put_first(each.id, 9, NOW) for each in waiting))
    found = [await storage.jobs.find(each.id) for each in waiting]
    assert {job.order.priority for job in found if job} == set(range(1, 9))


async def test_putting_first_again_and_again_leaves_no_lanes_behind(storage: Storage) -> None:
    await accept(storage, order(1), order(2, user=2), order(3), order(4))
    for _ in range(5):
        for number in (1, 2):
            assert await storage.operations.put_first(order(number).id, 9, NOW)
    seen = await recount.look(storage)
    recount.check_lanes(seen)
    priorities = [(row.user_id, row.priority) for row in seen.lanes if row.user_id]
    one, two = (order(user=n).destination.user_id for n in (1, 2))
    assert sorted(priorities) == [(one, 0), (one, 9), (two, 0), (two, 10)]


async def test_a_lane_of_a_running_or_paused_job_outlives_putting_first(storage: Storage) -> None:
    running, paused, moved = (order(n, priority=p) for n, p in ((1, 7), (2, 5), (3, 3)))
    for each in (running, paused):
        await accept(storage, each)
        _, lease = await claimed(storage)
    await storage.jobs.requeue(lease, NOW + 900)
    await accept(storage, moved)
    assert await storage.operations.put_first(moved.id, 9, NOW)
    seen = await recount.look(storage)
    recount.check_lanes(seen)
    assert {row.priority for row in seen.lanes if row.user_id} == {7, 5, 6}


async def test_only_what_waits_is_put_first(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    _, lease = await claimed(storage)
    assert not await storage.operations.put_first(lease.job_id, 9, NOW)
    assert not await storage.operations.put_first(order(9).id, 9, NOW)
    assert await storage.operations.put_first(order(2).id, 9, NOW)
    guild_id = order().destination.guild_id
    assert guild_id is not None
    live = await storage.operations.live(guild_id, 9)
    assert [job.id for job in live] == [order(1).id, order(2).id]


async def test_a_job_put_back_keeps_its_place(storage: Storage) -> None:
    await accept(storage, order(1), order(2), order(3))
    _, lease = await claimed(storage)
    await storage.jobs.requeue(lease, NOW)
    assert (await claimed(storage))[0].id == order(1).id


async def test_putting_back_gives_the_lanes_back_what_they_were_charged(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    await accept(storage, order(1), order(2, guild=2, user=2))
    for _ in range(5):
        _, lease = await claimed(storage, limits=limits)
        assert lease.job_id == order(1).id
        await storage.jobs.requeue(lease, NOW)
    await claimed(storage, limits=limits)


async def test_a_rescued_job_gives_its_charge_back_too(storage: Storage) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    await accept(storage, order(1), order(2, guild=2, user=2))
    for restart in range(5):
        now = NOW + 100 + restart * 100
        assert (await claimed(storage, limits=limits, now=now))[0].id == order(1).id
        await storage.jobs.rescue(now + LEASE_S + 1)


async def test_a_paused_job_starts_no_earlier_and_others_go_past_it(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    _, lease = await claimed(storage)
    await storage.jobs.requeue(lease, NOW + 200)
    assert (await storage.jobs.agenda(["aiart"], NOW + 101)).next_at == NOW + 200
    assert await ids_claimed(storage, now=NOW + 199) == [order(2).id]
    assert await ids_claimed(storage, now=NOW + 200) == [order(1).id]
    assert (await storage.jobs.agenda(["aiart"], NOW + 101)).next_at is None


async def test_a_claim_waits_for_another_that_is_not_committed_yet(
    url: str, tmp_path: Path, storage: Storage
) -> None:
    limits = RunLimits(pools={"aiart": 1}, per_guild=9, per_user=9)
    await accept(storage, order(1), order(2, guild=2, user=2))
    async with open_storage(url, tmp_path) as other:
        async with other.engine.connect() as conn:
            await lock_account(conn)
            first = update(jobs).where(jobs.c.id == order(1).id)
            await conn.execute(first.values(state=JobState.RUNNING, worker="other"))
            second = asyncio.create_task(claim(storage, limits=limits))
            await asyncio.wait({second}, timeout=0.1)
            assert not second.done()
            await conn.commit()
        assert await second is None


async def test_two_claimers_at_once_keep_every_limit_and_start_nothing_twice(
    url: str, tmp_path: Path, storage: Storage
) -> None:
    limits = RunLimits(pools={"aiart": 3}, per_guild=2, per_user=1)
    asked = [order(n, guild=n % 4, user=n % 12) for n in range(60)]
    await asyncio.gather(*(storage.jobs.accept(each, LIMITS, NOW) for each in asked))
    running: list[tuple[int | None, int]] = []
    started: list[str] = []

    async def work(own: Storage, worker: str) -> None:
        while len(started) < len(asked):
            job = await claim(own, worker=worker, limits=limits)
            if job is None:
                await asyncio.sleep(0.001)
                continue
            started.append(job.id)
            here = (job.order.destination.guild_id, job.order.destination.user_id)
            running.append(here)
            assert len(running) <= 3
            assert sum(guild == here[0] for guild, _ in running) <= 2
            assert sum(user == here[1] for _, user in running) == 1
            await asyncio.sleep(0)
            running.remove(here)
            await own.jobs.end(job.lease, END, NOW)

    async with (
        open_storage(url, tmp_path) as one,
        open_storage(url, tmp_path) as two,
        asyncio.TaskGroup() as group,
    ):
        for own in (one, two):
            for number in range(2):
                group.create_task(work(own, f"{id(own)}-{number}"))
    assert len(started) == len(set(started)) == len(asked)


async def _one_after_the_other(storage: Storage, limits: RunLimits, most: int = 100) -> list[str]:
    started: list[str] = []
    while len(started) < most and (job := await claim(storage, limits=limits)):
        started.append(job.id)
        await storage.jobs.end(Lease(job.id, "w", job.attempt), END, NOW + 110)
    return started


async def test_a_job_that_is_meant_starts_out_of_its_turn_but_only_in_a_free_slot(
    storage: Storage,
) -> None:
    await accept(storage, *(order(n) for n in range(1, 6)))
    meant = order(5).id
    taken = await storage.jobs.claim_next("aiart", "w", LIMITS, NOW + 100, 20.0, only=meant)
    assert taken is not None
    assert taken.id == meant
    assert await storage.jobs.claim_next("aiart", "w", LIMITS, NOW + 100, 20.0, only=meant) is None
    await claimed(storage)
    await claimed(storage)
    last = order(3).id
    assert await storage.jobs.claim_next("aiart", "w", LIMITS, NOW + 100, 20.0, only=last) is None
    await storage.operations.pause("", NOW)
    wide = RunLimits(pools={"aiart": 9})
    assert await storage.jobs.claim_next("aiart", "w", wide, NOW + 100, 20.0, only=last) is None
    await storage.operations.resume()
    assert await storage.jobs.claim_next("aiart", "w", wide, NOW + 100, 20.0, only=last) is not None
    recount.check_lanes(await recount.look(storage))
