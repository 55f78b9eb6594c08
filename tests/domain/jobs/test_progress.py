"""How far a job at work is told to be: the API's word, else an estimate."""

import pytest

from bot.domain.jobs.job import JobId
from bot.domain.jobs.line import Standing
from bot.domain.jobs.progress import Progress, is_further, with_progress
from bot.domain.jobs.scheduling import EditBudget

AT_WORK = Standing(0, 5, 20, is_running=True)
STEADY = [18.0, 19.0, 20.0, 21.0, 90.0]  # the usual time is 20 s


def test_what_an_api_says_is_told_in_steps_and_is_no_estimate() -> None:
    found = with_progress(AT_WORK, 67, STEADY, since_s=1)
    assert (found.percent, found.is_estimate) == (60, False)


@pytest.mark.parametrize(("since_s", "percent"), [(0, 0), (5, 20), (12, 60), (20, 90), (900, 90)])
@pytest.mark.parametrize("said", [None, 0])
def test_without_its_word_the_usual_time_is_asked_and_no_end_promised(
    said: int | None, since_s: float, percent: int
) -> None:
    found = with_progress(AT_WORK, said, STEADY, since_s)
    assert (found.percent, found.is_estimate) == (percent, True)


def test_where_nothing_was_learned_yet_nothing_is_told() -> None:
    assert with_progress(AT_WORK, None, STEADY[:3], since_s=5) == AT_WORK


def test_a_bar_that_moved_is_worth_an_edit_and_one_that_went_back_is_not() -> None:
    def at(percent: int | None) -> Standing:
        return Standing(0, 5, 20, is_running=True, percent=percent)

    assert is_further(at(None), at(10))
    assert is_further(at(10), at(20))
    assert not is_further(at(20), at(20))
    assert not is_further(at(20), at(10))
    assert not is_further(at(20), at(None))
    assert not is_further(None, at(20))  # what shows nothing yet is news in any case


def test_an_edit_that_may_wait_leaves_the_last_ones_to_others() -> None:
    budget = EditBudget(per_second=2.0, most=4.0)
    assert [budget.take(100.0, leaving=2.0) for _ in range(3)] == [True, True, False]
    assert budget.take(100.0)
    assert not budget.take(100.5, leaving=2.0)


def test_only_what_is_at_work_here_has_a_progress() -> None:
    progress, job_id = Progress(), JobId("0" * 13)
    assert not progress.is_here(job_id)
    progress.begin(job_id)
    assert progress.is_here(job_id)
    assert progress.of(job_id) is None
    progress.note(job_id, 140)
    assert progress.of(job_id) == 100
    progress.forget(job_id)
    assert (progress.is_here(job_id), progress.of(job_id)) == (False, None)
