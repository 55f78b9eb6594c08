"""Job ids, states, and what a job never shows."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.jobs.job import Destination, Job, JobState, job_id_of
from tests.contract.orders import NOW, order

SNOWFLAKES = st.integers(min_value=0, max_value=2**64 - 1)


@given(SNOWFLAKES, SNOWFLAKES)
def test_job_ids_are_unique_and_sort_like_their_interactions(one: int, other: int) -> None:
    assert (job_id_of(one) < job_id_of(other)) == (one < other)
    assert (job_id_of(one) == job_id_of(other)) == (one == other)


@given(SNOWFLAKES)
def test_a_job_id_fits_a_nonce_and_reads_back(interaction_id: int) -> None:
    job_id = job_id_of(interaction_id)
    assert len(job_id) <= 25
    assert int(job_id, 36) == interaction_id


def test_the_interaction_token_is_not_in_the_repr() -> None:
    destination = Destination(
        guild_id=1,
        channel_id=2,
        user_id=3,
        application_id=4,
        message_id=5,
        token="very-secret",
        token_expires_at=0,
        filesize_limit=1,
    )
    assert "very-secret" not in repr(destination)


def test_only_an_unreadable_result_of_an_unknown_end_is_kept_unread() -> None:
    unread = Job(order(), JobState.UNKNOWN, NOW, error_code="ResultUnreadable")
    assert unread.is_kept_unread
    assert not replace(unread, error_code="ResultLost").is_kept_unread
    assert not replace(unread, state=JobState.DELIVERING).is_kept_unread
