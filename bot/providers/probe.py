"""A call to an engine's API that is wrong on purpose: its refusal proves what it got past."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.engines.engine import Engine
from bot.domain.provider_errors import InputRefused, ProviderError, RequestBug
from bot.providers.aiart import provider as aiart
from bot.providers.tencent.body import json_body
from bot.providers.tencent.call import Service, TencentApi
from bot.providers.vod import calls as vod

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
        error: ProviderError | None = None
        for service, action, params in self._calls(engine):
            error = await self._asked(service, action, params)
            if error is not None and not isinstance(error, RequestBug | InputRefused):
                return error
        return error

    async def _asked(
        self, service: Service, action: str, params: dict[str, Any]
    ) -> ProviderError | None:
        body = await json_body(params)
        try:
            await self._api.call(service, action, body, is_safe=True, total_s=_TOTAL_S)
        except ProviderError as error:
            return error
        return None

    def _calls(self, engine: Engine) -> list[tuple[Service, str, dict[str, Any]]]:
        """Return what an engine's jobs need, the paid call last."""
        if engine.action != vod.PROCESS:
            return [self._call(engine)]
        service = Service("vod", vod.VERSION, engine.endpoint or self._endpoints[engine.provider])
        application = {"SubAppId": self._sub_app_id}
        # Without a picture or a template: no task. Without a configuration: no template.
        paid = (service, vod.PROCESS, {**application, "SessionId": _TOO_LONG})
        if "definition" in engine.settings:
            return [paid]
        return [
            (service, vod.LIST_TEMPLATES, {**application, "Limit": 1}),
            (service, vod.CREATE_TEMPLATE, dict(application)),
            paid,
        ]

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
            return Service("vod", vod.VERSION, endpoint), vod.CREATE, params
        # Without prompt and picture: refused before anything is drawn or billed.
        region = engine.region or self._regions.get(engine.provider, "")
        return Service("aiart", aiart.VERSION, endpoint, region), engine.action, {}
