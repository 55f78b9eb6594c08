"""What a refusal means for the request it answers, where its code alone does not say."""

from bot.domain.provider_errors import InputRefused, Moderated, ProviderError, RequestBug
from bot.ports.provider import Work

# These are only told of the words (aiart error codes, 2026-08; VOD, 2026-10).
_OF_THE_PROMPT = ("OperationDenied.TextIllegalDetected", "InvalidParameter.VoilationContent")
_OF_THE_FILTER = "InvalidParameterValue.ParameterValueError"


def refusal_of(work: Work, error: ProviderError) -> ProviderError:
    """Return the error as its member should read it.

    A review's code often does not tell the upload from the rest: GenerateImageFailed stands for
    both (seed 001). The filter of avatars refuses poor photos by the code of a wrong parameter.
    """
    if isinstance(error, Moderated) and _may_be_the_upload(work, error):
        return Moderated(
            error.api_code,
            what=error.what,
            or_upload=True,
            request_id=error.request_id,
            detail=error.detail,
        )
    if isinstance(error, RequestBug) and _is_filtered(work, error):
        return InputRefused(error.api_code, request_id=error.request_id, detail=error.detail)
    return error


def _may_be_the_upload(work: Work, error: Moderated) -> bool:
    is_certain = error.what == "picture" or error.api_code in _OF_THE_PROMPT
    return bool(work.pictures) and not is_certain


def _is_filtered(work: Work, error: RequestBug) -> bool:
    """Tell whether the engine looks at what the photo shows, which it does unless told not to."""
    has_filter = work.engine.capabilities.filter and work.options.filter is not False
    return has_filter and error.api_code == _OF_THE_FILTER
