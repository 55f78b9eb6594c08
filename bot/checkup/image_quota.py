"""The doctor's look at VOD's own cap on pictures, after setting it if that was asked for."""

from bot.checkup.findings import Finding, Status
from bot.domain.operator_errors import said_by_api
from bot.domain.provider_errors import ProviderError
from bot.providers.vod.account import ImageQuota, VodAccount

_CHECK = "vod quota"


async def examine_image_quota(account: VodAccount, limit: int | None) -> Finding:
    """Set the cap to `limit` pictures, None leaves it, and tell how much of it is used."""
    try:
        if limit is None:
            quota = await account.image_quota()
        else:
            quota = await account.set_image_quota(limit)
    except ProviderError as error:
        status = Status.WARNING if limit is None else Status.BAD
        return Finding(_CHECK, status, f"cannot be asked for: {said_by_api(error)}")
    if quota is not None:
        return _used(quota, was_set=limit is not None)
    if limit is not None:
        text = f"set to {limit} pictures; the cloud does not show it yet: look again in a minute"
        return Finding(_CHECK, Status.GOOD, text)
    text = "none set; `easel doctor --set-vod-quota N` caps what a mistake can cost"
    return Finding(_CHECK, Status.GOOD, text)


def _used(quota: ImageQuota, *, was_set: bool) -> Finding:
    if quota.used >= quota.limit:
        text = f"used up: {quota.used} of {quota.limit} pictures; raise it to go on"
        return Finding(_CHECK, Status.BAD if was_set else Status.WARNING, text)
    return Finding(_CHECK, Status.GOOD, f"{quota.used} of {quota.limit} pictures used")
