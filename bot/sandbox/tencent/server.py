"""The stand-in itself: its routes and envelope, and what a test may see, set and script."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

from bot.painting import paint
from bot.sandbox.tencent.account import Account, Artist, Charge, Faults, Request
from bot.sandbox.tencent.aiart import api as aiart
from bot.sandbox.tencent.gate import Call, Gate, Seen
from bot.sandbox.tencent.refusals import Refusal
from bot.sandbox.tencent.results import Results, object_error
from bot.sandbox.tencent.rules import Action
from bot.sandbox.tencent.script import NOTHING, Script, Scripts, When
from bot.sandbox.tencent.signature import Credential
from bot.sandbox.tencent.slots import Slots
from bot.sandbox.tencent.vod import api as vod
from bot.sandbox.tencent.vod import usage as vod_usage

DOWNLOAD = "GetObject"  # what COS calls the GET of a result
ACTIONS: Final = {
    action.name: action for action in (*aiart.ACTIONS, *vod.ACTIONS, *vod_usage.ACTIONS)
}


class TencentSandbox:
    """Tencent Cloud on 127.0.0.1 with one account: `async with TencentSandbox(...) as tencent`.

    `seconds_per_picture` is how long one picture holds its slot; `now` (unix seconds) serves
    signatures, de-duplication and the life of URLs; `artist` makes the pictures; `port` 0 takes a
    free one. A key, token, region, or application id that does not fit the account is refused but
    is no fault of the client: its operator set it.
    """

    def __init__(
        self,
        *,
        secret_id: str,
        secret_key: str,
        token: str | None = None,
        aiart_concurrency: int = 3,
        vod_concurrency: int = 1,
        vod_sub_app_id: int = 1_500_000_001,
        seconds_per_picture: float = 1.0,
        now: Callable[[], float] = time.time,
        artist: Artist | None = None,
        port: int = 0,
    ) -> None:
        self.account = Account(
            artist=paint if artist is None else artist,
            now=now,
            slots={
                **{pool: Slots(limit) for pool, limit in aiart.CONCURRENCY.items()},
                aiart.POOL: Slots(aiart_concurrency),
                vod.POOL: Slots(vod_concurrency),
            },
            results=Results(now),
            sub_app_id=vod_sub_app_id,
            seconds_per_picture=seconds_per_picture,
        )
        self.calls: list[Call] = []
        self._listeners: list[Callable[[Seen], None]] = []
        self._port = port
        self._scripts = Scripts()
        self.gate = Gate(Credential(secret_id, secret_key, token), ACTIONS, now)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._api)
        app.router.add_get("/{folder:aiart|vod}/{name:.+}", self._download)
        app.router.add_route("*", "/{other:.*}", self._lost)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=0.5,
            handler_cancellation=False,  # who hangs up still holds the slot, and pays
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.account.results.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.account.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The endpoint of both services, without a slash at the end."""
        return self.account.results.origin

    @property
    def charged(self) -> list[Charge]:
        """What a bill would show, oldest first."""
        return self.account.charged

    @property
    def faults(self) -> Faults:
        """What the client did wrong; `.check()` raises AssertionError if anything."""
        return self.account.faults

    @property
    def running(self) -> dict[str, int]:
        """Pictures or tasks in work now, per pool ("aiart", "aiart-lite" …, "vod")."""
        return {pool: slots.running for pool, slots in self.account.slots.items()}

    @property
    def peak(self) -> dict[str, int]:
        """The most that ever was in work at once, per pool."""
        return {pool: slots.peak for pool, slots in self.account.slots.items()}

    @property
    def refused_busy(self) -> int:
        """How many calls met RequestLimitExceeded.JobNumExceed for want of a slot."""
        return sum(slots.refused for slots in self.account.slots.values())

    @property
    def seconds_per_picture(self) -> float:
        """How long one picture holds its slot; takes effect for the next picture."""
        return self.account.seconds_per_picture

    @seconds_per_picture.setter
    def seconds_per_picture(self, seconds: float) -> None:
        self.account.seconds_per_picture = seconds

    def hold(self) -> None:
        """Keep every picture in work, and so its slot taken, until `release`."""
        self.account.hold()

    def release(self) -> None:
        """Finish what was held, and what comes after it, in `seconds_per_picture` again."""
        self.account.release()

    @property
    def sparse(self) -> bool:
        """Whether task replies leave out what is null, empty or zero, as some recorded ones do."""
        return self.account.sparse

    @sparse.setter
    def sparse(self, sparse: bool) -> None:
        self.account.sparse = sparse

    def script(
        self,
        action: str,
        *,
        code: str | None = None,
        message: str = "",
        times: int = 1,
        when: When = "before",
        delay_s: float = 0.0,
        held: bool = False,
        drop: bool = False,
        garbage: bytes | None = None,
        task_error: tuple[int, str] | None = None,
        pictures: int | None = None,
    ) -> None:
        """Let the next `times` accepted calls of an action, or downloads, go wrong.

        `when="before"`: no work, no charge; `when="after"`: the work is done and charged, then the
        reply is the error `code`, the `garbage` bytes, or a broken connection (`drop`; with
        `garbage` it breaks in the middle of them). `delay_s` holds the reply back, and
        `held` does until `release`, if there was a `hold`. `task_error` is (ErrCode, ErrCodeExt) of
        a task that finishes so, uncharged; `pictures` lets a task make only so many. For the action
        "GetObject" `code` makes a download answer HTTP 503.
        """
        if action not in (*ACTIONS, DOWNLOAD):
            raise KeyError(action)
        fault = Script(
            code=code,
            message=message,
            when=when,
            delay_s=delay_s,
            held=held,
            drop=drop,
            garbage=garbage,
            task_error=task_error,
            pictures=pictures,
        )
        self._scripts.add(action, fault, times)

    def script_once(self, actions: Iterable[str], fault: Script) -> None:
        """Let the next accepted call of any of these actions go wrong; see `script`."""
        self._scripts.add_once(actions, fault)

    def has_script(self, action: str) -> bool:
        """Whether a fault still waits for this action's next call."""
        return self._scripts.waits_at(action)

    def on_call(self, listener: Callable[[Seen], None]) -> None:
        """Show `listener` every call from now on, as it comes and as it is answered."""
        self._listeners.append(listener)

    def gone(self, action: str) -> None:
        """Answer ActionOffline to this action from now on."""
        self.gate.gone.add(ACTIONS[action].name)

    async def _lost(self, request: web.Request) -> web.Response:
        self.faults.append(f"unknown route: {request.method} {request.path}")
        return web.Response(status=404)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        script = self._scripts.next(DOWNLOAD)
        await asyncio.sleep(script.delay_s)
        if script.breaks_reply:
            return await _broken(request, script)
        if script.code is not None:
            return object_error(503, script.code, script.message)
        return self.account.results.serve(request)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-TC-Action", "")
        call = Call(
            action=name,
            service="",
            params={},
            at=self.account.now(),
            request_id=str(uuid.uuid4()),
        )
        self.calls.append(call)
        seen = Seen(call, dict(request.headers))
        script = NOTHING
        try:
            action, params = await self.gate.admit(request, call)
            seen.params = params
            self._show(seen)
            script = self._scripts.next(name, str(params.get("Prompt") or ""))
            answer = await self._work(action, Request(name, call.request_id, params, script))
        except Refusal as refusal:
            answer = self._noted(call, refusal)
        call.answered_at = self.account.now()
        seen.answer = None if script.breaks_reply else answer | {"RequestId": call.request_id}
        self._show(seen)
        if script.breaks_reply:
            return await _broken(request, script)
        return _reply({**answer, "RequestId": call.request_id})

    def _show(self, seen: Seen) -> None:
        for listener in self._listeners:
            listener(seen)

    async def _work(self, action: Action, request: Request) -> dict[str, Any]:
        script = request.script
        if script.when == "before":
            await self._strike(script)
            if script.breaks_reply:
                return {}
        answer = await action.handle(self.account, request)
        if script.when == "after":
            await self._strike(script)
        return answer

    async def _strike(self, script: Script) -> None:
        await asyncio.sleep(script.delay_s)
        if script.held:
            await self.account.released()
        if script.code is not None:
            raise Refusal(script.code, script.message)

    def _noted(self, call: Call, refusal: Refusal) -> dict[str, Any]:
        call.error_code = refusal.code
        if refusal.fault:
            self.faults.append(f"{call.action or 'no action'}: {refusal}")
        return {"Error": {"Code": refusal.code, "Message": refusal.message}}


def _reply(response: dict[str, Any]) -> web.Response:
    body = json.dumps({"Response": response}).encode()
    # Bytes keep the type bare: with a charset the official SDK takes errors for successes.
    return web.Response(body=body, content_type="application/json")


async def _broken(request: web.Request, script: Script) -> web.StreamResponse:
    garbage = script.garbage or b""
    if not script.drop:
        return web.Response(body=garbage, content_type="application/json")
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    if garbage:
        response.content_length = 2 * len(garbage)
        await response.prepare(request)
        await response.write(garbage)
    if request.transport is not None:
        request.transport.abort()
    return response
