"""A refusal says no more of what it refused than the service's code does."""

import pytest

from bot.domain.provider_errors import InputRefused, Moderated, ProviderError, RequestBug
from bot.providers.tencent.codes import call_error, task_error
from bot.providers.tencent.refusals import refusal_of
from tests.providers.work import photo, work

FILTERED = "InvalidParameterValue.ParameterValueError"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (call_error("FailedOperation.ModerationFailed"), "refused the prompt or the upload."),
        (call_error("FailedOperation.GenerateImageFailed"), "refused the result or the upload."),
        (call_error("OperationDenied.TextIllegalDetected"), "refused the prompt."),
        (call_error("OperationDenied.ImageIllegalDetected"), "refused the picture."),
        (task_error("InvalidParameter.VoilationContent"), "refused the prompt."),
        (task_error("ContentModerationFailed"), "refused the result or the upload."),
    ],
    ids=lambda value: value.code if isinstance(value, ProviderError) else None,
)
def test_a_review_names_the_upload_too_where_its_code_leaves_that_open(
    error: ProviderError, words: str
) -> None:
    told = refusal_of(work("anime", photo()), error)
    assert isinstance(told, Moderated)
    assert words in str(told)
    assert isinstance(error, Moderated)
    assert (told.what, told.code) == (error.what, error.code)


def test_without_an_upload_there_is_none_to_name() -> None:
    error = call_error("FailedOperation.GenerateImageFailed")
    assert "refused the result." in str(refusal_of(work("rapid"), error))


@pytest.mark.parametrize(
    ("engine", "options", "code", "kind"),
    [
        ("avatar", {}, FILTERED, InputRefused),
        ("avatar", {"filter": True}, FILTERED, InputRefused),
        ("avatar", {"filter": False}, FILTERED, RequestBug),
        ("anime", {}, FILTERED, RequestBug),
        ("avatar", {}, "InvalidParameterValue.StyleConflict", RequestBug),
    ],
)
def test_a_photo_that_the_filter_refuses_is_not_our_fault(
    engine: str, options: dict[str, bool], code: str, kind: type[ProviderError]
) -> None:
    error = call_error(code, request_id="req-1")
    told = refusal_of(work(engine, photo(), **options), error)
    assert type(told) is kind
    assert (told.code, told.request_id) == (code, "req-1")
