"""Pauses that end: the API is asked for nothing first, so that no member's job finds out."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.engines.states import EngineState, Fault, Kind
from tests.whole.conftest import (
    Clock,
    Run,
    all_direct_messages,
    direct_messages,
    has_pictures,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.operating.arrears import ARREARS, NOT_NOW

GONE = Fault(("anime",), Kind.GONE, "ActionOffline", "req-1")


async def paused(app: App, clock: Clock, fault: Fault = GONE) -> EngineState:
    """Suspend an engine and skip until just before that ends."""
    assert await app.storage.engine_states.suspend(fault, clock())
    await app.engines.look()
    state = app.catalogue.suspended("anime")
    assert state is not None
    clock.skipped += state.until - clock() - 10
    return state


def asked(stand_ins: StandIns) -> int:
    """Count the calls, and forget that each was wrong on purpose."""
    stand_ins.tencent.faults.clear()
    return len(stand_ins.tencent.calls)


async def test_an_api_that_is_still_gone_stays_off_and_no_member_finds_out(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await paused(app, clock)
    stand_ins.tencent.gone("ImageToImage")
    await app.engines.ask_ahead()
    await app.engines.ask_ahead()
    assert asked(stand_ins) == 1
    clock.skipped += 20
    await app.engines.look()
    state = app.catalogue.suspended("anime")
    assert state is not None
    assert state.until == first.until + 86_400
    reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="as a stamp")
    assert "VOD" in (await reply.until(has_pictures)).text
    assert direct_messages(stand_ins) == []
    assert stand_ins.tencent.charged[0].action == "CreateAigcImageTask"


async def test_a_good_answer_lets_the_pause_end_and_a_picture_forgets_it(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await paused(app, clock)
    await app.engines.ask_ahead()
    assert asked(stand_ins) == 1
    clock.skipped += 11
    await app.engines.look()
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(has_pictures)
    await until_settled(app)
    assert await app.storage.engine_states.all() == []


@pytest.mark.parametrize("is_lifted", [True, False])
async def test_a_picture_forgets_only_the_fault_that_its_process_knew(
    app: App, clock: Clock, *, is_lifted: bool
) -> None:
    """Another process may have met a fault since, when this picture was on its way already."""
    await paused(app, clock)
    clock.skipped += 11
    await app.engines.look()
    anime = app.catalogue.get("anime")
    assert anime is not None
    if is_lifted:
        await app.engines.worked(anime)
        assert await app.storage.engine_states.all() == []
    arrears = Fault(("anime",), Kind.PAUSED, ARREARS, "req-2")
    assert await app.storage.engine_states.suspend(arrears, clock())
    await app.engines.worked(anime)
    assert [state.code for state in await app.storage.engine_states.all()] == [ARREARS]


async def test_a_fault_that_no_free_call_meets_is_still_the_same_after_its_pause(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    """A balance is only looked at when something is to be paid."""
    fault = Fault(("anime",), Kind.PAUSED, ARREARS, "req-1")
    first = await paused(app, clock, fault)
    await app.engines.ask_ahead()
    asked(stand_ins)
    clock.skipped += 11
    await app.engines.look()
    stand_ins.tencent.script("ImageToImage", code=ARREARS)
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(says(NOT_NOW))
    await until(lambda: app.catalogue.suspended("anime") is not None)
    state = app.catalogue.suspended("anime")
    assert state is not None
    assert state.until - state.since == 2 * (first.until - first.since)
    assert direct_messages(stand_ins) == []


async def test_another_fault_is_told_without_a_job(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await paused(app, clock)
    stand_ins.tencent.script("ImageToImage", code="UnauthorizedOperation")
    await app.engines.ask_ahead()
    [direct_message] = await all_direct_messages(stand_ins)
    assert "Access Management" in direct_message.content
    assert [s.code for s in await app.storage.engine_states.all()] == ["UnauthorizedOperation"]


async def test_one_call_asks_for_all_that_one_fault_suspended(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    names = tuple(engine.name for engine in app.catalogue.all() if engine.provider == "vod")
    fault = Fault(("anime", *names), Kind.PAUSED, "UnauthorizedOperation", "req-1")
    await paused(app, clock, fault)
    stand_ins.tencent.script("ImageToImage", code="UnauthorizedOperation")
    await app.engines.ask_ahead()
    assert asked(stand_ins) == 1
    clock.skipped += 20
    await app.engines.look()
    assert all(app.catalogue.suspended(name) for name in fault.engines)


async def test_what_ended_while_no_process_ran_is_asked_about_at_the_start(
    run: Run, stand_ins: StandIns, clock: Clock
) -> None:
    async with run() as app:
        assert await app.storage.engine_states.suspend(GONE, clock())
    clock.skipped += 86_401
    stand_ins.tencent.gone("ImageToImage")
    async with run() as app:
        await until(lambda: app.catalogue.suspended("anime") is not None)
        assert asked(stand_ins) == 1


@pytest.mark.parametrize("name", ["EASEL_AIART_ENDPOINT", "EASEL_AIART_REGION"])
async def test_a_state_does_not_survive_a_move_of_its_engine(
    run: Run, stand_ins: StandIns, name: str
) -> None:
    moved = {
        "EASEL_AIART_ENDPOINT": stand_ins.tencent.url.replace("127.0.0.1", "localhost"),
        "EASEL_AIART_REGION": "ap-guangzhou",
    }
    async with run() as app:
        stand_ins.tencent.script("ImageToImage", code="UnsupportedRegion")
        reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
        await reply.until(says(NOT_NOW))
        [direct_message] = await all_direct_messages(stand_ins)
        assert "EASEL_AIART_REGION" in direct_message.content
    async with run() as app:
        assert app.catalogue.suspended("anime") is not None
    async with run(**{name: moved[name]}) as app:
        assert app.catalogue.suspended("anime") is None


async def test_a_model_that_the_api_no_longer_takes_is_told_once_and_paused_at_the_third(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("CreateAigcImageTask", code="InvalidParameter", times=3)
    ada = stand_ins.visitor("Ada")
    for number in (1, 2, 3):
        reply = await ada.imagine("a river", engine="gg-2.5")
        await reply.until(says("our fault"))
        await until_settled(app, count=number)
        assert (app.catalogue.suspended("gg-2.5") is not None) == (number == 3)
    first, second = (
        direct_message.content for direct_message in await all_direct_messages(stand_ins, 2)
    )
    assert "`gg-2.5`" in first
    assert "Still used" in first
    assert "Not used until" in second
    assert [s.engine for s in await app.storage.engine_states.all()] == ["gg-2.5"]
    refused = await ada.imagine("a river", engine="gg-2.5")
    assert refused.ephemeral


async def test_a_picture_between_wrong_requests_keeps_the_engine_in_use(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    for number in (1, 2):
        stand_ins.tencent.script("CreateAigcImageTask", code="InvalidParameter", times=2)
        for _ in range(2):
            reply = await ada.imagine("a river", engine="gg-2.5")
            await reply.until(says("our fault"))
        made = await ada.imagine("a river", engine="gg-2.5")
        await made.until(has_pictures)
        await until_settled(app, count=3 * number)
    assert app.catalogue.suspended("gg-2.5") is None
    assert len(direct_messages(stand_ins)) == 1


async def test_the_letter_to_the_operator_shows_no_secret(app: App, stand_ins: StandIns) -> None:
    key = app.client.http.token or ""
    stand_ins.tencent.script("ImageToImage", code=ARREARS, message=f"{'_' * 390} {key} is poor")
    reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    await reply.until(says(NOT_NOW))
    [direct_message] = await all_direct_messages(stand_ins)
    assert key
    assert key[:6] not in direct_message.content
    assert "•••" in direct_message.content


async def test_an_answer_that_proves_nothing_is_asked_for_once_a_pause(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await paused(app, clock)
    stand_ins.tencent.script("ImageToImage", code="RequestLimitExceeded.JobNumExceed", times=5)
    for _ in range(3):
        await app.engines.look()
        await app.engines.ask_ahead()
    assert asked(stand_ins) == 1
    assert app.catalogue.suspended("anime") == first
