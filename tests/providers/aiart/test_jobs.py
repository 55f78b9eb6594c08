"""Jobs of aiart: submitted once, asked about until they are over, and what their ends mean."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    ProviderError,
    ServerFault,
)
from bot.ports.provider import Drawn, Journal, Work
from bot.providers.aiart.jobs import GIVE_UP_S
from bot.providers.aiart.provider import Aiart
from bot.providers.tencent.call import TencentApi
from tests.providers.attempt import Attempt
from tests.providers.told_server import Reply, Server, refused, said
from tests.providers.work import photo, work

SUBMIT, QUERY = "SubmitTextToImageJob", "QueryTextToImageJob"
URL = "https://aiart-1.cos.ap-guangzhou.myqcloud.com/a.jpg"
GOING = said(JobStatusCode="2", JobStatusMsg="processing", JobErrorCode="", ResultImage=None)
DONE = said(JobStatusCode="5", JobErrorCode="", ResultImage=[URL], ResultDetails=["Success"])


@dataclass
class Time:
    """A clock that only sleeping moves."""

    at: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def aiart(api: TencentApi, server: Server, time: Time) -> Aiart:
    return Aiart(api, endpoint=server.url, region="x", sleep=time.sleep, clock=time)


def failed(code: str, message: str = "") -> Reply:
    return said(JobStatusCode="4", JobErrorCode=code, JobErrorMsg=message, ResultImage=[])


async def test_a_job_is_submitted_written_down_and_asked_about_until_it_is_done(
    aiart: Aiart, server: Server, attempt: Attempt
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.tell(QUERY, said(JobStatusCode="1"), GOING, DONE)
    drawn = await aiart.draw(work("hy-3.0"), attempt.journal)
    assert drawn == Drawn(urls=(URL,), request_id="req-1")
    assert await attempt.written() == (True, "j-1")
    assert server.paths() == [SUBMIT, QUERY, QUERY, QUERY]
    assert server.seen[-1][1] == {"JobId": "j-1"}


@pytest.mark.parametrize(
    ("asked", "action", "params"),
    [
        (work("hy-3.0"), SUBMIT, {"Prompt": "a cat", "LogoAdd": 0}),
        (
            work("hy-3.0", photo(), photo(), ratio="16:9", seed=7),
            SUBMIT,
            {
                "Prompt": "a cat",
                "Resolution": "1280:720",
                "Seed": 7,
                "Revise": 0,
                "LogoAdd": 0,
            },
        ),
        (
            work("pro", style="riman", size="768x1280"),
            "SubmitTextToImageProJob",
            {"Prompt": "a cat", "Style": "riman", "Resolution": "768:1280", "LogoAdd": 0},
        ),
    ],
)
async def test_every_wish_becomes_its_parameter(
    aiart: Aiart, server: Server, asked: Work, action: str, params: dict[str, Any], journal: Journal
) -> None:
    server.tell(action, said(JobId="j-1"))
    server.tell(action.replace("Submit", "Query"), DONE)
    await aiart.draw(asked, journal)
    sent = dict(server.seen[0][1])
    assert len(sent.pop("Images", [])) == len(asked.pictures)
    assert sent == params


@pytest.mark.parametrize(
    ("name", "settings", "options", "expected"),
    [
        ("hy-3.0", {"revise": "on"}, {}, {"Revise": 1}),
        ("hy-3.0", {"revise": "on"}, {"seed": 5}, {"Revise": 0, "Seed": 5}),
        ("hy-3.0", {"revise": "off"}, {}, {"Revise": 0}),
        ("pro", {"engine": "engine2", "revise": "off"}, {}, {"Engine": "engine2", "Revise": 0}),
        ("pro", {"mark": "on"}, {}, {"LogoAdd": 1}),
    ],
)
async def test_what_the_operator_fixed_is_sent(
    aiart: Aiart,
    server: Server,
    name: str,
    settings: dict[str, str],
    options: dict[str, Any],
    expected: dict[str, object],
    journal: Journal,
) -> None:
    asked = work(name, **options)
    asked = replace(asked, engine=replace(asked.engine, settings=settings))
    server.tell(asked.engine.action, said(JobId="j-1"))
    server.tell(asked.engine.action.replace("Submit", "Query"), DONE)
    await aiart.draw(asked, journal)
    sent = server.seen[0][1]
    assert {name: sent.get(name) for name in expected} == expected


@pytest.mark.parametrize("taken_s", [5.0, 13.0, 40.0, 200.0])
async def test_asking_makes_a_job_longer_by_a_tenth_at_the_most(
    aiart: Aiart, server: Server, time: Time, taken_s: float, journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    waiting = GOING
    server.replies[QUERY] = _Until(time, taken_s, waiting, DONE)
    await aiart.draw(work("hy-3.0"), journal)
    assert taken_s <= time.at <= taken_s * 1.1
    assert len(time.pauses) / taken_s < 5  # requests a second; the API takes twenty


class _Until(list[Reply]):
    """One reply until a time, then another."""

    def __init__(self, time: Time, at: float, before: Reply, after: Reply) -> None:
        super().__init__()
        self._told = (time, at, before, after)

    def pop(self, _: Any = -1) -> Reply:
        time, at, before, after = self._told
        return after if time.at >= at else before


async def test_a_job_that_never_ends_is_given_up_as_unknown(
    aiart: Aiart, server: Server, time: Time, journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.replies[QUERY] = _Until(time, 1e9, GOING, DONE)
    with pytest.raises(OutcomeUnknown) as caught:
        await aiart.draw(work("hy-3.0"), journal)
    assert caught.value.code == "JobTimeout"
    assert GIVE_UP_S <= time.at <= GIVE_UP_S + 5


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("OperationDenied.TextIllegalDetected", Moderated),
        ("OperationDenied.ImageIllegalDetected", Moderated),
        ("FailedOperation.GenerateImageFailed", Moderated),
        ("FailedOperation.ImageDecodeFailed", InputRefused),
        ("FailedOperation.ServerError", ServerFault),
        ("RequestLimitExceeded.JobNumExceed", Busy),
        ("", ServerFault),
    ],
)
async def test_a_failed_job_is_the_class_of_its_code(
    aiart: Aiart, server: Server, code: str, kind: type[ProviderError], journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.tell(QUERY, failed(code, "It failed."))
    with pytest.raises(kind) as caught:
        await aiart.draw(work("hy-3.0"), journal)
    assert (caught.value.detail, caught.value.request_id) == ("It failed", "req-1")
    assert server.paths() == [SUBMIT, QUERY]


async def test_a_review_told_as_the_querys_own_error_is_a_review(
    aiart: Aiart, server: Server, journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.tell(QUERY, refused("OperationDenied.ImageIllegalDetected"))
    with pytest.raises(Moderated):
        await aiart.draw(work("hy-3.0"), journal)


@pytest.mark.parametrize("images", [None, [], [""], [None], "text", 7])
async def test_a_job_done_without_a_picture_is_a_lost_result(
    aiart: Aiart, server: Server, images: object, journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.tell(QUERY, said(JobStatusCode="5", ResultImage=images))
    with pytest.raises(ResultLost):
        await aiart.draw(work("hy-3.0"), journal)


async def test_lost_answers_about_a_job_are_asked_for_again(
    aiart: Aiart, server: Server, journal: Journal
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    lost = [Reply(drop=True), Reply(b"<html>"), Reply(b"{}", status=502)]
    passing = [refused("FailedOperation.ServerError"), refused("RequestLimitExceeded")]
    unknown_yet = refused("FailedOperation.JobNotExist")
    server.tell(QUERY, *lost, *passing, unknown_yet, said(), said(JobStatusCode=2), DONE)
    assert (await aiart.draw(work("hy-3.0"), journal)).urls == (URL,)
    assert server.paths().count(SUBMIT) == 1


async def test_answers_that_stay_lost_hand_the_job_back_with_its_id_kept(
    aiart: Aiart, server: Server, attempt: Attempt
) -> None:
    server.tell(SUBMIT, said(JobId="j-1"))
    server.tell(QUERY, *[Reply(drop=True)] * 9)
    with pytest.raises(ServerFault):
        await aiart.draw(work("hy-3.0"), attempt.journal)
    assert await attempt.written() == (True, "j-1")


async def test_a_job_the_api_has_forgotten_is_unknown(
    aiart: Aiart, server: Server, journal: Journal
) -> None:
    server.tell(QUERY, *[refused("FailedOperation.JobNotExist")] * 9)
    with pytest.raises(OutcomeUnknown) as caught:
        await aiart.draw(work("hy-3.0", remote_task="j-0"), journal)
    assert type(caught.value) is OutcomeUnknown
    assert SUBMIT not in server.paths()


async def test_an_earlier_tries_job_is_taken_up_again_without_paying(
    aiart: Aiart, server: Server, attempt: Attempt
) -> None:
    server.tell(QUERY, GOING, DONE)
    drawn = await aiart.draw(work("hy-3.0", remote_task="j-0"), attempt.journal)
    assert (drawn.urls, await attempt.written()) == ((URL,), (False, None))
    assert server.paths() == [QUERY, QUERY]


async def test_an_earlier_tries_job_that_failed_for_a_passing_reason_is_submitted_anew(
    aiart: Aiart, server: Server, attempt: Attempt
) -> None:
    server.tell(QUERY, failed("FailedOperation.InnerError"), DONE)
    server.tell(SUBMIT, said(JobId="j-1"))
    drawn = await aiart.draw(work("hy-3.0", remote_task="j-0"), attempt.journal)
    assert (drawn.urls, await attempt.written()) == ((URL,), (True, "j-1"))


async def test_an_earlier_tries_job_that_was_refused_is_not_submitted_again(
    aiart: Aiart, server: Server, journal: Journal
) -> None:
    server.tell(QUERY, failed("OperationDenied.TextIllegalDetected"))
    with pytest.raises(Moderated):
        await aiart.draw(work("hy-3.0", remote_task="j-0"), journal)
    assert server.paths() == [QUERY]


@pytest.mark.parametrize(
    "reply", [Reply(drop=True), Reply(b"<html>"), Reply(b'{"Respo', drop=True), said(JobId=None)]
)
async def test_a_lost_answer_to_a_submit_is_unknown(
    aiart: Aiart, server: Server, reply: Reply, journal: Journal
) -> None:
    server.tell(SUBMIT, reply)
    with pytest.raises(OutcomeUnknown):
        await aiart.draw(work("hy-3.0"), journal)
    assert server.paths() == [SUBMIT]


async def test_no_place_for_a_job_is_busy(aiart: Aiart, server: Server, journal: Journal) -> None:
    server.tell(SUBMIT, refused("RequestLimitExceeded.JobNumExceed"))
    with pytest.raises(Busy):
        await aiart.draw(work("hy-3.0"), journal)
