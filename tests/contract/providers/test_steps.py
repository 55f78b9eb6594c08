"""A call that breaks at each of its steps: repeated where nothing can be paid twice, else told."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.domain.provider_errors import NotSent, OutcomeUnknown, ProviderError, ServerFault
from tests.contract.providers.mechanisms import House, Impatient
from tests.contract.providers.rude_proxy import RudeProxy, Step, rude_proxy
from tests.contract.providers.ways import cloud, only_by_task, paid_for_certain, polled

LOST = [
    {"drop": True},
    {"garbage": b"<html>bad gateway</html>"},
    {"garbage": b""},
    {"garbage": b'{"Response": {"Task', "drop": True},
]
AFTER = [Step.WORK, Step.REPLY]
LARGE = bytes(5_900_000)  # more than the sockets hold between them


@pytest.fixture
async def proxy(house: House) -> AsyncIterator[RudeProxy]:
    async with rude_proxy(house.tencent.url) as opened:
        house.provider = house.built(opened.url)
        yield opened


@cloud
async def test_before_connect_nothing_was_sent_and_the_repeat_pays_once(house: House) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, and not listening
        nobody = house.built(f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(NotSent):
            await nobody.draw(house.restyle(), house.attempt.journal)
    await house.draw()
    assert house.pictures_paid == 1


@cloud
async def test_mid_body_nothing_can_have_been_worked_on_and_the_repeat_pays_once(
    house: House, proxy: RudeProxy
) -> None:
    proxy.break_next(house.way.paid, Step.BODY)
    with pytest.raises(NotSent):
        await house.draw(replace(house.restyle(), pictures=(LARGE,)))
    assert proxy.broken == [Step.BODY]
    await house.draw()
    assert house.pictures_paid == 1


@paid_for_certain
@pytest.mark.parametrize("step", AFTER)
async def test_after_the_work_a_call_without_an_idempotency_key_is_unknown(
    house: House, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(house.way.paid, step)
    with pytest.raises(OutcomeUnknown):
        await house.draw()
    assert [call.action for call in house.tencent.calls] == [house.way.paid]


@only_by_task
@pytest.mark.parametrize("step", AFTER)
async def test_after_the_work_a_task_is_found_by_its_session_and_paid_once(
    house: House, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(house.way.paid, step)
    with pytest.raises(ServerFault):
        await house.draw()
    drawn = await house.draw()
    assert len(drawn.urls) == house.pictures_paid == 1


@polled
@pytest.mark.parametrize("step", [Step.CONNECT, Step.BODY, Step.WORK, Step.REPLY])
async def test_asking_about_a_task_survives_every_step(
    house: House, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(house.way.asks, step)
    drawn = await house.draw()
    assert proxy.broken == [step]
    assert len(drawn.urls) == house.pictures_paid == 1


@pytest.fixture
async def impatient(house: House) -> AsyncIterator[House]:
    async with httpx.AsyncClient(transport=Impatient()) as client:
        yield House(house.way, house.tencent, client, house.clock, house.attempt)


@cloud
async def test_a_body_that_nobody_reads_is_given_up_and_the_repeat_pays_once(
    house: House, impatient: House
) -> None:
    async with rude_proxy(impatient.tencent.url) as proxy:
        proxy.break_next(impatient.way.paid, Step.STALL)
        impatient.provider = impatient.built(proxy.url)
        with pytest.raises(NotSent) as caught:
            await impatient.draw(replace(impatient.restyle(), pictures=(LARGE,)))
        assert caught.value.code == "WriteTimeout"
    await house.draw()
    assert house.pictures_paid == 1


@cloud
async def test_an_answer_that_takes_too_long_is_a_lost_one(house: House, impatient: House) -> None:
    way = house.way
    house.tencent.script(way.paid, delay_s=0.3)
    with pytest.raises(ServerFault if way.is_safe else OutcomeUnknown) as caught:
        await impatient.draw()
    assert caught.value.code == "ReadTimeout"
    await asyncio.sleep(0.3)
    if way.is_safe:
        await house.draw()
    assert house.pictures_paid == 1


@paid_for_certain
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_without_an_idempotency_key_is_unknown(
    house: House, when: str, fault: dict[str, Any]
) -> None:
    house.tencent.script(house.way.paid, when=when, **fault)
    with pytest.raises(OutcomeUnknown):
        await house.draw()
    assert len(house.tencent.calls) == 1


@only_by_task
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_about_a_new_task_is_repeated_and_pays_once(
    house: House, when: str, fault: dict[str, Any]
) -> None:
    house.tencent.script(house.way.paid, when=when, **fault)
    with pytest.raises(ServerFault):
        await house.draw()
    drawn = await house.draw()
    assert len(drawn.urls) == house.pictures_paid == 1


@polled
async def test_replies_about_a_task_that_get_lost_do_no_harm(house: House) -> None:
    for fault in LOST:
        house.tencent.script(house.way.asks, **fault)
    drawn = await house.draw()
    assert len(drawn.urls) == house.pictures_paid == 1


@polled
async def test_a_service_that_stops_answering_about_a_task_leaves_it_to_be_taken_up(
    house: House,
) -> None:
    house.tencent.script(house.way.asks, drop=True, times=9)
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    assert isinstance(caught.value, ServerFault)
    task = await house.attempt.task()
    drawn = await house.draw(house.restyle(remote_task=task))
    assert len(drawn.urls) == house.pictures_paid == 1
