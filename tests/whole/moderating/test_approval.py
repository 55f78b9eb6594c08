"""Newcomers' requests wait for a moderator's yes: asked in the log channel, decided once."""

import asyncio
from collections.abc import Sequence

import discord
import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.approvals import AskedFor
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel, Message
from cogs.moderating.approving.layout import ApprovalLayout
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    ledger,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.moderating.log_channel import beside_lines, tries_in
from tests.whole.moderating.moderator import moderator, text_of

pytestmark = pytest.mark.usefixtures("no_lines")

BUTTON = 2  # the kind of a component
ASKED = "is new here and asks for a picture"


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("mods")


async def asks_approval(stand_ins: StandIns, log: Channel) -> Visitor:
    """A moderator, in whose server members of the first week wait for a yes."""
    mo = moderator(stand_ins)
    await mo.use("settings log", channel=log)
    await text_of(await mo.use("settings approval", days=7))
    return mo


async def question(log: Channel, number: int = 1) -> Message:
    """The latest question, once there are so many."""

    def questions() -> list[Message]:
        return [each for each in all_in(log) if ASKED in each.text]

    await until(lambda: len(questions()) >= number)
    return questions()[-1]


def all_in(log: Channel) -> list[Message]:
    return beside_lines(log)


async def answer_to(reply: Reply, pressed: Message) -> str:
    """What was said to a press, beside the message whose button it was."""

    def answers() -> list[Message]:
        shown = (*reply.followups, reply.message)
        return [each for each in shown if each is not None and each is not pressed and each.text]

    await until(lambda: bool(answers()))
    [answer] = answers()
    assert answer.ephemeral
    return answer.text


async def test_a_newcomers_picture_is_made_after_a_yes_and_not_before(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    asked = await stand_ins.visitor("Ada").restyle(photo(), prompt="a quiet lake")
    waits = await asked.until(says("Waiting for approval"))
    assert "until then nothing is sent" in waits.text
    message = await question(log)
    assert "The prompt: ||a quiet lake||" in message.text
    assert len(message.attachments) == 1
    [row] = await ledger(app)
    assert (row.state, row.held, row.images) == ("queued", True, 1)
    assert stand_ins.tencent.calls == []
    said = await answer_to(await mo.press(message, label="Approve"), message)
    assert said.startswith("Approved")
    await asked.until(has_pictures)
    await until(lambda: "Approved by" in message.text)
    assert message.buttons == []
    assert message.attachments == []


async def test_a_no_is_told_with_its_reason_and_costs_nothing(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    asked = await stand_ins.visitor("Ada").imagine("a quiet lake")
    message = await question(log)
    form = await mo.press(message, label="Deny")
    await mo.submit_modal(form, {"reason": "rules", "text": "No lakes."})
    told = await asked.until(says("A moderator did not approve it"))
    assert "it is against the rules of this server. Nothing" in told.text
    assert "They say: No lakes." in told.text
    await until(lambda: "Denied by" in message.text)
    assert "They say: No lakes." in message.text
    [row] = await until_settled(app)
    assert (row.state, row.refunded, row.cost_usd) == ("cancelled", True, 0.0)
    assert stand_ins.tencent.calls == []


async def test_a_yes_after_16_minutes_is_answered_by_the_bots_own_token(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    mo = await asks_approval(stand_ins, log)
    asked = await stand_ins.visitor("Ada").imagine("a quiet lake")
    message = await question(log)
    clock.skipped += 16 * 60
    await mo.press(message, label="Approve")
    await asked.until(has_pictures)
    assert [row.state for row in await until_settled(app)] == ["done"]


@pytest.mark.usefixtures("quick_beats")
async def test_what_nobody_looks_at_expires_after_a_day(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    await asks_approval(stand_ins, log)
    asked = await stand_ins.visitor("Ada").imagine("a quiet lake")
    message = await question(log)
    clock.skipped += 24 * 3600 + 60
    await asked.until(says("No moderator looked at it within 24 hours."))
    assert [row.state for row in await until_settled(app)] == ["expired"]
    mo = moderator(stand_ins)
    if message.buttons:
        said = await answer_to(await mo.press(message, label="Approve"), message)
        assert said == "It no longer waits for approval: it expired."


async def test_two_moderators_at_once_are_one_act(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    stand_ins.guild.add_member("Kim", permissions=["MANAGE_GUILD"])
    kim = stand_ins.visitor("Kim")
    asked = await stand_ins.visitor("Ada").imagine("a quiet lake")
    message = await question(log)
    form = await kim.press(message, label="Deny")
    yes, no = await asyncio.gather(
        mo.press(message, label="Approve"),
        kim.submit_modal(form, {"reason": "rules", "text": ""}),
    )
    said = [await answer_to(yes, message), await answer_to(no, message)]
    late = [text for text in said if "was quicker" in text]
    assert len(late) == 1, said
    acts = await app.storage.audit.latest(int(stand_ins.guild.id), 9)
    assert len([act for act in acts if act.kind.value in {"approved", "denied"}]) == 1
    assert await asked.until(lambda seen: has_pictures(seen) or "did not approve" in seen.text)


async def test_the_question_is_asked_after_a_crash_and_its_buttons_outlive_restarts(
    run: Run, stand_ins: StandIns, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: object) -> None:
        """Die between the acceptance and the question."""

    async with run() as app:
        await asks_approval(stand_ins, log)
        with monkeypatch.context() as crashed:
            crashed.setattr("bot.services.moderation.approvals.Approvals.look", nothing)
            asked = await stand_ins.visitor("Ada").imagine("a quiet lake")
            await asked.until(says("Waiting for approval"))
            assert all_in(log) == []
    async with run():
        message = await question(log)
    async with run() as app:
        await moderator(stand_ins).press(message, label="Approve")
        await asked.until(has_pictures)
        assert len(await ledger(app)) == 1
    assert [each for each in all_in(log) if each.recipient is None] == [message]


async def test_a_question_whose_id_was_lost_is_found_again_and_not_asked_twice(
    run: Run, stand_ins: StandIns, log: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        """Die between the post and the note of its id."""
        raise OSError

    async with run() as app:
        await asks_approval(stand_ins, log)
        with monkeypatch.context() as crashed:
            crashed.setattr(app.storage.approvals.__class__, "record_asked", lost)
            await (await stand_ins.visitor("Ada").imagine("a lake")).until(says("approval"))
            await question(log)
    clock.skipped += 3600  # longer than Discord knows a nonce
    async with run() as app:
        [row] = await ledger(app)
        async with asyncio.timeout(20):
            while True:
                approval = await app.storage.approvals.find(row.job_id)
                if approval is not None and approval.message_id is not None:
                    break
                await asyncio.sleep(0.01)
    assert len(all_in(log)) == 1


async def test_only_the_servers_own_moderators_decide(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    await asks_approval(stand_ins, log)
    await (await stand_ins.visitor("Ada").imagine("a quiet lake")).until(says("approval"))
    message = await question(log)
    bob = stand_ins.visitor("Bob")
    for label in ("Approve", "Deny"):
        said = await answer_to(await bob.press(message, label=label), message)
        assert "Manage Server" in said
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    ola = stand_ins.discord.visitor("Ola", elsewhere, permissions=["MANAGE_GUILD"])
    theirs = await (await ola.imagine("a mill")).settled()
    part = next(each for each in walk(theirs.components) if each["type"] == BUTTON)
    [job_id] = [row.job_id for row in await ledger(app) if row.held]
    for kind in ("approve", "deny"):
        part["custom_id"] = f"easel:{kind}:{job_id}"
        said = await answer_to(await ola.press(theirs, custom_id=part["custom_id"]), theirs)
        assert said == "There is nothing of this server to decide here."
    assert [row.job_id for row in await ledger(app) if row.held] == [job_id]


async def test_moderators_and_members_of_long_ago_wait_for_nobody(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    mo = await asks_approval(stand_ins, log)
    await (await mo.imagine("a mill")).until(has_pictures)
    ada = stand_ins.visitor("Ada")
    ada.member.joined_at = clock() - 8 * 86400
    await (await ada.imagine("a boat")).until(has_pictures)
    assert [row.state for row in await until_settled(app, count=2)] == ["done", "done"]


async def test_without_a_log_channel_nothing_is_accepted(app: App, stand_ins: StandIns) -> None:
    await moderator(stand_ins).use("settings approval", days=7)
    refused = await text_of(await stand_ins.visitor("Ada").imagine("a boat"))
    assert "there is no channel to ask in" in refused
    assert await ledger(app) == []


async def test_a_channel_closed_to_the_bot_is_told_to_the_owner_once_and_loses_nothing(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    log.revoke("SEND_MESSAGES")
    ada = stand_ins.visitor("Ada")
    for prompt in ("a boat", "a mill"):
        await (await ada.imagine(prompt)).until(says("Waiting for approval"))
    world = stand_ins.discord.world
    owner = world.owner
    await until(lambda: len(world.direct_messages(owner)) == 1)
    assert "wait for a moderator’s approval" in world.direct_messages(owner)[0].text
    shown = await (await mo.use("queue show")).until(says("waits for approval"))
    await mo.press(shown, label="Approve")
    await until_settled(app)
    assert len(world.direct_messages(owner)) == 1


async def test_a_question_that_cannot_be_put_together_keeps_back_no_other(
    app: App, stand_ins: StandIns, log: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = ApprovalLayout.__init__

    def breaks(self: ApprovalLayout, asked: AskedFor, files: Sequence[discord.File]) -> None:
        if asked.job.order.options.prompt == "a boat":
            raise ValueError(asked)
        shown(self, asked, files)

    monkeypatch.setattr(ApprovalLayout, "__init__", breaks)
    await asks_approval(stand_ins, log)
    ada = stand_ins.visitor("Ada")
    for prompt in ("a boat", "a mill"):
        await (await ada.imagine(prompt)).until(says("Waiting for approval"))
    assert "a mill" in (await question(log)).text
    assert [row.state for row in await ledger(app)] == ["queued", "queued"]


async def test_a_question_that_discord_refuses_is_passed_over_and_tried_again_later(
    app: App, stand_ins: StandIns, log: Channel, clock: Clock
) -> None:
    await asks_approval(stand_ins, log)
    stand_ins.discord.script("POST", f"/channels/{log.id}/messages$", status=400, times=1)
    ada = stand_ins.visitor("Ada")
    await (await ada.imagine("a boat")).until(says("Waiting for approval"))
    await until(lambda: tries_in(log, stand_ins) == 1)
    await (await ada.imagine("a mill")).until(says("Waiting for approval"))
    assert "a mill" in (await question(log)).text
    assert tries_in(log, stand_ins) == 2
    clock.skipped += 301
    await (await ada.imagine("a pond")).until(says("Waiting for approval"))
    await question(log, 3)
    assert sum("a boat" in message.text for message in all_in(log)) == 1
    world = stand_ins.discord.world
    assert world.direct_messages(world.owner) == []
    assert len(await ledger(app)) == 3


async def test_the_owner_is_told_once_over_restarts_too(
    run: Run, stand_ins: StandIns, log: Channel
) -> None:
    world, ada = stand_ins.discord.world, stand_ins.visitor("Ada")
    async with run():
        await asks_approval(stand_ins, log)
        log.revoke("SEND_MESSAGES")
        await (await ada.imagine("a boat")).until(says("Waiting for approval"))
        await until(lambda: len(world.direct_messages(world.owner)) == 1)
    tries = tries_in(log, stand_ins)
    async with run() as app:
        await until(lambda: tries_in(log, stand_ins) > tries)
        await (await ada.imagine("a mill")).until(says("Waiting for approval"))
        assert len(await ledger(app)) == 2
    assert len(world.direct_messages(world.owner)) == 1


async def test_a_private_request_goes_to_the_moderators_only_after_a_yes_of_its_member(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    ada = stand_ins.visitor("Ada")
    first = await ada.imagine("a secret lake", private=True)
    asked = await first.until(says("Shall it go to them?"))
    assert await ledger(app) == []
    assert all_in(log) == []
    accepted = await ada.press(asked, label="Show it to the moderators")
    message = await question(log)
    assert "What is shown here goes when it is decided." in message.text
    await mo.press(message, label="Approve")
    await until_settled(app)
    assert accepted.message is not None
    await until(lambda: "Approved by" in message.text)
    assert "secret" not in message.text


async def test_choices_wait_for_a_yes_each(app: App, stand_ins: StandIns, log: Channel) -> None:
    mo = await asks_approval(stand_ins, log)
    ada = stand_ins.visitor("Ada")
    offer = await (await ada.imagine("a {red,blue} boat")).until(says("blue"))
    await ada.press(offer, label="Make them")
    await question(log, 2)
    assert [row.held for row in await ledger(app)] == [True, True]
    for message in [each for each in all_in(log) if ASKED in each.text]:
        await mo.press(message, label="Approve")
    assert {row.state for row in await until_settled(app, count=2)} == {"done"}


async def test_a_moderator_who_lost_the_right_meanwhile_decides_nothing(
    app: App, stand_ins: StandIns, log: Channel
) -> None:
    mo = await asks_approval(stand_ins, log)
    await (await stand_ins.visitor("Ada").imagine("a quiet lake")).until(says("approval"))
    message = await question(log)
    form = await mo.press(message, label="Deny")
    mo.member.own = Permissions(0)
    said = await answer_to(await mo.submit_modal(form, {"reason": "rules", "text": ""}), message)
    assert "Manage Server" in said
    assert [row.held for row in await ledger(app)] == [True]
