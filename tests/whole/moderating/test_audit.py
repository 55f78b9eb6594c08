"""/audit: who did what as a moderator, read by that server's moderators alone."""

import re

import pytest
from sqlalchemy import text

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.acts import Act, ActKind
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Clock, Run, has_pictures, ledger, says
from tests.whole.moderating.moderator import moderator, text_of

NEEDED = "That needs the permission Manage Server, or the role that `/settings moderator` names."


def moderator_elsewhere(stand_ins: StandIns) -> Visitor:
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    return stand_ins.discord.visitor("Lee", elsewhere, talk)


async def several(app: App, stand_ins: StandIns, clock: Clock, count: int = 20) -> None:
    guild_id, by = int(stand_ins.guild.id), int(moderator(stand_ins).member.id)
    for number in range(count):
        act = Act(guild_id, by, ActKind.SETTING, clock(), target=f"setting {number}")
        await app.storage.audit.record(act)


def shown(message: Message) -> list[int]:
    return [int(number) for number in re.findall(r"setting (\d+)", message.text)]


async def test_moderators_read_what_was_done_with_quotas_jobs_and_results(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    me, her = f"<@{mo.member.id}>", f"<@{ada.member.id}>"
    await app.storage.operations.pause("", clock())
    waiting = await ada.imagine("a blue boat")
    await waiting.until(says("Queued"))
    [row] = await ledger(app)
    await mo.use("queue first", job=row.job_id)
    await mo.use("cancel", job=row.job_id)
    await mo.use("quota set", images=5, period="day")
    await mo.use("quota set", images=7, period="day")
    await mo.use("quota clear")
    await mo.use("quota grant", user=ada.member, images=3, reason="won <#1> and *more*")
    lines = (await text_of(await mo.use("audit"))).splitlines()
    said = [re.sub(r"^<t:\d+:f> ", "", line) for line in lines]
    assert said == [
        "**What moderators did here, newest first**",
        f"{me} gave {her} extra pictures: 3.",
        "-# Reason: won <#1> and \\*more\\*",
        f"{me} cleared the quota of each member.",
        "-# Before: 7 pictures per day.",
        f"{me} set the quota of each member.",
        "-# Before: 5 pictures per day. After: 7 pictures per day.",
        f"{me} set the quota of each member.",
        "-# After: 5 pictures per day.",
        f"{me} cancelled `{row.job_id}` of {her}.",
        f"{me} put `{row.job_id}` of {her} first.",
        "-# Page 1. Nobody can change or remove what is written here.",
    ]


async def test_a_deleted_result_of_a_member_is_in_the_record(app: App, stand_ins: StandIns) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    drawn = await (await ada.imagine("a red boat")).until(has_pictures)
    [made] = await ledger(app)
    asked = await mo.choose(drawn, "delete", custom_id=f"easel:more:{made.job_id}")
    question = await asked.until(says("for good"))
    await mo.press(question, "Delete for good")
    await asked.until(says("Deleted"))
    read = await text_of(await mo.use("audit", user=ada.member))
    assert f"<@{mo.member.id}> deleted the result `{made.job_id}` of <@{ada.member.id}>." in read
    assert "Nothing is written down" in await text_of(
        await mo.use("audit", user=stand_ins.visitor("Bob").member)
    )


async def test_only_moderators_of_the_server_read_it_at_the_moment_they_ask(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await several(app, stand_ins, clock, 1)
    role = stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[role])
    kim, mo = stand_ins.visitor("Kim"), moderator(stand_ins)
    for somebody in (stand_ins.visitor("Ada"), kim):
        refused = await somebody.use("audit")
        assert await text_of(refused) == NEEDED
        assert refused.ephemeral
    await mo.use("settings moderator", role=role)
    for somebody in (mo, kim):
        read = await somebody.use("audit")
        assert "setting 0" in await text_of(read)
        assert read.ephemeral
    assert "Nothing is written down" in (
        await text_of(await moderator_elsewhere(stand_ins).use("audit"))
    )


async def test_pages_are_turned_after_a_restart_and_later_acts_move_none(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    mo = moderator(stand_ins)
    async with run() as app:
        await several(app, stand_ins, clock)
        reply = await mo.use("audit", limit=18)
        first = await reply.until(lambda message: bool(message.text))
        assert shown(first) == list(range(19, 11, -1))
        assert [(b.label, b.disabled) for b in first.buttons] == [("Newer", True), ("Older", False)]
    async with run() as app:
        await several(app, stand_ins, clock, 3)
        await mo.press(first, "Older")
        assert shown(await reply.until(says("Page 2"))) == list(range(11, 3, -1))
        await mo.press(first, "Older")
        last = await reply.until(says("Page 3"))
        assert shown(last) == [3, 2]
        assert [(b.label, b.disabled) for b in last.buttons] == [("Newer", False), ("Older", True)]
        await mo.press(first, "Newer")
        assert shown(await reply.until(says("Page 2"))) == list(range(11, 3, -1))


async def test_a_page_is_turned_by_who_moderates_then_and_shows_their_own_server(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await several(app, stand_ins, clock)
    mo, lee = moderator(stand_ins), moderator_elsewhere(stand_ins)
    reply = await mo.use("audit")
    page = await reply.until(says("Page 1"))
    older = next(button.custom_id for button in page.buttons if button.label == "Older")
    mo.member.own = Permissions(0)  # taken away while the page is open
    await (await mo.press(page, "Older")).until(says(NEEDED))
    theirs = await lee.use("audit")
    await app.storage.audit.record(
        Act(int(lee.member.guild.id), 1, ActKind.SETTING, clock(), target="setting 77")
    )
    theirs = await lee.use("audit")
    message = await theirs.until(says("setting 77"))
    message.components = page.components  # as a forger could make them
    await lee.press(message, custom_id=older)
    await theirs.until(says("Nothing is written down"))
    assert shown(message) == []


async def test_a_person_who_was_erased_reads_as_such(app: App, stand_ins: StandIns) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await mo.use("quota grant", user=ada.member, images=3, reason="won")
    async with app.storage.engine.begin() as conn:
        await conn.execute(text("DELETE FROM people WHERE user_id = :id"), {"id": int(ada.user.id)})
    read = await text_of(await mo.use("audit"))
    assert f"<@{mo.member.id}> gave somebody whose data was erased extra pictures: 3." in read
    async with app.storage.engine.begin() as conn:
        await conn.execute(text("DELETE FROM people"))
    await mo.use("quota grant", user=mo.member, images=1, reason="again")
    read = await text_of(await mo.use("audit"))
    erased = "somebody whose data was erased"
    assert f"{erased} gave {erased} extra pictures: 3." in read
    assert f"<@{mo.member.id}> gave <@{mo.member.id}> extra pictures: 1." in read


@pytest.mark.parametrize("number", ["9" * 9, "0"])
async def test_a_forged_page_shows_nothing_and_breaks_nothing(
    app: App, stand_ins: StandIns, clock: Clock, number: str
) -> None:
    await several(app, stand_ins, clock)
    mo = moderator(stand_ins)
    reply = await mo.use("audit")
    page = await reply.until(says("Page 1"))
    older = next(b for b in page.components[-1]["components"] if b["label"] == "Older")
    older["custom_id"] = f"easel:audit:9999:9999:{number}:{8}{'9' * 18}"
    await mo.press(page, custom_id=older["custom_id"])
    await reply.until(says("Nothing is written down"))
