"""What a VOD task is sent, how it is polled, and how it is found again after a crash."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.domain.errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    ProviderError,
    ServerFault,
)
from bot.domain.ports import Drawn
from bot.providers.tencent import TencentApi
from bot.providers.vod import Vod
from bot.providers.vod_task import session_after
from tests.providers.told_server import Reply, Server, refused, said
from tests.providers.work import JOB, Notebook, photo, work

APP = 1_500_000_001
CREATE, DETAIL, LIST = "CreateAigcImageTask", "DescribeTaskDetail", "DescribeTasks"
DUPLICATE = refused("InvalidParameterValue.SessionId")
RUNNING = said(Status="PROCESSING", AigcImageTask={"Status": "PROCESSING", "Progress": 5})


@dataclass
class Time:
    """A clock that only sleeping moves, and how long each sleep was."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.slept.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def vod(api: TencentApi, server: Server, time: Time) -> Vod:
    return Vod(api, endpoint=server.url, sub_app_id=APP, sleep=time.sleep, clock=time)


def finished(*urls: str, **task: Any) -> Reply:
    files = [{"FileUrl": url, "FileType": "", "MetaData": None} for url in urls]
    detail = {"Status": "FINISH", "Output": {"FileInfos": files}, **task}
    return said(TaskType="AigcImageTask", Status="FINISH", AigcImageTask=detail)


def failed(code: str, number: int = 70000, message: str = "") -> Reply:
    detail = {"Status": "FINISH", "ErrCode": number, "ErrCodeExt": code, "Message": message}
    return said(Status="FINISH", AigcImageTask={**detail, "Output": None})


async def sent(vod: Vod, server: Server, engine: str, *files: bytes, **wishes: Any) -> Any:
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, finished("u"))
    await vod.draw(work(engine, *files, **wishes), Notebook())
    return next(params for name, params in server.seen if name == CREATE)


async def test_every_wish_becomes_its_parameter(vod: Vod, server: Server) -> None:
    params = await sent(
        vod,
        server,
        "og-low",
        photo(),
        prompt=" a cat ",
        negative="dogs",
        ratio="16:9",
        size="2K",
        seed=7,
        count=3,
    )
    assert params == {
        "SubAppId": APP,
        "ModelName": "OG",
        "ModelVersion": "image2_low",
        "FileInfos": [{"Type": "Base64", "Base64": base64.b64encode(photo()).decode()}],
        "Prompt": "a cat",
        "NegativePrompt": "dogs",
        "Seed": 7,
        "OutputConfig": {
            "StorageMode": "Temporary",
            "LogoAdd": "Disabled",
            "AspectRatio": "16:9",
            "Resolution": "2K",
            "OutputImageCount": 3,
        },
        "SessionId": JOB,
    }


async def test_what_was_not_wished_is_left_to_the_api(vod: Vod, server: Server) -> None:
    params = await sent(vod, server, "gg-3.0")
    assert params == {
        "SubAppId": APP,
        "ModelName": "GG",
        "ModelVersion": "3.0",
        "Prompt": "a cat",
        "OutputConfig": {"StorageMode": "Temporary", "LogoAdd": "Disabled"},
        "SessionId": JOB,
    }


@pytest.mark.parametrize("wishes", [{"ratio": "16:9"}, {"size": "1280x720"}])
async def test_a_size_in_pixels_is_json_text_within_json_text(
    vod: Vod, server: Server, wishes: dict[str, str]
) -> None:
    params = await sent(vod, server, "hunyuan-3.0", **wishes)
    assert json.loads(json.loads(params["ExtInfo"])["AdditionalParameters"]) == {"size": "1280x720"}
    assert set(params["OutputConfig"]) == {"StorageMode", "LogoAdd"}


async def test_references_too_large_for_one_request_are_refused_before_it(
    vod: Vod, server: Server
) -> None:
    journal = Notebook()
    with pytest.raises(InputRefused):
        await vod.draw(work("gg-3.0", bytes(4_000_000), bytes(3_000_001)), journal)
    assert (journal.written, server.seen) == ([], [])


async def test_the_task_id_is_written_down_before_the_first_poll(vod: Vod, server: Server) -> None:
    server.tell(CREATE, said(TaskId="t-1"))
    server.tell(DETAIL, RUNNING, finished("u"))
    journal = Notebook()
    await vod.draw(work("gg-3.0"), journal)
    assert journal.written == ["sending", "accepted t-1"]
    assert server.seen[1] == (DETAIL, {"SubAppId": APP, "TaskId": "t-1"})


async def test_results_are_addresses_that_are_not_yet_fetched(vod: Vod, server: Server) -> None:
    addresses = (f"{server.url}/1.png", f"{server.url}/2.png")
    server.tell(DETAIL, finished(*addresses))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
    assert drawn == Drawn(urls=addresses, request_id="req-1")
    assert server.paths() == [DETAIL]


async def test_polling_slows_down_to_five_seconds(vod: Vod, server: Server, time: Time) -> None:
    server.tell(DETAIL, *[RUNNING] * 6, finished("u"))
    await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
    assert time.slept == [1.0, 1.5, 2.25, 3.375, 5.0, 5.0]


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
    vod: Vod, server: Server, good: dict[str, Any]
) -> None:
    server.tell(DETAIL, finished("u", **good))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
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
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError]
) -> None:
    server.tell(DETAIL, reply)
    with pytest.raises(ProviderError) as caught:
        await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
    assert type(caught.value) is kind
    assert caught.value.request_id == "req-1"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (failed("RequestLimitExceeded"), Busy),
        (failed("InternalError"), ServerFault),
        (said(Status="ABORTED", AigcImageTask=None), ServerFault),
    ],
)
async def test_a_passing_failure_is_told_once_and_then_followed_by_a_new_task(
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError]
) -> None:
    server.tell(CREATE, said(TaskId="t-1"), said(TaskId="t-2"))
    server.tell(DETAIL, reply, reply, finished("u"))
    with pytest.raises(kind):
        await vod.draw(work("gg-3.0"), Notebook())
    journal = Notebook()
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), journal)
    assert drawn.urls == ("u",)
    assert journal.written == ["sending", "accepted t-2"]
    sessions = [params["SessionId"] for name, params in server.seen if name == CREATE]
    assert sessions == [JOB, session_after(JOB, "t-1")]
    assert len(sessions[1]) <= 50


async def test_a_job_that_was_sent_twice_takes_up_the_first_task(vod: Vod, server: Server) -> None:
    server.tell(CREATE, DUPLICATE)
    page = [{"TaskId": "other", "SessionId": "x"}, {"TaskId": "nothing"}, None]
    server.tell(LIST, said(TaskSet=page, ScrollToken="more"))
    server.tell(LIST, said(TaskSet=[{"TaskId": "t-1", "SessionId": JOB}]))
    server.tell(DETAIL, finished("u"))
    journal = Notebook()
    drawn = await vod.draw(work("gg-3.0"), journal)
    assert drawn.urls == ("u",)
    assert journal.written == ["sending", "accepted t-1"]
    asked = [params for name, params in server.seen if name == LIST]
    assert [page.get("ScrollToken") for page in asked] == [None, "more"]
    assert asked[0] == {
        "SubAppId": APP,
        "Limit": 100,
        "Sort": {"Field": "CreateTime", "Order": "Desc"},
    }


async def test_a_first_task_that_had_failed_for_a_passing_reason_is_followed_by_a_new_one(
    vod: Vod, server: Server
) -> None:
    server.tell(CREATE, DUPLICATE, said(TaskId="t-2"))
    server.tell(LIST, said(TaskSet=[{"TaskId": "t-1", "SessionId": JOB}]))
    server.tell(DETAIL, failed("RequestLimitExceeded"), finished("u"))
    drawn = await vod.draw(work("gg-3.0"), Notebook())
    assert drawn.urls == ("u",)


@pytest.mark.parametrize("listed", [[], None, [{"TaskId": "t-9", "SessionId": "another"}]])
async def test_a_first_task_that_no_list_shows_is_unknown_and_not_paid_again(
    vod: Vod, server: Server, listed: object
) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, said(TaskSet=listed, ScrollToken=""))
    with pytest.raises(OutcomeUnknown):
        await vod.draw(work("gg-3.0"), Notebook())


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "InvalidAction", "InvalidParameter"])
async def test_a_key_that_may_not_list_tasks_switches_nothing_off(
    vod: Vod, server: Server, code: str
) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, refused(code))
    with pytest.raises(OutcomeUnknown) as caught:
        await vod.draw(work("gg-3.0"), Notebook())
    assert code in caught.value.detail


async def test_a_list_that_does_not_come_now_is_asked_for_later(vod: Vod, server: Server) -> None:
    server.tell(CREATE, DUPLICATE)
    server.tell(LIST, Reply(status=502))
    with pytest.raises(ServerFault):
        await vod.draw(work("gg-3.0"), Notebook())


async def test_an_accepted_task_whose_id_is_missing_can_be_found_again(
    vod: Vod, server: Server
) -> None:
    server.tell(CREATE, said(TaskId=None))
    with pytest.raises(ServerFault):
        await vod.draw(work("gg-3.0"), Notebook())


async def test_polls_that_fail_for_a_while_lose_nothing(vod: Vod, server: Server) -> None:
    lost = [Reply(status=502), refused("RequestLimitExceeded"), refused("ResourceNotFound")]
    server.tell(DETAIL, *lost, RUNNING, *lost, *lost, finished("u"))
    drawn = await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
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
    vod: Vod, server: Server, reply: Reply, kind: type[ProviderError]
) -> None:
    server.tell(DETAIL, *[reply] * 9)
    with pytest.raises(kind):
        await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
    assert len(server.seen) == 9


async def test_a_task_without_end_is_given_up_as_unknown(
    vod: Vod, server: Server, time: Time
) -> None:
    server.tell(DETAIL, *[RUNNING] * 500)
    with pytest.raises(OutcomeUnknown):
        await vod.draw(work("gg-3.0", remote_task="t-1"), Notebook())
    assert 1800 <= time.at < 1810


async def test_tasks_are_created_no_faster_than_the_limit(
    vod: Vod, server: Server, time: Time
) -> None:
    server.tell(CREATE, *[said(TaskId="t-1")] * 20)
    server.tell(DETAIL, *[finished("u")] * 20)
    for _ in range(20):
        await vod.draw(work("gg-3.0"), Notebook())
    assert time.at == pytest.approx(19 / (20 * 0.95))
