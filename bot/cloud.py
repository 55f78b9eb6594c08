"""Opens the way to the cloud: the usable providers with one key, which may be rotated."""

from collections.abc import Callable, Collection

import httpx

from bot.domain.engines.catalogue import Catalogue
from bot.ports.clock import Clock
from bot.ports.engines import RateLimits
from bot.ports.provider import Provider
from bot.providers.aiart.provider import Aiart
from bot.providers.local import Local
from bot.providers.probe import Probe
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.keys import Credentials, Keys
from bot.providers.vod.provider import Vod
from bot.settings.config import Settings
from bot.watch.logs import Mask

Reread = Callable[[], Settings]
"""Reads the settings anew."""


def open_providers(
    settings: Settings,
    http: httpx.AsyncClient,
    *,
    now: Clock,
    rate_limits: RateLimits | None = None,
    reread: Reread | None = None,
) -> dict[str, Provider]:
    """Return the usable providers by name; without keys only `local`, which needs no cloud."""
    variables = settings.variables
    api = _api(settings, http, now, reread)
    if api is None:
        return {"local": Local()}
    providers: dict[str, Provider] = {
        "aiart": Aiart(
            api,
            endpoint=variables.EASEL_AIART_ENDPOINT,
            region=variables.EASEL_AIART_REGION,
        )
    }
    if variables.EASEL_VOD_SUB_APP_ID is not None:
        providers["vod"] = Vod(
            api,
            endpoint=variables.EASEL_VOD_ENDPOINT,
            sub_app_id=variables.EASEL_VOD_SUB_APP_ID,
            now=now,
            requests_per_second=settings.pools["vod"].requests_per_second,
            rate_limits=rate_limits,
        )
    return providers


def open_catalogue(settings: Settings, providers: Collection[str]) -> Catalogue:
    """Return all engines of the settings; `providers` are the usable ones."""
    return Catalogue(
        settings.engines(),
        providers=providers,
        endpoints=settings.endpoints,
        regions=settings.regions,
    )


def learning(mask: Mask, reread: Reread) -> Reread:
    """Return the same reading, after which the mask knows the new secrets."""

    def read() -> Settings:
        settings = reread()
        mask.learn(settings.secrets)
        return settings

    return read


def open_probe(
    settings: Settings, http: httpx.AsyncClient, *, now: Clock, reread: Reread | None = None
) -> Probe | None:
    """Return what asks the usable engines' APIs for nothing; None without keys."""
    api = _api(settings, http, now, reread)
    return probe_with(settings, api) if api else None


def probe_with(settings: Settings, api: TencentApi) -> Probe:
    """Return what asks the APIs that there are with these settings."""
    sub_app_id = settings.variables.EASEL_VOD_SUB_APP_ID
    endpoints = settings.endpoints
    if sub_app_id is None:
        endpoints = {name: endpoint for name, endpoint in endpoints.items() if name != "vod"}
    return Probe(api, endpoints=endpoints, regions=settings.regions, sub_app_id=sub_app_id)


def _api(
    settings: Settings, http: httpx.AsyncClient, now: Clock, reread: Reread | None
) -> TencentApi | None:
    credentials = _credentials(settings)
    if credentials is None:
        return None
    keys = Keys(credentials, (lambda: _credentials(reread())) if reread else None)
    return TencentApi(http, keys, now=now)


def _credentials(settings: Settings) -> Credentials | None:
    return Credentials(*settings.tencent_keys) if settings.tencent_keys else None
