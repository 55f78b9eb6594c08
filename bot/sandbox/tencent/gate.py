"""What every call has to pass first: size, signature, action, region, rate, parameters."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from aiohttp import web

from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import Action, Params, check
from bot.sandbox.tencent.signature import Credential, verify
from bot.sandbox.tencent.slots import Rate

BODY_LIMIT = 10_000_000  # bytes (TC3, 2026-08: POST up to "10 MB", the smaller reading)
_ON_ITS_WAY_S = 10.0  # how long a request may have been signed before it comes
_BASE64_FIELDS = frozenset({"InputImage", "Images", "LogoImage", "Base64"})


@dataclass
class Call:
    """A request as it came in; `error_code` is None until, and unless, it was refused.

    `at` and `answered_at` are unix seconds, the latter None while the work goes on.
    """

    action: str
    service: str
    params: dict[str, Any]
    at: float
    request_id: str
    error_code: str | None = None
    answered_at: float | None = None


@dataclass(eq=False)
class Seen:
    """A call as it went over the wire; `answer` is None until then, and where it broke."""

    call: Call
    headers: dict[str, str]
    params: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] | None = None


class Gate:
    """Checks calls of one account against the table of actions."""

    def __init__(
        self, credential: Credential, actions: Mapping[str, Action], now: Callable[[], float]
    ) -> None:
        self._credential = credential
        self._actions = actions
        self._now = now
        self._rates = {
            name: Rate(action.per_second)
            for name, action in actions.items()
            if action.per_second is not None
        }
        self.gone: set[str] = set()
        self._moved_s = 0.0
        self._moved_until = 0.0  # of the event loop's clock

    def clock_moved(self, seconds: float) -> None:
        """Take for a while also what was signed before the clock was moved by so much."""
        self._moved_s = seconds
        self._moved_until = asyncio.get_running_loop().time() + _ON_ITS_WAY_S

    async def admit(self, request: web.Request, call: Call) -> tuple[Action, Params]:
        """Give the action and parameters of an acceptable call, noting in `call` what is known.

        Raises Refusal with the code of the first thing that is wrong.
        """
        body = await _read(request)
        _check_form(request)
        call.service = self._verified(request.headers, body)
        action = self._action(call)
        _check_version_and_region(action, request.headers)
        if action.name in self._rates:
            self._rates[action.name].admit(asyncio.get_running_loop().time())
        params = _parse(body)
        call.params = _digested(params)
        check(action, params)
        return action, params

    def _verified(self, headers: Mapping[str, str], body: bytes) -> str:
        try:
            return verify(headers, body, self._credential, self._now())
        except Refusal:
            if asyncio.get_running_loop().time() > self._moved_until:
                raise
            return verify(headers, body, self._credential, self._now() - self._moved_s)

    def _action(self, call: Call) -> Action:
        action = self._actions.get(call.action)
        if action is None or action.service != call.service:
            raise refuse("InvalidAction", f"{call.service} has no action {call.action}.")
        if action.name in self.gone:
            raise Refusal("ActionOffline", "The action has been taken offline.")
        return action


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        if len(body) <= BODY_LIMIT:  # the rest is drained, so that the client reads our answer
            body += chunk
    if len(body) > BODY_LIMIT:
        raise refuse("RequestSizeLimitExceeded", f"The body exceeds {BODY_LIMIT} bytes.")
    return bytes(body)


def _check_form(request: web.Request) -> None:
    if request.query_string:
        raise refuse("InvalidRequest", "A POST has no query.")
    if request.content_type != "application/json":
        raise refuse("InvalidRequest", "Content-Type must be application/json.")
    if not request.headers.get("X-TC-Action"):
        raise refuse("MissingParameter", "The header X-TC-Action is missing.")


def _check_version_and_region(action: Action, headers: Mapping[str, str]) -> None:
    version, region = headers.get("X-TC-Version"), headers.get("X-TC-Region")
    if version is None:
        raise refuse("MissingParameter", "The header X-TC-Version is missing.")
    if version != action.version:
        raise refuse("NoSuchVersion", f"{action.service} has no version {version}.")
    if not action.regions:
        return
    if not region:
        raise refuse("MissingParameter", "The header X-TC-Region is missing.")
    if region not in action.regions:
        raise Refusal("UnsupportedRegion", f"{action.name} is not offered in {region}.")


def _parse(body: bytes) -> Params:
    try:
        params = json.loads(body, parse_constant=_no_constant)
    except ValueError as error:
        raise refuse("InvalidRequest", "The body is not JSON.") from error
    if not isinstance(params, dict):
        raise refuse("InvalidRequest", "The body is not a JSON object.")
    return params


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def _digested(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _digested(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_digested(inner, name) for inner in value]
    if name in _BASE64_FIELDS and isinstance(value, str):
        return {
            "length": len(value),
            "sha256": hashlib.sha256(value.encode(errors="replace")).hexdigest(),
        }
    return value
