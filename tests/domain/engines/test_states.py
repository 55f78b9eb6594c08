"""How long an engine is left alone after a fault of the operator's account."""

from dataclasses import replace

import pytest

from bot.domain.engines.states import EngineState, Fault, Kind, prolonged, suspended
from bot.domain.provider_errors import EngineGone, OperatorFault

NOW = 1_800_000_000.0
ARREARS = Fault(("anime",), Kind.PAUSED, "ResourceUnavailable.InArrears", "req-1")
GONE = Fault(("anime",), Kind.GONE, "ActionOffline", "req-2")


def after(earlier: EngineState | None, now: float, fault: Fault = ARREARS) -> EngineState:
    return suspended(earlier, fault, "anime", now)


def test_pauses_of_one_fault_double_from_ten_minutes_to_six_hours() -> None:
    minutes, state, now = [], None, NOW
    for _ in range(8):
        state = after(state, now)
        minutes.append((state.until - now) / 60)
        now = state.until + 1
    assert minutes == [10, 20, 40, 80, 160, 320, 360, 360]


def test_a_fault_that_was_on_its_way_before_the_pause_makes_it_no_longer() -> None:
    first = after(None, NOW)
    assert after(first, NOW + 5) == first


def test_a_fault_long_after_the_pause_is_a_new_one_and_told_again() -> None:
    first = replace(after(None, NOW), told_at=NOW)
    soon, late = after(first, NOW + 700), after(first, NOW + 700 + 86_400)
    assert (soon.told_at, soon.until - soon.since) == (NOW, 1200)
    assert (late.told_at, late.until - late.since) == (None, 600)


def test_another_fault_starts_its_own_pause_and_is_told() -> None:
    first = replace(after(None, NOW), told_at=NOW)
    other = after(first, NOW + 60, replace(ARREARS, code="AuthFailure.SignatureExpire"))
    assert (other.since, other.told_at) == (NOW + 60, None)


def test_an_api_that_is_gone_is_tried_again_after_a_day_each_time() -> None:
    first = after(None, NOW, GONE)
    again = after(first, first.until, GONE)
    assert (first.until - NOW, again.until - again.since) == (86_400, 86_400)


def test_a_fault_that_a_free_call_still_meets_doubles_the_pause_from_its_end() -> None:
    first = replace(after(None, NOW), told_at=NOW)
    ahead, late = prolonged(first, first.until - 20), prolonged(first, first.until + 500)
    assert (ahead.since, ahead.until - ahead.since) == (first.until, 1200)
    assert (late.since, late.until - late.since) == (first.until + 500, 1200)
    assert (ahead.told_at, ahead.request_id) == (NOW, "req-1")


def test_a_fault_met_at_another_address_says_nothing_about_this_one() -> None:
    here, there = (replace(ARREARS, addresses={"anime": place}) for place in ("here", "there"))
    first = replace(after(None, NOW, here), told_at=NOW)
    assert first.address == "here"
    assert after(first, NOW + 5, here) == first
    moved = after(first, NOW + 5, there)
    assert (moved.address, moved.since, moved.told_at) == ("there", NOW + 5, None)


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [(ARREARS, OperatorFault, "not available right now"), (GONE, EngineGone, "no longer exists")],
)
def test_what_waited_ends_as_the_fault_itself_would(
    fault: Fault, kind: type[Exception], words: str
) -> None:
    error = after(None, NOW, fault).error()
    assert type(error) is kind
    assert error.code == fault.code
    assert words in str(error)
