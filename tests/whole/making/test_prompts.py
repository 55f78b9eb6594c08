"""The Full prompt button: for whoever sees the message, also after a restart, while it is kept."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from bot.worker.pruner import Keep, Pruner
from tests.whole.conftest import Clock, Run, has_pictures, until_settled

DAY_S = 86400.0
LONG = "a lighthouse at the end of the world, " * 20 + "*and its keeper*"
FULL = "Full prompt"
NOT_HERE = "There is no picture of this channel or server"


async def drawn(stand_ins: StandIns, prompt: str = LONG, **options: object) -> Message:
    reply = await stand_ins.visitor("Ada").imagine(prompt, **options)
    return await reply.until(has_pictures)


async def told(reply: Reply) -> str:
    message = await reply.until(lambda message: bool(message.text))
    assert reply.ephemeral
    return message.text


async def test_whoever_sees_the_message_reads_the_whole_prompt(
    app: App, stand_ins: StandIns
) -> None:
    message = await drawn(stand_ins)
    assert "keeper" not in message.text
    for name in ("Ada", "Ben"):
        text = await told(await stand_ins.visitor(name).press(message, FULL))
        assert text == LONG.replace("*", "\\*")
    assert len(await until_settled(app)) == 1


async def test_the_button_works_after_a_restart(run: Run, stand_ins: StandIns) -> None:
    async with run():
        message = await drawn(stand_ins)
    async with run():
        assert "keeper" in await told(await stand_ins.visitor("Ben").press(message, FULL))


@pytest.mark.usefixtures("app")
async def test_a_prompt_that_no_message_holds_comes_as_a_file(stand_ins: StandIns) -> None:
    prompt = "_[" * 1100  # quoted it has twice as many characters
    reply = await stand_ins.visitor("Ada").press(await drawn(stand_ins, prompt), FULL)
    message = await reply.until(lambda message: bool(message.attachments))
    assert reply.ephemeral
    assert message.attachments[0].data.decode() == prompt


async def test_after_its_retention_the_answer_is_honest(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    message = await drawn(stand_ins)
    await until_settled(app)
    clock.skipped += 31 * DAY_S
    keep = Keep(pictures_s=90 * DAY_S, words_s=30 * DAY_S)
    await Pruner(store=app.storage.retention, blobs=app.storage.blobs, keep=keep, now=clock).prune()
    text = await told(await stand_ins.visitor("Ada").press(message, FULL))
    assert "no longer kept" in text


@pytest.mark.usefixtures("app")
async def test_a_private_prompt_a_foreign_one_and_one_that_never_was_are_told_the_same(
    stand_ins: StandIns,
) -> None:
    private, shown = await drawn(stand_ins, private=True), await drawn(stand_ins)
    private_id = next(each for each in private.buttons if each.label == FULL).custom_id
    button = next(part for part in walk(shown.components) if part.get("label") == FULL)
    ben = stand_ins.visitor("Ben")
    for forged in (private_id, "easel:prompt:0000000000000"):
        button["custom_id"] = forged
        assert NOT_HERE in await told(await ben.press(shown, FULL))
    elsewhere = stand_ins.discord.world.add_guild("another server")
    elsewhere.add_member(ben.user)
    there = Visitor(stand_ins.discord, ben.user, elsewhere.add_channel("general"))
    foreign = await (await there.imagine(LONG)).until(has_pictures)
    button["custom_id"] = next(each for each in foreign.buttons if each.label == FULL).custom_id
    assert NOT_HERE in await told(await stand_ins.visitor("Ada").press(shown, FULL))
