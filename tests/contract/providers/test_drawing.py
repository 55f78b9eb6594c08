"""What every provider makes of a good request, and what it writes down on the way."""

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.domain.jobs.job import JobId
from bot.domain.provider_errors import Busy
from bot.ports.provider import Drawn, LeaseLost
from tests.contract.providers.marks import cloud, every, only_at_once, only_by_task, over, polled
from tests.contract.providers.mechanisms import BY_JOB, BY_TASK, OFFLINE, Harness
from tests.providers.work import work


@every
async def test_a_photo_comes_back_as_a_picture(harness: Harness) -> None:
    drawn = await harness.draw()
    [picture] = [Image.open(BytesIO(data)) for data in await harness.pictures(drawn)]
    picture.load()
    assert picture.format in {"JPEG", "PNG"}
    assert bool(drawn.request_id) == (harness.mechanism is not OFFLINE)
    assert harness.pictures_paid == (harness.mechanism is not OFFLINE)


@over((BY_JOB, BY_TASK, OFFLINE))
async def test_words_alone_become_a_picture(harness: Harness) -> None:
    drawn = await harness.draw(work(harness.mechanism.engine, prompt="une forêt d'érables 🍁"))
    assert len(await harness.pictures(drawn)) == 1


@pytest.mark.parametrize(
    ("harness", "engine"), [(BY_TASK, "og-low"), (OFFLINE, "local")], ids=str, indirect=["harness"]
)
async def test_several_pictures_come_when_several_are_wished(harness: Harness, engine: str) -> None:
    drawn = await harness.draw(work(engine, count=2))
    assert len(set(await harness.pictures(drawn))) == 2


@only_by_task
async def test_fewer_pictures_than_asked_are_still_a_result(harness: Harness) -> None:
    harness.tencent.script(harness.mechanism.paid, pictures=1)
    drawn = await harness.draw(work("og-low", count=3))
    assert len(drawn.urls) == harness.pictures_paid == 1


@every
async def test_every_option_that_is_offered_is_taken(harness: Harness) -> None:
    takes = harness.restyle().engine.capabilities
    options: dict[str, Any] = {"prompt": "x" * takes.prompt_max}
    if takes.negative_max:
        options["negative"] = "y" * takes.negative_max
    if takes.styles:
        options["style"] = next(iter(takes.styles))
    options |= {"strength": 0.5} if takes.strength else {}
    options |= {"enhance": True} if takes.enhance else {}
    options |= {"faces": takes.faces_max} if takes.faces_max else {}
    options |= {"seed": 7} if takes.seed else {}
    asked = [(None, ratio) for ratio in takes.ratios[:1]] + [
        (size, None) for size in takes.sizes[:1]
    ]
    for size, ratio in asked:
        one = replace(
            harness.restyle(size=size, ratio=ratio, **options), job_id=JobId(f"job-{size}")
        )
        assert len(await harness.pictures(await harness.draw(one))) == 1


@every
async def test_nothing_is_asked_for_once_the_lease_is_lost(harness: Harness) -> None:
    await harness.attempt.lose_lease()
    with pytest.raises(LeaseLost):
        await harness.draw()
    assert (harness.paid_calls, harness.pictures_paid) == (0, 0)


@every
async def test_sent_is_written_down_and_a_task_before_it_is_asked_about(harness: Harness) -> None:
    await harness.draw()
    is_sent, task = await harness.attempt.written()
    assert (is_sent, bool(task)) == (True, bool(harness.mechanism.asks))


@cloud
async def test_more_jobs_than_slots_are_busy_or_wait_and_none_is_paid_twice(
    harness: Harness,
) -> None:
    harness.tencent.seconds_per_picture = 0.5 if harness.mechanism.slots else 0.05
    jobs = [replace(harness.restyle(), job_id=JobId(f"job-{number}")) for number in range(4)]
    ends = await asyncio.gather(*(harness.draw(job) for job in jobs), return_exceptions=True)
    drawn = [end for end in ends if isinstance(end, Drawn)]
    assert len(drawn) == harness.pictures_paid == (harness.mechanism.slots or 4)
    assert all(isinstance(end, Drawn | Busy) for end in ends)


@polled
async def test_a_lost_lease_resumes_polling_without_paying_again(harness: Harness) -> None:
    harness.tencent.seconds_per_picture = 0.2
    first = asyncio.create_task(harness.draw())
    task = await harness.attempt.task()
    first.cancel()
    drawn = await harness.draw(harness.restyle(remote_task=task))
    assert len(drawn.urls) == harness.pictures_paid == 1


@cloud
async def test_a_caller_that_leaves_is_let_go_at_once(harness: Harness) -> None:
    harness.tencent.hold()  # so nothing but the leaving ends the wait
    leaving = asyncio.create_task(harness.draw())
    await asyncio.sleep(0.05)
    leaving.cancel()
    await asyncio.wait({leaving}, timeout=5)
    assert leaving.cancelled()
    harness.tencent.release()


@only_at_once
async def test_a_result_inside_the_reply_is_as_good_as_a_fetched_one(harness: Harness) -> None:
    asked = harness.restyle()
    fixed = replace(asked.engine, settings={"returns": "base64"})
    inside = await harness.draw(replace(asked, engine=fixed))
    pictures = [*inside.pictures, *await harness.pictures(await harness.draw())]
    sizes = [Image.open(BytesIO(data)).size for data in pictures]
    assert sizes == [(120, 90), (120, 90)]
