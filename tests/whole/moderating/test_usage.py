"""/usage as a chart: of one's own pictures, and of a server for its moderators."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from tests.whole.conftest import Clock, Run, has_pictures, until, until_settled
from tests.whole.moderating.moderator import moderator, text_of

NEEDED = "That needs the permission Manage Server, or the role that `/settings moderator` names."


async def two_pictures(app: App, stand_ins: StandIns) -> None:
    """One of Ada's in public, one of Bob's in private."""
    stand_ins.guild.add_member("Bob")
    await (await stand_ins.visitor("Ada").imagine("a cat")).until(has_pictures)
    hidden = await stand_ins.visitor("Bob").use("imagine", prompt="my secret", private=True)
    await hidden.until(has_pictures)
    await until_settled(app)


async def chart_in(reply: Reply) -> tuple[Image.Image, str]:
    """The chart of an answer, and its alt text."""
    message = await reply.until(has_pictures)
    shown = next(each for each in message.attachments if each.filename == "usage.png")
    picture = next(data for data in await reply.pictures() if data.startswith(b"\x89PNG"))
    return Image.open(io.BytesIO(picture)), shown.description or ""


async def test_ones_own_pictures_are_a_chart_that_nobody_else_sees(
    app: App, stand_ins: StandIns
) -> None:
    await two_pictures(app, stand_ins)
    reply = await stand_ins.visitor("Ada").use("usage")
    assert reply.ephemeral
    chart, alt = await chart_in(reply)
    assert chart.width == 1080
    assert alt.startswith("Your pictures of the last 7 days: 1. Pictures per day, by engine: ")
    text = await text_of(reply)
    assert "Your pictures of the last 7 days: 1" in text
    assert "Money" not in text
    assert "Money" not in alt


async def test_moderators_see_members_money_and_a_table_and_no_prompt(
    app: App, stand_ins: StandIns
) -> None:
    await two_pictures(app, stand_ins)
    mo = moderator(stand_ins)
    await mo.use("settings budget", usd=20.0)
    reply = await mo.use("usage", scope="server", period="month")
    _, alt = await chart_in(reply)
    assert "This server’s pictures of the last 30 days: 2." in alt
    assert "Pictures per member, most first: 1, 1." in alt
    assert "of 20.00 US dollars" in alt
    text = await text_of(reply)
    for name in ("Ada", "Bob"):
        member = stand_ins.guild.member(name)
        assert member is not None
        assert f"<@{member.id}>: 1 picture" in text
    [table] = [data for data in await reply.pictures() if data.startswith(b"begins,")]
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [row["pictures"] for row in rows] == ["1", "1"]
    assert "secret" not in text + alt + table.decode()


async def test_the_whole_server_is_for_its_moderators_at_that_moment(
    app: App, stand_ins: StandIns
) -> None:
    await two_pictures(app, stand_ins)
    mods = stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[mods])
    kim = stand_ins.visitor("Kim")
    assert await text_of(await kim.use("usage", scope="server")) == NEEDED
    await moderator(stand_ins).use("settings moderator", role=mods)
    assert "This server’s pictures" in await text_of(await kim.use("usage", scope="server"))
    await moderator(stand_ins).use("settings moderator", off=True)
    assert await text_of(await kim.use("usage", scope="server")) == NEEDED


async def test_another_servers_pictures_are_in_nobodys_chart(app: App, stand_ins: StandIns) -> None:
    await two_pictures(app, stand_ins)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    eve = stand_ins.discord.visitor("Eve", elsewhere, permissions=["MANAGE_GUILD"])
    text = await text_of(await eve.use("usage", scope="server"))
    assert "This server’s pictures of the last 7 days: 0" in text


async def test_in_direct_messages_there_is_no_server_to_look_at(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[access]\ndirect_messages = true\n")
    async with run() as app:
        await two_pictures(app, stand_ins)
        ada = stand_ins.discord.visitor("Ada")
        whole = await text_of(await ada.use("usage", scope="server"))
        assert whole.startswith("That is for servers;")
        assert "last 24 hours: 0" in await text_of(await ada.use("usage", period="day"))


async def test_what_was_made_long_ago_is_in_no_chart(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await two_pictures(app, stand_ins)
    clock.skipped += 40 * 86400
    reply = await stand_ins.visitor("Ada").use("usage", period="month")
    assert "last 30 days: 0" in await text_of(reply)


async def test_without_a_chart_the_numbers_are_said_all_the_same(
    run: Run, stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    async with run() as app:
        await two_pictures(app, stand_ins)
        text = await text_of(await moderator(stand_ins).use("usage", scope="server"))
        assert "The chart could not be drawn." in text
        assert "1 picture" in text


async def test_a_table_is_sent_whole_though_the_first_answer_is_lost_and_leaves_no_file(
    app: App, stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_pictures(app, stand_ins)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "pictures"))
    mo = moderator(stand_ins)
    stand_ins.discord.script("PATCH", "/messages/@original$", drop="before", times=2)
    reply = await mo.use("usage", scope="server")
    await reply.until(has_pictures)
    [table] = [data for data in await reply.pictures() if data.startswith(b"begins,")]
    assert len(list(csv.DictReader(io.StringIO(table.decode())))) == 2
    await until(lambda: not list((tmp_path / "pictures").glob("easel-usage-*")))
