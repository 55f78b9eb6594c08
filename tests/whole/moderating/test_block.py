"""/block: who may block whom, what the blocked read, and when it ends."""

import re

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.acts import ActKind
from bot.domain.moderation.blocks import REASON_CHARS
from bot.sandbox.discord.visitor import CannotSend, Visitor
from bot.sandbox.discord.world.permissions import NOTHING
from bot.sandbox.discord.world.world import Role
from tests.whole.conftest import Clock, Run, has_pictures, ledger, says, until_settled
from tests.whole.moderating.moderator import moderator, text_of
from tests.whole.queueing.busy import busy_and_waiting

NEEDED = "That needs the permission Manage Server, or the role that `/settings moderator` names."
BLOCKED = "This server’s moderators have blocked you from asking for pictures here"
WHY = "three warnings"


@pytest.fixture
def mods(stand_ins: StandIns) -> Role:
    return stand_ins.guild.add_role("Mods")


@pytest.fixture
def kim(stand_ins: StandIns, mods: Role) -> Visitor:
    """A member with the moderators' role, and without Manage Server."""
    stand_ins.guild.add_member("Kim", roles=[mods])
    return stand_ins.visitor("Kim")


async def asked(stand_ins: StandIns, name: str = "Ada") -> str:
    """What a member reads who asks for a picture."""
    reply = await stand_ins.visitor(name).imagine("a lighthouse")
    message = await reply.settled()
    return "" if message.attachments else message.text


async def test_a_blocked_member_reads_why_and_until_when_and_may_ask_again_after_it(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run():
        mo = moderator(stand_ins)
        said = await text_of(await mo.use("block add", user=ada.user, reason=WHY, until="1h"))
        assert said.startswith(
            f"<@{ada.user.id}> may not ask for pictures here any more, until <t:"
        )
        assert said.endswith(f"They read this reason: {WHY}")
    async with run() as app:  # after a restart, too
        reply = await ada.imagine("a lighthouse")
        text = await text_of(reply)
        assert reply.ephemeral
        assert re.fullmatch(rf"{BLOCKED}; that ends <t:\d+:R>\. Their reason: {WHY}", text)
        assert await asked(stand_ins, "Bob") == ""
        clock.skipped += 3601
        assert await asked(stand_ins) == ""
        assert [row.user_id for row in await ledger(app)] != []


@pytest.mark.usefixtures("app")
async def test_a_block_without_an_end_lasts_until_it_is_lifted(stand_ins: StandIns) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada").user
    await mo.use("block add", user=ada, reason=WHY)
    assert await asked(stand_ins) == f"{BLOCKED}, until they lift it. Their reason: {WHY}"
    lifted = await text_of(await mo.use("block remove", user=ada))
    assert lifted.startswith(f"<@{ada.id}> may ask for pictures here again.")
    assert await asked(stand_ins) == ""
    assert "There is no such block" in await text_of(await mo.use("block remove", user=ada))


async def test_what_the_blocked_have_waiting_ends_and_they_are_told(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    said = await text_of(await moderator(stand_ins).use("block add", user=ada.user, reason=WHY))
    assert said.endswith("Their waiting requests have ended with a refund: 1.")
    await second.until(says("A moderator blocked you from asking for pictures here"))
    stand_ins.tencent.release()
    await first.until(has_pictures)  # it was paid for
    rows = await until_settled(app, 2)
    assert sorted((row.state, row.refunded) for row in rows) == [
        ("cancelled", True),
        ("done", False),
    ]


@pytest.mark.usefixtures("app")
async def test_the_role_blocks_members_and_neither_moderators_nor_itself(
    stand_ins: StandIns, mods: Role, kim: Visitor
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada").user
    assert await text_of(await kim.use("block add", user=ada, reason=WHY)) == NEEDED
    await mo.use("settings moderator", role=mods)
    stand_ins.guild.add_member("Lou", roles=[mods])
    lou = stand_ins.visitor("Lou")
    for moderating in (mo, lou):
        said = await text_of(await kim.use("block add", user=moderating.member, reason=WHY))
        assert said.startswith(f"<@{moderating.user.id}> moderates Easel here; only members with")
    assert "You cannot block yourself" in await text_of(
        await kim.use("block add", user=kim.member, reason=WHY)
    )
    assert "You cannot block yourself" in await text_of(
        await mo.use("block add", user=mo.member, reason=WHY)
    )
    await kim.use("block add", user=ada, reason=WHY)
    assert (await asked(stand_ins)).startswith(BLOCKED)
    assert await asked(stand_ins, "Lou") == ""


@pytest.mark.usefixtures("app")
async def test_manage_server_blocks_a_moderator_who_cannot_lift_it(
    stand_ins: StandIns, mods: Role, kim: Visitor
) -> None:
    mo = moderator(stand_ins)
    await mo.use("settings moderator", role=mods)
    stand_ins.guild.add_member("Lou", roles=[mods])
    lou = stand_ins.visitor("Lou")
    await mo.use("block add", user=kim.member, reason=WHY)
    assert (await asked(stand_ins, "Kim")).startswith(BLOCKED)
    assert "a block of your own" in await text_of(await kim.use("block remove", user=kim.member))
    assert "only members with" in await text_of(await lou.use("block remove", user=kim.member))
    await mo.use("block remove", user=kim.member)
    assert await asked(stand_ins, "Kim") == ""


@pytest.mark.usefixtures("app")
async def test_a_blocked_role_holds_for_its_members_but_those_who_moderate(
    stand_ins: StandIns, mods: Role
) -> None:
    mo, guild = moderator(stand_ins), stand_ins.guild
    await mo.use("settings moderator", role=mods)
    new = guild.add_role("New")
    guild.add_member("Nia", roles=[new])
    guild.add_member("Kim", roles=[new, mods])
    said = await text_of(await mo.use("block add", role=new, reason=WHY, until="2d"))
    assert said.startswith(f"Nobody with <@&{new.id}> may ask for pictures here any more")
    assert f"everybody with the role <@&{new.id}>" in await asked(stand_ins, "Nia")
    assert await asked(stand_ins, "Kim") == ""
    for role, words in (
        (mods, "would do nothing"),
        (guild.add_role("Admins", permissions=["ADMINISTRATOR"]), "would do nothing"),
        (guild.everyone, "Everybody has @everyone"),
    ):
        assert words in await text_of(await mo.use("block add", role=role, reason=WHY))


@pytest.mark.usefixtures("app")
async def test_what_cannot_be_blocked_is_one_sentence(stand_ins: StandIns) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada").user
    await mo.use("settings timezone", timezone="Asia/Tokyo")
    role = stand_ins.guild.add_role("New")
    for options, words in (
        ({"reason": WHY}, "Name a member or a role, and not both."),
        ({"reason": WHY, "user": ada, "role": role}, "Name a member or a role, and not both."),
        ({"reason": "\u200b", "user": ada}, "nothing to see in the reason"),
        ({"reason": WHY, "user": ada, "until": "soon"}, "is no end that I can read"),
        ({"reason": WHY, "user": ada, "until": "2020-01-01"}, "is over already"),
        ({"reason": WHY, "user": ada, "until": "9999w"}, "more than 10 years ahead"),
    ):
        assert words in await text_of(await mo.use("block add", **options))
    assert await text_of(await mo.use("block list")) == "Nobody is blocked here."


@pytest.mark.usefixtures("app")
async def test_a_reason_is_shown_as_it_was_typed_and_pings_nobody(stand_ins: StandIns) -> None:
    mo, ada, bob = moderator(stand_ins), stand_ins.visitor("Ada").user, stand_ins.visitor("Bob")
    reply = await mo.use("block add", user=ada, reason=f"@everyone **{bob.user.mention}**")
    told = await stand_ins.visitor("Ada").imagine("a boat")
    listed = await mo.use("block list")
    for answer in (reply, told, listed):
        message = await answer.until(lambda message: bool(message.text))
        assert [message.mentions, message.mention_roles, message.mention_everyone] == [
            [],
            [],
            False,
        ]
        assert "\\*\\*" in message.text


async def test_the_list_has_pages_that_outlive_a_restart_and_are_for_moderators(
    run: Run, stand_ins: StandIns
) -> None:
    mo = moderator(stand_ins)
    async with run():
        for number in range(12):
            stand_ins.guild.add_member(f"Member {number}")
            user = stand_ins.visitor(f"Member {number}").user
            await mo.use("block add", user=user, reason=f"reason {number}")
        listed = await mo.use("block list")
        message = await listed.until(says("Blocked here: 12"))
        assert "reason 11" in message.text
        assert "reason 1\n" not in message.text
    async with run():
        await mo.press(message, "Older")
        await listed.until(says("reason 0"))
        await mo.press(message, "Newer")
        await listed.until(says("reason 11"))
        mo.member.roles = ()
        mo.member.own = NOTHING
        press = await mo.press(message, "Older")
        assert NEEDED in [followup.text for followup in press.followups] or (
            press.message is not None and NEEDED in press.message.text
        )


@pytest.mark.usefixtures("app")
async def test_a_page_of_the_longest_reasons_is_shown(stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    for number in range(10):
        stand_ins.guild.add_member(f"Member {number}")
        user = stand_ins.visitor(f"Member {number}").user
        await mo.use("block add", user=user, reason="*" * REASON_CHARS, until="2d")
    listed = await mo.use("block list")
    message = await listed.until(says("Blocked here: 10"))
    assert message.text.count("\\*" * 90) == 10


async def test_moderators_of_another_server_neither_see_nor_lift_a_block(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    await moderator(stand_ins).use("block add", user=ada.user, reason=WHY)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    elsewhere.add_member(ada.user)
    lee = stand_ins.discord.visitor("Lee", elsewhere, talk)
    assert await text_of(await lee.use("block list")) == "Nobody is blocked here."
    assert "There is no such block" in await text_of(await lee.use("block remove", user=ada.user))
    there = await stand_ins.discord.visitor("Ada", elsewhere, talk).imagine("a boat")
    assert (await there.settled()).attachments
    assert (await asked(stand_ins)).startswith(BLOCKED)
    kinds = [act.kind for act in await app.storage.audit.latest(int(stand_ins.guild.id), 10)]
    assert kinds == [ActKind.BLOCKED]


@pytest.mark.usefixtures("app")
async def test_members_see_no_blocks(stand_ins: StandIns) -> None:
    bob = stand_ins.visitor("Bob")
    for command, options in (
        ("block list", {}),
        ("block remove", {"user": stand_ins.visitor("Ada").user}),
        ("block add", {"user": stand_ins.visitor("Ada").user, "reason": WHY}),
    ):
        with_options: dict[str, object] = dict(options)
        try:
            assert await text_of(await bob.use(command, **with_options)) == NEEDED
        except CannotSend:
            pytest.fail(f"/{command} is not there")
