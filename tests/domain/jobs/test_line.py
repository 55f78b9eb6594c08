"""Places, ranges of time, what is worth an edit, and how many edits there are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs.job import JobId
from bot.domain.jobs.limits import RunLimits
from bot.domain.jobs.line import (
    Forecast,
    Line,
    Place,
    Standing,
    Waiting,
    at_work,
    is_news,
    places,
    standing,
)
from bot.domain.jobs.scheduling import EditBudget

LIMITS = RunLimits(pools={"aiart": 3}, per_guild=3, per_user=1)
STEADY = [10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 24.0]


def waiting(name: str, lane: int = 1, user: int = 1, priority: int = 0) -> Waiting:
    return Waiting(JobId(name), priority, lane, user, 1, "anime")


def running(name: str, lane: int = 1, user: int = 1) -> Waiting:
    return Waiting(JobId(name), 0, lane, user, 1, "anime", started_at=1.0)


def test_a_lone_job_starts_now() -> None:
    assert places(Line([waiting("a")]), 3, LIMITS) == {"a": Place(0, 0)}


def test_a_members_own_jobs_start_one_after_the_other() -> None:
    found = places(Line([waiting("a"), waiting("b"), waiting("c")]), 3, LIMITS)
    assert [found[JobId(name)].rounds for name in "abc"] == [0, 1, 2]


def test_another_guild_does_not_wait_behind_a_flood() -> None:
    flood = [waiting(f"f{n}", lane=1, user=n) for n in range(50)]
    found = places(Line([*flood, waiting("b", lane=2, user=99)]), 3, LIMITS)
    assert found[JobId("b")] == Place(1, 0)


def test_a_full_pool_is_waited_for() -> None:
    busy = [running(f"r{n}", user=10 + n) for n in range(3)]
    assert places(Line([*busy, waiting("a", lane=2)]), 3, LIMITS) == {"a": Place(0, 1)}


def test_what_was_put_first_goes_first_in_its_guild_alone() -> None:
    here = [waiting("a"), waiting("b", user=2, priority=1), waiting("c", user=3, priority=2)]
    found = places(Line([waiting("x", lane=2), waiting("y", lane=2), *here]), 1, LIMITS)
    assert list(found) == ["x", "c", "y", "b", "a"]


def test_what_runs_in_other_pools_takes_the_places_of_its_server_and_member_and_no_slot() -> None:
    limits = RunLimits(pools={"aiart": 2}, per_guild=1, per_user=1)
    line = [waiting("a", lane=1, user=1), waiting("b", lane=2, user=2), waiting("c", lane=3)]
    found = places(Line(line, elsewhere=[(1, 9), (9, 2)]), 2, limits)
    assert [found[JobId(name)].rounds for name in "cab"] == [0, 1, 1]


def test_limits_that_let_nobody_start_foretell_nothing() -> None:
    nobody = RunLimits(pools={"aiart": 1}, per_guild=0)
    assert places(Line([waiting("a")]), 1, nobody) == {}


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 1)), max_size=30),
    st.integers(1, 4),
)
def test_everybody_has_one_place_and_rounds_never_go_back(
    who: list[tuple[int, int, int]], slots: int
) -> None:
    jobs = [waiting(f"j{n}", lane, user, rank) for n, (lane, user, rank) in enumerate(who)]
    found = places(Line(jobs), slots, LIMITS)
    assert sorted(found) == sorted(job.id for job in jobs)
    assert [place.ahead for place in found.values()] == list(range(len(jobs)))
    rounds = [place.rounds for place in found.values()]
    assert rounds == sorted(rounds)
    assert all(rounds.count(number) <= slots for number in rounds)


def test_the_range_runs_from_the_lower_to_the_upper_quartile() -> None:
    now = standing(Place(0, 0), STEADY)
    assert 10 < now.low_s < 16 < now.high_s < 24


def test_who_runs_now_may_be_done_at_once_or_have_just_begun() -> None:
    first, later = standing(Place(0, 0), STEADY), standing(Place(4, 2), STEADY)
    assert later.low_s == 2 * first.low_s
    assert later.high_s == 3 * first.high_s


def test_without_a_history_the_range_is_wide() -> None:
    assert standing(Place(0, 0), [3.0, 3.0]) == Standing(0, 10.0, 25.0)


def test_one_odd_time_does_not_move_the_range() -> None:
    calm = standing(Place(0, 0), STEADY)
    odd = standing(Place(0, 0), [*STEADY[:-1], 900.0])
    assert odd.high_s < calm.high_s * 1.1


def test_work_that_goes_on_is_expected_sooner_and_never_in_the_past() -> None:
    assert at_work(STEADY, 5.0).high_s < at_work(STEADY, 0.0).high_s
    assert at_work(STEADY, 500.0).low_s == 0.0


def test_near_places_matter_one_by_one_and_far_ones_by_fifths() -> None:
    def at(ahead: int) -> Standing:
        return Standing(ahead, 10, 20)

    assert is_news(None, at(0))
    assert is_news(at(2), at(1))
    assert not is_news(at(50), at(45))
    assert is_news(at(50), at(40))


def test_a_much_longer_wait_and_the_start_are_news_and_the_same_is_not() -> None:
    assert is_news(Standing(0, 10, 20), Standing(0, 20, 40))
    assert not is_news(Standing(0, 10, 20), Standing(0, 11, 22))
    assert is_news(Standing(0, 10, 20), Standing(0, 10, 20, is_running=True))
    assert is_news(Standing(0, 10, 20), Standing(0, 10, 20, note="Paused"))
    started = Standing(0, 10, 20, is_running=True)
    assert not is_news(started, Standing(0, 0, 1, is_running=True))


def test_the_budget_allows_a_small_burst_and_then_two_a_second() -> None:
    budget = EditBudget(per_second=2.0, most=4.0)
    assert [budget.take(100.0) for _ in range(5)] == [True] * 4 + [False]
    assert budget.take(100.5)
    assert not budget.take(100.6)
    assert sum(budget.take(200.0) for _ in range(9)) == 4


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60))
def test_the_budget_is_never_overdrawn_however_it_is_asked(pauses: list[float]) -> None:
    budget, now, taken = EditBudget(per_second=2.0, most=4.0), 1000.0, 0
    for pause in pauses:
        now += pause
        taken += budget.take(now)
    assert taken <= 4 + 2 * (now - 1000.0) + 1e-6


def test_a_clock_that_goes_back_earns_nothing() -> None:
    budget = EditBudget(per_second=2.0, most=1.0)
    assert budget.take(100.0)
    assert not budget.take(50.0)


asked = st.tuples(st.integers(1, 3), st.integers(1, 60), st.integers(0, 1))
had = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 60)), st.integers(0, 3).map(float), max_size=60
)


elsewhere = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 60)), max_size=4)


@given(
    st.lists(asked, max_size=140), st.lists(asked, max_size=60), had, st.integers(0, 3), elsewhere
)
def test_jobs_added_later_stand_where_a_new_look_would_see_them(
    read: list[tuple[int, int, int]],
    added: list[tuple[int, int, int]],
    vtimes: dict[tuple[int, int], float],
    at_work: int,
    others: list[tuple[int, int]],
) -> None:
    jobs = [waiting(f"j{n}", *who) for n, who in enumerate([*read, *added])]
    jobs[:at_work] = [replace(job, started_at=1.0) for job in jobs[:at_work]]
    forecast = Forecast(Line(jobs[: len(read)], vtimes, others), 3, LIMITS)
    for job in jobs[len(read) :]:
        forecast.add(job)
    assert forecast.places == places(Line(jobs, vtimes, others), 3, LIMITS)


def test_a_flood_is_not_played_through_again_for_each_of_its_jobs() -> None:
    for flood in (
        [waiting(f"f{n}") for n in range(5000)],
        [waiting(f"f{n}", user=n) for n in range(5000)],
    ):
        forecast = Forecast(Line(flood[:500]), 3, LIMITS)
        before = forecast.places
        for job in flood[500:]:
            forecast.add(job)
        assert forecast.places is before
        forecast.add(waiting("b", lane=2, user=9999))
        assert forecast.places[JobId("b")].ahead <= 1
