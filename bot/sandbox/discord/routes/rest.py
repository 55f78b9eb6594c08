"""The dispatcher of the REST API: token, route, answer, record."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from aiohttp import BodyPartReader, web

from bot.sandbox.discord.world.faults import Failure, Faults, Script
from bot.sandbox.discord.world.people import JSON
from bot.sandbox.leavers import never

PREFIX = "/api/v10"
RATE_LIMIT = {
    "X-RateLimit-Limit": "50",
    "X-RateLimit-Remaining": "49",
    "X-RateLimit-Reset-After": "1.000",
    "Via": "1.1 sandbox",  # discord.py takes a 429 without it for a ban by the edge
}

Answer = tuple[int, Any]


def error_body(code: int, text: str, errors: Any = None) -> JSON:
    """Make Discord's error body."""
    return {"code": code, "message": text} | ({"errors": errors} if errors else {})


class ApiError(Exception):
    """A refusal with Discord's own code, e.g. ApiError(404, 10062, "Unknown interaction")."""

    def __init__(self, status: int, code: int, message: str, errors: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(code, message, errors)


@dataclass(frozen=True)
class FilePart:
    """One `files[n]` part of a multipart body."""

    filename: str
    data: bytes


@dataclass
class Call:
    """A request as handlers see it: path parameters, query, parsed JSON and files by index."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str | None
    content_type: str = ""
    body: Any = None
    files: dict[int, FilePart] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    is_answer_lost: bool = False  # whoever sent it cannot know what it came to


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, for checking both against the official description.

    `call.path` is relative to /api/v10, `call.body` the parsed JSON (of a multipart: its
    `payload_json`); `status` is 0 when the connection was dropped. A scripted answer may be of any
    shape.
    """

    call: Call
    status: int
    response: Any
    is_scripted: bool = False
    at: float = 0.0  # unix seconds
    number: int = 0  # counts from 1


@dataclass(frozen=True)
class Route:
    """One REST route, e.g. Route("GET", "/channels/{channel}", handler).

    `token_in_path` marks routes that work without the bot token.
    """

    method: str
    template: str
    handler: Callable[[Call], Answer]
    token_in_path: bool = False

    def match(self, path: str) -> dict[str, str] | None:
        """Take the path parameters out, or None for another route's path."""
        found = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template), path)
        return found.groupdict() if found else None


class Rest:
    """Answers every request under /api/v10. The most recent 2000 exchanges are kept."""

    def __init__(
        self,
        token: str,
        faults: Faults,
        script: Script,
        *,
        now: Callable[[], float],
        told: Callable[[Exchange], None],
    ) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=2000)
        self.token = token
        self._faults = faults
        self._script = script
        self._now = now
        self._told = told
        self._count = 0
        self._routes: list[Route] = []

    def add(self, routes: Iterable[Route]) -> None:
        """Serve more routes; fixed paths win over those with parameters."""
        self._routes = sorted([*self._routes, *routes], key=lambda r: r.template.count("{"))

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one HTTP request; aiohttp's handler for the whole prefix."""
        call = Call(
            request.method,
            request.path.removeprefix(PREFIX),
            dict(request.query),
            request.headers.get("Authorization"),
            request.content_type if request.can_read_body else "",
        )
        failure = self._script.next(call.method, call.path)
        route = self._find(call)
        try:
            await read_body(request, call)
            if failure is not None and failure.hangs:
                self._record(call, 0, None)
                return await never(request)
            status, body = self._result(call, route, failure)
        except ApiError as refused:
            status, body = refused.status, refused.body
        except (LookupError, TypeError, ValueError) as malformed:
            # A handler read what the body should hold; a 500 would only make the bot try again.
            self._faults.append(f"malformed: {call.method} {call.path}: {malformed!r}")
            status, body = 400, error_body(50035, "Invalid Form Body")
        dropped = failure is not None and failure.drop is not None
        answered = 0 if dropped else status
        self._record(call, answered, body, is_scripted=failure is not None)
        if dropped and request.transport is not None:
            request.transport.abort()
        bucket = f"{call.method} {route.template if route else call.path}"
        limits = RATE_LIMIT | {"X-RateLimit-Bucket": f"{crc32(bucket.encode()):08x}"}
        return respond(status, body, limits | (failure.headers if failure else {}))

    def _record(self, call: Call, status: int, body: Any, *, is_scripted: bool = False) -> None:
        self._count += 1
        exchange = Exchange(call, status, body, is_scripted, self._now(), self._count)
        self.exchanges.append(exchange)
        self._told(exchange)

    def _find(self, call: Call) -> Route | None:
        for route in self._routes:
            place = route.match(call.path)
            if place is not None and route.method == call.method:
                call.place = place
                return route
        return None

    def _result(self, call: Call, route: Route | None, failure: Failure | None) -> Answer:
        call.is_answer_lost = failure is not None and failure.comes_after
        if failure is not None and not failure.comes_after:
            return _scripted(failure)
        if route is None:
            self._faults.append(f"unknown route: {call.method} {call.path}")
            raise ApiError(404, 0, "404: Not Found")
        if not route.token_in_path:
            self._authorise(call)
        done = route.handler(call)
        return _scripted(failure) if failure is not None and failure.takes_effect else done

    def _authorise(self, call: Call) -> None:
        if call.authorization == f"Bot {self.token}":
            return
        kind = "no" if call.authorization is None else "a wrong"
        self._faults.append(f"{kind} bot token: {call.method} {call.path}")
        raise ApiError(401, 0, "401: Unauthorized")


def _scripted(failure: Failure) -> Answer:
    text = f"{failure.status}: scripted"
    return failure.status, failure.body or error_body(0, text)


def respond(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    """Make an HTTP answer whose content type carries no charset: discord.py insists on that."""
    sent = _retry_after(status, body) | headers
    if status == 204:
        return web.Response(status=204, headers=sent)
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, content_type="application/json", headers=sent)


def _retry_after(status: int, body: Any) -> dict[str, str]:
    if status != 429 or not isinstance(body, dict) or "retry_after" not in body:
        return {}
    wait = str(body["retry_after"])
    return {
        "Retry-After": wait,
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": wait,
        "X-RateLimit-Scope": "user",
    }


async def read_body(request: web.Request, call: Call) -> None:
    """Parse a JSON or multipart body into the call. Raises ApiError 50109 for broken JSON."""
    try:
        if call.content_type == "multipart/form-data":
            await _read_parts(request, call)
        elif request.can_read_body:
            text = await request.text()
            call.body = json.loads(text) if text else None
    except ValueError as broken:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from broken


async def _read_parts(request: web.Request, call: Call) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=False))
        index = re.fullmatch(r"files\[(\d+)\]", part.name)
        if index:
            call.files[int(index[1])] = FilePart(part.filename or "file", data)
        elif part.name == "payload_json":
            call.body = json.loads(data)


def form_error(breaches: list[str]) -> ApiError:
    """Make the 400 with code 50035 for a body that breaks rules, naming each."""
    errors = {"_errors": [{"code": "SANDBOX", "message": text} for text in breaches]}
    return ApiError(400, 50035, "Invalid Form Body", errors)


def need(value: JSON | None) -> JSON:
    """Insist on a JSON object as body. Raises ApiError 50109 without one."""
    if not isinstance(value, dict):
        raise ApiError(400, 50109, "The request body contains invalid JSON.")
    return value
