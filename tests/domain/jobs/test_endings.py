"""The table of ends, row by row (contract, "How a job may end, and who pays")."""

from dataclasses import replace

import pytest

from bot.domain.errors import EaselError
from bot.domain.jobs.endings import cancelled_sent, done, expired, failed
from bot.domain.jobs.job import Destination, Job, JobId, JobState, Options, Order
from bot.domain.jobs.reasons.reason import Reason, reason_of
from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import (
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    RequestBug,
    ServerFault,
)

PRICE = 0.08


def a_job() -> Job:
    destination = Destination(
        guild_id=1,
        channel_id=2,
        user_id=3,
        application_id=4,
        message_id=5,
        token="t",
        token_expires_at=0,
        filesize_limit=1,
    )
    order = Order(
        id=JobId("0" * 13),
        command="imagine",
        engine="gg-3.0",
        pool="vod",
        options=Options(prompt="a", count=1),
        destination=destination,
        price_usd=PRICE,
    )
    return Job(order, JobState.RUNNING, created_at=0.0, request_id="r-1")


def test_done_uses_quota_and_money_for_the_pictures_made() -> None:
    ending = done(a_job(), 2)
    assert (ending.state, ending.images, ending.refunded) == (JobState.DONE, 2, False)
    assert ending.cost_usd == pytest.approx(2 * PRICE)
    assert ending.request_id == "r-1"


@pytest.mark.parametrize(
    ("error", "state", "cost"),
    [
        (Moderated("c", what="prompt"), JobState.REFUSED, 0.0),
        (Moderated("c", what="picture"), JobState.REFUSED, 0.0),
        (Moderated("c", what="result"), JobState.REFUSED, PRICE),
        (InputRefused("c"), JobState.FAILED, 0.0),
        (ServerFault("c"), JobState.FAILED, 0.0),
        (OperatorFault("c"), JobState.FAILED, 0.0),
        (EngineGone("c"), JobState.FAILED, 0.0),
        (RequestBug("c"), JobState.FAILED, 0.0),
        (OutcomeUnknown(), JobState.UNKNOWN, PRICE),
        (ResultLost(), JobState.UNKNOWN, PRICE),
    ],
)
def test_every_other_end_gives_the_quota_back(
    error: EaselError, state: JobState, cost: float
) -> None:
    ending = failed(a_job(), error)
    assert (ending.state, ending.images, ending.refunded) == (state, 0, True)
    assert ending.cost_usd == pytest.approx(cost)
    assert ending.reason == reason_of(error)


def test_an_engine_that_bills_no_refused_results_costs_nothing_for_them() -> None:
    ending = failed(a_job(), Moderated("c", what="result"), bill_refused=False)
    assert ending.cost_usd == 0.0


def test_the_apis_own_code_is_what_the_ledger_keeps() -> None:
    error = ServerFault("FailedOperation.RpcFail", request_id="r-9")
    ending = failed(a_job(), error)
    assert (ending.error_code, ending.request_id) == ("FailedOperation.RpcFail", "r-9")


@pytest.mark.parametrize(("by", "when"), [(None, "You"), (3, "You"), (99, "A moderator")])
def test_a_paid_cancel_names_whose_it_was_and_an_older_one_is_its_owners(
    by: int | None, when: str
) -> None:
    ending = cancelled_sent(replace(a_job(), cancelled_by=by), "r-1")
    assert ending.reason is not None
    assert str(ending.reason.error) == (
        f"{when} cancelled it while the service was at work, so it counts towards your quota."
    )
    assert (ending.images, ending.billed) == (1, 1)


def test_an_expired_job_says_how_long_it_waited() -> None:
    reason = expired(6 * 3600).reason
    assert reason == Reason("NoPlaceInTime", {"waited_s": 6 * 3600})
    told = str(reason.error)
    assert told.startswith("No place came free within 6 h. Nothing was used from your quota.")
