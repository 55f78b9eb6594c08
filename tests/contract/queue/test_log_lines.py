"""Lines for log channels, on both databases: noted with what they tell of, until posted."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.endings import done
from bot.domain.moderation.acts import ActKind
from bot.domain.moderation.log_lines import LogBatch, WordHit
from bot.domain.moderation.owner_notices import OwnerNotice
from storage import Storage
from storage.moderation.tables import log_lines
from tests.contract.orders import NOW, accept, claimed, finish, order

GUILD = order().destination.guild_id or 0
OTHER = GUILD + 1
ADA = order().destination.user_id
MO = ADA + 90
ALIAS = -4711
LOG = 500
HIT = WordHit(ADA, "zebra")


async def choose(storage: Storage, guild_id: int = GUILD, channel_id: int | None = LOG) -> None:
    def with_log(before: GuildSettings) -> GuildSettings:
        return replace(before, log_channel_id=channel_id)

    await storage.guild_settings.change(guild_id, with_log, by=MO, now=NOW)


async def chosen(storage: Storage) -> None:
    """A log channel, and no lines of its own choice."""
    await choose(storage)
    [batch] = await storage.log_lines.waiting(8)
    await storage.log_lines.drop(batch.numbers)


async def the_lines(storage: Storage) -> LogBatch:
    [batch] = await storage.log_lines.waiting(8)
    return batch


async def count(storage: Storage) -> int:
    async with storage.engine.connect() as conn:
        return await conn.scalar(select(func.count()).select_from(log_lines)) or 0


async def test_results_acts_and_words_are_lines_in_their_order_until_they_are_dropped(
    storage: Storage,
) -> None:
    await chosen(storage)
    await accept(storage, order())
    cost = await finish(storage)
    await storage.words.add(GUILD, ["zebra"], by=MO, now=NOW + 200)
    await storage.log_lines.note_hit(GUILD, HIT, NOW + 300)
    batch = await the_lines(storage)
    result, act, hit = batch.lines
    assert (batch.guild_id, batch.channel_id) == (GUILD, LOG)
    assert result.job is not None
    assert (result.job.id, result.cost_usd, result.at) == (order().id, cost, NOW + 110)
    assert act.act is not None
    assert (act.act.kind, act.act.by) == (ActKind.WORDS_ADDED, MO)
    assert (hit.hit, hit.at) == (HIT, NOW + 300)
    await storage.log_lines.drop(batch.numbers[:2])
    assert (await the_lines(storage)).lines == (hit,)


async def test_nothing_is_noted_where_nobody_reads_it(storage: Storage) -> None:
    await accept(storage, order(1), order(2, guild=None))
    await finish(storage)
    await finish(storage)
    await storage.words.add(GUILD, ["zebra"], by=MO, now=NOW)
    await storage.log_lines.note_hit(GUILD, HIT, NOW)
    assert await count(storage) == 0


async def test_a_lost_lease_notes_no_result(storage: Storage) -> None:
    await chosen(storage)
    await accept(storage, order())
    job, lease = await claimed(storage)
    await storage.jobs.record_drawn(lease, ["k"], None, NOW + 110)
    assert not await storage.jobs.end(replace(lease, attempt=9), done(job, 1), NOW + 110)
    assert await count(storage) == 0


async def test_each_server_gets_its_oldest_lines_and_one_that_chose_none_has_no_channel(
    storage: Storage,
) -> None:
    for guild_id in (GUILD, OTHER):
        await choose(storage, guild_id, LOG + guild_id)
        for number in range(4):
            await storage.log_lines.note_hit(guild_id, WordHit(ADA, f"word {number}"), NOW)
    await choose(storage, OTHER, None)
    here, there = await storage.log_lines.waiting(3)
    assert [line.hit and line.hit.word for line in here.lines] == [None, "word 0", "word 1"]
    assert (here.channel_id, there.channel_id) == (LOG + GUILD, None)
    assert len(there.lines) == 3
    assert await storage.log_lines.drop_older(NOW) == 0
    assert await storage.log_lines.drop_older(NOW + 1) == 10
    assert await storage.log_lines.waiting(3) == []


async def test_one_process_posts_until_its_time_is_over(storage: Storage) -> None:
    hold = storage.log_lines.hold
    assert await hold("a", NOW, NOW + 60)
    assert not await hold("b", NOW + 59, NOW + 119)
    assert await hold("a", NOW + 59, NOW + 119)
    assert not await hold("b", NOW + 61, NOW + 121)
    assert await hold("b", NOW + 120, NOW + 180)
    assert not await hold("a", NOW + 121, NOW + 181)


async def test_who_is_erased_is_in_no_line(storage: Storage) -> None:
    await chosen(storage)
    await accept(storage, order(1), order(2, user=2))
    await finish(storage)
    await finish(storage)
    await storage.log_lines.note_hit(GUILD, HIT, NOW)
    await storage.log_lines.note_hit(GUILD, WordHit(MO, "zebra"), NOW)
    await storage.words.add(GUILD, ["zebra"], by=ADA, now=NOW)
    await storage.personal.erase(ADA, ALIAS, NOW)
    of_other, of_mo, of_nobody = (await the_lines(storage)).lines
    assert of_other.job is not None
    assert of_other.job.id == order(2).id
    assert of_mo.hit == WordHit(MO, "zebra")
    assert of_nobody.act is not None
    assert of_nobody.act.by is None


async def test_an_owner_is_told_once_of_a_channel_until_it_is_mended(storage: Storage) -> None:
    notices = storage.owner_notices
    closed, nobody = OwnerNotice.LOG_CLOSED, OwnerNotice.NOBODY_TO_APPROVE
    assert await notices.note(GUILD, closed, LOG)
    assert not await notices.note(GUILD, closed, LOG)
    assert not await notices.note(GUILD, nobody, LOG)  # the other one has told of it, too
    assert await notices.note(GUILD, nobody, None)
    assert await notices.note(OTHER, nobody, LOG)
    assert await notices.note(GUILD, closed, LOG + 1)
    await notices.forget(GUILD, closed)
    assert await notices.note(GUILD, closed, LOG + 1)
    assert (await storage.guild_settings.settings(GUILD)) == GuildSettings()


async def posted(storage: Storage, message_id: int) -> LogBatch:
    batch = await the_lines(storage)
    await storage.log_lines.keep_posted(batch, message_id)
    assert await count(storage) == 0
    return batch


async def test_a_posted_message_is_shown_anew_once_its_result_is_deleted(storage: Storage) -> None:
    await chosen(storage)
    await accept(storage, order(1), order(2, user=2))
    await finish(storage)
    await finish(storage)
    await posted(storage, 77)
    assert await storage.log_lines.stale(8) == []
    await storage.jobs.mark_deleted(order(1).id, ADA, NOW + 400)
    [stale] = await storage.log_lines.stale(8)
    assert (stale.channel_id, stale.message_id) == (LOG, 77)
    assert [line.job and line.job.id for line in stale.lines] == [order(1).id, order(2).id]
    await storage.jobs.mark_deleted(order(2).id, MO, NOW + 400)  # while it is being edited
    await storage.log_lines.shown_anew(stale)
    [stale] = await storage.log_lines.stale(8)
    await storage.log_lines.shown_anew(stale)
    assert await storage.log_lines.stale(8) == []


async def test_who_is_erased_is_taken_out_of_posted_messages(storage: Storage) -> None:
    await chosen(storage)
    await accept(storage, order(1), order(2, user=2))
    await finish(storage)
    await finish(storage)
    await storage.log_lines.note_hit(GUILD, HIT, NOW)
    await storage.words.add(GUILD, ["zebra"], by=ADA, now=NOW)
    await posted(storage, 77)
    await storage.personal.erase(ADA, ALIAS, NOW)
    [stale] = await storage.log_lines.stale(8)
    of_ada, of_other, word, act = stale.lines
    assert of_other.job is not None
    assert of_other.job.id == order(2).id
    assert not of_ada.tells_something
    assert not word.tells_something
    assert act.act is not None
    assert act.act.by is None


async def test_an_act_of_who_is_erased_is_shown_anew_where_it_stands_alone(
    storage: Storage,
) -> None:
    await chosen(storage)
    await storage.words.add(GUILD, ["zebra"], by=ADA, now=NOW)
    await posted(storage, 78)
    await storage.personal.erase(ADA, ALIAS, NOW)
    [stale] = await storage.log_lines.stale(8)
    assert stale.message_id == 78


@pytest.mark.parametrize("what", ["erased", "deleted", "its moderator erased"])
async def test_what_was_deleted_or_erased_while_it_was_posted_is_shown_anew(
    storage: Storage, what: str
) -> None:
    await chosen(storage)
    await accept(storage, order(1), order(2, user=2))
    await finish(storage)
    await finish(storage)
    await storage.words.add(GUILD, ["zebra"], by=MO, now=NOW)
    read = await the_lines(storage)
    if what == "deleted":
        await storage.jobs.mark_deleted(order(1).id, ADA, NOW + 400)
    else:
        await storage.personal.erase(ADA if what == "erased" else MO, ALIAS, NOW)
    await storage.log_lines.keep_posted(read, 77)
    [stale] = await storage.log_lines.stale(8)
    told = [line.job.id for line in stale.lines if line.job is not None]
    assert told == [order(1).id, order(2).id][what == "erased" :]
    await storage.log_lines.shown_anew(stale)
    await storage.log_lines.forget_posted(NOW + 10_000)
    await storage.personal.erase(order(2, user=2).destination.user_id, ALIAS - 1, NOW)
    assert await storage.log_lines.stale(8) == []
