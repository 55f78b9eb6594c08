"""Provider `aiart`: the rows of the action table over two mechanisms, at once and by job."""

import asyncio
import base64
import time
from functools import partial
from typing import Any

from bot.domain.engines.engine import Engine
from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.jobs.scheduling import LONGEST_CALL_S
from bot.domain.provider_errors import (
    Busy,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.ports.clock import Clock, Sleep
from bot.ports.provider import Drawn, Journal, Work
from bot.providers.aiart.actions import ACTIONS, Action, returns_urls
from bot.providers.aiart.jobs import end_of
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.providers.tencent.refusals import refusal_of

VERSION = "2022-12-29"
_INLINE = ";base64,"  # of a data: address, as some APIs write pictures
_QUERY_S = 20.0  # one answer about a job; a lost one is asked for again


class Aiart:
    """One request, one picture. There is no idempotency key: a lost answer stays lost.

    `endpoint` and `region` are for engines without their own; `clock` returns seconds with any
    zero. Raises ValueError for an endpoint that no key may be sent to.
    """

    def __init__(
        self,
        api: TencentApi,
        *,
        endpoint: str,
        region: str,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.monotonic,
    ) -> None:
        self._api = api
        self._usual = Service("aiart", VERSION, endpoint, region)
        self._sleep = sleep
        self._clock = clock

    def is_resumable(self, engine: Engine) -> bool:  # noqa: ARG002 - the same for all of them
        """Say no: sending again would pay again, unless the job's id came back."""
        return False

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make one picture, by an earlier try's job if there is one.

        Raises ProviderError: OutcomeUnknown where it may have been paid, ResultLost where it was.
        """
        action = ACTIONS.get(work.engine.action)
        if action is None:
            raise RequestBug(detail=f"aiart has no action {work.engine.action}")
        make = self._by_job if action.query else self._at_once
        try:
            return await make(action, work, journal)
        except ProviderError as error:
            raise refusal_of(work, error) from error.__cause__

    def _service(self, engine: Engine) -> Service:
        usual = self._usual
        endpoint, region = engine.endpoint or usual.endpoint, engine.region or usual.region
        return Service(usual.name, usual.version, endpoint, region)

    async def _send(self, action: Action, work: Work, journal: Journal) -> dict[str, Any]:
        body = await json_body(action.params(work))
        service, name = self._service(work.engine), work.engine.action
        await journal.sending()
        return await self._api.call(service, name, body, is_safe=False, total_s=LONGEST_CALL_S)

    async def _at_once(self, action: Action, work: Work, journal: Journal) -> Drawn:
        response = await self._send(action, work, journal)
        request_id = str(response.get("RequestId", ""))
        image = response.get("ResultImage")
        if not isinstance(image, str) or not image:
            raise ResultLost("NoResult", request_id=request_id, detail="success without a picture")
        if returns_urls(work):
            return Drawn(urls=(image,), request_id=request_id)
        return Drawn((await asyncio.to_thread(_decoded, image),), request_id)

    async def _by_job(self, action: Action, work: Work, journal: Journal) -> Drawn:
        """Follow the earlier try's job; one that failed for a passing reason is submitted anew.

        Its error was told when it happened. A failure of a job submitted here is raised.
        """
        job_id, is_ours = work.remote_task, False
        while True:
            if job_id is None:
                job_id, is_ours = await self._submit(action, work, journal), True
                await journal.accepted(job_id)
            ask = partial(self._ask, work.engine, action.query, job_id)
            state = await end_of(ask, sleep=self._sleep, clock=self._clock)
            if state.error is None:
                return Drawn(urls=state.urls, request_id=state.request_id)
            if is_ours or not isinstance(state.error, Busy | ServerFault):
                raise state.error
            job_id = None

    async def _submit(self, action: Action, work: Work, journal: Journal) -> str:
        response = await self._send(action, work, journal)
        job_id = response.get("JobId")
        if not isinstance(job_id, str) or not job_id:
            request_id = str(response.get("RequestId", ""))
            raise OutcomeUnknown("NoJobId", request_id=request_id, detail="success without a job")
        return job_id

    async def _ask(self, engine: Engine, query: str, job_id: str) -> dict[str, Any]:
        body = await json_body({"JobId": job_id})
        service = self._service(engine)
        return await self._api.call(service, query, body, is_safe=True, total_s=_QUERY_S)


def _decoded(image: str) -> bytes:
    """Return the picture, or what stands in its place: it is paid, and not judged here."""
    text = image.partition(_INLINE)[2] or image
    try:
        return base64.b64decode("".join(text.split()), validate=True) or image.encode()
    except ValueError:
        return image.encode("utf-8", "replace")
