"""Each class of error, as every provider tells it: before the work, in a task's end, and lost."""

import re

import pytest

from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ServerFault,
)
from tests.contract.providers.marks import cloud, over, polled
from tests.contract.providers.mechanisms import BY_JOB, BY_TASK, Harness

CODES: list[tuple[str, type[ProviderError]]] = [
    ("OperationDenied.TextIllegalDetected", Moderated),
    ("OperationDenied.ImageIllegalDetected", Moderated),
    ("FailedOperation.GenerateImageFailed", Moderated),
    ("FailedOperation.ImageDecodeFailed", InputRefused),
    ("RequestLimitExceeded.JobNumExceed", Busy),
    ("RequestLimitExceeded", Busy),
    ("FailedOperation.ServerError", ServerFault),
    ("ServiceUnavailable", Busy),
    ("ResourceUnavailable.InArrears", OperatorFault),
    ("AuthFailure.UnauthorizedOperation", OperatorFault),
    ("UnsupportedRegion", OperatorFault),
    ("ActionOffline", EngineGone),
    ("InvalidParameterValue", RequestBug),
]


@cloud
@pytest.mark.parametrize(("code", "kind"), CODES, ids=str)
async def test_an_error_before_the_work_is_its_class_and_costs_nothing(
    harness: Harness, code: str, kind: type[ProviderError]
) -> None:
    harness.tencent.script(harness.mechanism.paid, code=code)
    with pytest.raises(ProviderError) as caught:
        await harness.draw()
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert caught.value.request_id == harness.tencent.calls[-1].request_id
    assert harness.pictures_paid == 0


@cloud
@pytest.mark.parametrize("code", ["InternalError", "FailedOperation.NewThing", "NeverHeardOf"])
async def test_an_unclear_code_is_repeated_only_where_that_pays_nothing_twice(
    harness: Harness, code: str
) -> None:
    harness.tencent.script(harness.mechanism.paid, code=code, when="after")
    with pytest.raises(ProviderError) as caught:
        await harness.draw()
    assert isinstance(caught.value, ServerFault if harness.mechanism.is_safe else OutcomeUnknown)
    if harness.mechanism.is_safe:
        await harness.draw()
        assert harness.pictures_paid == 1


@cloud
async def test_an_action_that_went_offline_is_an_engine_gone(harness: Harness) -> None:
    harness.tencent.gone(harness.mechanism.paid)
    with pytest.raises(EngineGone):
        await harness.draw()


@cloud
async def test_a_wrong_key_is_the_operators_fault_and_concerns_the_account(
    harness: Harness,
) -> None:
    provider = harness.built(harness.tencent.url, key="another-key")
    with pytest.raises(OperatorFault) as caught:
        await provider.draw(harness.restyle(), harness.attempt.journal)
    assert (caught.value.code, caught.value.reach) == ("AuthFailure.SignatureFailure", "account")


@cloud
async def test_a_wrong_clock_is_the_operators_fault_and_named(harness: Harness) -> None:
    provider = harness.built(harness.tencent.url, off_s=400)
    with pytest.raises(OperatorFault) as caught:
        await provider.draw(harness.restyle(), harness.attempt.journal)
    assert caught.value.code == "AuthFailure.SignatureExpire"
    assert re.search("clock is (399|400|401) s ahead", caught.value.detail)
    assert "NTP" in caught.value.remedy


ENDS: list[tuple[str, type[ProviderError]]] = [
    ("RequestLimitExceeded", Busy),
    ("ResourceInsufficient", ServerFault),
]


@pytest.mark.parametrize(
    ("harness", "code", "kind"),
    [
        (BY_TASK, "ContentModerationFailed", Moderated),
        (BY_TASK, "InvalidParameter.VoilationContent", Moderated),
        (BY_TASK, "InvalidParameter.MediaFormat", InputRefused),
        (BY_TASK, "InputImageModerationFailed", Moderated),
        (BY_TASK, "InvalidParameter.PromptTooLong", InputRefused),
        (BY_TASK, "NeverHeardOf", ServerFault),
        (BY_JOB, "OperationDenied.ImageIllegalDetected", Moderated),
        (BY_JOB, "FailedOperation.GenerateImageFailed", Moderated),
        (BY_JOB, "FailedOperation.ImageDecodeFailed", InputRefused),
        (BY_JOB, "NeverHeardOf", OutcomeUnknown),
    ],
    indirect=["harness"],
    ids=str,
)
async def test_a_failed_task_is_its_class_and_costs_nothing(
    harness: Harness, code: str, kind: type[ProviderError]
) -> None:
    harness.tencent.script(harness.mechanism.paid, task_error=(70000, code))
    with pytest.raises(ProviderError) as caught:
        await harness.draw()
    assert type(caught.value) is kind
    assert harness.pictures_paid == 0


@over((BY_JOB, BY_TASK))  # processed pictures have numbers alone, and no such codes
@pytest.mark.parametrize(("code", "kind"), ENDS, ids=str)
async def test_a_task_that_failed_for_a_passing_reason_can_be_tried_again(
    harness: Harness, code: str, kind: type[ProviderError]
) -> None:
    harness.tencent.script(harness.mechanism.paid, task_error=(70000, code))
    with pytest.raises(kind):
        await harness.draw()
    drawn = await harness.draw(harness.restyle(remote_task=await harness.attempt.task()))
    assert len(drawn.urls) == harness.pictures_paid == 1


@polled
async def test_a_fault_of_the_account_while_asking_leaves_the_task_to_be_taken_up(
    harness: Harness,
) -> None:
    harness.tencent.script(harness.mechanism.asks, code="AuthFailure.TokenFailure")
    with pytest.raises(ProviderError) as caught:
        await harness.draw()
    cause = caught.value if isinstance(caught.value, OperatorFault) else caught.value.__cause__
    assert isinstance(cause, OperatorFault)
    drawn = await harness.draw(harness.restyle(remote_task=await harness.attempt.task()))
    assert len(drawn.urls) == harness.pictures_paid == 1
