"""/settings moderator: whose role moderates, decided anew at each act."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.world import Role
from tests.whole.conftest import Clock, Run, ledger, says, until, until_settled
from tests.whole.moderating.moderator import moderator, text_of
from tests.whole.queueing.busy import busy_and_waiting

NEEDED = "That needs the permission Manage Server, or the role that `/settings moderator` names."


@pytest.fixture
def mods(stand_ins: StandIns) -> Role:
    return stand_ins.guild.add_role("Mods")


@pytest.fixture
def kim(stand_ins: StandIns, mods: Role) -> Visitor:
    """A member with the role, and without Manage Server."""
    stand_ins.guild.add_member("Kim", roles=[mods])
    return stand_ins.visitor("Kim")


@pytest.mark.usefixtures("app")
async def test_the_role_is_chosen_shown_and_taken_back(stand_ins: StandIns, mods: Role) -> None:
    mo = moderator(stand_ins)
    shown = await text_of(await mo.use("settings show"))
    assert "Moderators: members with Manage Server" in shown.splitlines()
    chosen = await text_of(await mo.use("settings moderator", role=mods))
    assert chosen.startswith(f"Members with <@&{mods.id}> moderate Easel here now")
    shown = await text_of(await mo.use("settings show"))
    assert f"Moderators: members with Manage Server or <@&{mods.id}>" in shown.splitlines()
    for neither in ({}, {"role": mods, "off": True}):
        unclear = await text_of(await mo.use("settings moderator", **neither))
        assert unclear.startswith("Choose the moderators’ role, or set `off` to True")
    shown = await text_of(await mo.use("settings show"))
    assert f"Moderators: members with Manage Server or <@&{mods.id}>" in shown.splitlines()
    ended = await text_of(await mo.use("settings moderator", off=True))
    assert ended == "Only members with Manage Server moderate Easel here now."
    assert "Moderators: members with Manage Server" in (
        await text_of(await mo.use("settings show"))
    )


async def test_everyone_is_no_moderator(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    said = await text_of(await mo.use("settings moderator", role=stand_ins.guild.everyone))
    assert said.startswith("@everyone cannot be the moderators’ role")
    kept = await app.storage.guild_settings.settings(int(stand_ins.guild.id))
    assert kept.moderator_role_id is None


async def test_the_role_moderates_the_queue_and_changes_no_settings(
    app: App, stand_ins: StandIns, clock: Clock, mods: Role, kim: Visitor
) -> None:
    await app.storage.operations.pause("", clock())
    await (await stand_ins.visitor("Ada").imagine("a red boat")).until(says("Queued"))
    [row] = await ledger(app)
    assert await text_of(await kim.use("queue show")) == NEEDED
    assert await kim.type("queue first", "job", "") == []
    await moderator(stand_ins).use("settings moderator", role=mods)
    assert "Waiting" in await text_of(await kim.use("queue show"))
    assert [each["value"] for each in await kim.type("queue first", "job", "")] == [row.job_id]
    assert "is first" in await text_of(await kim.use("queue first", job=row.job_id))
    assert await text_of(await stand_ins.visitor("Bob").use("queue show")) == NEEDED
    refused = await text_of(await kim.use("settings moderator"))
    assert refused == "That needs the permission Manage Server."


async def test_the_role_cancels_others_jobs_after_a_restart_until_it_is_taken_away(
    run: Run, stand_ins: StandIns, clock: Clock, mods: Role, kim: Visitor
) -> None:
    async with run() as app:
        await moderator(stand_ins).use("settings moderator", role=mods)
        _, second = await busy_and_waiting(stand_ins, stand_ins.visitor("Ada"))
        [waiting] = [row.job_id for row in await ledger(app) if row.state == "queued"]
        await app.storage.operations.pause("", clock())  # it waits after the restart, too
        stand_ins.tencent.release()
        await until_settled(app)
    async with run() as app:
        member = stand_ins.guild.member("Kim")
        assert member is not None
        member.roles = ()  # taken away just now: no cache has a say in it
        said = await text_of(await kim.use("cancel", job=waiting))
        assert said.startswith("Only the person who asked for this picture or a moderator of the")
        member.roles = (mods,)
        said = await text_of(await kim.use("cancel", job=waiting))
        assert said == "Cancelled. Nothing was used from the member’s quota."
        await second.until(says("**Cancelled**"))
        await until_settled(app, count=2)


async def test_the_role_of_one_server_moderates_no_other(
    app: App, stand_ins: StandIns, clock: Clock, mods: Role, kim: Visitor
) -> None:
    await moderator(stand_ins).use("settings moderator", role=mods)
    await app.storage.operations.pause("", clock())
    await (await stand_ins.visitor("Ada").imagine("a red boat")).until(says("Queued"))
    [row] = await ledger(app)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    theirs = elsewhere.add_role("Mods")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    elsewhere.add_member(kim.user, roles=[theirs])
    lee = stand_ins.discord.visitor("Lee", elsewhere, talk)
    await lee.use("settings moderator", role=theirs)
    there = stand_ins.discord.visitor("Kim", elsewhere, talk)
    said = await text_of(await there.use("cancel", job=row.job_id))
    assert "a moderator of the server where they did" in said
    assert [each.state for each in await ledger(app)] == ["queued"]


async def test_a_role_that_no_member_can_have_or_that_is_gone_is_refused_wherever_one_is_chosen(
    run: Run, stand_ins: StandIns
) -> None:
    guild, mo = stand_ins.guild, moderator(stand_ins)
    own, fans = guild.add_role("Easel"), guild.add_role("Fans")
    own.bot_id = stand_ins.discord.world.bot.id
    gone = guild.add_role("Gone")
    async with run() as app:
        await mo.use("settings engine", role=gone, engines="local")
        stand_ins.discord.gateway.dispatch(
            "GUILD_ROLE_DELETE", {"guild_id": guild.id, "role_id": gone.id}, guild.id
        )
        await until(lambda: app.client.get_guild(int(guild.id)).get_role(int(gone.id)) is None)  # type: ignore[union-attr] # it is known
        before = await app.storage.guild_settings.settings(int(guild.id))
        sentences = {
            own: f"<@&{own.id}> is the role of an app, which no member can have.",
            gone: "That role is no longer in this server.",
        }
        for role, sentence in sentences.items():
            for command, more in (
                ("moderator", {}),
                ("engine", {"engines": "local"}),
                ("approval", {}),
            ):
                said = await text_of(await mo.use(f"settings {command}", role=role, **more))
                assert said.startswith(sentence), command
            shown = await mo.use("settings show")
            await text_of(shown)
            assert shown.message is not None
            chosen = await mo.choose(shown.message, role, custom_id="easel:settings-role")
            assert (await text_of(chosen)).startswith(sentence)
            for group, field in (("people", "moderator_role_id"), ("approval", "approval_role_id")):
                form = await mo.press(shown.message, custom_id=f"easel:settings:{group}")
                sent = await mo.submit_modal(form, {field: [role]})
                assert (await text_of(sent)).startswith(sentence), group
        assert await app.storage.guild_settings.settings(int(guild.id)) == before
        await mo.use("settings engine", role=gone, reset=True)
        await mo.use("settings moderator", role=fans)
        settings = await app.storage.guild_settings.settings(int(guild.id))
        assert (settings.role_rules, settings.moderator_role_id) == ((), int(fans.id))
