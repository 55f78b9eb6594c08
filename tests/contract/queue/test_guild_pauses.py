"""Servers whose queue their moderators stop, on both databases: that server alone, exactly."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.jobs.errors import QueueDrained, QueueDrainedBecause
from bot.domain.jobs.job import JobState
from bot.domain.jobs.operations import GuildPause
from bot.domain.moderation.acts import ActKind
from storage import Storage, open_storage
from storage.database.transactions import lock_account
from tests.contract.orders import LIMITS, NOW, accept, claim, claimed, ids_claimed, order

HERE = order(1).destination.guild_id or 0
MODERATOR = 77
PAUSE = GuildPause("Movie night.", NOW + 50)
DRAIN = GuildPause("We move.", NOW + 60, is_drain=True)


async def test_nothing_of_a_paused_server_starts_and_others_lose_no_turn(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=2), order(3), order(4, guild=None))
    await storage.guild_pauses.pause(HERE, PAUSE, MODERATOR)
    assert await ids_claimed(storage) == [order(2).id, order(4).id]
    assert await storage.guild_pauses.resume(HERE, MODERATOR, NOW + 200)
    assert await claim(storage) is not None
    assert not await storage.guild_pauses.resume(HERE, MODERATOR, NOW + 201)


async def test_what_runs_in_a_paused_server_ends_and_what_is_asked_for_waits(
    storage: Storage,
) -> None:
    await accept(storage, order(1))
    _, lease = await claimed(storage)
    await storage.guild_pauses.pause(HERE, PAUSE, MODERATOR)
    await accept(storage, order(2))
    assert await storage.jobs.record_sent(lease, NOW + 101)
    assert await storage.jobs.record_drawn(lease, ["raw"], None, NOW + 102)
    assert await claim(storage) is None


async def test_a_drained_server_takes_nothing_new_and_knows_what_it_took(storage: Storage) -> None:
    await accept(storage, order(1))
    await storage.guild_pauses.pause(HERE, DRAIN, MODERATOR)
    with pytest.raises(QueueDrainedBecause) as refused:
        await accept(storage, order(2))
    assert str(refused.value).endswith("They say: We move.")
    assert not (await storage.jobs.accept(order(1), LIMITS, NOW + 9)).is_new
    await accept(storage, order(3, guild=2), order(4, guild=None))
    assert [row.job_id for row in await storage.usage.rows(0)] == [
        order(number).id for number in (1, 3, 4)
    ]
    await storage.guild_pauses.resume(HERE, MODERATOR, NOW + 200)
    await accept(storage, order(2))


async def test_the_wait_of_a_paused_servers_jobs_goes_on(storage: Storage) -> None:
    await accept(storage, order(1))
    await storage.guild_pauses.pause(HERE, PAUSE, MODERATOR)
    assert await storage.jobs.rescue(NOW + LIMITS.max_wait_s + 1) == 1
    job = await storage.jobs.find(order(1).id)
    assert job is not None
    assert job.state is JobState.EXPIRED


async def test_a_later_stop_replaces_an_earlier_one_whose_reason_stays(storage: Storage) -> None:
    assert await storage.guild_pauses.paused(HERE) is None
    await storage.guild_pauses.pause(HERE, PAUSE, MODERATOR)
    silent = replace(DRAIN, reason="")
    after = await storage.guild_pauses.pause(HERE, silent, MODERATOR)
    assert after == GuildPause(PAUSE.reason, DRAIN.since, is_drain=True)
    assert await storage.guild_pauses.paused(HERE) == after
    overview = await storage.operations.overview(NOW + 70, HERE)
    assert (overview.guild_pause, overview.pause) == (after, None)


async def test_each_act_is_written_down_without_the_people_in_its_reason(
    storage: Storage,
) -> None:
    reason = "<@1300000000000000007> floods."
    await storage.guild_pauses.pause(HERE, replace(PAUSE, reason=reason), MODERATOR)
    await storage.guild_pauses.pause(HERE, DRAIN, MODERATOR)
    await storage.guild_pauses.resume(HERE, MODERATOR, NOW + 70)
    acts = await storage.audit.latest(HERE, 9)
    assert [(act.kind, act.reason) for act in acts] == [
        (ActKind.QUEUE_RESUMED, None),
        (ActKind.QUEUE_DRAINED, "We move."),
        (ActKind.QUEUE_PAUSED, "@… floods."),
    ]
    assert {act.by for act in acts} == {MODERATOR}


async def test_no_claim_and_no_request_slips_past_a_drain(storage: Storage) -> None:
    """What a drain meets is before it or refused: nothing starts or is taken once it returned."""
    for number in range(1, 7):
        await storage.guild_pauses.resume(HERE, MODERATOR, NOW)
        await accept(storage, order(number, user=number))
        late = order(100 + number, user=100 + number)
        answers = await asyncio.gather(
            claim(storage),
            accept(storage, late),
            storage.guild_pauses.pause(HERE, DRAIN, MODERATOR),
            return_exceptions=True,
        )
        assert isinstance(answers[1], QueueDrained | None)
        assert await claim(storage) is None
        if answers[1] is not None:
            assert await storage.jobs.find(late.id) is None


@pytest.mark.parametrize("is_stopped", [False, True])
async def test_a_stop_or_its_end_waits_for_who_is_about_to_accept_or_claim(
    url: str, tmp_path: Path, storage: Storage, *, is_stopped: bool
) -> None:
    pauses = storage.guild_pauses
    if is_stopped:
        await pauses.pause(HERE, DRAIN, MODERATOR)
    async with open_storage(url, tmp_path) as other:
        async with other.engine.begin() as conn:
            await lock_account(conn)  # as a claim and an `accept` do first
            change = pauses.resume(HERE, MODERATOR, NOW) if is_stopped else None
            changing = asyncio.ensure_future(change or pauses.pause(HERE, DRAIN, MODERATOR))
            await asyncio.wait({changing}, timeout=0.3)
            assert not changing.done()
        await changing
    assert (await pauses.paused(HERE) is None) is is_stopped


async def test_the_line_knows_which_servers_are_stopped(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=2))
    await storage.guild_pauses.pause(HERE, PAUSE, MODERATOR)
    assert (await storage.jobs.line("aiart")).pauses == {HERE: PAUSE}
