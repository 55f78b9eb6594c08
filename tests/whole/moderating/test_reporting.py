"""Report picture: any member tells the moderators of a result, and them alone, once."""

import asyncio

import pytest
from sqlalchemy import update

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobId
from bot.domain.members.reports import Report, ReportKind
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Channel, Message
from storage.members.tables import reports
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until_settled
from tests.whole.moderating.log_channel import posted
from tests.whole.moderating.moderator import moderator, text_of

pytestmark = pytest.mark.usefixtures("no_lines")

REPORT = "Report picture"
TOLD = "The moderators were told of this picture, and that it was you."
NOT_OURS = "Only pictures that I have posted here, and still know of, can be reported to me."


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("log")


async def chosen(stand_ins: StandIns, log: Channel) -> None:
    await moderator(stand_ins).use("settings log", channel=log)


async def made(stand_ins: StandIns, name: str = "Ada") -> Message:
    reply = await stand_ins.visitor(name).restyle(
        photo(), engine="anime", prompt="my ||neighbour||"
    )
    return await reply.until(has_pictures)


async def reported(who: Visitor, message: Message) -> str:
    reply = await who.menu(REPORT, message)
    text = await text_of(reply)
    assert reply.ephemeral
    return text


async def test_a_picture_in_a_gallery_and_among_the_files_is_one_wherever_its_preview_lies(
    app: App, stand_ins: StandIns, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdn = stand_ins.discord.cdn
    monkeypatch.setattr(cdn, "proxied", lambda url: url.replace("/attachments/", "/external/"))
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    await until_settled(app)
    assert (await reported(stand_ins.visitor("Bob"), result)).startswith(TOLD)


async def test_any_member_reports_a_result_once_to_the_moderators_alone(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    [row] = await until_settled(app)
    bob, seen = stand_ins.visitor("Bob"), result.text
    assert (await reported(bob, result)).startswith(TOLD)
    [line] = posted(log)
    assert line.startswith(f"**<@{bob.user.id}> reports a picture.**")
    place = f"{stand_ins.guild.id}/{result.channel.id}/{result.id}"
    for words in (row.job_id, f"<@{row.user_id}>", f"https://discord.com/channels/{place}"):
        assert words in line
    assert "||my \\|\\|neighbour\\|\\|||" in line
    for who in (bob, stand_ins.visitor("Ada")):
        assert await reported(who, result) == "The moderators were told of this already."
    assert len(posted(log)) == 1
    assert not result.deleted
    assert result.text == seen
    assert await ledger(app) == [row]


async def test_reports_are_known_after_a_restart(
    run: Run, stand_ins: StandIns, log: Channel
) -> None:
    bob = stand_ins.visitor("Bob")
    async with run() as app:
        await chosen(stand_ins, log)
        result = await made(stand_ins)
        await until_settled(app)
        await reported(bob, result)
    async with run():
        assert "already" in await reported(bob, result)
        assert "already" in await reported(stand_ins.visitor("Eve"), result)


async def test_of_several_pictures_each_is_reported_once_also_after_a_restart(
    run: Run, stand_ins: StandIns, log: Channel
) -> None:
    bob = stand_ins.visitor("Bob")
    async with run() as app:
        await chosen(stand_ins, log)
        reply = await stand_ins.visitor("Ada").imagine("a boat", engine="og-low", count=2)
        result = await reply.until(has_pictures)
        await until_settled(app)
        question = await (await bob.menu(REPORT, result)).until(says("several pictures"))
        assert question.ephemeral
        assert posted(log) == []
    async with run():
        for number in ("2", "1"):
            said = await text_of(await bob.choose(question, number))
            assert said.startswith(TOLD)
            assert "already" in await text_of(await bob.choose(question, number))
    first, second = posted(log)
    assert first.startswith(f"**<@{bob.user.id}> reports picture 2 of a result.**")
    assert second.startswith(f"**<@{bob.user.id}> reports picture 1 of a result.**")
    assert f"{result.channel.id}/{result.id}" in first


async def test_what_a_crash_left_untold_is_told_once_by_a_later_start(
    run: Run, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    async with run() as app:
        await chosen(stand_ins, log)
        result = await made(stand_ins)
        [row] = await until_settled(app)
        report = Report(JobId(row.job_id), ReportKind.PICTURE, 7)
        shown = int(result.channel.id), int(result.id)
        await app.storage.reports.note(report, clock(), since=0, most=5, shown=shown)
    clock.skipped += 120
    for _ in range(2):
        async with run() as app:
            await until_told(app, clock)
            # Once more is once: also where a process died after its post.
            await untell(app)
    [line] = posted(log)
    assert line.startswith("**<@7> reports a picture.**")
    assert f"{result.channel.id}/{result.id}" in line


async def until_told(app: App, clock: Clock) -> None:
    async with asyncio.timeout(20):
        while await app.storage.reports.untold(clock() + 1):
            await asyncio.sleep(0.01)


async def untell(app: App) -> None:
    async with app.storage.engine.begin() as conn:
        await conn.execute(update(reports).values(told_at=None))


async def test_a_result_is_reported_long_after_its_prompt_was_forgotten(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    await until_settled(app)
    await app.storage.retention.forget_words(clock() + 10, 100)
    assert (await reported(stand_ins.visitor("Bob"), result)).startswith(TOLD)
    assert "It has no prompt, or that is no longer kept." in posted(log)[0]


async def test_only_results_of_ours_can_be_reported_whatever_others_write(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    [row] = await until_settled(app)
    await app.storage.operations.pause("", 0.0)
    bob = stand_ins.visitor("Bob")
    waiting = await (await bob.imagine("a boat", engine="gg-3.0")).until(says("Queued"))
    copied = bob.say(result.text + row.job_id)
    copied.components = result.components
    for message in (bob.say("hello"), copied, waiting):
        assert await reported(stand_ins.visitor("Eve"), message) == NOT_OURS
    assert posted(log) == []


async def test_what_is_deleted_or_another_servers_is_not_reported(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    [row] = await until_settled(app)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    eve = stand_ins.discord.visitor("Eve", elsewhere, talk)
    world = stand_ins.discord.world
    there = Message(world.snowflake(), talk, world.bot, world.now(), components=result.components)
    assert await reported(eve, world.post(there)) == NOT_OURS
    await app.storage.jobs.mark_deleted(row.job_id, 1, clock())
    assert await reported(stand_ins.visitor("Bob"), result) == NOT_OURS
    assert posted(log) == []


async def test_without_a_log_channel_the_reporter_reads_that_nobody_was_told(
    app: App, stand_ins: StandIns
) -> None:
    result = await made(stand_ins)
    await until_settled(app)
    said = await reported(stand_ins.visitor("Bob"), result)
    assert said.startswith("This server’s moderators have not chosen a channel for such messages")


async def test_a_member_reports_only_so_many_pictures_in_an_hour(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    await chosen(stand_ins, log)
    results = []
    for count in range(1, 7):
        results.append(await made(stand_ins))
        await until_settled(app, count)
    bob = stand_ins.visitor("Bob")
    for result in results[:5]:
        assert (await reported(bob, result)).startswith(TOLD)
    said = await reported(bob, results[5])
    assert said.startswith("You have told the moderators of 5 things within an hour")
    assert len(posted(log)) == 5
    clock.skipped += 3601
    assert (await reported(bob, results[5])).startswith(TOLD)


async def test_of_two_at_once_one_is_told(app: App, stand_ins: StandIns, log: Channel) -> None:
    await chosen(stand_ins, log)
    result = await made(stand_ins)
    await until_settled(app)
    bob = stand_ins.visitor("Bob")
    said = await asyncio.gather(*(reported(bob, result) for _ in range(3)))
    assert sorted(text.startswith(TOLD) for text in said) == [False, False, True]
    assert len(posted(log)) == 1
