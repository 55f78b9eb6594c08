"""The doctor's look at what is set: what does not go together, and what is set for nothing."""

from bot.checkup.findings import Finding, Status
from bot.settings.config import Settings


def examine_settings(settings: Settings, now: float) -> list[Finding]:
    """Read all that is only read when it is used; raises SettingsError as `run` would."""
    engines = settings.engines
    readable = Finding("settings", Status.GOOD, f"readable, {len(engines)} engines known")
    return [readable, *_packages(settings, now), *_pools(settings)]


def _packages(settings: Settings, now: float) -> list[Finding]:
    file = settings.variables.EASEL_CONFIG
    return [
        Finding(
            "packages",
            Status.WARNING,
            f"{package.pool}: expired on {package.expires}; take it out of {file}",
        )
        for package in settings.packages
        if package.expires_at <= now
    ]


def _pools(settings: Settings) -> list[Finding]:
    used = {engine.pool for engine in settings.engines}
    known = ", ".join(sorted(used))
    return [
        Finding("pools", Status.WARNING, f"no engine uses [pools.{pool}]; used are {known}")
        for pool in settings.file.pools
        if pool not in used
    ]
