"""Every error code of the documents has its class, and unknown ones fall to a safe one."""

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
from bot.providers.tencent.codes import CALLS, TASKS, call_error, task_error

REVIEWED = {
    "OperationDenied.TextIllegalDetected": "prompt",
    "OperationDenied.ImageIllegalDetected": "picture",
    "FailedOperation.GenerateImageFailed": "result",
    "FailedOperation.ModerationFailed": "prompt",
}
CLASSES: dict[type[ProviderError], str] = {
    InputRefused: (
        "FailedOperation.ImageDecodeFailed FailedOperation.ImageDownloadError "
        "FailedOperation.ImageResolutionExceed FailedOperation.ImageSizeExceed "
        "FailedOperation.RequestEntityTooLarge InvalidParameterValue.TextLengthExceed "
        "RequestSizeLimitExceeded"
    ),
    Busy: (
        "RequestLimitExceeded RequestLimitExceeded.JobNumExceed "
        "RequestLimitExceeded.UinLimitExceeded RequestLimitExceeded.GlobalRegionUinLimitExceeded "
        "RequestLimitExceeded.IPLimitExceeded ResourceInUse ResourceUnavailable.Delivering "
        "ServiceUnavailable"
    ),
    ServerFault: (
        "FailedOperation.InnerError FailedOperation.ServerError FailedOperation.RpcFail "
        "FailedOperation.Unknown FailedOperation.ConsoleServerError "
        "ResourceInsufficient"
    ),
    OutcomeUnknown: (
        "FailedOperation FailedOperation.RequestTimeout InternalError ResponseSizeLimitExceeded"
    ),
    OperatorFault: (
        "AuthFailure.UnauthorizedOperation AuthFailure.InvalidAuthorization "
        "AuthFailure.InvalidSecretId AuthFailure.MFAFailure AuthFailure.SecretIdNotFound "
        "AuthFailure.SignatureExpire AuthFailure.SignatureFailure AuthFailure.TokenFailure "
        "UnauthorizedOperation IpInBlacklist IpNotInWhitelist ResourceUnavailable "
        "ResourceUnavailable.InArrears ResourceUnavailable.LowBalance "
        "ResourceUnavailable.NotExist ResourceUnavailable.StopUsing "
        "ResourcesSoldOut.ChargeStatusException FailedOperation.InvalidVodUser "
        "InvalidParameterValue.SubAppId LimitExceeded LimitExceeded.Quota ResourceNotFound "
        "UnsupportedRegion InvalidParameterValue.Definition ResourceNotFound.TemplateNotExist "
        "LimitExceeded.TooMuchTemplate"
    ),
    EngineGone: "ActionOffline InvalidAction NoSuchProduct NoSuchVersion UnsupportedOperation",
    RequestBug: (
        "InvalidParameter InvalidParameter.InvalidParameter InvalidParameterValue "
        "InvalidParameterValue.ParameterValueError InvalidParameterValue.ImageEmpty "
        "InvalidParameterValue.StyleConflict InvalidParameterValue.UrlIllegal "
        "InvalidParameterValue.LogoParamErr InvalidParameterValue.FileId "
        "InvalidParameterValue.SessionContextTooLong InvalidParameterValue.SessionId "
        "InvalidParameterValue.SessionIdTooLong InvalidParameterValue.TaskId InvalidRequest "
        "MissingParameter UnknownParameter UnsupportedProtocol DryRunOperation "
        "FailedOperation.JobNotExist"
    ),
}
DOCUMENTED = [(code, kind) for kind, codes in CLASSES.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "kind"), DOCUMENTED, ids=str)
def test_a_documented_code_has_its_class_and_keeps_its_name(
    code: str, kind: type[ProviderError]
) -> None:
    error = call_error(code, request_id="req-1", detail="as told")
    assert type(error) is kind
    assert (error.code, error.request_id, error.detail) == (code, "req-1", "as told")


@pytest.mark.parametrize(("code", "what"), REVIEWED.items())
def test_a_review_says_what_it_refused(code: str, what: str) -> None:
    error = call_error(code)
    assert isinstance(error, Moderated)
    assert error.what == what
    assert what in str(error)


def test_every_row_of_the_table_is_a_documented_code() -> None:
    groups = {"AuthFailure", "ResourcesSoldOut"}
    assert set(CALLS) - groups == {code for code, _ in DOCUMENTED} | set(REVIEWED)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("FailedOperation.NeverHeardOf", OutcomeUnknown),
        ("FailedOperation.InnerError.Deeper", OutcomeUnknown),
        ("InternalError.NeverHeardOf", OutcomeUnknown),
        ("ResourceUnavailable.NeverHeardOf", OperatorFault),
        ("LimitExceeded.NeverHeardOf", OperatorFault),
        ("UnsupportedOperation.NeverHeardOf", EngineGone),
        ("AuthFailure.NeverHeardOf", OperatorFault),
        ("RequestLimitExceeded.NeverHeardOf", Busy),
        ("OperationDenied.NeverHeardOf", RequestBug),
        ("InvalidParameterValue.NeverHeardOf", RequestBug),
        ("NeverHeardOf", OutcomeUnknown),
        ("", OutcomeUnknown),
    ],
)
def test_an_undocumented_code_is_never_repeated_at_a_price_nor_blamed_on_the_member(
    code: str, kind: type[ProviderError]
) -> None:
    error = call_error(code)
    assert type(error) is kind
    assert not isinstance(error, ServerFault | InputRefused | Moderated)


@pytest.mark.parametrize(
    "code",
    [
        "AuthFailure.SecretIdNotFound",
        "AuthFailure.SignatureExpire",
        "ResourceUnavailable.InArrears",
        "LimitExceeded.Quota",
        "InvalidParameterValue.SubAppId",
    ],
)
def test_what_is_wrong_with_the_account_concerns_all_its_engines(code: str) -> None:
    error = call_error(code)
    assert isinstance(error, OperatorFault)
    assert error.reach == "account"


@pytest.mark.parametrize("code", CLASSES[OperatorFault].split())
def test_the_operator_is_told_what_to_do_about_each_of_their_codes(code: str) -> None:
    error = call_error(code)
    assert isinstance(error, OperatorFault)
    assert error.remedy.endswith(".")


@pytest.mark.parametrize(
    "code",
    [
        "ResourceUnavailable.NotExist",
        "ResourceUnavailable.StopUsing",
        "AuthFailure.UnauthorizedOperation",
        "UnauthorizedOperation",
        "UnauthorizedOperation.NeverHeardOf",
        "UnsupportedRegion",
        "ActionOffline",
        "InvalidAction",
        "NoSuchProduct",
        "NoSuchVersion",
    ],
)
def test_what_is_wrong_with_one_api_concerns_every_engine_behind_it(code: str) -> None:
    error = call_error(code)
    assert isinstance(error, OperatorFault | EngineGone)
    assert error.reach == "api"
    assert error.remedy.endswith(".")


def test_an_operation_that_is_not_supported_says_nothing_about_other_models() -> None:
    error = call_error("UnsupportedOperation")
    assert isinstance(error, EngineGone)
    assert error.reach == "engine"


def test_a_wrong_region_names_the_setting() -> None:
    error = call_error("UnsupportedRegion")
    assert isinstance(error, OperatorFault)
    assert "EASEL_AIART_REGION" in error.remedy


def test_a_full_account_waits_longer_than_a_quick_hand() -> None:
    quick, full = (
        call_error("RequestLimitExceeded"),
        call_error("RequestLimitExceeded.JobNumExceed"),
    )
    assert isinstance(quick, Busy)
    assert isinstance(full, Busy)
    assert 0 < quick.retry_after_s < full.retry_after_s


TASK_CLASSES: dict[str, type[ProviderError]] = {
    "RequestLimitExceeded": Busy,
    "FailedOperation": Busy,
    "InternalError": ServerFault,
    "ResourceInsufficient": ServerFault,
    "TaskTimeout": ServerFault,
    "ModelGenerateFailed": ServerFault,
    "OperationCanceled": ServerFault,
    "InvalidParameter.VoilationContent": Moderated,
    "ContentModerationFailed": Moderated,
    "InvalidParameter": InputRefused,
    "InvalidParameterValue": InputRefused,
    "InvalidParameter.MediaFormat": InputRefused,
    "ResourceNotFound": InputRefused,
}


@pytest.mark.parametrize(("code", "kind"), TASK_CLASSES.items())
def test_a_failed_task_has_its_class(code: str, kind: type[ProviderError]) -> None:
    assert type(task_error(code)) is kind


@pytest.mark.parametrize(
    ("code", "number", "kind"),
    [
        ("InvalidParameter.PromptTooLong", 40000, InputRefused),
        ("InvalidParameter.NeverHeardOf", 70000, InputRefused),
        ("RequestLimitExceeded.JobNumExceed", 70000, Busy),
        ("FailedOperation.NeverHeardOf", 70000, ServerFault),
        ("NeverHeardOf", 40013, InputRefused),
        ("NeverHeardOf", 60001, InputRefused),
        ("NeverHeardOf", 70007, ServerFault),
        ("40013", 40013, InputRefused),
        ("70000", 70000, ServerFault),
    ],
)
def test_an_undocumented_end_of_a_task_is_placed_by_its_first_word_then_by_its_number(
    code: str, number: int, kind: type[ProviderError]
) -> None:
    error = task_error(code, number=number, request_id="req-1", message="as told")
    assert type(error) is kind
    assert (error.code, error.request_id, error.detail) == (code, "req-1", "as told")


@pytest.mark.parametrize(("code", "number"), [("NeverHeardOf", 0), ("NeverHeardOf", 10001)])
def test_an_end_of_a_task_that_nothing_places_is_neither_repeated_nor_blamed_on_the_member(
    code: str, number: int
) -> None:
    assert type(task_error(code, number=number)) is OutcomeUnknown


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("InvalidParameter.ViolationContent", "prompt"),
        ("ContentModerationFailed.Input", "prompt"),
        ("ContentModerationFailed.Output", "result"),
        ("ContentModerationFailed.NeverHeardOf", "result"),
        ("InputImageModerationFailed", "picture"),
        ("ModerationFailed", "prompt"),
    ],
)
def test_an_undocumented_code_that_names_a_review_is_one(code: str, what: str) -> None:
    error = task_error(code, number=70000)
    assert isinstance(error, Moderated)
    assert error.what == what


def test_every_row_for_tasks_is_tested() -> None:
    assert set(TASKS) == set(TASK_CLASSES)


@pytest.mark.parametrize("code", ["70000", "ModelGenerateFailed", "InvalidParameter.NeverHeardOf"])
def test_a_review_that_is_told_in_the_message_alone_is_a_review(code: str) -> None:
    message = "The request was blocked by our moderation system."
    assert isinstance(task_error(code, number=70000, message=message), Moderated)


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "RequestLimitExceeded.JobNumExceed"])
def test_a_limit_is_a_limit_whatever_its_message_says(code: str) -> None:
    assert isinstance(task_error(code, number=70000, message="violates the quota"), Busy)
