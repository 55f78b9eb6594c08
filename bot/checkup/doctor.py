"""`easel doctor`: what would stop the bot, checked one by one, with what to do about it."""

import asyncio
from dataclasses import replace

from bot.checkup.cloud import examine_cloud
from bot.checkup.findings import Finding, Status
from bot.checkup.finishing import examine_credentials, examine_watermark
from bot.checkup.login import logged_in
from bot.checkup.packages import examine_packages
from bot.checkup.settings import examine_settings
from bot.domain.jobs.operations import Overview
from bot.domain.labels.wording import all_labels
from bot.domain.operator_errors import DiscordUnreachable, SettingsError
from bot.domain.storage_errors import NoDatabase, StorageFault
from bot.domain.wording.file_sizes import room
from bot.domain.wording.unreachable import why_unreachable
from bot.imaging.labels.visible.font import check_font
from bot.ports.clock import Clock
from bot.settings.config import Settings, read_settings
from bot.watch.logs import Mask
from storage import open_storage, schema_revisions, sqlite_path, try_folder, try_pictures

_NOT_LOOKED_AT = "cannot be looked at: the line about the database says why"


async def diagnose(*, now: Clock, image_quota: int | None = None) -> list[Finding]:
    """Run every check, whatever the others find; `image_quota` is to be set as VOD's cap first."""
    try:
        settings = read_settings()
        findings = examine_settings(settings, now())
    except SettingsError as error:
        return [Finding("settings", Status.BAD, str(error))]
    for check in (_database, _audit, _pictures, _queue, _font, _discord):
        findings += [await check(settings, now)]
    findings += await asyncio.to_thread(examine_credentials, settings, now)
    findings += await asyncio.to_thread(examine_watermark, settings)
    findings += await examine_packages(settings, now)
    findings += await examine_cloud(settings, now, image_quota)
    mask = Mask(settings.secrets)  # a service may quote what it was sent
    return [replace(finding, text=mask(finding.text)) for finding in findings]


async def _database(settings: Settings, _: Clock) -> Finding:
    url = settings.database_url
    file = sqlite_path(url)
    try:
        found, needed = await schema_revisions(url)
        if file is not None:
            try_folder(file)
    except StorageFault as error:
        return Finding("database", Status.BAD, str(error))
    except Exception as error:  # noqa: BLE001 - any driver's fault is this check's finding
        remedy = "check DATABASE_URL and that the server runs"
        return Finding("database", Status.BAD, f"{why_unreachable(error)}; {remedy}")
    if found is None:
        return Finding("database", Status.GOOD, "not there yet; the first start makes it")
    if found != needed:
        text = f"schema {found}, this program needs {needed}; run `easel migrate`"
        return Finding("database", Status.WARNING, text)
    return Finding("database", Status.GOOD, f"schema {found}")


async def _audit(settings: Settings, _: Clock) -> Finding:
    """Look whether the record of moderators' acts can be changed."""
    url, folder = settings.database_url, settings.variables.EASEL_DATA_DIR
    try:
        async with open_storage(url, folder, readonly=True) as storage:
            missing = await storage.audit.missing_guards()
    except NoDatabase:
        return Finding("audit", Status.GOOD, "none before the database is there")
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return Finding("audit", Status.WARNING, _NOT_LOOKED_AT)
    if missing:
        text = (
            "the record of moderators' acts can be changed: these triggers are missing, and "
            f"the next start of the bot puts them back: {', '.join(missing)}"
        )
        return Finding("audit", Status.WARNING, text)
    return Finding("audit", Status.GOOD, "nothing can change the record of moderators' acts")


async def _pictures(settings: Settings, _: Clock) -> Finding:
    if sqlite_path(settings.database_url) is None:
        return Finding("pictures", Status.GOOD, "kept in the database")
    folder = settings.variables.EASEL_DATA_DIR / "pictures"
    try:
        free = try_pictures(folder)
    except StorageFault as error:
        return Finding("pictures", Status.BAD, str(error))
    return Finding("pictures", Status.GOOD, f"{room(free)} are free for them in {folder}")


async def _queue(settings: Settings, now: Clock) -> Finding:
    variables = settings.variables
    url = settings.database_url
    try:
        async with open_storage(url, variables.EASEL_DATA_DIR, readonly=True) as storage:
            overview = await storage.operations.overview(now())
    except NoDatabase:
        return Finding("queue", Status.GOOD, "none before the database is there")
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return Finding("queue", Status.WARNING, _NOT_LOOKED_AT)
    warnings = _warnings(overview)
    if warnings:
        return Finding("queue", Status.WARNING, "; ".join(warnings))
    return Finding("queue", Status.GOOD, f"{overview.waiting} waiting, none with unknown outcome")


def _warnings(overview: Overview) -> list[str]:
    found = []
    if overview.pause is not None:
        reason = overview.pause.reason or "no reason given"
        found.append(f"paused ({reason}): no job starts until `easel resume`")
    if overview.unknown:
        lost = ", ".join(f"{job.job_id} ({job.request_id or '-'})" for job in overview.unknown)
        found.append(
            f"of the last 7 days nobody knows whether these were paid; ask support: {lost}"
        )
    if overview.unreadable:
        kept = ", ".join(job.job_id for job in overview.unreadable)
        found.append(
            "these are made, paid and kept, but this version cannot read them to label them; "
            f"update Easel, then /result posts them: {kept}"
        )
    return found


async def _font(_: Settings, __: Clock) -> Finding:
    try:
        check_font(all_labels())
    except (ValueError, OSError) as error:
        return Finding("font", Status.BAD, f"{error}; install Easel again")
    return Finding("font", Status.GOOD, "has every letter of the label")


async def _discord(settings: Settings, _: Clock) -> Finding:
    try:
        async with logged_in(settings) as client:
            return Finding("discord", Status.GOOD, f"logs in as {client.user}")
    except (SettingsError, DiscordUnreachable) as error:
        return Finding("discord", Status.BAD, str(error))
