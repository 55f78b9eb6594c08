"""The doctor's look at Tencent Cloud: keys and clock, engine by engine, VOD's cap on pictures."""

from collections.abc import Sequence

import httpx

from bot.checkup.findings import Finding, Status
from bot.checkup.image_quota import examine_image_quota
from bot.checkup.probes import Probed, Probes
from bot.cloud import probe_with
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.states import EngineState, Kind
from bot.domain.jobs.job import Options
from bot.ports.clock import Clock
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.keys import Credentials
from bot.providers.tencent.reply import clock_words
from bot.providers.vod.account import VodAccount
from bot.settings.config import Settings
from storage import Storage, open_storage

_RESULTS = "Result"  # codes of results that could not be fetched begin so
_UNPROVEN = (
    "activation, balance and models: no free call shows them, "
    "`easel doctor --paid-test ENGINE` does, at the price of a picture"
)
_CLOCK_S = 60.0  # a fifth of what the API takes (TC3, 2026-08)


async def examine_cloud(
    settings: Settings, now: Clock, image_quota: int | None = None
) -> list[Finding]:
    """Probe every API; suspend and lift engines as it answers."""
    keys = settings.tencent_keys
    if keys is None:
        text = "no Tencent keys: pictures are painted by the bot itself (engine local)"
        catalogue = settings.catalogue(["local"])
        return [Finding("tencent", Status.WARNING, text), _defaults(catalogue)]
    async with httpx.AsyncClient() as http:
        try:
            api = TencentApi(http, Credentials(*keys), now=now)
            probe = probe_with(settings.account, api)
            catalogue = settings.catalogue(probe.providers)
            probed = await Probes(probe, catalogue).run()
            findings = [*_clock(api), *probed.findings]
            quota = await _quota(settings, api, image_quota)
        except ValueError as error:
            return [Finding("tencent", Status.BAD, str(error))]
    good = probed.good
    suspended = await _suspended(settings, catalogue, probed, now)
    rest = [*_prices(settings, good), *_verdict(good), *suspended]
    return [*findings, quota, _defaults(catalogue), *rest]


async def _quota(settings: Settings, api: TencentApi, limit: int | None) -> Finding:
    sub_app_id = settings.variables.EASEL_VOD_SUB_APP_ID
    if sub_app_id is None:
        return Finding("vod", Status.WARNING, "off: it needs EASEL_VOD_SUB_APP_ID")
    account = VodAccount(api, endpoint=settings.endpoints["vod"], sub_app_id=sub_app_id)
    return await examine_image_quota(account, limit)


def _clock(api: TencentApi) -> list[Finding]:
    off_s = api.clock_off_s
    if off_s is None:
        return []
    status = Status.GOOD if abs(off_s) <= _CLOCK_S else Status.WARNING
    remedy = "" if status is Status.GOOD else "; set it, e.g. by NTP"
    return [Finding("clock", status, f"{clock_words(off_s)}{remedy}")]


def _prices(settings: Settings, good: Sequence[str]) -> list[Finding]:
    """Name the engines whose pictures budgets in dollars count by an assumed price, or not."""
    engines = [engine for engine in settings.engines if engine.name in good]
    unknown = [engine.name for engine in engines if engine.lacks_price]
    if not unknown:
        return []
    assumed_usd = settings.file.quotas.assumed_usd
    if assumed_usd:
        counted = f"budgets count {assumed_usd:g} USD a picture ([quotas] assumed_usd)"
    else:
        counted = "budgets in USD do not bound them (assumed_usd is 0)"
    text = f"no price is set (price_usd in {settings.variables.EASEL_CONFIG}), so {counted}"
    status = Status.GOOD if assumed_usd else Status.WARNING
    return [Finding("prices", status, f"{', '.join(unknown)}: {text}")]


def _defaults(catalogue: Catalogue) -> Finding:
    """Tell what each command is done with where its member names no engine, and its price."""
    said = [f"/{name} {_priced(engine)}" for name, engine in catalogue.defaults().items()]
    return Finding("defaults", Status.GOOD, ", ".join(said) or "none: no engine can be used")


def _priced(engine: Engine) -> str:
    if engine.is_free:
        return f"{engine.name} (free)"
    price_usd = engine.price_of(Options())
    return f"{engine.name} ({price_usd:g} USD)" if price_usd else f"{engine.name} (no price set)"


def _verdict(good: Sequence[str]) -> list[Finding]:
    if good:
        return [Finding("not shown", Status.GOOD, _UNPROVEN)]
    return [Finding("engines", Status.BAD, "none can be used: the lines above say why")]


async def _suspended(
    settings: Settings, catalogue: Catalogue, probed: Probed, now: Clock
) -> list[Finding]:
    """Suspend engines at fault, lift the suspension of those that answered well, and name all."""
    variables = settings.variables
    url = settings.database_url
    try:
        async with open_storage(url, variables.EASEL_DATA_DIR, readonly=True) as storage:
            states = await storage.engine_states.all()
        if not (states or probed.faults):
            return []
        async with open_storage(url, variables.EASEL_DATA_DIR) as storage:
            has_hosts = bool(settings.file.results.hosts)
            return await _keep(storage, catalogue, probed, now(), has_hosts=has_hosts)
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return []


async def _keep(
    storage: Storage, catalogue: Catalogue, probed: Probed, now: float, *, has_hosts: bool
) -> list[Finding]:
    store = storage.engine_states
    for fault in probed.faults:
        await store.suspend(fault, now)  # who reads the findings is told
    states = await store.all()
    strange = [state.engine for state in states if not catalogue.concerns(state)]
    # No free call shows where results lie: only the operator's word, `[results] hosts`, does.
    lifted = [
        state.engine
        for state in states
        if state.engine in probed.good and (has_hosts or not state.code.startswith(_RESULTS))
    ]
    await store.lift([state for state in states if state.engine in (*strange, *lifted)])
    catalogue.suspend(s for s in states if s.engine not in lifted and now < s.until)
    return [
        _told(state, now, is_lifted=state.engine in lifted)
        for state in states
        if state.engine not in strange
    ]


def _told(state: EngineState, now: float, *, is_lifted: bool) -> Finding:
    check = f"{state.kind} {state.engine}"
    why = f"for {state.code}, RequestId {state.request_id or '-'}"
    if is_lifted:
        return Finding(check, Status.GOOD, f"was {state.kind} {why}; lifted by this look")
    minutes = max(state.until - now, 0.0) / 60
    word = "switched off" if state.kind is Kind.GONE else "paused"
    return Finding(check, Status.WARNING, f"{word} {why}; tried again in {minutes:.0f} min")
