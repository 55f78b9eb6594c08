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
from tests.contract.providers.mechanisms import BY_JOB, BY_TASK, House
from tests.contract.providers.ways import cloud, polled

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
    house: House, code: str, kind: type[ProviderError]
) -> None:
    house.tencent.script(house.way.paid, code=code)
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert caught.value.request_id == house.tencent.calls[-1].request_id
    assert house.pictures_paid == 0


@cloud
@pytest.mark.parametrize("code", ["InternalError", "FailedOperation.NewThing", "NeverHeardOf"])
async def test_an_unclear_code_is_repeated_only_where_that_pays_nothing_twice(
    house: House, code: str
) -> None:
    house.tencent.script(house.way.paid, code=code, when="after")
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    assert isinstance(caught.value, ServerFault if house.way.is_safe else OutcomeUnknown)
    if house.way.is_safe:
        await house.draw()
        assert house.pictures_paid == 1


@cloud
async def test_an_action_that_went_offline_is_an_engine_gone(house: House) -> None:
    house.tencent.gone(house.way.paid)
    with pytest.raises(EngineGone):
        await house.draw()


@cloud
async def test_a_wrong_key_is_the_operators_fault_and_concerns_the_account(house: House) -> None:
    provider = house.built(house.tencent.url, key="another-key")
    with pytest.raises(OperatorFault) as caught:
        await provider.draw(house.restyle(), house.attempt.journal)
    assert (caught.value.code, caught.value.reach) == ("AuthFailure.SignatureFailure", "account")


@cloud
async def test_a_wrong_clock_is_the_operators_fault_and_named(house: House) -> None:
    provider = house.built(house.tencent.url, off_s=400)
    with pytest.raises(OperatorFault) as caught:
        await provider.draw(house.restyle(), house.attempt.journal)
    assert caught.value.code == "AuthFailure.SignatureExpire"
    assert re.search("clock is (399|400|401) s ahead", caught.value.detail)
    assert "NTP" in caught.value.remedy


ENDS: list[tuple[str, type[ProviderError]]] = [
    ("RequestLimitExceeded", Busy),
    ("ResourceInsufficient", ServerFault),
]


@pytest.mark.parametrize(
    ("house", "code", "kind"),
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
    indirect=["house"],
    ids=str,
)
async def test_a_failed_task_is_its_class_and_costs_nothing(
    house: House, code: str, kind: type[ProviderError]
) -> None:
    house.tencent.script(house.way.paid, task_error=(70000, code))
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    assert type(caught.value) is kind
    assert house.pictures_paid == 0


@polled
@pytest.mark.parametrize(("code", "kind"), ENDS, ids=str)
async def test_a_task_that_failed_for_a_passing_reason_can_be_tried_again(
    house: House, code: str, kind: type[ProviderError]
) -> None:
    house.tencent.script(house.way.paid, task_error=(70000, code))
    with pytest.raises(kind):
        await house.draw()
    drawn = await house.draw(house.restyle(remote_task=await house.attempt.task()))
    assert len(drawn.urls) == house.pictures_paid == 1


@polled
async def test_a_fault_of_the_account_while_asking_leaves_the_task_to_be_taken_up(
    house: House,
) -> None:
    house.tencent.script(house.way.asks, code="AuthFailure.TokenFailure")
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    cause = caught.value if isinstance(caught.value, OperatorFault) else caught.value.__cause__
    assert isinstance(cause, OperatorFault)
    drawn = await house.draw(house.restyle(remote_task=await house.attempt.task()))
    assert len(drawn.urls) == house.pictures_paid == 1
