"""What the cloud knows of a VOD application: pictures counted, and the quota set on them."""

import asyncio
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.provider_errors import ProviderError, ServerFault
from bot.ports.clock import Sleep
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.providers.vod.calls import VERSION
from bot.providers.vod.request import utc_text

DAY_S = 86_400.0
MOST_DAYS_A_CALL, MOST_DAYS = 90, 365  # of usage data (VOD API, 2026-10)
# A quota shows up some time after it was set (Terraform provider, 2026): together half a minute.
_LOOKS_AFTER_S = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0)


@dataclass(frozen=True, slots=True)
class ImageQuota:
    """A cap on the application's pictures, counted since it was set."""

    limit: int
    used: int


class VodAccount:
    """Asks and sets; nothing here makes a picture, so everything may be sent again."""

    def __init__(
        self, api: TencentApi, *, endpoint: str, sub_app_id: int, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._api = api
        self._sleep = sleep
        self._service = Service("vod", VERSION, endpoint)
        self._sub_app_id = sub_app_id

    async def pictures(self, start: float, end: float) -> Counter[str]:
        """Return the pictures counted between two times, in unix seconds, by specification.

        At most 365 days back. Raises ProviderError.
        """
        found: Counter[str] = Counter()
        step_s = MOST_DAYS_A_CALL * DAY_S
        end = math.ceil(end)  # the API counts in seconds
        while start < end:
            stop = min(start + step_s, end)
            span = {"StartTime": utc_text(start), "EndTime": utc_text(stop - (stop < end))}
            params = {**span, "AigcType": "Image"}
            found.update(_counted(await self._call("DescribeAigcUsageData", params)))
            start = stop
        return found

    async def image_quota(self) -> ImageQuota | None:
        """Return the cap on pictures, if one is set; raises ProviderError."""
        response = await self._call("DescribeAigcQuotas", {"QuotaType": "Image", "Limit": 100})
        for row in _rows(response, "QuotaSet"):
            if row.get("QuotaType") == "Image":
                return ImageQuota(_number(row, "QuotaLimit"), _number(row, "Usage"))
        return None

    async def set_image_quota(self, limit: int) -> ImageQuota | None:
        """Set or change the cap on pictures and return it; None: set, but not shown yet.

        Raises ProviderError.
        """
        params = {"QuotaType": "Image", "QuotaLimit": limit}
        if await self.image_quota() is None:
            await self._create_quota(params)
        else:
            await self._call("ModifyAigcQuota", params)
        for pause_s in _LOOKS_AFTER_S:
            await self._sleep(pause_s)
            quota = await self.image_quota()
            if quota is not None and quota.limit == limit:
                return quota
        return None

    async def _create_quota(self, params: Mapping[str, Any]) -> None:
        """Set a cap; where that is refused there may be one already that is not shown yet."""
        try:
            await self._call("CreateAigcQuota", params)
        except ProviderError as refused:
            try:
                await self._call("ModifyAigcQuota", params)
            except ProviderError:
                raise refused from None

    async def _call(self, action: str, params: Mapping[str, Any]) -> dict[str, Any]:
        body = await json_body({"SubAppId": self._sub_app_id, **params})
        return await self._api.call(self._service, action, body, is_safe=True)


def _counted(response: Mapping[str, Any]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in _rows(response, "AigcUsageDataSet"):
        points = _rows(row, "DataSet")
        counted[str(row.get("Specification"))] += sum(_number(one, "Usage") for one in points)
    return counted


def _rows(response: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = response.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ServerFault("Unreadable", detail=f"{name} is no list of objects")
    return rows


def _number(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name) or 0
    if not isinstance(value, int | float):
        raise ServerFault("Unreadable", detail=f"{name} is no number")
    return int(value)
