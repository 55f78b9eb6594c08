"""When a block ends, as it was typed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotPossible
from bot.domain.moderation.ends import MOST_S, end_of
from bot.domain.moderation.errors import EndNotAhead, EndNotRead, EndTooFar

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 20, 17, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("90m", NOW + timedelta(minutes=90)),
        ("12h", NOW + timedelta(hours=12)),
        (" 3D ", NOW + timedelta(days=3)),
        ("2w", NOW + timedelta(weeks=2)),
        ("1d 12h", NOW + timedelta(hours=36)),
        ("1d12h", NOW + timedelta(hours=36)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=BERLIN)),
        ("2026-12-24 18:00", datetime(2026, 12, 24, 18, tzinfo=BERLIN)),
        ("2026-12-24T18:00", datetime(2026, 12, 24, 18, tzinfo=BERLIN)),
        ("2027-7-1", datetime(2027, 6, 30, 22, tzinfo=UTC)),
        ("18:00", datetime(2026, 12, 20, 18, tzinfo=BERLIN)),
        ("9:05", datetime(2026, 12, 21, 9, 5, tzinfo=BERLIN)),
    ],
)
def test_an_end_is_a_span_or_a_time_of_the_servers_clock(typed: str, end: datetime) -> None:
    assert end_of(typed, NOW.timestamp(), BERLIN) == end.timestamp()


@pytest.mark.parametrize("typed", ["tomorrow", "3", "3 days", "24.12.2026", "2026-02-30", "25:00"])
def test_what_cannot_be_read_is_answered_with_the_forms_there_are(typed: str) -> None:
    with pytest.raises(EndNotRead, match=r"3d, 12h or 1d 12h.*2026-12-24.*18:00"):
        end_of(typed, NOW.timestamp(), BERLIN)


@pytest.mark.parametrize("typed", ["2026-12-20", "2026-12-20 17:30", "0m", "0001-01-01"])
def test_an_end_lies_ahead(typed: str) -> None:
    with pytest.raises(EndNotAhead):
        end_of(typed, NOW.timestamp(), BERLIN)


@pytest.mark.parametrize("typed", ["999999w", "9999-12-31", "2037-01-01"])
def test_an_end_lies_no_more_than_ten_years_ahead(typed: str) -> None:
    with pytest.raises(EndTooFar):
        end_of(typed, NOW.timestamp(), BERLIN)


@given(
    typed=st.text(max_size=40) | st.from_regex(r"[0-9:\- TmhdwZ+]{1,30}", fullmatch=True),
    zone=st.sampled_from(["UTC", "America/St_Johns", "Pacific/Kiritimati"]),
)
def test_whatever_is_typed_an_end_is_ahead_or_a_sentence_says_why_not(
    typed: str, zone: str
) -> None:
    now = NOW.timestamp()
    try:
        end = end_of(typed, now, ZoneInfo(zone))
    except NotPossible:
        return
    assert now < end <= now + MOST_S
