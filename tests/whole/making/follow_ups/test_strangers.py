"""Whoever else presses, and whatever id stands in a component: one and the same sentence."""

from typing import Any

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.follow_ups.kinds import FollowUp
from bot.domain.jobs.job import JobId, job_id_of
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Clock, Run, ledger, until, until_settled
from tests.whole.making.follow_ups.pressing import a_month_passes, ada, imagined, job_of

SENTENCE = (
    "You cannot use this result: it is somebody else’s, or no longer known here. Use a command to "
    "make a picture of your own."
)
BUTTONS = ["again", "edit", "upscale", "engine", "picture", "delete"]
SELECTS = [*(f"more={kind}" for kind in FollowUp), "more=delete", *(f"which={k}" for k in FollowUp)]


async def used(visitor: Visitor, message: Message, component: str, job_id: str) -> str:
    """What somebody reads who uses a component that names a job, as a forger can make it."""
    kind, _, choice = component.partition("=")
    part = await forged(message, kind, choice, job_id)
    if not choice:
        reply = await visitor.press(message, custom_id=part["custom_id"])
    else:
        value = choice if kind == "more" else "0"
        reply = await visitor.choose(message, value, custom_id=part["custom_id"])
    assert reply.modal is None

    def answers() -> list[Message]:
        shown = (*reply.followups, reply.message)
        return [each for each in shown if each is not None and each is not message]

    await until(lambda: any(each.text for each in answers()))
    [answer] = answers()
    assert answer.ephemeral
    return answer.text


async def forged(message: Message, kind: str, choice: str, job_id: str) -> dict[str, Any]:
    """Turn a component of a message into another one."""
    is_select = bool(choice)
    part = next(
        each for each in walk(message.components) if each["type"] == (3 if is_select else 2)
    )
    extra = f":{choice}" if kind == "which" else ""
    part["custom_id"] = f"easel:{kind}:{job_id}{extra}"
    if is_select:
        value = choice if kind == "more" else "0"
        part["options"] = [{"label": "forged", "value": value}]
    return part


@pytest.mark.parametrize("component", [*BUTTONS, *SELECTS])
async def test_a_stranger_and_an_invented_id_read_the_same_and_nothing_is_asked_for(
    app: App, stand_ins: StandIns, component: str
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    real, invented = job_of(first), job_id_of(1_300_000_000_000_000_000)
    stranger = stand_ins.visitor("Ben")
    for visitor, job_id in (
        (stranger, real),
        (stranger, invented),
        (ada(stand_ins), invented),
        (ada(stand_ins), JobId("zzzzzzzzzzzzz")),
    ):
        assert await used(visitor, first, component, job_id) == SENTENCE
    assert len(await ledger(app)) == 1


async def test_strangers_read_the_same_after_a_restart_and_after_the_retention(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run() as app:
        first = await imagined(stand_ins)
        job_id = job_of(first)
        await until_settled(app)
        await a_month_passes(app, clock)
    async with run() as app:
        for component in ("again", "edit", "upscale", "more=vary-lot", "more=delete"):
            text = await used(stand_ins.visitor("Ben"), first, component, job_id)
            assert text == SENTENCE
        assert len(await ledger(app)) == 1


async def test_a_moderator_may_delete_and_no_more(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    job_id = job_of(first)
    mod = stand_ins.visitor("Mo")
    mod.member.own = Permissions.MANAGE_GUILD
    for component in ("again", "edit", "upscale", "more=vary-lot", "more=restyle"):
        assert await used(mod, first, component, job_id) == SENTENCE
    assert "for good" in await used(mod, first, "more=delete", job_id)


async def test_a_moderator_of_another_server_is_a_stranger(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    job_id = job_of(first)
    other = stand_ins.discord.world.add_guild("Elsewhere")
    channel = other.add_channel("pictures")
    mod = stand_ins.discord.visitor("Mo", other, channel)
    mod.member.own = Permissions.MANAGE_GUILD
    theirs = await (await mod.imagine("a mill")).settled()
    await until_settled(app, 2)
    assert await used(mod, theirs, "more=delete", job_id) == SENTENCE
    assert not first.deleted


async def test_the_same_of_a_deleted_result_that_was_posted_twice(
    app: App, stand_ins: StandIns
) -> None:
    await imagined(stand_ins)
    [row] = await until_settled(app)
    copy = await (await ada(stand_ins).use("result", job=row.job_id)).settled()
    # Then it does not find, after its post, that the copy has to go.
    await until(lambda: app.client.interactions.is_idle)
    await app.storage.jobs.mark_deleted(JobId(row.job_id), 1, 1.0)
    for component in ("again", "edit", "upscale", "more=vary-lot"):
        assert await used(ada(stand_ins), copy, component, row.job_id) == SENTENCE


@pytest.mark.parametrize("component", ["cancel", "cancel-paid"])
async def test_a_cancel_that_is_not_ones_own_reads_the_same_as_an_invented_one(
    app: App, stand_ins: StandIns, component: str
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    real, stranger = job_of(first), stand_ins.visitor("Ben")
    texts = {
        await used(visitor, first, component, job_id)
        for visitor, job_id in ((stranger, real), (stranger, "zzzzzzzzzzzzz"))
    }
    assert texts == {await used(ada(stand_ins), first, component, "0000000000000")}
    assert "Only the person who asked" in texts.pop()
