"""The buttons of /queue show: Cancel, Hold, Release, First, and the pages, also after a restart."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import HoldKind
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Clock, Run, ledger, says, until, until_settled
from tests.whole.moderating.moderator import moderator

BUTTON = 2  # the kind of a component


async def seven_waiting(app: App, stand_ins: StandIns, clock: Clock) -> list[str]:
    """The ids of jobs that wait for the end of a pause, oldest first."""
    await app.storage.operations.pause("", clock())
    ada = stand_ins.visitor("Ada")
    for number in range(7):
        await (await ada.imagine(f"boat {number}", engine="gg-3.0")).until(says("Queued"))
    return [row.job_id for row in await ledger(app)]


async def shown(stand_ins: StandIns) -> Reply:
    reply = await moderator(stand_ins).use("queue show")
    assert "Waiting in this server" in (await reply.settled()).text
    return reply


def listed(message: Message, ids: list[str]) -> list[str]:
    """The jobs that have a line, in its order."""
    there = [job_id for job_id in ids if f"`{job_id}`" in message.text]
    return sorted(there, key=message.text.index)


async def answer_to(reply: Reply, pressed: Message) -> str:
    """What was said to a press, beside the message whose button it was."""

    def answers() -> list[Message]:
        shown = (*reply.followups, reply.message)
        return [each for each in shown if each is not None and each is not pressed]

    await until(lambda: any(each.text for each in answers()))
    [answer] = answers()
    assert answer.ephemeral
    return answer.text


def button(message: Message, kind: str, job_id: str) -> str:
    ids = [each.custom_id or "" for each in message.buttons]
    [found] = [each for each in ids if each.startswith(f"easel:{kind}:{job_id}")]
    return found


async def test_five_lines_have_buttons_and_the_rest_is_a_page_away(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ids = await seven_waiting(app, stand_ins, clock)
    reply = await shown(stand_ins)
    message = await reply.until(says("Waiting in this server"))
    assert listed(message, ids) == ids[:5]
    for job_id in ids[:5]:
        for kind in ("cancel", "hold", "first"):
            assert button(message, kind, job_id)
    mo = moderator(stand_ins)
    await mo.press(message, label="Later")
    message = await reply.until(says("boat 6"))
    assert listed(message, ids) == ids[5:]
    await mo.press(message, label="Earlier")
    assert listed(await reply.until(says("boat 0")), ids) == ids[:5]


async def test_hold_release_and_first_work_from_the_list_which_shows_it(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ids = await seven_waiting(app, stand_ins, clock)
    reply, mo = await shown(stand_ins), moderator(stand_ins)
    message = await reply.until(says("boat 0"))
    await mo.press(message, custom_id=button(message, "hold", ids[1]))
    message = await reply.until(says("**held** · boat 1"))
    await mo.press(message, custom_id=button(message, "release", ids[1]))
    message = await reply.until(lambda seen: "**held**" not in seen.text)
    await mo.press(message, custom_id=button(message, "first", ids[2]))
    message = await reply.until(says("put first · boat 2"))
    assert listed(message, ids)[0] == ids[2]
    await mo.press(message, custom_id=button(message, "cancel", ids[0]))
    [cancelled] = [row for row in await until_settled(app) if row.state != "queued"]
    assert (cancelled.job_id, cancelled.state) == (ids[0], "cancelled")


async def test_two_moderators_who_press_at_once_are_one_act_and_a_sentence(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ids = await seven_waiting(app, stand_ins, clock)
    first, second = await shown(stand_ins), await shown(stand_ins)
    mo = moderator(stand_ins)
    message = await first.until(says("boat 0"))
    other = await second.until(says("boat 0"))
    await mo.press(message, custom_id=button(message, "hold", ids[0]))
    late = await mo.press(other, custom_id=button(other, "hold", ids[0]))
    assert await answer_to(late, other) == f"“{ids[0]}” is held already."
    acts = await app.storage.audit.latest(int(stand_ins.guild.id), 9)
    assert [act.target for act in acts] == [ids[0]]


async def test_the_buttons_work_after_a_restart_and_for_moderators_alone(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run() as app:
        ids = await seven_waiting(app, stand_ins, clock)
        message = await (await shown(stand_ins)).until(says("boat 0"))
    async with run() as app:
        mo = moderator(stand_ins)
        await mo.press(message, custom_id=button(message, "hold", ids[0]))
        job = await app.storage.jobs.find(ids[0])
        assert job is not None
        assert job.held_for is HoldKind.MODERATOR
        mo.member.own = Permissions(0)
        for kind in ("hold", "first"):
            refused = await mo.press(message, custom_id=button(message, kind, ids[1]))
            assert "Manage Server" in await answer_to(refused, message)
        job = await app.storage.jobs.find(ids[1])
        assert job is not None
        assert (job.held_for, job.order.priority) == (None, 0)


@pytest.mark.parametrize("kind", ["hold", "release", "first"])
async def test_a_made_up_button_of_another_servers_job_changes_nothing(
    kind: str, app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ids = await seven_waiting(app, stand_ins, clock)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    ola = stand_ins.discord.visitor("Ola", elsewhere, permissions=["MANAGE_GUILD"])
    before = await app.storage.jobs.find(ids[0])
    await ola.use("queue pause")
    await (await ola.imagine("a mill", engine="gg-3.0")).until(says("Queued"))
    own = await (await ola.use("queue show")).until(says("Waiting in this server"))
    part = next(each for each in walk(own.components) if each["type"] == BUTTON)
    part["custom_id"] = f"easel:{kind}:{ids[0]}:0"
    reply = await ola.press(own, custom_id=part["custom_id"])
    assert await answer_to(reply, own) == f"There is no job “{ids[0]}” of this server."
    assert await app.storage.jobs.find(ids[0]) == before
