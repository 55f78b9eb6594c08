"""What every documented error code of the image APIs means here, as one table per kind of reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.provider_errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    Reach,
    RequestBug,
    ServerFault,
)

Kind = type[InputRefused | ServerFault | EngineGone | RequestBug | OutcomeUnknown]

_FREQUENT_S = 1.0  # limits of requests per second
_AWAY_S = 2.0  # the service itself is down
_OCCUPIED_S = 5.0  # a slot was seen to stay taken up to 30 s after its job (reports, 2026-08)


@dataclass(frozen=True, slots=True)
class _Review:
    """A refusal by moderation of `what`: "prompt", "picture" or "result"."""

    what: str


@dataclass(frozen=True, slots=True)
class _Wait:
    """No place at the API for about `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Mend:
    """The operator's to mend by `remedy`; `reach` is whose trouble it is."""

    remedy: str
    reach: Reach = "engine"


@dataclass(frozen=True, slots=True)
class _Off:
    """No longer there for this account, and `remedy` is what may help; `reach` is what is off."""

    remedy: str
    reach: Reach = "api"


Meaning = Kind | _Review | _Wait | _Mend | _Off

_KEY = _Mend(
    "check TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and, for temporary keys, "
    "TENCENTCLOUD_TOKEN.",
    "account",
)
_CLOCK = _Mend("set this machine's clock, e.g. by NTP.", "account")
_PERMISSION = _Mend("give the key's user permission for this API under Access Management.", "api")
_ADDRESS = _Mend("let this machine's address use the key, under Access Management.", "account")
_APPLICATION = _Mend("check EASEL_VOD_SUB_APP_ID.", "account")
_MONEY = _Mend("pay what is due, or top the account up.", "account")
_ACTIVATION = _Mend("activate the service in the console, and its postpaid billing.", "api")
_REGION = _Mend(
    "set EASEL_AIART_REGION, or the engine's region in easel.toml, to one that offers this API: "
    "ap-singapore on the international site, ap-guangzhou on the mainland's.",
    "api",
)
_RESERVE = _Mend("raise the account's image quota: `easel doctor --set-vod-quota N`.", "account")
_LIMIT = _Mend("look at the service's limits in the console.")
_TEMPLATES = _Mend(
    "delete templates of image processing that nobody needs in VOD's console, 50 are the most, or "
    'name one for the engine in easel.toml: settings = { definition = "ID" }.',
    "api",
)
_TEMPLATE = _Mend("name a template that there is in the engine's settings: definition.")
_THING = _Mend("look in the console whether the service is there and not stopped.")
_OFFLINE = _Off("nothing, unless the service's console shows another way to this API.")
_UNHEARD = _Off(
    "look at the endpoint and its site; if they are right, this Easel is too old for the service."
)

CALLS: Final[Mapping[str, Meaning]] = {
    # Moderation (seed 003; aiart codes per action, 2026-08).
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
    "ServiceUnavailable": _Wait(_AWAY_S),
    # The API broke and made nothing (judged so for these codes, 2026-11).
    "FailedOperation.ConsoleServerError": ServerFault,
    "FailedOperation.InnerError": ServerFault,
    "FailedOperation.RpcFail": ServerFault,
    "FailedOperation.ServerError": ServerFault,
    "FailedOperation.Unknown": ServerFault,
    "ResourceInsufficient": ServerFault,
    # To be repeated for idempotent calls only: nothing says that it made, and billed, nothing.
    "FailedOperation": OutcomeUnknown,
    "FailedOperation.RequestTimeout": OutcomeUnknown,
    "InternalError": OutcomeUnknown,
    "ResponseSizeLimitExceeded": OutcomeUnknown,
    # The operator's account, key, clock or settings (common codes, 2026-08).
    "AuthFailure": _KEY,
    "AuthFailure.InvalidAuthorization": _KEY,
    "AuthFailure.InvalidSecretId": _KEY,
    "AuthFailure.MFAFailure": _KEY,
    "AuthFailure.SecretIdNotFound": _KEY,
    "AuthFailure.SignatureExpire": _CLOCK,
    "AuthFailure.SignatureFailure": _KEY,
    "AuthFailure.TokenFailure": _KEY,
    "AuthFailure.UnauthorizedOperation": _PERMISSION,
    "FailedOperation.InvalidVodUser": _Mend("activate VOD in the console.", "account"),
    "InvalidParameterValue.SubAppId": _APPLICATION,
    "IpInBlacklist": _ADDRESS,
    "IpNotInWhitelist": _ADDRESS,
    "LimitExceeded": _LIMIT,
    "LimitExceeded.Quota": _RESERVE,
    "LimitExceeded.TooMuchTemplate": _TEMPLATES,
    "InvalidParameterValue.Definition": _TEMPLATE,
    "ResourceNotFound": _THING,
    "ResourceNotFound.TemplateNotExist": _TEMPLATE,
    "ResourceUnavailable": _THING,
    "ResourceUnavailable.InArrears": _MONEY,
    "ResourceUnavailable.LowBalance": _MONEY,
    "ResourceUnavailable.NotExist": _ACTIVATION,
    "ResourceUnavailable.StopUsing": _ACTIVATION,
    "ResourcesSoldOut": _ACTIVATION,
    "ResourcesSoldOut.ChargeStatusException": _ACTIVATION,
    "UnauthorizedOperation": _PERMISSION,
    # The API is no longer there for this account.
    "ActionOffline": _OFFLINE,
    "InvalidAction": _UNHEARD,
    "NoSuchProduct": _UNHEARD,
    "NoSuchVersion": _UNHEARD,
    "UnsupportedOperation": EngineGone,
    "UnsupportedRegion": _REGION,
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
}
"""`ErrCodeExt` of a VOD task that finished badly."""

_TASK_GROUPS: Final[Mapping[str, Meaning]] = {**TASKS, "FailedOperation": ServerFault}
"""What an undocumented `ErrCodeExt` is, by its first word: a failed task is not billed."""

_TASK_NUMBERS: Final[Mapping[int, Meaning]] = {4: InputRefused, 6: InputRefused, 7: ServerFault}
"""`ErrCode` in ten thousands: parameter, source file, task (VOD partner guide, 2026-04)."""

_GROUPS: Final[Mapping[str, Meaning]] = {
    "AuthFailure": _KEY,
    "InvalidParameter": RequestBug,
    "InvalidParameterValue": RequestBug,
    "InvalidRequest": RequestBug,
    "LimitExceeded": _LIMIT,
    "MissingParameter": RequestBug,
    "OperationDenied": RequestBug,
    "RequestLimitExceeded": _Wait(_OCCUPIED_S),
    "ResourceUnavailable": _THING,
    "ResourcesSoldOut": _ACTIVATION,
    "ServiceUnavailable": _Wait(_AWAY_S),
    "UnauthorizedOperation": _PERMISSION,
    "UnknownParameter": RequestBug,
    "UnsupportedOperation": EngineGone,
    "UnsupportedRegion": _REGION,
}
"""What is safe to take an undocumented code for, by its first word.

All others may have been paid, so they are neither repeated nor called anybody's fault.
"""

_REVIEW_WORDS = ("moderation", "violat", "voilat", "illegaldetected", "sensitive content")
_REVIEWED = (("inputimage", "picture"), ("input", "prompt"), ("output", "result"))


def call_error(code: str, *, request_id: str = "", detail: str = "") -> ProviderError:
    """Return the error that a reply's code stands for; an undocumented one falls to its group."""
    meaning = CALLS.get(code) or _GROUPS.get(code.partition(".")[0], OutcomeUnknown)
    return _error(meaning, code, request_id, detail)


def task_error(
    code: str, *, number: int = 0, request_id: str = "", message: str = ""
) -> ProviderError:
    """Return the error of a task that finished badly: nothing was made, nothing is billed.

    `code` is ErrCodeExt or, for want of it, ErrCode as text; `number` is ErrCode. The more exact of
    them counts. Only what none of them places leaves open whether it was billed.
    """
    return _error(_task_meaning(code, number, message), code, request_id, message)


def _task_meaning(code: str, number: int, message: str) -> Meaning:
    meaning = TASKS.get(code)
    if meaning is not None and meaning is not ServerFault:
        return meaning
    # A review is sometimes only told in the message (reports, 2026-08).
    return (
        _review_in(code, message)
        or meaning
        or _TASK_GROUPS.get(code.partition(".")[0])
        or _TASK_NUMBERS.get(number // 10_000, OutcomeUnknown)
    )


def _review_in(code: str, message: str) -> _Review | None:
    """Return the review that an undocumented code or its message tells of."""
    group = _TASK_GROUPS.get(code.partition(".")[0])
    told = code if isinstance(group, _Wait) else f"{code} {message}"
    if not any(word in told.lower() for word in _REVIEW_WORDS):
        return None
    named = (what for part, what in _REVIEWED if part in code.lower())
    return _Review(next(named, group.what if isinstance(group, _Review) else "prompt"))


def _error(meaning: Meaning, code: str, request_id: str, detail: str) -> ProviderError:
    if isinstance(meaning, _Review):
        return Moderated(code, what=meaning.what, request_id=request_id, detail=detail)
    if isinstance(meaning, _Wait):
        return Busy(code, retry_after_s=meaning.seconds, request_id=request_id, detail=detail)
    if isinstance(meaning, _Mend):
        return OperatorFault(
            code,
            request_id=request_id,
            detail=detail,
            reach=meaning.reach,
            remedy=meaning.remedy,
        )
    if isinstance(meaning, _Off):
        reach, remedy = meaning.reach, meaning.remedy
        return EngineGone(code, request_id=request_id, detail=detail, reach=reach, remedy=remedy)
    return meaning(code, request_id=request_id, detail=detail)
