"""A line in the log channel for each result and each act: posted once, pinging nobody."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.log_lines import LogLine
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel
from cogs.views.moderating.log_layout import LogLayout
from storage import open_storage
from tests.whole.conftest import Clock, Run, has_pictures, ledger, says, until, until_settled
from tests.whole.moderating.log_channel import lines_in, tries_in
from tests.whole.moderating.moderator import moderator, text_of

pytestmark = pytest.mark.usefixtures("quick_lines")


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("log")


async def test_a_result_and_an_act_are_a_line_each_and_a_private_one_shows_no_prompt(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await (await ada.imagine("unlogged")).until(has_pictures)
    await until_settled(app)
    await text_of(await mo.use("settings log", channel=log))
    shown = await (await ada.imagine("a *red* boat")).until(has_pictures)
    await (await ada.imagine("a secret boat", private=True)).until(has_pictures)
    her = f"<@{ada.user.id}>"
    await until(lambda: any("private" in each.text for each in lines_in(log)))
    text = "\n".join(each.text for each in lines_in(log))
    job = (await ledger(app))[1].job_id
    place = f"{stand_ins.guild.id}/{shown.channel.id}/{shown.id}"
    assert f"{her} made `{job}` with gg-3.0 for 0.00 USD: a \\*red\\* boat" in text
    assert text.count(place) == 1, "posted once, though other lines came afterwards"
    assert "secret" not in text
    assert "unlogged" not in text
    assert f"<@{mo.user.id}> changed the log channel" in text
    assert all(not message.mentions for message in log.world.messages(log))


@pytest.mark.usefixtures("quick_lines", "app")
async def test_moderators_delete_a_result_from_its_line_which_stays(
    stand_ins: StandIns, log: Channel
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await text_of(await mo.use("settings log", channel=log))
    await until(lambda: len(lines_in(log)) == 1)
    shown = await (await ada.imagine("a red boat")).until(has_pictures)
    await until(lambda: len(lines_in(log)) == 2)
    line = lines_in(log)[-1]
    refused = await stand_ins.visitor("Bob").press(line, "Delete")
    assert "somebody else’s" in (await refused.until(lambda message: message is not line)).text
    asked = await mo.press(line, "Delete")
    question = await asked.until(says("for good"))
    await mo.press(question, "Delete for good")
    await until(lambda: shown.deleted)
    assert not line.deleted
    await until(lambda: any("deleted the result" in each.text for each in lines_in(log)))


async def test_a_closed_channel_is_said_once_to_the_owner_and_lines_come_when_it_opens(
    run: Run, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    mo, world = moderator(stand_ins), stand_ins.discord.world
    async with run():
        await text_of(await mo.use("settings log", channel=log))
        await until(lambda: len(lines_in(log)) == 1)
        log.revoke("SEND_MESSAGES")
        await text_of(await mo.use("quota set", images=9, period="day"))
        await until(lambda: len(world.direct_messages(world.owner)) == 1)
        tries = tries_in(log, stand_ins)
        clock.skipped += 301  # it rests as long after a refusal
        await until(lambda: tries_in(log, stand_ins) > tries)
    log.grant("SEND_MESSAGES")
    async with run():
        clock.skipped += 61  # the process before held the posting
        await until(lambda: len(lines_in(log)) == 2)
        assert len(world.direct_messages(world.owner)) == 1


@pytest.mark.usefixtures("quick_lines", "app")
async def test_moderators_read_there_which_word_was_refused_and_whose_it_was_once(
    stand_ins: StandIns, log: Channel
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await text_of(await mo.use("settings log", channel=log))
    await text_of(await mo.use("settings words", add="zebra"))
    for _ in range(2):
        refused = await (await ada.imagine("a secret z e b r a")).settled()
        assert "zebra" not in refused.text
    line = f"<@{ada.user.id}> asked with “zebra”, which is on the word list; nothing was made."
    await until(lambda: any(line in each.text for each in lines_in(log)))
    await text_of(await mo.use("settings words", remove="zebra"))
    await until(lambda: any("removed from the word list" in each.text for each in lines_in(log)))
    text = "\n".join(each.text for each in lines_in(log))
    assert text.count(line) == 1
    assert "secret" not in text


async def test_lines_of_a_server_that_cannot_be_shown_keep_back_no_other(
    app: App, stand_ins: StandIns, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = stand_ins.discord.world.add_guild("Other")  # whose id, and so its turn, comes later
    theirs = other.add_channel("log")
    ola = stand_ins.discord.visitor("Ola", other, permissions=["MANAGE_GUILD"])
    shown, broken = LogLayout.__init__, int(stand_ins.guild.id)

    def breaks(self: LogLayout, lines: Sequence[LogLine]) -> None:
        if any(line.act and line.act.guild_id == broken for line in lines):
            raise ValueError
        shown(self, lines)

    monkeypatch.setattr(LogLayout, "__init__", breaks)
    await text_of(await moderator(stand_ins).use("settings log", channel=log))
    await text_of(await ola.use("settings log", channel=theirs))
    await until(lambda: len(lines_in(theirs)) == 1)
    batches = await app.storage.log_lines.waiting(8)
    assert [each.guild_id for each in batches] == [broken]


async def test_a_line_that_discord_refuses_is_left_out_and_the_others_are_posted(
    app: App, stand_ins: StandIns, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: object) -> None:
        """Look later, when there are several lines."""

    mo, world = moderator(stand_ins), stand_ins.discord.world
    with monkeypatch.context() as waits:
        waits.setattr("bot.services.moderation.log_lines.LogLines.look", nothing)
        await text_of(await mo.use("settings log", channel=log))
        await text_of(await mo.use("quota set", images=9, period="day"))
        # The message of both, and then that of the first alone.
        stand_ins.discord.script("POST", f"/channels/{log.id}/messages$", status=400, times=2)
    await until(lambda: len(lines_in(log)) == 1)
    assert "set the quota" in lines_in(log)[0].text
    async with asyncio.timeout(10):
        while await app.storage.log_lines.waiting(8):
            await asyncio.sleep(0.01)
    assert world.direct_messages(world.owner) == []


async def test_moderators_block_from_a_line_whom_it_tells_of_and_members_do_not(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await text_of(await mo.use("settings log", channel=log))
    await until(lambda: len(lines_in(log)) == 1)
    await (await ada.imagine("a red boat")).until(has_pictures)
    await until(lambda: len(lines_in(log)) == 2)
    line = lines_in(log)[-1]
    refused = await stand_ins.visitor("Bob").press(line, "Block")
    assert "moderat" in (await refused.until(lambda message: message is not line)).text
    form = await mo.press(line, "Block")
    said = await mo.submit_modal(form, {"reason": "Enough boats.", "until": "3d"})
    answer = await said.until(says("may not ask for pictures here"))
    assert f"<@{ada.user.id}> may not ask" in answer.text
    assert "Enough boats." in (await (await ada.imagine("a boat")).settled()).text
    [act, *_] = await app.storage.audit.latest(int(stand_ins.guild.id), 1)
    assert (act.kind.value, act.by, act.member) == ("blocked", int(mo.user.id), int(ada.user.id))


async def test_who_may_moderate_no_more_when_the_form_is_sent_blocks_nobody(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await text_of(await mo.use("settings log", channel=log))
    await until(lambda: len(lines_in(log)) == 1)
    await (await ada.imagine("a red boat")).until(has_pictures)
    await until(lambda: len(lines_in(log)) == 2)
    form = await mo.press(lines_in(log)[-1], "Block")
    mo.member.own = Permissions(0)
    said = await mo.submit_modal(form, {"reason": "Enough.", "until": ""})
    assert "Manage Server" in (await said.until(lambda message: "Block" not in message.text)).text
    acts = await app.storage.audit.latest(int(stand_ins.guild.id), 9)
    assert all(act.kind.value != "blocked" for act in acts)


async def test_a_deleted_results_line_loses_its_link_and_an_erased_members_all_of_it(
    run: Run, stand_ins: StandIns, log: Channel, tmp_path: Path, clock: Clock
) -> None:
    mo, ada, bob = moderator(stand_ins), stand_ins.visitor("Ada"), stand_ins.visitor("Bob")

    def texts() -> str:
        return "\n".join(each.text for each in lines_in(log))

    async with run() as app:
        await text_of(await mo.use("settings log", channel=log))
        shown = await (await ada.imagine("a red boat")).until(has_pictures)
        await (await bob.imagine("a blue boat")).until(has_pictures)
        await until(lambda: "a red boat" in texts() and "a blue boat" in texts())
        assert f"/{shown.id}" in texts()
        line = next(each for each in lines_in(log) if f"/{shown.id}" in each.text)
        asked = await mo.press(line, custom_id=f"easel:log-delete:{(await ledger(app))[0].job_id}")
        await mo.press(await asked.until(says("for good")), "Delete for good")
        await until(lambda: f"/{shown.id}" not in texts())
        assert "a red boat" in texts()
    async with open_storage(f"sqlite:///{tmp_path / 'easel.db'}", tmp_path) as storage:
        await storage.personal.erase(int(ada.user.id), -4711, clock())
    async with run() as app:
        clock.skipped += 61  # the process before held the posting
        # Her result, and the act that deleted it, are in messages of their own.
        await until(lambda: "a red boat" not in texts() and ada.user.id not in texts())
        assert "a blue boat" in texts()
        for message in lines_in(log):
            stand_ins.discord.world.delete(message)
        await app.storage.personal.erase(int(bob.user.id), -4712, clock())
        async with asyncio.timeout(30):
            while await app.storage.log_lines.stale(8):
                await asyncio.sleep(0.02)
        await (await ada.imagine("a green boat")).until(has_pictures)
        await until(lambda: "a green boat" in texts())
