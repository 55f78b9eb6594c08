"""Templates of image processing: made once, found page by page, and the lowest of two."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.domain.provider_errors import NotSent
from bot.providers.tencent.call import Credentials, TencentApi
from bot.providers.vod.processing import template_of
from bot.providers.vod.provider import Vod
from bot.sandbox.tencent.server import TencentSandbox
from tests.contract.providers.mechanisms import APP, ID, KEY, quickly
from tests.providers.attempt import Attempt
from tests.providers.work import photo, work

MAKE, PROCESS = "CreateProcessImageAsyncTemplate", "ProcessImageAsync"


@pytest.fixture
async def tencent() -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(
        secret_id=ID, secret_key=KEY, vod_sub_app_id=APP, seconds_per_picture=0.0
    ) as sandbox:
        yield sandbox
    sandbox.faults.check()


def provider(client: httpx.AsyncClient, tencent: TencentSandbox) -> Vod:
    api = TencentApi(client, Credentials(ID, KEY), now=tencent.account.now)
    return Vod(api, endpoint=tencent.url, sub_app_id=APP, sleep=quickly)


def definitions(tencent: TencentSandbox) -> list[int]:
    calls = [call for call in tencent.calls if call.action == PROCESS]
    return [call.params["ImageTaskInput"]["Definition"] for call in calls]


async def test_two_processes_that_make_a_template_at_once_use_the_same_one(
    client: httpx.AsyncClient, tencent: TencentSandbox, attempt: Attempt
) -> None:
    tencent.script(MAKE, delay_s=0.3, times=2)  # so that both have looked before either has made it
    processes = [provider(client, tencent) for _ in range(2)]
    asked = [work("upscale", photo()), work("upscale", photo())]
    pairs = zip(processes, asked, strict=True)
    await asyncio.gather(*(each.draw(job, attempt.journal) for each, job in pairs))
    assert len(set(definitions(tencent))) == 1
    assert definitions(tencent)[0] == min(tencent.account.templates)


async def test_many_jobs_of_one_process_make_one_template(
    client: httpx.AsyncClient, tencent: TencentSandbox, attempt: Attempt
) -> None:
    tencent.script(MAKE, delay_s=0.2, times=3)  # so that all would have looked before one is made
    vod = provider(client, tencent)
    await asyncio.gather(*(vod.draw(work("cutout", photo()), attempt.journal) for _ in range(3)))
    assert len(tencent.account.templates) == 1


async def test_a_lost_answer_about_a_template_is_of_a_job_that_was_not_sent(
    client: httpx.AsyncClient, tencent: TencentSandbox, attempt: Attempt
) -> None:
    tencent.script(MAKE, drop=True)
    with pytest.raises(NotSent):
        await provider(client, tencent).draw(work("repair", photo()), attempt.journal)
    assert await attempt.written() == (False, None)


def test_a_template_that_does_something_else_has_another_name() -> None:
    wanted = [work("upscale", photo(), size=size) for size in ("2x", "4x", "4096")]
    wanted += [work("repair", photo(), repair=each) for each in ("all", "noise", "low light")]
    names = [template_of(each).name for each in [*wanted, work("cutout", photo())]]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 64
