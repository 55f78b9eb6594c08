"""What every documented error code of the image APIs means here, as one table per kind of reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import (
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

Kind = type[InputRefused | ServerFault | OperatorFault | EngineGone | RequestBug | OutcomeUnknown]

_FREQUENT_S = 1.0  # limits of requests per second
_OCCUPIED_S = 5.0  # a slot was seen to stay taken up to 30 s after its job (reports, 2026-08)


@dataclass(frozen=True, slots=True)
class _Review:
    """A refusal by moderation of `what`: "prompt", "picture" or "result"."""

    what: str


@dataclass(frozen=True, slots=True)
class _Wait:
    """No place at the API for about `seconds`."""

    seconds: float


Meaning = Kind | _Review | _Wait

CALLS: Final[Mapping[str, Meaning]] = {
    # Moderation (seed 003; aiart codes per action, 2026-08).
    "OperationDenied": InputRefused,
    "OperationDenied.TextIllegalDetected": _Review("prompt"),
    "OperationDenied.ImageIllegalDetected": _Review("picture"),
    "FailedOperation.GenerateImageFailed": _Review("result"),
    "FailedOperation.ModerationFailed": _Review("prompt"),
    # The prompt or picture itself.
    "FailedOperation.ImageDecodeFailed": InputRefused,
    "FailedOperation.ImageDownloadError": InputRefused,
    "FailedOperation.ImageResolutionExceed": InputRefused,
    "FailedOperation.ImageSizeExceed": InputRefused,
    "FailedOperation.RequestEntityTooLarge": InputRefused,
    "InvalidParameterValue.TextLengthExceed": InputRefused,
    "RequestSizeLimitExceeded": InputRefused,
    # No place now.
    "RequestLimitExceeded": _Wait(_FREQUENT_S),
    "RequestLimitExceeded.UinLimitExceeded": _Wait(_FREQUENT_S),
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded": _Wait(_FREQUENT_S),
    "RequestLimitExceeded.IPLimitExceeded": _Wait(_FREQUENT_S),
    "RequestLimitExceeded.JobNumExceed": _Wait(_OCCUPIED_S),
    "ResourceInUse": _Wait(_OCCUPIED_S),
    "ResourceUnavailable.Delivering": _Wait(_OCCUPIED_S),
    # The API broke; an error reply says that no picture was made.
    "FailedOperation": ServerFault,
    "FailedOperation.ConsoleServerError": ServerFault,
    "FailedOperation.InnerError": ServerFault,
    "FailedOperation.RpcFail": ServerFault,
    "FailedOperation.ServerError": ServerFault,
    "FailedOperation.Unknown": ServerFault,
    "InternalError": ServerFault,
    "ResourceInsufficient": ServerFault,
    "ServiceUnavailable": ServerFault,
    # The back end gave up waiting, which does not say that it made, and billed, nothing.
    "FailedOperation.RequestTimeout": OutcomeUnknown,
    "ResponseSizeLimitExceeded": OutcomeUnknown,
    # The operator's account, key, clock or settings (common codes, 2026-08).
    "AuthFailure": OperatorFault,
    "AuthFailure.InvalidAuthorization": OperatorFault,
    "AuthFailure.InvalidSecretId": OperatorFault,
    "AuthFailure.MFAFailure": OperatorFault,
    "AuthFailure.SecretIdNotFound": OperatorFault,
    "AuthFailure.SignatureExpire": OperatorFault,
    "AuthFailure.SignatureFailure": OperatorFault,
    "AuthFailure.TokenFailure": OperatorFault,
    "AuthFailure.UnauthorizedOperation": OperatorFault,
    "FailedOperation.InvalidVodUser": OperatorFault,
    "InvalidParameterValue.SubAppId": OperatorFault,
    "IpInBlacklist": OperatorFault,
    "IpNotInWhitelist": OperatorFault,
    "LimitExceeded": OperatorFault,
    "LimitExceeded.Quota": OperatorFault,
    "ResourceNotFound": OperatorFault,
    "ResourceUnavailable": OperatorFault,
    "ResourceUnavailable.InArrears": OperatorFault,
    "ResourceUnavailable.LowBalance": OperatorFault,
    "ResourceUnavailable.NotExist": OperatorFault,
    "ResourceUnavailable.StopUsing": OperatorFault,
    "ResourcesSoldOut": OperatorFault,
    "ResourcesSoldOut.ChargeStatusException": OperatorFault,
    "UnauthorizedOperation": OperatorFault,
    # The API is no longer there for this account.
    "ActionOffline": EngineGone,
    "InvalidAction": EngineGone,
    "NoSuchProduct": EngineGone,
    "NoSuchVersion": EngineGone,
    "UnsupportedOperation": EngineGone,
    "UnsupportedRegion": EngineGone,
    # Ours.
    "DryRunOperation": RequestBug,
    "FailedOperation.JobNotExist": RequestBug,
    "InvalidParameter": RequestBug,
    "InvalidParameter.InvalidParameter": RequestBug,
    "InvalidParameterValue": RequestBug,
    "InvalidParameterValue.FileId": RequestBug,
    "InvalidParameterValue.ImageEmpty": RequestBug,
    "InvalidParameterValue.LogoParamErr": RequestBug,
    "InvalidParameterValue.ParameterValueError": RequestBug,
    "InvalidParameterValue.SessionContextTooLong": RequestBug,
    "InvalidParameterValue.SessionId": RequestBug,
    "InvalidParameterValue.SessionIdTooLong": RequestBug,
    "InvalidParameterValue.StyleConflict": RequestBug,
    "InvalidParameterValue.TaskId": RequestBug,
    "InvalidParameterValue.UrlIllegal": RequestBug,
    "InvalidRequest": RequestBug,
    "MissingParameter": RequestBug,
    "UnknownParameter": RequestBug,
    "UnsupportedProtocol": RequestBug,
}
"""`Error.Code` of a reply."""

TASKS: Final[Mapping[str, Meaning]] = {
    "ContentModerationFailed": _Review("result"),
    "InvalidParameter.VoilationContent": _Review("prompt"),  # spelt so (VOD, 2026-10)
    "InvalidParameter": InputRefused,
    "InvalidParameter.MediaFormat": InputRefused,
    "InvalidParameterValue": InputRefused,
    "ResourceNotFound": InputRefused,
    "RequestLimitExceeded": _Wait(_OCCUPIED_S),
    "FailedOperation": _Wait(_OCCUPIED_S),  # "tasks piling up" (VOD, 2026-10)
    "InternalError": ServerFault,
    "ModelGenerateFailed": ServerFault,
    "OperationCanceled": ServerFault,
    "ResourceInsufficient": ServerFault,
    "TaskTimeout": ServerFault,
    # ErrCode, for tasks that finish without an ErrCodeExt (VOD partner guide, 2026-04).
    "40000": InputRefused,
    "60000": InputRefused,
    "70000": ServerFault,
}
"""`ErrCodeExt`, or `ErrCode` as text, of a VOD task that finished badly."""

_REVIEW_WORDS = ("moderation", "violat", "sensitive content")


def call_error(code: str, *, request_id: str = "", detail: str = "") -> ProviderError:
    """Return the error that a reply's code stands for; the longest known prefix decides.

    A wholly unknown code counts as our bug: logged with its request id, not sent again.
    """
    meaning = _meaning(CALLS, code) or RequestBug
    return _error(meaning, code, request_id, detail)


def task_error(code: str, *, request_id: str = "", message: str = "") -> ProviderError:
    """Return the error of a task that finished badly: nothing was made, nothing is billed.

    A review is sometimes only told in the message (reports, 2026-08), so that is looked at where
    the code leaves it open.
    """
    meaning = _meaning(TASKS, code) or ServerFault
    if meaning is ServerFault and any(word in message.lower() for word in _REVIEW_WORDS):
        meaning = _Review("prompt")
    return _error(meaning, code, request_id, message)


def _meaning(table: Mapping[str, Meaning], code: str) -> Meaning | None:
    while code and code not in table:
        code = code.rpartition(".")[0]
    return table.get(code)


def _error(meaning: Meaning, code: str, request_id: str, detail: str) -> ProviderError:
    if isinstance(meaning, _Review):
        return Moderated(code, what=meaning.what, request_id=request_id, detail=detail)
    if isinstance(meaning, _Wait):
        return Busy(code, retry_after_s=meaning.seconds, request_id=request_id, detail=detail)
    return meaning(code, request_id=request_id, detail=detail)
