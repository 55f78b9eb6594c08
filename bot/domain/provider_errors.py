"""What became of a request to an image API: one class and one plain sentence each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from bot.domain.errors import EaselError

Reach = Literal["account", "api", "engine"]
"""Whom a fault concerns: all engines of a service and site, those of one action there, or one."""


class ProviderError(EaselError):
    """What became of a request to an image API; its code and request id are for the operator."""

    sentence = "The picture could not be made."

    def __init__(
        self, api_code: str = "", *, request_id: str = "", detail: str = "", **facts: Any
    ) -> None:
        super().__init__(**facts)
        self.api_code = api_code
        self.request_id = request_id
        self.detail = detail.rstrip(" .。")  # what it is quoted in goes on behind it

    @property
    def code(self) -> str:
        """The API's own code where it gave one, else the class name."""
        return self.api_code or type(self).__name__


class Moderated(ProviderError):
    """`what` is "prompt", "picture" (the upload) or "result"; `or_upload`: that is not certain."""

    what: str = "prompt"
    or_upload: bool = False

    def __init__(
        self,
        api_code: str = "",
        *,
        what: str,
        or_upload: bool = False,
        request_id: str = "",
        detail: str = "",
    ) -> None:
        self.what = what
        self.or_upload = or_upload
        facts = {"what": what, "or_upload": or_upload}
        super().__init__(api_code, request_id=request_id, detail=detail, **facts)

    @property
    def template(self) -> str:
        """The sentence for what was refused."""
        return _REFUSED[self.what, self.or_upload]


_REFUSED_PICTURE = (
    "The service’s review refused the picture. Nothing was used from your quota. Send another one."
)
_REFUSED: Mapping[tuple[str, bool], str] = MappingProxyType(
    {
        ("prompt", False): (
            "The service’s review refused the prompt. Nothing was used from your quota. Put it in "
            "other words."
        ),
        ("prompt", True): (
            "The service’s review refused the prompt or the upload. Nothing was used from your "
            "quota. Put it in other words, or send another picture."
        ),
        ("picture", False): _REFUSED_PICTURE,
        ("picture", True): _REFUSED_PICTURE,
        ("result", False): (
            "The service’s review refused the result. Nothing was used from your quota. Ask for "
            "it in other words."
        ),
        ("result", True): (
            "The service’s review refused the result or the upload. Nothing was used from your "
            "quota. Ask for it in other words, or send another picture."
        ),
    }
)


class InputRefused(ProviderError):
    sentence = (
        "The service could not use this prompt or picture. Nothing was used from your quota. "
        "Change it, or choose another engine."
    )


class Busy(ProviderError):
    """No place free at the API: wait `retry_after_s` and send again; nothing was paid."""

    sentence = "The service is busy."

    def __init__(
        self,
        api_code: str = "",
        *,
        retry_after_s: float = 1.0,
        request_id: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(api_code, request_id=request_id, detail=detail)
        self.retry_after_s = retry_after_s


class NotSent(Busy):
    """The request did not get to the API, or not whole: the way there is shut for now."""

    sentence = "The service cannot be reached."


class ServerFault(ProviderError):
    sentence = (
        "The service failed several times. Nothing was used from your quota; try again later, or "
        "choose another engine."
    )


class OutOfSight(ServerFault):
    """What was sent may be at work, and nobody can see it for now: it is to be taken up again."""


class AccountFault(ProviderError):
    """Not for this account, or not any more: `reach` is whose trouble it is, `remedy` the mend."""

    def __init__(
        self,
        api_code: str = "",
        *,
        request_id: str = "",
        detail: str = "",
        reach: Reach = "engine",
        remedy: str = "",
    ) -> None:
        super().__init__(api_code, request_id=request_id, detail=detail)
        self.reach = reach
        self.remedy = remedy


class OperatorFault(AccountFault):
    sentence = (
        "The service is not available right now. Nothing was used from your quota. Choose another "
        "engine, or try again later."
    )


class EngineGone(AccountFault):
    sentence = (
        "This engine no longer exists for this account. Nothing was used from your quota. Choose "
        "another engine."
    )


class RequestBug(ProviderError):
    sentence = (
        "The request was wrong, which is our fault. Nothing was used from your quota. Another "
        "engine may take it."
    )


class OutcomeUnknown(ProviderError):
    sentence = (
        "No clear answer came back after the request was sent, so nobody knows whether the picture "
        "was made. Your quota was given back, so you can try again."
    )
