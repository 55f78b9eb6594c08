"""The one signed call to Tencent Cloud's API 3.0, and what each way of losing it means."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpx

from bot.domain.provider_errors import (
    NotSent,
    OperatorFault,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
)
from bot.ports.clock import Clock
from bot.providers.tencent.body import Body
from bot.providers.tencent.keys import Credentials, Keys
from bot.providers.tencent.reply import TURNED_AWAY_S, TurnedAway, Ways, clock_off_s, read_reply
from bot.providers.tencent.signing import CONTENT_TYPE, authorization

__all__ = ["Credentials", "Keys", "Service", "TencentApi"]

TOTAL_S = 120.0
_CONNECT_S = 10.0
_WRITE_S = 30.0  # for one piece of the body, not for all of it
_POOL_S = 10.0
_AWAY_S = 2.0


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
    """Calls any action; never logs a body or the Authorization header.

    `clock_off_s` is how far this machine's clock was ahead of the service's in the last reply.
    """

    def __init__(self, client: httpx.AsyncClient, keys: Credentials | Keys, *, now: Clock) -> None:
        self._client = client
        self._keys = keys if isinstance(keys, Keys) else Keys(keys)
        self._now = now
        self._ways = Ways()
        self.clock_off_s: float | None = None

    async def call(
        self, service: Service, action: str, body: Body, *, is_safe: bool, total_s: float = TOTAL_S
    ) -> dict[str, Any]:
        """Send once and return the reply's `Response` object.

        `is_safe` tells that sending again can pay nothing twice. Raises the ProviderError of the
        reply's code (codes.py), NotSent where the request cannot have been worked on, and where
        it may have been: OutOfSight if safe, else OutcomeUnknown. A key that was refused and has
        been replaced meanwhile is no error: what it signed was not worked on.
        """
        credentials = self._keys.current
        try:
            return await self._send(service, action, body, is_safe=is_safe, total_s=total_s)
        except OperatorFault as error:
            if not _is_about_the_key(error) or not self._keys.renew(credentials):
                raise
        return await self._send(service, action, body, is_safe=is_safe, total_s=total_s)

    async def _send(
        self, service: Service, action: str, body: Body, *, is_safe: bool, total_s: float
    ) -> dict[str, Any]:
        outgoing = _Outgoing(body)
        try:
            reply = await self._exchange(service, action, outgoing, total_s)
        except (httpx.RequestError, TimeoutError) as error:
            # The error's own text may quote a header, so only its name is passed on.
            name, detail = type(error).__name__, f"{service.name} {action}"
            if not outgoing.is_complete:
                raise NotSent(name, retry_after_s=_AWAY_S, detail=detail) from error
            raise (OutOfSight if is_safe else OutcomeUnknown)(name, detail=detail) from error
        self.clock_off_s = clock_off_s(reply, self._now())
        return await self._read(reply, service.endpoint, is_safe=is_safe)

    async def _read(self, reply: httpx.Response, endpoint: str, *, is_safe: bool) -> dict[str, Any]:
        try:
            response = await read_reply(reply, is_safe=is_safe, now=self._now())
        except TurnedAway as error:
            if self._ways.shut(endpoint, self._now()):
                raise
            detail = f"{error.detail}; if this lasts, {error.remedy}"
            raise NotSent(error.api_code, retry_after_s=TURNED_AWAY_S, detail=detail) from error
        except ProviderError as error:
            if error.request_id:  # only the API itself gives one
                self._ways.open(endpoint)
            raise
        self._ways.open(endpoint)
        return response

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
        timestamp, credentials = int(self._now()), self._keys.current
        headers = {
            "Authorization": authorization(
                secret_id=credentials.secret_id,
                secret_key=credentials.secret_key,
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
        if credentials.token:
            headers["X-TC-Token"] = credentials.token
        return headers


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


def _is_about_the_key(error: OperatorFault) -> bool:
    """Whether another key may help: not with a wrong clock."""
    is_refused = error.api_code.startswith(("AuthFailure", "UnauthorizedOperation"))
    return is_refused and error.api_code != "AuthFailure.SignatureExpire"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
