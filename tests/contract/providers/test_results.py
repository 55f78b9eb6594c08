"""Finished pictures at their addresses: how long, how often, and what is no picture."""

import pytest

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import ProviderError, ServerFault
from bot.sandbox.tencent.server import DOWNLOAD
from tests.contract.providers.marks import cloud, polled
from tests.contract.providers.mechanisms import AT_ONCE, BY_JOB, BY_TASK, Harness


@pytest.mark.parametrize(
    ("harness", "late_s"),
    [(AT_ONCE, 3500), (BY_JOB, 3500), (BY_TASK, 6 * 86_400)],
    indirect=["harness"],
    ids=str,
)
async def test_a_result_waits_as_long_as_the_documents_say(harness: Harness, late_s: float) -> None:
    drawn = await harness.draw()
    harness.clock.skipped += late_s
    assert len(await harness.pictures(drawn)) == 1


@pytest.mark.parametrize(
    ("harness", "late_s", "kind"),
    [
        (AT_ONCE, 3700, ResultLost),
        (BY_JOB, 3700, ResultLost),
        (BY_TASK, 8 * 86_400, ServerFault),  # 404 is also said of what a store does not know yet
    ],
    indirect=["harness"],
    ids=str,
)
async def test_a_result_fetched_too_late_is_not_paid_for_again(
    harness: Harness, late_s: float, kind: type[ProviderError]
) -> None:
    drawn = await harness.draw()
    harness.clock.skipped += late_s
    with pytest.raises(ProviderError) as caught:
        await harness.pictures(drawn)
    assert type(caught.value) is kind
    assert caught.value.code == "ResultNotFetched"
    assert harness.pictures_paid == 1


@cloud
async def test_a_result_that_cannot_be_fetched_now_can_be_later_for_nothing(
    harness: Harness,
) -> None:
    drawn = await harness.draw()
    harness.tencent.script(DOWNLOAD, code="ServiceUnavailable", times=6)
    with pytest.raises(ServerFault):
        await harness.pictures(drawn)
    assert len(await harness.pictures(drawn)) == harness.pictures_paid == 1


@cloud
async def test_a_result_that_breaks_off_is_fetched_again_for_nothing(harness: Harness) -> None:
    drawn = await harness.draw()
    harness.tencent.script(DOWNLOAD, garbage=b"half a picture", drop=True, times=2)
    assert len(await harness.pictures(drawn)) == harness.pictures_paid == 1


@cloud
async def test_a_page_in_a_results_place_is_fetched_again_for_nothing(harness: Harness) -> None:
    drawn = await harness.draw()
    harness.tencent.script(DOWNLOAD, garbage=b"<html>bad gateway</html>")
    assert len(await harness.pictures(drawn)) == harness.pictures_paid == 1


@polled
async def test_a_reply_without_its_empty_members_reads_the_same(harness: Harness) -> None:
    harness.tencent.sparse = True
    assert len((await harness.draw()).urls) == 1
