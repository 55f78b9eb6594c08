"""The doctor's look at the cloud account's packages: what is left of each, and until when."""

from bot.checkup.findings import Finding, Status
from bot.domain.quotas.packages import PackageUse, names_of
from bot.domain.wording.names import pictures_text
from bot.ports.clock import Clock
from bot.settings.config import Settings
from storage import open_storage

_DAY_S = 86_400


async def examine_packages(settings: Settings, now: Clock) -> list[Finding]:
    """Return a line for each package that is not over; those that are stand with the settings."""
    listed = names_of(settings.packages)
    if not listed:
        return []
    used = await _used(settings)
    uses = [
        PackageUse(name, package.images, used.get(name, 0), package.expires_at)
        for name, package in listed.items()
    ]
    return [_line(use, now()) for use in uses if now() < use.expires_at]


async def _used(settings: Settings) -> dict[str, int]:
    folder = settings.variables.EASEL_DATA_DIR
    try:
        async with open_storage(settings.database_url, folder, readonly=True) as storage:
            return {use.name: use.used for use in await storage.packages.uses()}
    except Exception:  # noqa: BLE001 - what is wrong with the database is that check's finding
        return {}


def _line(use: PackageUse, now: float) -> Finding:
    """Return what is left; nearly used up or near its end is worth a hand."""
    text = f"{use.name}: {use.left} of {pictures_text(use.images)} left, {_days(use, now)} to go"
    if not use.endings(now):
        return Finding("package", Status.GOOD, text)
    remedy = "buy another one and list it, or pictures cost money"
    return Finding("package", Status.WARNING, f"{text}; {remedy}")


def _days(use: PackageUse, now: float) -> str:
    days = int((use.expires_at - now) // _DAY_S)
    return {0: "less than a day", 1: "1 day"}.get(days, f"{days} days")
