"""Opens the way to the cloud: the usable providers with one key, which may be rotated."""

from collections.abc import Callable

import httpx

from bot.domain.engines.account import CloudAccount
from bot.ports.clock import Clock
from bot.ports.engines import RateLimits
from bot.ports.provider import Provider
from bot.providers.aiart.provider import Aiart
from bot.providers.local import Local
from bot.providers.probe import Probe
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.keys import Credentials, Keys
from bot.providers.vod.provider import Vod

Reread = Callable[[], CloudAccount]
"""Reads the account anew, whose key may have been rotated."""


def open_providers(
    account: CloudAccount,
    http: httpx.AsyncClient,
    *,
    now: Clock,
    rate_limits: RateLimits | None = None,
    reread: Reread | None = None,
) -> dict[str, Provider]:
    """Return the usable providers by name; without keys only `local`, which needs no cloud."""
    api = _api(account, http, now, reread)
    if api is None:
        return {"local": Local()}
    providers: dict[str, Provider] = {
        "aiart": Aiart(
            api,
            endpoint=account.endpoints["aiart"],
            region=account.regions["aiart"],
        )
    }
    if account.sub_app_id is not None:
        providers["vod"] = Vod(
            api,
            endpoint=account.endpoints["vod"],
            sub_app_id=account.sub_app_id,
            now=now,
            requests_per_second=account.requests_per_second,
            rate_limits=rate_limits,
        )
    return providers


def open_probe(
    account: CloudAccount, http: httpx.AsyncClient, *, now: Clock, reread: Reread | None = None
) -> Probe | None:
    """Return what asks the usable engines' APIs for nothing; None without keys."""
    api = _api(account, http, now, reread)
    return probe_with(account, api) if api else None


def probe_with(account: CloudAccount, api: TencentApi) -> Probe:
    """Return what asks the APIs that there are with this account."""
    endpoints = account.endpoints
    if account.sub_app_id is None:
        endpoints = {name: endpoint for name, endpoint in endpoints.items() if name != "vod"}
    return Probe(api, endpoints=endpoints, regions=account.regions, sub_app_id=account.sub_app_id)


def _api(
    account: CloudAccount, http: httpx.AsyncClient, now: Clock, reread: Reread | None
) -> TencentApi | None:
    credentials = _credentials(account)
    if credentials is None:
        return None
    keys = Keys(credentials, (lambda: _credentials(reread())) if reread else None)
    return TencentApi(http, keys, now=now)


def _credentials(account: CloudAccount) -> Credentials | None:
    return Credentials(*account.keys) if account.keys else None
