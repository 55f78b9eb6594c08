"""The gate stands before every way in which a picture can be asked for."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.blocks import Block, BlockKind
from bot.sandbox.discord.visitor import Reply
from tests.whole.conftest import Clock, Run, ledger, photo, until
from tests.whole.making.asking import WAYS, WITH_WORDS
from tests.whole.moderating.moderator import moderator, text_of

BLOCKED = "have blocked you from asking for pictures here, until they lift it. Their reason: spam"


async def answered(reply: Reply, words: str = BLOCKED) -> str:
    """What was said in answer, in whichever message, once it holds these words."""

    def said() -> list[str]:
        shown = [reply.message] if reply.message and not reply.message.loading else []
        return [each.text for each in (*shown, *reply.followups) if each.text]

    await until(lambda: any(words in text for text in said()), 30)
    return "\n".join(said())


@pytest.mark.parametrize("way", WAYS)
async def test_a_blocked_member_gets_no_picture_in_any_way(
    app: App, stand_ins: StandIns, way: str
) -> None:
    ada = stand_ins.visitor("Ada")
    act = await WAYS[way](stand_ins, ada, "red")
    before, paid = await ledger(app), len(stand_ins.tencent.charged)
    await moderator(stand_ins).use("block add", user=ada.user, reason="spam")
    reply = await act()
    assert BLOCKED in await answered(reply)
    assert reply.modal is None
    assert len(await ledger(app)) == len(before)
    assert len(stand_ins.tencent.charged) == paid


@pytest.mark.parametrize("way", ["imagine", "restyle", "a_yes_to_choices"])
async def test_a_block_set_by_another_process_holds_at_once(
    app: App, stand_ins: StandIns, clock: Clock, way: str
) -> None:
    """What memory still lets pass, the database refuses, before anything is taken."""
    ada = stand_ins.visitor("Ada")
    act = await WAYS[way](stand_ins, ada, "red")
    await (await ada.imagine("so that the policy is in memory")).settled()
    before = await ledger(app)
    block = Block(BlockKind.USER, int(ada.user.id), "spam", None, set_by=1, set_at=clock())
    await app.storage.blocks.put(int(stand_ins.guild.id), block)
    assert BLOCKED in await answered(await act())
    assert len(await ledger(app)) == len(before)


async def test_a_refusal_from_memory_is_seen_by_its_member_alone(
    run: Run, stand_ins: StandIns
) -> None:
    async with run():
        ada = stand_ins.visitor("Ada")
        await moderator(stand_ins).use("block add", user=ada.user, reason="spam")
        reply = await ada.imagine("a boat")
        assert reply.ephemeral
        assert BLOCKED in await answered(reply)


NOT_ALLOWED = "hold something that this server’s moderators do not allow in requests"


@pytest.mark.parametrize("way", WITH_WORDS)
async def test_a_listed_word_gets_no_picture_in_any_way_and_is_not_told(
    app: App, stand_ins: StandIns, way: str
) -> None:
    ada = stand_ins.visitor("Ada")
    act = await WITH_WORDS[way](stand_ins, ada, "a z3br\u00e4")
    before, paid = await ledger(app), len(stand_ins.tencent.charged)
    await text_of(await moderator(stand_ins).use("settings words", add="Zebra"))
    text = await answered(await act(), NOT_ALLOWED)
    assert "zebra" not in text.casefold()
    assert len(await ledger(app)) == len(before)
    assert len(stand_ins.tencent.charged) == paid


@pytest.mark.parametrize("way", ["imagine", "choices", "a_yes_to_choices", "restyle"])
async def test_a_word_listed_by_another_process_holds_at_once(
    app: App, stand_ins: StandIns, clock: Clock, way: str
) -> None:
    ada = stand_ins.visitor("Ada")
    act = await WAYS[way](stand_ins, ada, "a zebra")
    await (await ada.imagine("so that the policy is in memory")).settled()
    before = await ledger(app)
    await app.storage.words.add(int(stand_ins.guild.id), ["zebra"], by=1, now=clock())
    await answered(await act(), NOT_ALLOWED)
    assert len(await ledger(app)) == len(before)


async def test_a_word_that_a_preset_adds_is_found(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    await mo.use("settings preset add", name="Stripes", words="like a zebra")
    await text_of(await mo.use("settings words", add="zebra"))
    reply = await stand_ins.visitor("Ada").imagine("a horse", style="Stripes")
    await answered(reply, NOT_ALLOWED)
    assert await ledger(app) == []


async def test_a_word_in_the_name_of_a_style_is_found(app: App, stand_ins: StandIns) -> None:
    await text_of(await moderator(stand_ins).use("settings words", add="watercolor"))
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), prompt="a horse", engine="anime", style="104")
    await answered(reply, NOT_ALLOWED)
    assert await ledger(app) == []
