"""The doctor's look at Tencent Cloud: keys and clock, engine by engine, VOD's cap on pictures."""

from collections.abc import Sequence

import httpx

from bot.checkup.findings import Finding, Status
from bot.checkup.probes import Probes, Target
from bot.config import Settings
from bot.domain.allowances import UNLIMITED
from bot.domain.catalogue import Catalogue
from bot.domain.engine_states import EngineState, Kind
from bot.domain.errors import ProviderError
from bot.domain.ports import Clock
from bot.providers.keys import Credentials
from bot.providers.reply import clock_words
from bot.providers.tencent import TencentApi
from bot.providers.vod_account import VodAccount
from storage import Storage, open_storage

_CLOCK_S = 60.0  # a fifth of what the API takes (TC3, 2026-08)


async def examine_cloud(
    settings: Settings, now: Clock, image_quota: int | None = None
) -> list[Finding]:
    """Probe every engine; lift the suspension of those that answer well."""
    keys, sub_app_id = settings.tencent_keys, settings.variables.EASEL_VOD_SUB_APP_ID
    if keys is None:
        text = "no Tencent keys: pictures are painted by the bot itself (engine local)"
        return [Finding("tencent", Status.WARNING, text)]
    async with httpx.AsyncClient() as http:
        try:
            api = TencentApi(http, Credentials(*keys), now=now)
            findings, good = await _probes(settings, api).run()
            findings = [*_clock(api), *findings]
            if sub_app_id is None:
                text = "off: it needs EASEL_VOD_SUB_APP_ID"
                return [*findings, Finding("vod", Status.WARNING, text)]
            vod = settings.endpoints["vod"]
            account = VodAccount(api, endpoint=vod, sub_app_id=sub_app_id)
            quota = await _image_quota(account, image_quota)
        except ValueError as error:
            return [Finding("tencent", Status.BAD, str(error))]
    suspended = await _suspended(settings, good, now)
    return [*findings, quota, *_prices(settings, good), *_verdict(good), *suspended]


def _probes(settings: Settings, api: TencentApi) -> Probes:
    variables = settings.variables
    target = Target(
        endpoints={
            name: endpoint
            for name, endpoint in settings.endpoints.items()
            if name != "vod" or variables.EASEL_VOD_SUB_APP_ID is not None
        },
        region=variables.EASEL_AIART_REGION,
        sub_app_id=variables.EASEL_VOD_SUB_APP_ID,
    )
    catalogue = Catalogue(
        settings.engines(), providers=target.endpoints, endpoints=settings.endpoints
    )
    return Probes(api, catalogue, target)


def _clock(api: TencentApi) -> list[Finding]:
    off_s = api.clock_off_s
    if off_s is None:
        return []
    status = Status.GOOD if abs(off_s) <= _CLOCK_S else Status.WARNING
    remedy = "" if status is Status.GOOD else "; set it, e.g. by NTP"
    return [Finding("clock", status, f"{clock_words(off_s)}{remedy}")]


def _prices(settings: Settings, good: Sequence[str]) -> list[Finding]:
    """Name the engines that a budget in dollars does not bound."""
    unknown = [
        engine.name
        for engine in settings.engines()
        if engine.name in good and not engine.price_usd and not engine.prices
    ]
    if not unknown or settings.ceilings.account_usd_per_month == UNLIMITED:
        return []
    text = "no price is set, so budgets in USD do not bound them (price_usd in easel.toml)"
    return [Finding("prices", Status.WARNING, f"{', '.join(unknown)}: {text}")]


def _verdict(good: Sequence[str]) -> list[Finding]:
    if good:
        return []
    return [Finding("engines", Status.BAD, "none can be used: the lines above say why")]


async def _image_quota(account: VodAccount, limit: int | None) -> Finding:
    """Look at VOD's own cap on pictures, after setting it if that was asked for."""
    try:
        if limit is not None:
            await account.set_image_quota(limit)
        quota = await account.image_quota()
    except ProviderError as error:
        status = Status.WARNING if limit is None else Status.BAD
        return Finding("vod quota", status, f"cannot be asked for: {error.code} {error.detail}")
    if quota is None:
        text = "none set; `easel doctor --set-vod-quota N` caps what a mistake can cost"
        return Finding("vod quota", Status.GOOD, text)
    if quota.used >= quota.limit:
        text = f"used up: {quota.used} of {quota.limit} pictures; raise it to go on"
        return Finding("vod quota", Status.BAD if limit else Status.WARNING, text)
    return Finding("vod quota", Status.GOOD, f"{quota.used} of {quota.limit} pictures used")


async def _suspended(settings: Settings, good: Sequence[str], now: Clock) -> list[Finding]:
    """Lift the suspension of engines that answered well, and name the others."""
    variables = settings.variables
    url = variables.DATABASE_URL.get_secret_value()
    try:
        async with open_storage(url, variables.EASEL_DATA_DIR, now=now, readonly=True) as storage:
            states = await storage.engine_states.all()
        if not states:
            return []
        async with open_storage(url, variables.EASEL_DATA_DIR, now=now) as storage:
            return await _lift(storage, states, good, now())
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return []


async def _lift(
    storage: Storage, states: Sequence[EngineState], good: Sequence[str], now: float
) -> list[Finding]:
    lifted = [state.engine for state in states if state.engine in good]
    await storage.engine_states.lift(lifted)
    return [_told(state, now, is_lifted=state.engine in lifted) for state in states]


def _told(state: EngineState, now: float, *, is_lifted: bool) -> Finding:
    check = f"{state.kind} {state.engine}"
    why = f"for {state.code}, RequestId {state.request_id or '-'}"
    if is_lifted:
        return Finding(check, Status.GOOD, f"was {state.kind} {why}; lifted by this look")
    minutes = max(state.until - now, 0.0) / 60
    word = "switched off" if state.kind is Kind.GONE else "paused"
    return Finding(check, Status.WARNING, f"{word} {why}; tried again in {minutes:.0f} min")
