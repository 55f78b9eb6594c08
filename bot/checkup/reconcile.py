"""`easel reconcile`: the ledger beside the cloud's own count of VOD's pictures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bot.domain.operator_errors import SettingsError
from bot.domain.quotas.reconciling import Comparison, compare
from bot.ports.clock import Clock
from bot.providers.tencent.call import TencentApi
from bot.providers.tencent.keys import Credentials
from bot.providers.vod.account import DAY_S, MOST_DAYS, VodAccount
from bot.settings.config import Settings
from storage import open_storage

_NOTES = (
    "Pictures of `easel doctor --paid-test` are counted by the cloud alone. "
    "Days are UTC; the cloud's days are taken for UTC days too. If they are another zone's, "
    "pictures made at a day's edge show up as a difference."
)


async def reconcile(settings: Settings, span_s: float, *, now: Clock) -> list[Comparison]:
    """Compare whole days (UTC) since `span_s` seconds ago, today included, model by model.

    Raises SettingsError without VOD or for more than the cloud keeps, and ProviderError.
    """
    if span_s > MOST_DAYS * DAY_S:
        raise SettingsError(f"--since: the cloud keeps its counts for {MOST_DAYS} days")
    ends_at = now()
    since = (ends_at - span_s) // DAY_S * DAY_S
    async with open_account(settings, now=now) as account:
        counted = await account.pictures(since, ends_at)
    variables = settings.variables
    url = settings.database_url
    ours = [engine for engine in settings.engines if engine.provider == "vod"]
    # The cloud counts what models make; processed pictures are no AIGC to it.
    engines = [engine for engine in ours if not engine.action]
    others = {engine.name for engine in ours if engine.action}
    pools = sorted({engine.pool for engine in engines})
    async with open_storage(url, variables.EASEL_DATA_DIR, readonly=True) as storage:
        used = await storage.usage.by_engine(pools, since)
    counting = [each for each in used if each.engine not in others]
    return compare(counted, counting, engines, settings.file.specifications)


def render(lines: list[Comparison]) -> str:
    """Return a table and a verdict, for people."""
    if not lines:
        return "Neither the cloud nor the ledger has any picture of VOD in that time."
    head = f"{'model':<24}{'cloud':>8}{'ledger':>10}{'USD':>10}  difference"
    rows = [_row(line) for line in lines]
    wrong = sum(1 for line in lines if line.difference)
    verdict = f"{wrong} of {len(lines)} models differ." if wrong else "The ledger agrees."
    return "\n".join([head, *rows, verdict, _NOTES])


def vod_of(settings: Settings) -> tuple[Credentials, int]:
    """Return the key and the VOD application; raises SettingsError that names what is not set."""
    keys, sub_app_id = settings.tencent_keys, settings.variables.EASEL_VOD_SUB_APP_ID
    if keys is not None and sub_app_id is not None:
        return Credentials(*keys), sub_app_id
    missing = [] if keys else ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"]
    missing += [] if sub_app_id else ["EASEL_VOD_SUB_APP_ID"]
    raise SettingsError(f"{', '.join(missing)}: must be set, there is no VOD without")


@asynccontextmanager
async def open_account(settings: Settings, *, now: Clock) -> AsyncIterator[VodAccount]:
    """Open the VOD application of the settings; raises SettingsError where there is none."""
    keys, sub_app_id = vod_of(settings)
    async with httpx.AsyncClient() as http:
        api = TencentApi(http, keys, now=now)
        yield VodAccount(api, endpoint=settings.endpoints["vod"], sub_app_id=sub_app_id)


def _row(line: Comparison) -> str:
    most = line.certain + line.unsure
    ledger = f"{line.certain}–{most}" if line.unsure else f"{line.certain}"
    said = f"{line.difference:+d}" if line.difference else "none"
    return f"{line.model:<24}{line.counted:>8}{ledger:>10}{line.cost_usd:>10.2f}  {said}"
