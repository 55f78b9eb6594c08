"""A call that breaks at each of its steps: repeated where nothing can be paid twice, else told."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.domain.provider_errors import NotSent, OutcomeUnknown, ProviderError, ServerFault
from tests.contract.providers.marks import cloud, only_by_task, paid_for_certain, polled
from tests.contract.providers.mechanisms import Harness, Impatient
from tests.contract.providers.rude_proxy import RudeProxy, Step, rude_proxy
from tests.providers.work import photo

LOST = [
    {"drop": True},
    {"garbage": b"<html>bad gateway</html>"},
    {"garbage": b""},
    {"garbage": b'{"Response": {"Task', "drop": True},
]
AFTER = [Step.WORK, Step.REPLY]
LARGE = photo() + bytes(3_900_000)  # more than the sockets hold between them


@pytest.fixture
async def proxy(harness: Harness) -> AsyncIterator[RudeProxy]:
    async with rude_proxy(harness.tencent.url) as opened:
        harness.provider = harness.built(opened.url)
        yield opened


@cloud
async def test_before_connect_nothing_was_sent_and_the_repeat_pays_once(harness: Harness) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound, and not listening
        nobody = harness.built(f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(NotSent):
            await nobody.draw(harness.restyle(), harness.attempt.journal)
    await harness.draw()
    assert harness.pictures_paid == 1


@cloud
async def test_mid_body_nothing_can_have_been_worked_on_and_the_repeat_pays_once(
    harness: Harness, proxy: RudeProxy
) -> None:
    proxy.break_next(harness.mechanism.paid, Step.BODY)
    with pytest.raises(NotSent):
        await harness.draw(replace(harness.restyle(), pictures=(LARGE,)))
    assert proxy.broken == [Step.BODY]
    await harness.draw()
    assert harness.pictures_paid == 1


@paid_for_certain
@pytest.mark.parametrize("step", AFTER)
async def test_after_the_work_a_call_without_an_idempotency_key_is_unknown(
    harness: Harness, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(harness.mechanism.paid, step)
    with pytest.raises(OutcomeUnknown):
        await harness.draw()
    assert [call.action for call in harness.tencent.calls] == [harness.mechanism.paid]


@only_by_task
@pytest.mark.parametrize("step", AFTER)
async def test_after_the_work_a_task_is_found_by_its_session_and_paid_once(
    harness: Harness, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(harness.mechanism.paid, step)
    with pytest.raises(ServerFault):
        await harness.draw()
    drawn = await harness.draw()
    assert len(drawn.urls) == harness.pictures_paid == 1


@polled
@pytest.mark.parametrize("step", [Step.CONNECT, Step.BODY, Step.WORK, Step.REPLY])
async def test_asking_about_a_task_survives_every_step(
    harness: Harness, proxy: RudeProxy, step: Step
) -> None:
    proxy.break_next(harness.mechanism.asks, step)
    drawn = await harness.draw()
    assert proxy.broken == [step]
    assert len(drawn.urls) == harness.pictures_paid == 1


@pytest.fixture
async def impatient(harness: Harness) -> AsyncIterator[Harness]:
    async with httpx.AsyncClient(transport=Impatient()) as client:
        yield Harness(harness.mechanism, harness.tencent, client, harness.clock, harness.attempt)


@cloud
async def test_a_body_that_nobody_reads_is_given_up_and_the_repeat_pays_once(
    harness: Harness, impatient: Harness
) -> None:
    async with rude_proxy(impatient.tencent.url) as proxy:
        proxy.break_next(impatient.mechanism.paid, Step.STALL)
        impatient.provider = impatient.built(proxy.url)
        with pytest.raises(NotSent) as caught:
            await impatient.draw(replace(impatient.restyle(), pictures=(LARGE,)))
        assert caught.value.code == "WriteTimeout"
    await harness.draw()
    assert harness.pictures_paid == 1


@cloud
async def test_an_answer_that_takes_too_long_is_a_lost_one(
    harness: Harness, impatient: Harness
) -> None:
    way = harness.mechanism
    harness.tencent.script(way.paid, held=True)
    harness.tencent.hold()
    with pytest.raises(ServerFault if way.is_safe else OutcomeUnknown) as caught:
        await impatient.draw()
    assert caught.value.code == "ReadTimeout"
    harness.tencent.release()
    async with asyncio.timeout(30):
        while not harness.pictures_paid:
            await asyncio.sleep(0.01)
    if way.is_safe:
        await harness.draw()
    assert harness.pictures_paid == 1


@paid_for_certain
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_without_an_idempotency_key_is_unknown(
    harness: Harness, when: str, fault: dict[str, Any]
) -> None:
    harness.tencent.script(harness.mechanism.paid, when=when, **fault)
    with pytest.raises(OutcomeUnknown):
        await harness.draw()
    assert len(harness.tencent.calls) == 1


@only_by_task
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_about_a_new_task_is_repeated_and_pays_once(
    harness: Harness, when: str, fault: dict[str, Any]
) -> None:
    harness.tencent.script(harness.mechanism.paid, when=when, **fault)
    with pytest.raises(ServerFault):
        await harness.draw()
    drawn = await harness.draw()
    assert len(drawn.urls) == harness.pictures_paid == 1


@polled
async def test_replies_about_a_task_that_get_lost_do_no_harm(harness: Harness) -> None:
    for fault in LOST:
        harness.tencent.script(harness.mechanism.asks, **fault)
    drawn = await harness.draw()
    assert len(drawn.urls) == harness.pictures_paid == 1


@polled
async def test_a_service_that_stops_answering_about_a_task_leaves_it_to_be_taken_up(
    harness: Harness,
) -> None:
    harness.tencent.script(harness.mechanism.asks, drop=True, times=9)
    with pytest.raises(ProviderError) as caught:
        await harness.draw()
    assert isinstance(caught.value, ServerFault)
    task = await harness.attempt.task()
    drawn = await harness.draw(harness.restyle(remote_task=task))
    assert len(drawn.urls) == harness.pictures_paid == 1
