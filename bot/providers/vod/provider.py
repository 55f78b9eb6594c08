"""Provider `vod`: picture tasks of Video on Demand, created once, polled, and taken up again."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.domain.engines.engine import Engine
from bot.domain.provider_errors import (
    Busy,
    InputRefused,
    Moderated,
    OutcomeUnknown,
    OutOfSight,
    ProviderError,
    ServerFault,
)
from bot.ports.clock import Clock, Sleep
from bot.ports.engines import RateLimits
from bot.ports.provider import Drawn, Journal, Work
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.refusals import refusal_of
from bot.providers.vod.calls import CREATE, DETAIL, LIST, PROCESS, VodCalls
from bot.providers.vod.polling import Polling
from bot.providers.vod.processing import process_request, template_of
from bot.providers.vod.request import task_request
from bot.providers.vod.task import TaskState, read_state, session_after
from bot.providers.vod.templates import Templates

_GIVE_UP_S = 1800.0
_LOST_POLLS = 8  # replies in a row that may fail to come before the job is handed back
_LISTED = 100  # tasks per page, the most there is (VOD API page, 2025-10)
_PAGES = 20
_DUPLICATE = "InvalidParameterValue.SessionId"
_DUPLICATES = (_DUPLICATE, "FailedOperation.TaskDuplicate")
_NO_TEMPLATE = ("ResourceNotFound.TemplateNotExist", "InvalidParameterValue.Definition")
_UNKNOWN_TASK = ("ResourceNotFound", "InvalidParameterValue.TaskId")


class Vod:
    """One task per job, whose SessionId is the job's id: sending again pays nothing twice.

    `requests_per_second` holds for creating tasks, None is the API's own limit; over all processes
    with `rate_limits`. `clock` returns seconds with any zero, `now` unix seconds.
    """

    def __init__(
        self,
        api: TencentApi,
        *,
        endpoint: str,
        sub_app_id: int,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time.monotonic,
        now: Clock = time.time,
        requests_per_second: float | None = None,
        rate_limits: RateLimits | None = None,
    ) -> None:
        self._sub_app_id = sub_app_id
        self._sleep = sleep
        self._clock = clock
        self._now = now
        self._polling = Polling()
        self._call = VodCalls(
            api,
            endpoint=endpoint,
            sub_app_id=sub_app_id,
            tasks_per_second=requests_per_second,
            rate_limits=rate_limits,
            clock=clock,
            now=now,
            sleep=sleep,
        )
        self._templates = Templates(self._call)

    def is_resumable(self, engine: Engine) -> bool:  # noqa: ARG002 - the same for all of them
        """Say yes: a task is found again by its id, or by the job's."""
        return True

    async def draw(self, work: Work, journal: Journal) -> Drawn:
        """Make the pictures, by an earlier try's task if there is one; raises ProviderError.

        There may be fewer than asked for. An earlier task that failed for a passing reason is
        followed by another one; its error was told when it happened. A failure of a task created
        here is raised.
        """
        session, task_id, is_ours = str(work.job_id), work.remote_task, False
        while True:
            if task_id is None:
                task_id, is_ours = await self._create(work, journal, session)
                await journal.accepted(task_id)
            state, request_id = await self._end_of(work.engine, task_id, journal, is_new=is_ours)
            if state.error is None:
                return Drawn(urls=state.urls, request_id=request_id)
            if is_ours or not isinstance(state.error, Busy | ServerFault):
                raise refusal_of(work, state.error)
            session, task_id = session_after(work.job_id, task_id), None

    async def _create(self, work: Work, journal: Journal, session: str) -> tuple[str, bool]:
        """Return the task of this session and whether this call created it."""
        try:
            response = await self._created(work, journal, session)
        except ProviderError as error:
            if error.api_code not in _DUPLICATES:
                raise
            return await self._find(work.engine, session, error.request_id), False
        task_id = response.get("TaskId")
        if not isinstance(task_id, str) or not task_id:
            raise OutOfSight("NoTaskId", request_id=str(response.get("RequestId", "")))
        return task_id, True

    async def _created(self, work: Work, journal: Journal, session: str) -> dict[str, Any]:
        """Send what creates the task; a template that somebody deleted is made again, once."""
        application = self._sub_app_id
        if work.engine.action != PROCESS:
            params = task_request(work, sub_app_id=application, session=session, now=self._now())
            await journal.sending()
            return await self._call(work.engine, CREATE, params)
        named = work.engine.settings.get("definition")
        if named is not None:
            return await self._process(work, journal, session, int(named))
        template = template_of(work)
        definition = await self._templates.definition(work.engine, template)
        try:
            return await self._process(work, journal, session, definition)
        except ProviderError as error:
            if error.api_code not in _NO_TEMPLATE:
                raise
        self._templates.forget(work.engine, template)
        definition = await self._templates.definition(work.engine, template)
        return await self._process(work, journal, session, definition)

    async def _process(
        self, work: Work, journal: Journal, session: str, definition: int
    ) -> dict[str, Any]:
        application, now = self._sub_app_id, self._now()
        params = process_request(work, definition, sub_app_id=application, session=session, now=now)
        await journal.sending()
        return await self._call(work.engine, PROCESS, params)

    async def _find(self, engine: Engine, session: str, request_id: str) -> str:
        """Return the id of the task that was created with this SessionId, newest first.

        Raises OutcomeUnknown when the list does not show it; the reply that named it is lost.
        """
        try:
            async for task in self._listed(engine):
                task_id = task.get("TaskId")
                if task.get("SessionId") == session and isinstance(task_id, str) and task_id:
                    return task_id
        except ProviderError as error:
            if isinstance(error, Busy | ServerFault):
                raise OutOfSight(error.api_code, request_id=request_id) from error
            # That tasks may not be listed says nothing about the engine or the key.
            detail = f"tasks cannot be listed: {error.code}"
            raise OutcomeUnknown(_DUPLICATE, request_id=request_id, detail=detail) from error
        raise OutcomeUnknown(_DUPLICATE, request_id=request_id, detail="the task is not listed")

    async def _listed(self, engine: Engine) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the tasks of the last three days, page by page."""
        params: dict[str, Any] = {
            "Limit": _LISTED,
            "Sort": {"Field": "CreateTime", "Order": "Desc"},
        }
        for _ in range(_PAGES):
            response = await self._call(engine, LIST, params)
            tasks = response.get("TaskSet")
            for task in tasks if isinstance(tasks, list) else []:
                if isinstance(task, dict):
                    yield task
            token = response.get("ScrollToken")
            if not tasks or not token:
                return
            params["ScrollToken"] = token

    async def _end_of(
        self, engine: Engine, task_id: str, journal: Journal, *, is_new: bool
    ) -> tuple[TaskState, str]:
        """Poll until the task is over; returns its end and the last reply's request id.

        Raises OutOfSight for one that takes longer than `_GIVE_UP_S`, or that nobody shows.
        """
        since, lost = self._clock(), 0
        with self._polling.watching():
            if is_new:
                await self._sleep(self._polling.pause_s(engine.name, 0.0))
            while self._clock() - since < _GIVE_UP_S:
                try:
                    response = await self._call(engine, DETAIL, {"TaskId": task_id})
                    lost = 0
                except ProviderError as error:
                    response, lost = {}, lost + 1
                    # A task just created may not be known everywhere yet.
                    is_unknown = error.api_code in _UNKNOWN_TASK
                    is_passing = is_unknown or isinstance(error, Busy | ServerFault)
                    if lost > _LOST_POLLS or not is_passing:
                        raise _without_task(error) from error
                state = read_state(response)
                if state.is_over:
                    if is_new and state.urls:
                        self._polling.record(engine.name, self._clock() - since)
                    return state, str(response.get("RequestId", ""))
                if state.percent is not None:
                    journal.progress(state.percent)
                await self._sleep(self._polling.pause_s(engine.name, self._clock() - since))
        # It may still be asked about for three days, and what it makes is paid.
        raise OutOfSight("TaskTimeout", detail=f"{task_id} is not over after {_GIVE_UP_S:.0f} s")


def _without_task(error: ProviderError) -> ProviderError:
    """Return what a reply that does not show the task means: that one goes on.

    Tasks older than three days are forgotten: nobody can say what became of one.
    """
    if isinstance(error, Moderated | InputRefused):
        return error
    kind = OutcomeUnknown if error.api_code in _UNKNOWN_TASK else OutOfSight
    return kind(error.api_code, request_id=error.request_id, detail=error.detail)
