"""How a VOD task is found again after a crash, and followed by another one after a failure."""

import pytest

from bot.domain.provider_errors import Busy, OutcomeUnknown, ProviderError, ServerFault
from bot.ports.provider import Journal
from bot.providers.tencent.call import TencentApi
from bot.providers.vod.provider import Vod
from bot.providers.vod.task import session_after
from tests.providers.attempt import Attempt
from tests.providers.told_server import Reply, Server, refused, said
from tests.providers.vod.replies import (
    APP,
    CREATE,
    DETAIL,
    DUPLICATE,
    LIST,
    Time,
    failed,
    finished,
)
from tests.providers.work import JOB, work


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def vod(api: TencentApi, server: Server, time: Time) -> Vod:
    return Vod(api, endpoint=server.url, sub_app_id=APP, sleep=time.sleep, clock=time)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failed("RequestLimitExceeded"), Busy),
        (failed("InternalError"), ServerFault),
        (said(Status="ABORTED", AigcImageTask=None), ServerFault),
    ],
)
async def test_a_passing_failure_is_told_once_and_then_followed_by_a_new_task(
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError], attempt: Attempt
) -> None:
    server.tell(CREATE, said(TaskId="t-1"), said(TaskId="t-2"))
    server.tell(DETAIL, reply, reply, finished("u"))
    with pytest.raises(kind):
        await vod.draw(work("gg-3.0"), attempt.journal)
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), attempt.journal)
    assert drawn.urls == ("u",)
    assert await attempt.written() == (True, "t-2")
    sessions = [params["SessionId"] for name, params in server.seen if name == CREATE]
    assert sessions == [JOB, session_after(JOB, "t-1")]
    assert len(sessions[1]) <= 50


async def test_a_job_that_was_sent_twice_takes_up_the_first_task(
    vod: Vod, server: Server, attempt: Attempt
) -> None:
    server.tell(CREATE, DUPLICATE)
    page = [{"TaskId": "other", "SessionId": "x"}, {"TaskId": "nothing"}, None]
    server.tell(LIST, said(TaskSet=page, ScrollToken="more"))
    server.tell(LIST, said(TaskSet=[{"TaskId": "t-1", "SessionId": JOB}]))
    server.tell(DETAIL, finished("u"))
    drawn = await vod.draw(work("gg-3.0"), attempt.journal)
    assert drawn.urls == ("u",)
    assert await attempt.written() == (True, "t-1")
    asked = [params for name, params in server.seen if name == LIST]
    assert [page.get("ScrollToken") for page in asked] == [None, "more"]
    assert asked[0] == {
        "SubAppId": APP,
        "Limit": 100,
        "Sort": {"Field": "CreateTime", "Order": "Desc"},
    }


async def test_a_first_task_that_had_failed_for_a_passing_reason_is_followed_by_a_new_one(
    vod: Vod, server: Server, journal: Journal
) -> None:
    server.tell(CREATE, DUPLICATE, said(TaskId="t-2"))
    server.tell(LIST, said(TaskSet=[{"TaskId": "t-1", "SessionId": JOB}]))
    server.tell(DETAIL, failed("RequestLimitExceeded"), finished("u"))
    drawn = await vod.draw(work("gg-3.0"), journal)
    assert drawn.urls == ("u",)


@pytest.mark.parametrize("listed", [[], None, [{"TaskId": "t-9", "SessionId": "another"}]])
async def test_a_first_task_that_no_list_shows_is_unknown_and_not_paid_again(
    vod: Vod, server: Server, listed: object, journal: Journal
) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, said(TaskSet=listed, ScrollToken=""))
    with pytest.raises(OutcomeUnknown):
        await vod.draw(work("gg-3.0"), journal)


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "InvalidAction", "InvalidParameter"])
async def test_a_key_that_may_not_list_tasks_switches_nothing_off(
    vod: Vod, server: Server, code: str, journal: Journal
) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, refused(code))
    with pytest.raises(OutcomeUnknown) as caught:
        await vod.draw(work("gg-3.0"), journal)
    assert code in caught.value.detail


async def test_a_list_that_does_not_come_now_is_asked_for_later(
    vod: Vod, server: Server, journal: Journal
) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, Reply(status=502))
    with pytest.raises(ServerFault):
        await vod.draw(work("gg-3.0"), journal)


async def test_an_accepted_task_whose_id_is_missing_can_be_found_again(
    vod: Vod, server: Server, journal: Journal
) -> None:
    server.tell(CREATE, said(TaskId=None))
    with pytest.raises(ServerFault):
        await vod.draw(work("gg-3.0"), journal)
