"""What VOD counts for one application: pictures by specification, and the quota set on them."""

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from bot.sandbox.tencent.account import Account, Quota, Request
from bot.sandbox.tencent.refusals import Refusal, refuse
from bot.sandbox.tencent.rules import Action, Field

_MOST_DAYS, _OLDEST_DAYS = 90, 365  # of a query's span, and back from now (VOD API, 2026-10)
_FINE_S, _DAY_S = 300, 86_400  # the points of a span up to a day, and of a longer one
_QUOTA_KIND = Field(
    "QuotaType", required=True, choices=("Image",), code="InvalidParameterValue.QuotaType"
)


def check_quota(account: Account) -> None:
    """Let a task in only below the quota; tasks at work are not counted, so it is inexact."""
    quota = account.image_quota
    if quota is not None and quota.used(account.charged) >= quota.limit:
        raise Refusal("LimitExceeded.Quota", "The quota of AIGC images is used up.")


async def _usage(account: Account, request: Request) -> dict[str, Any]:
    start, end = (_time(request.params[name]) for name in ("StartTime", "EndTime"))
    _check_span(start, end, account.now())
    span_s = (end - start).total_seconds()
    step_s = _FINE_S if span_s <= _DAY_S else _DAY_S
    points: defaultdict[str, defaultdict[float, list[int]]] = defaultdict(lambda: defaultdict(list))
    zero = start.replace(hour=0, minute=0, second=0).timestamp()
    for charge in account.charged:
        if charge.model and start.timestamp() <= charge.at <= end.timestamp():
            at = zero + (charge.at - zero) // step_s * step_s
            points[charge.model][at].append(charge.pictures)
    zone = start.tzinfo or timezone(timedelta(0))
    return {
        "AigcUsageDataSet": [
            {
                "Specification": name,
                "DataSet": [
                    {
                        "Time": datetime.fromtimestamp(at, zone).isoformat(),
                        "Count": len(pictures),
                        "Usage": sum(pictures),
                    }
                    for at, pictures in sorted(series.items())
                ],
            }
            for name, series in sorted(points.items())
        ]
    }


async def _create(account: Account, request: Request) -> dict[str, Any]:
    if account.image_quota is not None:
        raise refuse("InvalidParameterValue", "There is a quota of this type already.")
    _set(account, Quota(request.params["QuotaLimit"], account.now()))
    return {}


async def _modify(account: Account, request: Request) -> dict[str, Any]:
    quota = account.image_quota
    if quota is None:
        raise refuse("ResourceNotFound", "There is no quota of this type.")
    _set(account, Quota(request.params["QuotaLimit"], quota.since))
    return {}


def _set(account: Account, quota: Quota) -> None:
    account.past_quotas = [account.image_quota] * account.quota_lag
    account.image_quota = quota


async def _list(account: Account, _: Request) -> dict[str, Any]:
    quota = account.past_quotas.pop() if account.past_quotas else account.image_quota
    if quota is None:
        return {"TotalCount": 0, "QuotaSet": []}
    used = quota.used(account.charged)
    row = {"QuotaType": "Image", "ApiToken": "", "QuotaLimit": quota.limit, "Usage": used}
    return {"TotalCount": 1, "QuotaSet": [row]}


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise refuse("InvalidParameterValue", f"{text} is no ISO 8601 time.") from error
    if time.tzinfo is None:
        raise refuse("InvalidParameterValue", f"{text} has no time zone.")
    return time


def _check_span(start: datetime, end: datetime, now: float) -> None:
    if end < start:
        raise refuse("InvalidParameterValue", "EndTime is before StartTime.")
    if end - start > timedelta(days=_MOST_DAYS):
        raise refuse("InvalidParameterValue", f"The span exceeds {_MOST_DAYS} days.")
    if now - start.timestamp() > _OLDEST_DAYS * _DAY_S:
        raise refuse("InvalidParameterValue", f"Data of {_OLDEST_DAYS} days is kept.")


_APPLICATION: Final = Field("SubAppId", "integer")
_LIMIT: Final = Field("QuotaLimit", "integer", required=True, low=1)

ACTIONS: Final = (
    Action(
        "DescribeAigcUsageData",
        service="vod",
        version="2018-07-17",
        handle=_usage,
        fields=(
            _APPLICATION,
            Field("StartTime", required=True),
            Field("EndTime", required=True),
            Field("AigcType", required=True, choices=("Image",)),
        ),
    ),
    Action(
        "CreateAigcQuota",
        service="vod",
        version="2018-07-17",
        handle=_create,
        fields=(_APPLICATION, _QUOTA_KIND, _LIMIT),
    ),
    Action(
        "ModifyAigcQuota",
        service="vod",
        version="2018-07-17",
        handle=_modify,
        fields=(_APPLICATION, _QUOTA_KIND, _LIMIT),
    ),
    Action(
        "DescribeAigcQuotas",
        service="vod",
        version="2018-07-17",
        handle=_list,
        fields=(
            _APPLICATION,
            _QUOTA_KIND,
            Field("Limit", "integer", low=1, high=100),
            Field("Offset", "integer", low=0),
        ),
    ),
)
