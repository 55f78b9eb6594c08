"""How a VOD task is created, looked after and read, at which rate and from which address."""

import asyncio
import base64
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    ServerFault,
)
from bot.ports.provider import Drawn, Journal
from bot.providers.tencent.call import TencentApi
from bot.providers.vod.provider import Vod
from tests.providers.attempt import Attempt
from tests.providers.told_server import Reply, Server, refused, said
from tests.providers.vod.replies import APP, CREATE, DETAIL, RUNNING, Time, failed, finished
from tests.providers.work import JOB, photo, work

TURNS = "vod CreateAigcImageTask"  # of one limit over all processes


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def vod(api: TencentApi, server: Server, time: Time) -> Vod:
    return Vod(api, endpoint=server.url, sub_app_id=APP, sleep=time.sleep, clock=time)


async def test_too_large_references_are_refused_before_anything_is_written_down(
    vod: Vod, server: Server, attempt: Attempt
) -> None:
    with pytest.raises(InputRefused):
        await vod.draw(work("gg-3.0", bytes(4_000_000), bytes(3_000_001)), attempt.journal)
    assert (await attempt.written(), server.seen) == ((False, None), [])


async def test_the_body_that_arrives_is_the_request(
    vod: Vod, server: Server, journal: Journal
) -> None:
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, finished("u"))
    await vod.draw(work("gg-3.0", photo(), prompt="eine Füchsin 狐"), journal)
    [params] = [params for name, params in server.seen if name == CREATE]
    assert (params["SessionId"], params["Prompt"]) == (JOB, "eine Füchsin 狐")
    assert base64.b64decode(params["FileInfos"][0]["Base64"]) == photo()


async def test_an_engine_may_live_at_another_address(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    time = Time()
    vod = Vod(api, endpoint="http://127.0.0.1:9", sub_app_id=APP, sleep=time.sleep, clock=time)
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, finished("u"))
    here = work("gg-3.0")
    drawn = await vod.draw(replace(here, engine=replace(here.engine, endpoint=server.url)), journal)
    assert drawn.urls == ("u",)


async def test_the_task_id_is_written_down_before_the_first_poll(
    vod: Vod, server: Server, attempt: Attempt
) -> None:
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, replace(RUNNING, delay_s=0.2), finished("u"))
    drawing = asyncio.create_task(vod.draw(work("gg-3.0"), attempt.journal))
    async with asyncio.timeout(30):
        while DETAIL not in server.paths():
            await asyncio.sleep(0.005)
    assert await attempt.written() == (True, "t-1")
    assert server.seen[1] == (DETAIL, {"SubAppId": APP, "TaskId": "t-1"})
    await drawing


async def test_results_are_addresses_that_are_not_yet_fetched(
    vod: Vod, server: Server, journal: Journal
) -> None:
    addresses = (f"{server.url}/1.png", f"{server.url}/2.png")
    server.tell(DETAIL, finished(*addresses))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert drawn == Drawn(urls=addresses, request_id="req-1")
    assert server.paths() == [DETAIL]


async def test_a_task_of_an_earlier_try_is_looked_at_at_once(
    vod: Vod, server: Server, time: Time, journal: Journal
) -> None:
    server.tell(DETAIL, finished("u"))
    await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert time.slept == []


async def test_the_next_task_is_expected_when_the_last_one_ended(
    vod: Vod, server: Server, time: Time, journal: Journal
) -> None:
    """A task that is over 40 s after its creation, twice."""

    async def seen_after() -> float:
        server.tell(CREATE, said(TaskId="t-1"))
        created_at = time.at
        drawing = asyncio.create_task(vod.draw(work("gg-3.0"), journal))
        while not drawing.done():
            server.replies[DETAIL] = [RUNNING if time.at - created_at < 40 else finished("u")]
            await asyncio.sleep(0)
        await drawing
        return time.at - created_at

    first, second = await seen_after(), await seen_after()
    assert 40 < first <= 44
    assert 40 <= second <= 41.7


@pytest.mark.parametrize(
    "good",
    [
        {"ErrCode": 0, "ErrCodeExt": "", "Message": "", "SessionId": JOB},
        {"ErrCode": None, "ErrCodeExt": None},
        {"ErrCodeExt": "0"},
        {"Progress": 100},
    ],
)
async def test_null_empty_and_missing_all_mean_that_nothing_went_wrong(
    vod: Vod, server: Server, good: dict[str, Any], journal: Journal
) -> None:
    server.tell(DETAIL, finished("u", **good))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert drawn.urls == ("u",)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failed("ContentModerationFailed"), Moderated),
        (failed("InvalidParameter.VoilationContent"), Moderated),
        (failed("", message="blocked by our moderation system"), Moderated),
        (failed("InvalidParameter.MediaFormat", 60000), InputRefused),
        (failed("", 40000), InputRefused),
        (finished(), OutcomeUnknown),
        (said(Status="FINISH", AigcImageTask=None), OutcomeUnknown),
        (
            said(Status="FINISH", AigcImageTask={"Output": {"FileInfos": [None, {}]}}),
            OutcomeUnknown,
        ),
    ],
)
async def test_a_final_failure_of_a_task_is_its_error(
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError], journal: Journal
) -> None:
    server.tell(DETAIL, reply)
    with pytest.raises(ProviderError) as caught:
        await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert type(caught.value) is kind
    assert caught.value.request_id == "req-1"


async def test_polls_that_fail_for_a_while_lose_nothing(
    vod: Vod, server: Server, journal: Journal
) -> None:
    lost = [Reply(status=502), refused("RequestLimitExceeded"), refused("ResourceNotFound")]
    server.tell(DETAIL, *lost, RUNNING, *lost, *lost, finished("u"))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert drawn.urls == ("u",)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(status=502), ServerFault),
        (refused("ResourceNotFound"), OutcomeUnknown),
        (refused("InvalidParameterValue.TaskId"), OutcomeUnknown),
    ],
)
async def test_polls_that_fail_for_long_hand_the_job_back(
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError], journal: Journal
) -> None:
    server.tell(DETAIL, *[reply] * 9)
    with pytest.raises(kind):
        await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert len(server.seen) == 9


async def test_a_task_that_takes_very_long_is_handed_back_to_be_asked_about_again(
    vod: Vod, server: Server, time: Time, journal: Journal
) -> None:
    server.tell(DETAIL, *[RUNNING] * 500)
    with pytest.raises(OutOfSight) as caught:
        await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert caught.value.code == "TaskTimeout"
    assert 1800 <= time.at < 1810


async def test_tasks_are_created_no_faster_than_the_limit(
    vod: Vod, server: Server, time: Time, journal: Journal
) -> None:
    created: list[float] = []
    server.tell(CREATE, *[refused("RequestLimitExceeded")] * 20)
    for _ in range(20):
        with pytest.raises(Busy):
            await vod.draw(work("gg-3.0"), journal)
        created.append(time.at)
    assert created[-1] - created[0] == pytest.approx(19 / (20 * 0.95))


async def test_the_limit_holds_over_all_processes_where_turns_are_shared(
    api: TencentApi, server: Server, time: Time, attempt: Attempt
) -> None:
    turns = attempt.storage.rate_limits
    assert await turns.take(TURNS, 2.0, time.at) == 0.0  # another process's
    vod = Vod(
        api,
        endpoint=server.url,
        sub_app_id=APP,
        sleep=time.sleep,
        clock=time,
        now=time,
        requests_per_second=10,
        rate_limits=turns,
    )
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, finished("u"))
    await vod.draw(work("gg-3.0"), attempt.journal)
    assert time.slept[0] == 2.0
    # What came after it waits for as long as ten a second ask for.
    assert await turns.take(TURNS, 1.0, 0.0) == pytest.approx(2 + 1 / 9.5)
