"""What a reply of Tencent's API 3.0 says: its `Response` object, or the error it stands for."""

import asyncio
import json
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.domain.provider_errors import (
    NotSent,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.providers.tencent.codes import call_error

_OFF_LOOP_BYTES = 200_000  # a larger reply is parsed in a thread
_TRY_LATER = {408, 425, 429}
TURNED_AWAY_S = 5.0  # a gateway asks for less, or for more
_LASTING_TIMES = 3  # in a row, and
_LASTING_S = 30.0  # for so long: polls and the jobs of a pool meet a passing one by the dozen


class TurnedAway(OperatorFault):
    """A proxy, a firewall or a gateway answered in the API's place, and let nothing through."""


class Ways:
    """Whether the ways to the endpoints are open; `now` is in unix seconds."""

    def __init__(self) -> None:
        self._shut: dict[str, tuple[int, float]] = {}  # times in a row, and since when

    def open(self, endpoint: str) -> None:
        """Note an answer of the API's own."""
        self._shut.pop(endpoint, None)

    def shut(self, endpoint: str, now: float) -> bool:
        """Note a TurnedAway; tells whether it has lasted so that the operator must mend it."""
        times, since = self._shut.get(endpoint, (0, now))
        self._shut[endpoint] = (times + 1, since)
        return times + 1 >= _LASTING_TIMES and now - since >= _LASTING_S


async def read_reply(reply: httpx.Response, *, is_safe: bool, now: float) -> dict[str, Any]:
    """Return the `Response` object of a good reply.

    Errors come with HTTP 200, too (SDK, 2026-10). Raises the ProviderError of the reply's code;
    one that leaves open whether the work was done is a ServerFault where repeating is safe, else
    OutcomeUnknown; so is what is no reply of the API's, but OutOfSight where repeating is safe.
    Where something in between let nothing through: NotSent, RequestBug or TurnedAway.
    `now` is in unix seconds.
    """
    try:
        return await _read(reply, now, lost=OutOfSight if is_safe else OutcomeUnknown)
    except OutcomeUnknown as error:
        if not is_safe:
            raise
        raise ServerFault(
            error.api_code, request_id=error.request_id, detail=error.detail
        ) from error


async def _read(reply: httpx.Response, now: float, *, lost: type[ProviderError]) -> dict[str, Any]:
    response = await _envelope(reply)
    if response is None:
        raise _unreadable(reply, lost)
    error = response.get("Error")
    if error is None and reply.is_success:
        return response
    request_id = text_of(response.get("RequestId"))
    told = error if isinstance(error, dict) else {}
    code, detail = text_of(told.get("Code")), text_of(told.get("Message"))
    if not code:
        detail = "an error without a code"
        raise lost(f"HTTP{reply.status_code}", request_id=request_id, detail=detail)
    if code == "AuthFailure.SignatureExpire":
        detail = _skew(reply, now) or detail
    raise call_error(code, request_id=request_id, detail=detail)


async def _envelope(reply: httpx.Response) -> dict[str, Any] | None:
    """Return the `Response` object, or None for anything else."""
    data = reply.content
    try:
        if len(data) > _OFF_LOOP_BYTES:
            document = await asyncio.to_thread(json.loads, data)
        else:
            document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    response = document.get("Response") if isinstance(document, dict) else None
    return response if isinstance(response, dict) else None


def _unreadable(reply: httpx.Response, lost: type[ProviderError]) -> ProviderError:
    """Return the error for a reply that is not the API's: garbage, a gateway's, a proxy's."""
    code = f"HTTP{reply.status_code}"
    detail = f"{len(reply.content)} bytes that are no API reply"
    if reply.is_success or reply.is_server_error:
        return lost(code, detail=detail)
    if reply.status_code in _TRY_LATER:
        return NotSent(code, retry_after_s=TURNED_AWAY_S, detail=detail)
    if reply.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return RequestBug(code, detail=detail)
    return TurnedAway(
        code,
        detail=detail,
        reach="account",
        remedy="look for a proxy or firewall between this machine and the service.",
    )


def clock_off_s(reply: httpx.Response, now: float) -> float | None:
    """Return how far this machine's clock is ahead of the service's, in whole seconds."""
    try:
        theirs = parsedate_to_datetime(reply.headers.get("Date", "")).timestamp()
    except ValueError:
        return None
    return float(round(now - theirs))


def clock_words(off_s: float) -> str:
    """Name an offset: which way the clock is off, and by how much."""
    side = "ahead of" if off_s > 0 else "behind"
    return f"this machine's clock is {abs(off_s):.0f} s {side} Tencent's"


def _skew(reply: httpx.Response, now: float) -> str:
    """Name the offset for the operator; the API takes five minutes (TC3, 2026-08)."""
    off_s = clock_off_s(reply, now)
    return "" if off_s is None else clock_words(off_s)


def text_of(value: object) -> str:
    """Return a field's text, empty for anything else: a reply is only data."""
    return value if isinstance(value, str) else ""
