"""The one signed call to Tencent Cloud's API 3.0, and what each way of losing it means."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any

import httpx

from bot.domain.errors import OperatorFault, OutcomeUnknown, ProviderError, RequestBug, ServerFault
from bot.domain.ports import Clock
from bot.providers.body import Body
from bot.providers.codes import call_error
from bot.providers.signing import CONTENT_TYPE, authorization

TOTAL_S = 120.0
_CONNECT_S = 10.0
_WRITE_S = 30.0  # for one piece of the body, not for all of it
_POOL_S = 10.0
_OFF_LOOP_BYTES = 200_000  # a larger reply is parsed in a thread
_TRY_LATER = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Credentials:
    """An API key of the cloud account; `token` goes with temporary keys only.

    Raises ValueError for a key that no HTTP header can carry, such as one with a line break.
    """

    secret_id: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in (("id", self.secret_id), ("token", self.token or "")):
            if not value.isascii() or not value.isprintable() or value != value.strip():
                raise ValueError(f"the secret {name} has characters that no API key has")


@dataclass(frozen=True, slots=True)
class Service:
    """One API at one address: `endpoint` is "https://host", `region` empty where none is needed.

    Raises ValueError for an address that would send the key in the clear; http is for loopback.
    """

    name: str
    version: str
    endpoint: str
    region: str = ""

    def __post_init__(self) -> None:
        url = httpx.URL(self.endpoint)
        is_plain_and_near = url.scheme == "http" and _is_loopback(url.host)
        if not url.host or not (url.scheme == "https" or is_plain_and_near):
            raise ValueError(f"the {self.name} endpoint must be https:// (http:// on loopback)")
        if url.path != "/" or url.query or url.userinfo:
            raise ValueError(f"the {self.name} endpoint must be a scheme and a host alone")


class TencentApi:
    """Calls any action; never logs a body or the Authorization header."""

    def __init__(self, client: httpx.AsyncClient, credentials: Credentials, *, now: Clock) -> None:
        self._client = client
        self._credentials = credentials
        self._now = now

    async def call(
        self, service: Service, action: str, body: Body, *, is_safe: bool, total_s: float = TOTAL_S
    ) -> dict[str, Any]:
        """Send once and return the reply's `Response` object.

        `is_safe` tells that sending again can pay nothing twice. Raises the ProviderError of the
        reply's code (codes.py), ServerFault where the request cannot have been worked on,
        and where it may have been: ServerFault if safe, else OutcomeUnknown.
        """
        lost = ServerFault if is_safe else OutcomeUnknown
        outgoing = _Outgoing(body)
        try:
            reply = await self._exchange(service, action, outgoing, total_s)
        except (httpx.RequestError, TimeoutError) as error:
            kind = lost if outgoing.is_complete else ServerFault
            # The error's own text may quote a header, so only its name is passed on.
            raise kind(type(error).__name__, detail=f"{service.name} {action}") from error
        try:
            return await self._read(reply, lost)
        except OutcomeUnknown as error:
            if not is_safe:
                raise
            raise _repeatable(error) from error

    async def _exchange(
        self, service: Service, action: str, outgoing: "_Outgoing", total_s: float
    ) -> httpx.Response:
        url = httpx.URL(service.endpoint)
        async with asyncio.timeout(total_s):
            return await self._client.post(
                url,
                content=outgoing,
                headers=self._headers(service, action, url.netloc.decode(), outgoing.body),
                timeout=httpx.Timeout(total_s, connect=_CONNECT_S, write=_WRITE_S, pool=_POOL_S),
                follow_redirects=False,
            )

    def _headers(self, service: Service, action: str, host: str, body: Body) -> dict[str, str]:
        timestamp = int(self._now())
        headers = {
            "Authorization": authorization(
                secret_id=self._credentials.secret_id,
                secret_key=self._credentials.secret_key,
                service=service.name,
                host=host,
                body_sha256=body.sha256,
                timestamp=timestamp,
            ),
            "Content-Type": CONTENT_TYPE,
            "Content-Length": str(body.length),
            "Host": host,
            "X-TC-Action": action,
            "X-TC-Version": service.version,
            "X-TC-Timestamp": str(timestamp),
            "X-TC-Language": "en-US",
        }
        if service.region:
            headers["X-TC-Region"] = service.region
        if self._credentials.token:
            headers["X-TC-Token"] = self._credentials.token
        return headers

    async def _read(self, reply: httpx.Response, lost: type[ProviderError]) -> dict[str, Any]:
        response = await _envelope(reply)
        if response is None:
            raise _unreadable(reply, lost)
        request_id = _text(response.get("RequestId"))
        error = response.get("Error")
        if error is None and reply.is_success:
            return response
        code = _text(error.get("Code")) if isinstance(error, dict) else ""
        if not code:
            raise lost(f"HTTP{reply.status_code}", request_id=request_id, detail="mistyped error")
        detail = _text(error.get("Message")) if isinstance(error, dict) else ""
        if code == "AuthFailure.SignatureExpire":
            detail = self._skew(reply) or detail
        raise call_error(code, request_id=request_id, detail=detail)

    def _skew(self, reply: httpx.Response) -> str:
        """Name how far this machine's clock is off; the API takes five minutes (TC3, 2026-08)."""
        try:
            theirs = parsedate_to_datetime(reply.headers.get("Date", "")).timestamp()
        except ValueError:
            return ""
        off_s = round(self._now() - theirs)
        side = "ahead of" if off_s > 0 else "behind"
        return f"this machine's clock is {abs(off_s)} s {side} Tencent's: set it (NTP)"


class _Outgoing:
    """Streams a body and knows whether all of it was handed over.

    A request that is not complete cannot be worked on: its length and signature do not hold.
    """

    def __init__(self, body: Body) -> None:
        self.body = body
        self.is_complete = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        last = len(self.body.pieces) - 1
        for number, piece in enumerate(self.body.pieces):
            self.is_complete = number == last
            yield piece


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
    status = reply.status_code
    detail = f"HTTP {status}, {len(reply.content)} bytes that are no API reply"
    if reply.is_success or reply.is_server_error:
        return lost(f"HTTP{status}", detail=detail)
    if status in _TRY_LATER:
        return ServerFault(f"HTTP{status}", detail=detail)
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return RequestBug(f"HTTP{status}", detail=detail)
    return OperatorFault(f"HTTP{status}", detail=f"{detail}; is there a proxy in between?")


def _repeatable(error: OutcomeUnknown) -> ServerFault:
    return ServerFault(error.api_code, request_id=error.request_id, detail=error.detail)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
