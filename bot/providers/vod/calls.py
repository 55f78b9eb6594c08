"""One signed call to VOD, each action under its limit of requests per second."""

from collections.abc import Mapping
from typing import Any

from bot.domain.engines.engine import Engine
from bot.ports.clock import Clock, Sleep
from bot.ports.engines import RateLimits
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.turns.rate_limiter import Limiter, RateLimiter, SharedRateLimiter

VERSION = "2018-07-17"
CREATES_PER_SECOND = 20.0  # (seed 004; ProcessImageAsync and its templates, VOD pages, 2026-05)
_READS_PER_SECOND = 100.0  # DescribeTaskDetail, DescribeTasks (VOD API pages, 2026-05)
CREATE, PROCESS = "CreateAigcImageTask", "ProcessImageAsync"
DETAIL, LIST = "DescribeTaskDetail", "DescribeTasks"
CREATE_TEMPLATE = "CreateProcessImageAsyncTemplate"
LIST_TEMPLATES = "DescribeProcessImageAsyncTemplates"


class VodCalls:
    """Calls actions of one application; `tasks_per_second` holds for creating tasks of a kind."""

    def __init__(
        self,
        api: TencentApi,
        *,
        endpoint: str,
        sub_app_id: int,
        tasks_per_second: float | None,
        rate_limits: RateLimits | None,
        clock: Clock,
        now: Clock,
        sleep: Sleep,
    ) -> None:
        self._api = api
        self._endpoint = endpoint
        self._sub_app_id = sub_app_id
        tasks = tasks_per_second or CREATES_PER_SECOND

        self._limiters: dict[str, Limiter] = {
            action: RateLimiter(_READS_PER_SECOND, clock=clock, sleep=sleep)
            for action in (DETAIL, LIST)
        }
        for action in (CREATE, PROCESS, CREATE_TEMPLATE, LIST_TEMPLATES):
            most = tasks if action in (CREATE, PROCESS) else CREATES_PER_SECOND
            self._limiters[action] = (
                RateLimiter(most, clock=clock, sleep=sleep)
                if rate_limits is None
                else SharedRateLimiter(rate_limits, f"vod {action}", most, now=now, sleep=sleep)
            )

    def address(self, engine: Engine) -> str:
        """Return where an engine's calls go."""
        return engine.endpoint or self._endpoint

    async def __call__(
        self, engine: Engine, action: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Call once, when it is its turn; raises ProviderError."""
        service = Service("vod", VERSION, self.address(engine))
        body = await json_body({"SubAppId": self._sub_app_id, **params})
        await self._limiters[action].turn()
        return await self._api.call(service, action, body, is_safe=True)
