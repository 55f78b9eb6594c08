"""Opens the way to the cloud: the usable providers with one key, which may be rotated."""

from collections.abc import Callable

import httpx

from bot.config import Settings
from bot.domain.ports import Clock, Provider, Turns
from bot.providers.aiart import Aiart
from bot.providers.keys import Credentials, Keys
from bot.providers.local import Local
from bot.providers.tencent import TencentApi
from bot.providers.vod import Vod

Reread = Callable[[], Settings]
"""Reads the settings anew."""


def open_providers(
    settings: Settings,
    http: httpx.AsyncClient,
    *,
    now: Clock,
    turns: Turns | None = None,
    reread: Reread | None = None,
) -> dict[str, Provider]:
    """Return the usable providers by name; without keys only `local`, which needs no cloud."""
    variables = settings.variables
    credentials = _credentials(settings)
    if credentials is None:
        return {"local": Local()}
    keys = Keys(credentials, (lambda: _credentials(reread())) if reread else None)
    api = TencentApi(http, keys, now=now)
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
            turns=turns,
        )
    return providers


def _credentials(settings: Settings) -> Credentials | None:
    return Credentials(*settings.tencent_keys) if settings.tencent_keys else None
