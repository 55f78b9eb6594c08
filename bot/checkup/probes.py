"""Calls that cost nothing, one per engine, and exactly what each answer proves."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.checkup.findings import Finding, Status
from bot.domain.catalogue import Catalogue
from bot.domain.engines import Engine
from bot.domain.errors import (
    Busy,
    EngineGone,
    InputRefused,
    OperatorFault,
    ProviderError,
    RequestBug,
    ServerFault,
)
from bot.providers import aiart, vod
from bot.providers.body import json_body
from bot.providers.tencent import Service, TencentApi

_PROBE_S = 15.0
_APART_S = 0.06  # VOD takes 20 requests a second (seed 004)
_TOO_LONG = "easel-doctor-" * 4  # a SessionId has at most 50 characters (seed 004)
_PROVEN = "signature and clock are good, the API is there, permission was not refused"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to probe: the usual endpoints by provider, aiart's region, VOD's application."""

    endpoints: dict[str, str]
    region: str
    sub_app_id: int | None


class Probes:
    """Probes engines; an answer that concerns a whole account is found once and reported once."""

    def __init__(self, api: TencentApi, catalogue: Catalogue, target: Target) -> None:
        self._api = api
        self._catalogue = catalogue
        self._target = target

    async def run(self) -> tuple[list[Finding], list[str]]:
        """Return the findings, and the engines whose API answered as a good one does."""
        findings: list[Finding] = []
        good: list[str] = []
        left = [e for e in self._catalogue.all() if e.provider in self._target.endpoints]
        while left:
            # The first of an account tells whether the others are worth asking.
            group = [e for e in self._catalogue.neighbours(left[0].name) if e in left]
            group = group or [left[0]]
            left = [engine for engine in left if engine not in group]
            for finding in await self._group(group):
                findings.append(finding)
                if finding.status is Status.GOOD:
                    good.append(finding.check.removeprefix("engine "))
        return findings, good

    async def _group(self, group: Sequence[Engine]) -> list[Finding]:
        why = self._catalogue.why_off(group[0].name)
        if why:
            return [Finding(f"engine {group[0].name}", Status.WARNING, f"off: {why}")]
        first = await self._ask(group[0])
        common = _common(first, group)
        if common is not None:
            return [common]
        others = (self._ask(each, number * _APART_S) for number, each in enumerate(group[1:], 1))
        answers = [first, *await asyncio.gather(*others)]
        pairs = zip(group, answers, strict=True)
        return [_finding(engine, answer) for engine, answer in pairs]

    async def _ask(self, engine: Engine, wait_s: float = 0.0) -> ProviderError | None:
        await asyncio.sleep(wait_s)
        service, action, params = self._call(engine)
        body = await json_body(params)
        try:
            await self._api.call(service, action, body, is_safe=True, total_s=_PROBE_S)
        except ProviderError as error:
            return error
        return None

    def _call(self, engine: Engine) -> tuple[Service, str, dict[str, Any]]:
        endpoint = engine.endpoint or self._target.endpoints[engine.provider]
        if engine.provider == "vod":
            # Without prompt and picture, and with a SessionId that is too long: no task.
            params = {
                "SubAppId": self._target.sub_app_id,
                "ModelName": engine.model,
                "ModelVersion": engine.version,
                "SessionId": _TOO_LONG,
            }
            return Service("vod", vod.VERSION, endpoint), "CreateAigcImageTask", params
        # Without prompt and picture: refused before anything is drawn or billed.
        region = engine.region or self._target.region
        return Service("aiart", aiart.VERSION, endpoint, region), engine.action, {}


def _common(error: ProviderError | None, group: Sequence[Engine]) -> Finding | None:
    """Return the one finding for a fault that all engines of the account share."""
    names = ", ".join(engine.name for engine in group)
    check = group[0].provider
    if isinstance(error, OperatorFault) and error.reach == "account":
        text = f"{_said(error)}; concerns {names}. What to do: {error.remedy}"
        return Finding(check, Status.BAD, text)
    is_silent = isinstance(error, ServerFault) and not error.request_id
    if error is not None and is_silent:
        remedy = "check the network and the endpoint, and try again"
        text = f"cannot be reached ({_said(error)}): {remedy}; concerns {names}"
        return Finding(check, Status.BAD, text)
    return None


def _finding(engine: Engine, error: ProviderError | None) -> Finding:
    status, text = _judged(error)
    if status is Status.GOOD:
        model = "the model, " if engine.model else ""
        text += f"; unproven: {model}activation, balance"
    return Finding(f"engine {engine.name}", status, text)


def _judged(error: ProviderError | None) -> tuple[Status, str]:
    """Say what an answer proves; the good one refuses a wrong request for being wrong."""
    if error is None:
        text = "took a request that it should have refused: look whether it is on the bill"
        return Status.WARNING, text
    if isinstance(error, RequestBug | InputRefused):
        return Status.GOOD, f"{_PROVEN} ({error.code})"
    if isinstance(error, Busy):
        return Status.GOOD, f"{_PROVEN}, but it is busy now ({error.code})"
    if isinstance(error, EngineGone):
        return Status.WARNING, f"switched off: {_said(error)}; signature and clock are good"
    if isinstance(error, OperatorFault):
        return Status.WARNING, f"{_said(error)}. What to do: {error.remedy}"
    return Status.WARNING, f"{_said(error)}: an answer that proves nothing; try again"


def _said(error: ProviderError) -> str:
    request = f", RequestId {error.request_id}" if error.request_id else ""
    detail = f": {error.detail}" if error.detail else ""
    return f"{error.code}{detail}{request}"
