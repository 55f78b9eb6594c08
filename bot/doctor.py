"""`easel doctor`: what would stop the bot, checked one by one, with what to do about it."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

import discord
import httpx

from bot.client import redirect
from bot.config import Settings, SettingsError, read_settings
from bot.domain.errors import EngineGone, ProviderError, RequestBug, ServerFault
from bot.domain.ports import Clock
from bot.imaging.label import check_font
from bot.providers.body import json_body
from bot.providers.tencent import Credentials, Service, TencentApi
from storage import open_storage, schema_revisions

_LABELS = ("AI-generated", "AI生成")
_PROBE_S = 15.0


class Status(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is good, and what to do if not."""

    check: str
    status: Status
    text: str

    @property
    def is_fatal(self) -> bool:
        """Whether it would stop the bot."""
        return self.status is Status.BAD


async def diagnose(*, now: Clock) -> list[Finding]:
    """Run every check, whatever the others find."""
    try:
        settings = read_settings()
        engines = settings.engines()
    except SettingsError as error:
        return [Finding("settings", Status.BAD, str(error))]
    findings = [Finding("settings", Status.GOOD, f"readable, {len(engines)} engines known")]
    for check in (_database, _queue, _font, _discord, _aiart, _vod):
        findings += [await check(settings, now)]
    return findings


def render(findings: list[Finding], *, as_json: bool) -> str:
    """Return the findings as lines of text or as a JSON list."""
    if as_json:
        return json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False)
    marks = {Status.GOOD: "✓", Status.WARNING: "!", Status.BAD: "✗"}
    return "\n".join(f"{marks[f.status]} {f.check:<9} {f.text}" for f in findings)


async def _database(settings: Settings, _: Clock) -> Finding:
    try:
        found, needed = await schema_revisions(settings.variables.DATABASE_URL.get_secret_value())
    except Exception as error:  # noqa: BLE001 - any driver's fault is this check's finding
        remedy = "check DATABASE_URL and that the server runs"
        return Finding("database", Status.BAD, f"{type(error).__name__}; {remedy}")
    if found is None:
        return Finding("database", Status.GOOD, "not there yet; the first start makes it")
    if found != needed:
        text = f"schema {found}, this program needs {needed}; run `easel migrate`"
        return Finding("database", Status.WARNING, text)
    return Finding("database", Status.GOOD, f"schema {found}")


async def _queue(settings: Settings, now: Clock) -> Finding:
    variables = settings.variables
    url = variables.DATABASE_URL.get_secret_value()
    try:
        async with open_storage(url, variables.EASEL_DATA_DIR, now=now, readonly=True) as storage:
            overview = await storage.operations.overview(now())
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return Finding("queue", Status.GOOD, "cannot be looked at before the database is there")
    if overview.pause is not None:
        reason = overview.pause.reason or "no reason given"
        text = f"paused ({reason}): no job starts until `easel resume`"
        return Finding("queue", Status.WARNING, text)
    if overview.unknown:
        found = ", ".join(f"{job.job_id} ({job.request_id or '-'})" for job in overview.unknown)
        text = f"of the last 7 days nobody knows whether these were paid; ask support: {found}"
        return Finding("queue", Status.WARNING, text)
    return Finding("queue", Status.GOOD, f"{overview.waiting} waiting, none with unknown outcome")


async def _font(settings: Settings, _: Clock) -> Finding:
    try:
        check_font([*_LABELS, settings.file.label.producer])
    except (ValueError, OSError) as error:
        return Finding("font", Status.BAD, f"{error}; install Easel again")
    return Finding("font", Status.GOOD, "has every letter of the label")


async def _discord(settings: Settings, _: Clock) -> Finding:
    token = settings.variables.DISCORD_TOKEN
    if token is None:
        remedy = "copy it from your application's Bot page in the Discord developer portal"
        return Finding("discord", Status.BAD, f"DISCORD_TOKEN is not set; {remedy}")
    if settings.variables.EASEL_DISCORD_API:
        redirect(settings.variables.EASEL_DISCORD_API)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token.get_secret_value())
        except discord.LoginFailure:
            text = "Discord refused DISCORD_TOKEN; reset it on the application's Bot page"
            return Finding("discord", Status.BAD, text)
        except (discord.HTTPException, OSError) as error:
            text = f"Discord cannot be reached ({type(error).__name__}); check the network"
            return Finding("discord", Status.BAD, text)
        return Finding("discord", Status.GOOD, f"logs in as {client.user}")


async def _aiart(settings: Settings, now: Clock) -> Finding:
    variables = settings.variables
    if settings.tencent_keys is None:
        text = "no Tencent keys: pictures are painted by the bot itself (engine local)"
        return Finding("aiart", Status.WARNING, text)
    address = ("aiart", "2022-12-29", variables.EASEL_AIART_ENDPOINT, variables.EASEL_AIART_REGION)
    # A call without a picture is refused before anything is drawn or billed.
    return await _probe(settings, now, address, ("ImageToImage", {}))


async def _vod(settings: Settings, now: Clock) -> Finding:
    variables = settings.variables
    if settings.tencent_keys is None or variables.EASEL_VOD_SUB_APP_ID is None:
        text = "off: it needs Tencent keys and EASEL_VOD_SUB_APP_ID"
        return Finding("vod", Status.WARNING, text)
    address = ("vod", "2018-07-17", variables.EASEL_VOD_ENDPOINT, "")
    # Asking after a task that is not there makes nothing.
    params = {"SubAppId": variables.EASEL_VOD_SUB_APP_ID, "TaskId": "easel-doctor"}
    return await _probe(settings, now, address, ("DescribeTaskDetail", params))


async def _probe(
    settings: Settings,
    now: Clock,
    address: tuple[str, str, str, str],
    call: tuple[str, dict[str, object]],
) -> Finding:
    check, (action, params) = address[0], call
    keys = settings.tencent_keys or ("", "", None)
    async with httpx.AsyncClient() as http:
        api = TencentApi(http, Credentials(*keys), now=now)
        try:
            service = Service(*address)
            await api.call(service, action, await json_body(params), is_safe=True, total_s=_PROBE_S)
        except ValueError as error:
            return Finding(check, Status.BAD, str(error))
        except ProviderError as error:
            return _judged(check, error)
    return Finding(check, Status.GOOD, "signature and clock are good; activation is unproven")


def _judged(check: str, error: ProviderError) -> Finding:
    """Say exactly what a refusal proves: the wrong parameter on purpose is the good answer."""
    if isinstance(error, RequestBug) or error.api_code.startswith("ResourceNotFound"):
        text = f"signature and clock are good ({error.code}); activation and balance unproven"
        return Finding(check, Status.GOOD, text)
    if isinstance(error, EngineGone):
        text = f"the API is gone for this account ({error.code}); its engines are skipped"
        return Finding(check, Status.WARNING, text)
    if isinstance(error, ServerFault):
        text = f"{error.code}: cannot be reached or is broken; check the network and try again"
        return Finding(check, Status.BAD, f"{text}. {error.detail}")
    remedy = "check TENCENTCLOUD_SECRET_ID, _KEY and the account in Tencent's console"
    return Finding(check, Status.BAD, f"{error.code}: {error.detail or remedy}; {remedy}")
