"""`{red,blue} cat`: asked about first, then all or none, each a job and a message of its own."""

import json
import re
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import Fault, Kind
from bot.sandbox.discord.visitor import CannotSend, Reply, Visitor
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Clock, Run, has_pictures, ledger, says, until, until_settled

GONE = "no longer waiting for your answer"


async def asked(visitor: Visitor, prompt: str = "{red,blue} cat", **options: object) -> Reply:
    reply = await visitor.imagine(prompt, **options)
    await reply.until(says("one for each choice"))
    assert reply.ephemeral
    return reply


def shown(reply: Reply) -> Message:
    assert reply.message is not None
    return reply.message


def results(stand_ins: StandIns) -> list[Message]:
    world = stand_ins.discord.world
    places = [world.messages(channel) for channel in world.channels.values()]
    return [each for place in places for each in place if has_pictures(each)]


async def test_each_choice_becomes_a_picture_with_a_message_of_its_own(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await asked(ada, "{red,blue} cat on a {wall,tree}", engine="gg-3.0")
    assert await ledger(app) == []
    for words in ("**4 pictures", "1. red cat on a wall", "4. blue cat on a tree"):
        assert words in shown(reply).text
    await ada.press(shown(reply), "Make them")
    rows = await until_settled(app, 4)
    assert [row.state for row in rows] == ["done"] * 4
    assert len(stand_ins.tencent.charged) == 4
    await until(lambda: len(results(stand_ins)) == 4)
    assert len({each.id for each in results(stand_ins)}) == 4
    prompts = {call.params["Prompt"] for call in stand_ins.tencent.calls if "Prompt" in call.params}
    assert prompts == {f"{a} cat on a {b}" for a in ("red", "blue") for b in ("wall", "tree")}
    assert "Accepted: 4 pictures" in shown(reply).text


async def test_the_question_names_price_and_what_is_left_of_the_quota(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[engines."gg-3.0"]\nprice_usd = 0.04\n')
    async with run():
        reply = await asked(stand_ins.visitor("Ada"), engine="gg-3.0")
        assert "for 0.08 USD in all" in shown(reply).text
        assert "20 are left of 20 pictures per day" in shown(reply).text


async def test_never_mind_asks_for_nothing(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await asked(ada)
    message = shown(reply)
    await ada.press(message, "Never mind")
    await reply.until(says("Nothing was asked for"))
    with pytest.raises(CannotSend):
        await ada.press(message, "Make them")
    assert await ledger(app) == []


async def test_a_double_press_pays_once(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await asked(ada)
    stand_ins.tencent.hold()
    button = f"easel:accept-all:{button_id(reply)}"
    first = await ada.press(shown(reply), custom_id=button)
    second = await ada.press(shown(reply), custom_id=button)
    await until(lambda: any(GONE in m.text for m in (*first.followups, *second.followups)))
    stand_ins.tencent.release()
    assert len(await until_settled(app, 2)) == 2
    assert len(stand_ins.tencent.charged) == 2


def button_id(reply: Reply) -> str:
    """The id of the request that the buttons of a question answer."""
    (found,) = re.findall("easel:accept-all:([0-9a-z]{13})", str(shown(reply).components))
    return str(found)


async def test_all_of_it_is_refused_where_the_quota_holds_only_some(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[quotas]\nuser_per_day = 3\n")
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        refused = await ada.imagine("{a,b,c,d} cat")
        await refused.until(says("3 left, 4 asked for"))
        first, second = await asked(ada), await asked(ada)
        await ada.press(shown(first), "Make them")
        await until_settled(app, 2)
        press = await ada.press(shown(second), "Make them")
        await until(lambda: any("1 left, 2 asked for" in each.text for each in press.followups))
        assert len(await ledger(app)) == 2


async def test_the_question_is_answered_after_a_restart_and_not_after_a_quarter_of_an_hour(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run():
        first, second = await asked(ada), await asked(ada)
    async with run() as app:
        await ada.press(shown(first), "Make them")
        assert len(await until_settled(app, 2)) == 2
        clock.skipped += 901
        press = await ada.press(shown(second), "Make them")
        await until(
            lambda: (
                any(GONE in each.text for each in press.followups)
                or GONE in str(press.message and press.message.text)
            )
        )
        assert len(await ledger(app)) == 2


async def test_private_pictures_stay_private(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await asked(ada, private=True)
    press = await ada.press(shown(reply), "Make them")
    await until_settled(app, 2)
    await until(lambda: sum(map(has_pictures, press.followups)) == 2)
    assert all(each.ephemeral for each in press.followups)


async def test_a_question_holds_as_many_prompts_as_a_message_does(
    app: App, stand_ins: StandIns
) -> None:
    prompts = ",".join(f"{number}{'*' * 300}" for number in range(10))
    ada = stand_ins.visitor("Ada")
    reply = await asked(ada, "{" + prompts + "} cat", engine="gg-3.0")
    assert "and 1 more" in shown(reply).text
    await ada.press(shown(reply), "Make them")
    assert len(await until_settled(app, 10)) == 10


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("{a,{b,c}} cat", "Choices within choices are not possible"),
        ("{1,2,3,4,5,6,7,8,9,10,11} cats", "at most 10 at a time"),
        ("{,}" * 1333, "far too many pictures; at most 10"),
    ],
)
async def test_what_cannot_be_costs_nothing(
    app: App, stand_ins: StandIns, prompt: str, said: str
) -> None:
    reply = await stand_ins.visitor("Ada").imagine(prompt)
    await reply.until(says(said))
    assert await ledger(app) == []


async def told(press: Reply, words: str) -> None:
    """See that a press is answered so, in a message of its own or in that of the question."""
    await until(lambda: any(words in m.text for m in (*press.followups, press.message) if m))


async def test_a_yes_after_its_engine_is_suspended_accepts_nothing_and_may_come_again(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run() as app:
        question = await asked(ada, engine="gg-3.0")
        fault = Fault(("gg-3.0",), Kind.PAUSED, "AuthFailure", "r")
        await app.storage.engine_states.suspend(fault, clock())
    async with run() as app:
        press = await ada.press(shown(question), "Make them")
        await told(press, "not available right now")
        assert await ledger(app) == []
        assert stand_ins.tencent.calls == []
        assert "one for each choice" in shown(question).text


async def test_a_yes_after_its_engine_is_no_longer_in_the_catalogue_accepts_nothing(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    ada, rows = stand_ins.visitor("Ada"), tmp_path / "easel.toml"
    rows.write_text(
        '[engines.mine]\nprovider = "vod"\nmodel = "GG"\nversion = "3.0"\npool = "vod"\n'
    )
    async with run():
        question = await asked(ada, engine="mine")
    rows.unlink()
    async with run() as app:
        press = await ada.press(shown(question), "Make them")
        await told(press, "mine")
        assert await ledger(app) == []


async def test_a_single_choice_and_an_escaped_brace_are_text(app: App, stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").imagine(r"a {cat} and \{b,c\}", engine="gg-3.0")
    await reply.until(has_pictures)
    await until_settled(app)
    prompts = [call.params.get("Prompt") for call in stand_ins.tencent.calls]
    assert "a {cat} and {b,c}" in prompts


async def test_nobody_else_can_answer_by_a_forged_id_and_all_read_the_same(
    app: App, stand_ins: StandIns
) -> None:
    ada, bob = stand_ins.visitor("Ada"), stand_ins.visitor("Bob")
    reply = await asked(ada)
    his = await bob.imagine("a dog")
    await his.until(has_pictures)
    await until_settled(app)
    told = set()
    for forged in (button_id(reply), "0000000000000", "zzzzzzzzzzzzz"):
        text = json.dumps(shown(his).components).replace("easel:again:", "easel:accept-all:")
        kept, shown(his).components = (
            shown(his).components,
            json.loads(re.sub("(accept-all:)[0-9a-z]{13}", rf"\g<1>{forged}", text)),
        )
        press = await bob.press(shown(his), "Again")
        shown(his).components = kept
        told.add((await press.until(says(GONE))).text)
    assert len(told) == 1
    assert len(await ledger(app)) == 1
