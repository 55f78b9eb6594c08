"""The exact words of /quota: what applies, what is left, extra pictures, a pause, money."""

import re
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from tests.whole.conftest import Run, has_pictures, photo, says, until_settled

NO_CEILINGS = "[quotas]\nuser_per_day = -1\nguild_per_day = -1\naccount_usd_per_month = {usd}\n"


def moderator(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


async def lines_of(reply: Reply) -> list[str]:
    """What only the asker reads, with every time as <t>."""
    message = await reply.until(lambda message: bool(message.text))
    assert reply.ephemeral
    return re.sub(r"<t:\d+:R>", "<t>", message.text).splitlines()


async def test_where_nothing_is_set_no_quota_applies(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(NO_CEILINGS.format(usd=-1))
    async with run():
        ada = stand_ins.visitor("Ada")
        title = f"**Quotas of <@{ada.user.id}>**"
        assert await lines_of(await ada.use("quota show")) == [title, "No quota applies."]


@pytest.mark.usefixtures("app")
async def test_the_limits_of_who_runs_the_bot_are_named_with_what_is_left(
    stand_ins: StandIns,
) -> None:
    ada = stand_ins.visitor("Ada")
    limit, resets = "Limit set by whoever runs this bot for", "pictures per day, resets <t>"
    assert await lines_of(await ada.use("quota show")) == [
        f"**Quotas of <@{ada.user.id}>**",
        f"{limit} one member, in all servers: 20 left of 20 {resets}",
        f"{limit} this server: 200 left of 200 {resets}",
    ]


async def test_rules_budgets_extra_pictures_and_a_pause_have_a_line_each(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(NO_CEILINGS.format(usd=0))
    async with run():
        fans = stand_ins.guild.add_role("Fans")
        stand_ins.guild.add_member("Ada", roles=[fans])
        ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
        await mo.use("quota set", images=9, period="week", role=fans)
        await mo.use("quota set", images=0, period="hour")
        await mo.use("settings budget", images=1, usd=0.05)
        await mo.use("quota grant", user=ada.member, images=3, reason="for the contest")
        member = [
            f"**Quotas of <@{ada.user.id}>**",
            "Quota, for each member: no pictures are allowed",
            f"Quota, for each member with <@&{fans.id}>: 9 left of 9 pictures per week, resets <t>",
            "This server’s budget: 1 left of 1 picture per month, resets <t>",
            "The monthly budget set by whoever runs this bot allows nothing that has a price",
            "Extra pictures, used when a quota runs out: 3 left",
        ]
        assert await lines_of(await ada.use("quota show")) == member
        money = "This server’s budget in US dollars: 0.05 left of 0.05 USD per month, resets <t>"
        assert await lines_of(await mo.use("quota show", user=ada.member)) == [
            *member[:4],
            money,
            *member[4:],
        ]


async def test_a_member_whom_review_refused_five_times_reads_until_when(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected", times=5)
    for count in range(1, 6):
        reply = await ada.restyle(photo(), engine="anime")
        await reply.until(says("review refused the prompt"))
        await until_settled(app, count)
        is_paused = "Paused after refusals by review" in "".join(
            await lines_of(await ada.use("quota show"))
        )
        assert is_paused == (count == 5)
    *_, last = await lines_of(await ada.use("quota show"))
    assert last == "Paused after refusals by review; requests are taken again <t>"


async def test_money_is_shown_to_moderators_and_its_end_to_everybody(
    app: App, stand_ins: StandIns
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    await mo.use("settings budget", usd=0.08)
    assert "dollars" not in "".join(await lines_of(await ada.use("quota show")))
    await (await ada.restyle(photo(), engine="anime")).until(has_pictures)
    await until_settled(app)
    spent = "This server’s budget in US dollars is used up; it resets <t>"
    assert spent in await lines_of(await ada.use("quota show"))
    amounts = "This server’s budget in US dollars: 0.00 left of 0.08 USD per month, resets <t>"
    assert amounts in await lines_of(await mo.use("quota show"))


@pytest.mark.usefixtures("app")
async def test_what_was_set_listed_and_cleared_reads_as_sentences(stand_ins: StandIns) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    who = f"<@{ada.user.id}>"
    empty = "the limits set by whoever runs this bot apply. `/quota show` names them."
    assert await lines_of(await mo.use("quota list")) == [f"No quotas are set here; {empty}"]
    assert await lines_of(await ada.use("quota list")) == [f"No quotas here are for you; {empty}"]
    for period in ("day", "week"):
        await mo.use("quota set", images=2, period=period)
    said = await mo.use("quota set", images=-1, period="hour", user=ada.member)
    assert (await lines_of(said))[0] == f"Set. {who}: unlimited pictures per hour"
    said = await mo.use("quota set", images=0, period="month", user=ada.member)
    assert await lines_of(said) == [f"Set. {who}: no pictures per month"]
    listed = await lines_of(await mo.use("quota list"))
    assert "Each member: 2 pictures per day" in listed
    assert f"{who}: no pictures per month" in listed
    assert await lines_of(await mo.use("quota clear")) == [
        "Cleared 2 quotas that held for each member."
    ]
    cleared = await mo.use("quota clear", user=ada.member, period="hour")
    assert await lines_of(cleared) == [f"Cleared 1 quota that held for {who}."]
