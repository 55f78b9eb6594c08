"""A call to an engine's API that is wrong on purpose: its refusal proves what it got past."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.engines.engine import Engine
from bot.domain.provider_errors import ProviderError
from bot.providers.aiart import provider as aiart
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.providers.vod import provider as vod

_TOTAL_S = 15.0
_TOO_LONG = "easel-doctor-" * 4  # a SessionId has at most 50 characters (seed 004)


class Probe:
    """Asks APIs without cost; `endpoints` and `regions` are the usual ones by provider.

    A provider without an endpoint is not asked. `sub_app_id` is VOD's application.
    """

    def __init__(
        self,
        api: TencentApi,
        *,
        endpoints: Mapping[str, str],
        regions: Mapping[str, str],
        sub_app_id: int | None,
    ) -> None:
        self._api = api
        self._endpoints = endpoints
        self._regions = regions
        self._sub_app_id = sub_app_id

    @property
    def providers(self) -> Collection[str]:
        """Whose engines there is anybody to ask about."""
        return self._endpoints.keys()

    def reaches(self, engine: Engine) -> bool:
        """Tell whether there is anybody to ask about an engine."""
        return engine.provider in self._endpoints

    async def ask(self, engine: Engine) -> ProviderError | None:
        """Return what the engine's API refuses the call with; None if it is not asked, or took it.

        Raises ValueError for an endpoint that no key may be sent to.
        """
        if not self.reaches(engine):
            return None
        service, action, params = self._call(engine)
        body = await json_body(params)
        try:
            await self._api.call(service, action, body, is_safe=True, total_s=_TOTAL_S)
        except ProviderError as error:
            return error
        return None

    def _call(self, engine: Engine) -> tuple[Service, str, dict[str, Any]]:
        endpoint = engine.endpoint or self._endpoints[engine.provider]
        if engine.provider == "vod":
            # Without prompt and picture, and with a SessionId that is too long: no task.
            params = {
                "SubAppId": self._sub_app_id,
                "ModelName": engine.model,
                "ModelVersion": engine.version,
                "SessionId": _TOO_LONG,
            }
            return Service("vod", vod.VERSION, endpoint), "CreateAigcImageTask", params
        # Without prompt and picture: refused before anything is drawn or billed.
        region = engine.region or self._regions.get(engine.provider, "")
        return Service("aiart", aiart.VERSION, endpoint, region), engine.action, {}
