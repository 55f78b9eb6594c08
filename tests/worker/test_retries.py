"""When a job is tried again, and what it ends with: what may be at work may have been paid."""

from dataclasses import replace

import pytest

from bot.domain.jobs.endings import failed
from bot.domain.jobs.job import Job, JobState
from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.jobs.scheduling import MAX_TRIES
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    ServerFault,
)
from bot.worker.retries import (
    Interrupted,
    last_word,
    may_be_at_work_still,
    pause_before_retry,
    while_at_work,
)
from tests.contract.orders import NOW, order

HOUR = 3600.0
JOB = Job(order(), JobState.RUNNING, created_at=NOW, deadline_at=NOW + 6 * HOUR, attempt=1)
TIRED = replace(JOB, faults=MAX_TRIES - 1)


def pause(
    job: Job,
    error: ProviderError,
    now: float = NOW,
    *,
    may_be_at_work: bool = False,
    suspended_until: float | None = None,
    retry_unknown: bool = False,
) -> float | None:
    return pause_before_retry(
        job,
        error,
        now,
        may_be_at_work=may_be_at_work,
        suspended_until=suspended_until,
        retry_unknown=retry_unknown,
    )


def test_a_task_out_of_sight_is_sought_until_six_hours_after_the_jobs_own_deadline() -> None:
    often = replace(TIRED, attempt=40)
    assert pause(JOB, OutOfSight()) == 2
    assert pause(often, OutOfSight(), NOW + 12 * HOUR - 1) == 60
    assert pause(often, OutOfSight(), NOW + 12 * HOUR) is None


def test_a_task_of_a_suspended_engine_is_asked_about_when_that_is_over() -> None:
    assert pause(JOB, OutOfSight(), suspended_until=NOW + 600) == 600


def test_a_busy_api_uses_up_no_tries() -> None:
    late = NOW + 100 * HOUR
    assert pause(TIRED, Busy(retry_after_s=7), late) == 7
    assert pause(TIRED, Busy(retry_after_s=7), late, may_be_at_work=True) is None


@pytest.mark.parametrize("kind", [ServerFault, Interrupted])
def test_faults_and_interruptions_are_repeated_a_few_times(kind: type[ProviderError]) -> None:
    assert pause(JOB, kind()) == 2
    assert pause(TIRED, kind()) is None


@pytest.mark.parametrize("error", [ResultLost(), Moderated(what="prompt"), InputRefused()])
def test_what_was_paid_or_refused_is_never_sent_again(error: ProviderError) -> None:
    assert pause(JOB, error, retry_unknown=True) is None


def test_an_unknown_outcome_is_sent_again_only_where_the_operator_wants_it() -> None:
    assert pause(JOB, OutcomeUnknown()) is None
    assert pause(JOB, OutcomeUnknown(), retry_unknown=True) == 2


@pytest.mark.parametrize(
    ("error", "may_be_at_work", "state", "cost"),
    [
        (ServerFault(), False, JobState.FAILED, 0.0),
        (ServerFault(), True, JobState.UNKNOWN, 0.08),
        (OutOfSight(), False, JobState.UNKNOWN, 0.08),
        (Interrupted(), False, JobState.UNKNOWN, 0.08),
        (Busy(), True, JobState.UNKNOWN, 0.08),
        (Moderated(what="prompt"), True, JobState.REFUSED, 0.0),
    ],
)
def test_what_may_be_at_work_ends_as_unknown_and_paid(
    error: ProviderError, *, may_be_at_work: bool, state: JobState, cost: float
) -> None:
    ending = failed(JOB, last_word(error, may_be_at_work=may_be_at_work))
    assert (ending.state, ending.cost_usd, ending.images) == (state, cost, 0)


def test_a_fault_of_the_account_says_nothing_about_what_is_at_work() -> None:
    assert isinstance(while_at_work(OperatorFault("AuthFailure")), OutOfSight)
    assert isinstance(while_at_work(Busy()), Busy)


def test_only_a_sent_job_without_a_task_may_be_at_work_unknown_to_us() -> None:
    sent = replace(JOB, sent_at=NOW)
    assert may_be_at_work_still(sent)
    assert not may_be_at_work_still(JOB)
    assert not may_be_at_work_still(replace(sent, remote_task="task-1"))
