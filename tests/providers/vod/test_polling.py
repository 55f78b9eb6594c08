"""A task is looked after so that its end is seen soon, and no more often than that needs."""

from contextlib import ExitStack
from itertools import pairwise

import pytest

from bot.providers.vod.polling import Polling

ENGINE = "gg-3.0"


def looks(polling: Polling, until_s: float) -> list[float]:
    """Return when a task that ends at `until_s` is looked at; the last look sees the end."""
    at = [polling.pause_s(ENGINE, 0.0)]
    while at[-1] < until_s:
        at.append(at[-1] + polling.pause_s(ENGINE, at[-1]))
    return at


def learned(*seconds: float) -> Polling:
    polling = Polling()
    for each in seconds:
        polling.record(ENGINE, each)
    return polling


@pytest.mark.parametrize("taken_s", [13.0, 14.2, 16.0, 17.7, 19.0, 25.0, 40.0, 49.0])
def test_before_anything_is_known_the_recorded_times_are_expected(taken_s: float) -> None:
    seen = looks(Polling(), taken_s)
    assert seen[-1] <= taken_s * 1.1
    assert len(seen) < 50


@pytest.mark.parametrize("usual_s", [3.0, 8.0, 13.0, 30.0, 60.0])
@pytest.mark.parametrize("share", [0.92, 1.0, 1.08])
def test_an_end_near_the_usual_time_is_seen_at_once(usual_s: float, share: float) -> None:
    taken_s = usual_s * share
    assert looks(learned(usual_s), taken_s)[-1] <= max(taken_s * 1.041, taken_s + 0.1)


@pytest.mark.parametrize("taken_s", [1.0, 4.0, 9.0])
def test_an_end_long_before_the_usual_time_is_seen_a_quarter_late_at_the_most(
    taken_s: float,
) -> None:
    assert looks(learned(30.0), taken_s)[-1] <= max(taken_s * 1.25, taken_s + 1.1)


def test_only_the_latest_times_are_remembered() -> None:
    polling = learned(300.0, *[10.0] * 8)
    assert looks(polling, 10.0)[-1] <= 10.41


def test_a_long_task_is_looked_at_every_five_seconds() -> None:
    late = [later - earlier for earlier, later in pairwise(looks(Polling(), 600.0))]
    assert max(late) == 5.0


def test_the_more_tasks_there_are_the_seldomer_each_is_looked_at() -> None:
    polling = learned(13.0)
    alone = polling.pause_s(ENGINE, 13.0)
    with ExitStack() as tasks:
        for _ in range(60):
            tasks.enter_context(polling.watching())
        crowded = polling.pause_s(ENGINE, 13.0)
    assert polling.pause_s(ENGINE, 13.0) == alone
    assert alone < crowded == pytest.approx(60 / 40)


def test_engines_do_not_learn_from_each_other() -> None:
    polling = Polling()
    polling.record("og-high", 60.0)
    assert looks(polling, 13.0) == looks(Polling(), 13.0)
