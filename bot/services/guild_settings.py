"""What a server's moderators set for the whole server."""

from zoneinfo import available_timezones

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.guilds.settings import GuildSettings
from bot.domain.members.remixing import RemixRule
from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import (
    BudgetNotInCents,
    EveryoneModerates,
    NothingToSet,
    UnknownTimeZone,
)
from bot.ports.accounts import GuildSettingsStore, WarningStore

_NOWHERE = {"Factory", "localtime"}  # in the database, but of no place on earth
# Offered before anything is typed: one of each part of the world where many live.
_COMMON = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Istanbul", "Europe/Moscow"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    *("America/Mexico_City", "America/Bogota", "America/Sao_Paulo", "Africa/Lagos"),
    *("Africa/Cairo", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Jakarta"),
    *("Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney"),
    "Pacific/Auckland",
)


class GuildSettingsEditor:
    """Shows and changes a server's settings."""

    def __init__(
        self, *, store: GuildSettingsStore, warnings: WarningStore, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._warnings = warnings
        self._catalogue = catalogue
        self._zones = sorted(available_timezones() - _NOWHERE)

    async def settings(self, guild_id: int) -> GuildSettings:
        """Return what is set."""
        return await self._store.settings(guild_id)

    def unpriced(self) -> list[Engine]:
        """Return the engines in use whose price nobody knows: budgets count them as assumed."""
        return [engine for engine in self._catalogue.usable_engines() if engine.lacks_price]

    def zones(self, typed: str) -> list[str]:
        """Return the time zones whose names hold the typed text, those that begin with it first.

        Of nothing typed, common ones.
        """
        words = typed.strip().casefold().replace(" ", "_")
        if not words:
            return [name for name in _COMMON if name in self._zones]
        hits = [name for name in self._zones if words in name.casefold()]
        return sorted(hits, key=lambda name: not name.casefold().startswith(words))

    async def set_timezone(self, guild_id: int, name: str) -> str:
        """Set in which time zone periods begin; returns its name. Raises UnknownTimeZone."""
        known = {zone.casefold(): zone for zone in self._zones}
        zone = known.get(name.strip().casefold())
        if zone is None:
            raise UnknownTimeZone(name=name)
        await self._store.set_timezone(guild_id, zone)
        return zone

    async def set_log_channel(self, guild_id: int, channel_id: int | None) -> None:
        """Set where notices to moderators are posted; None posts them nowhere.

        What was warned of before, perhaps nowhere, is warned of there with the next request.
        """
        await self._store.set_log_channel(guild_id, channel_id)
        if channel_id is not None:
            # Afterwards: a request that comes in between would else warn nowhere.
            await self._warnings.forget_server(guild_id)

    async def set_moderator_role(self, guild_id: int, role_id: int | None) -> None:
        """Set whose holders moderate beside those with Manage Server; None removes it.

        Raises EveryoneModerates for @everyone, which has the server's id.
        """
        if role_id == guild_id:
            raise EveryoneModerates
        await self._store.set_moderator_role(guild_id, role_id)

    async def set_remix(self, guild_id: int, rule: RemixRule) -> None:
        """Set whose pictures members may restyle."""
        await self._store.set_remix(guild_id, rule)

    async def set_budgets(
        self, guild_id: int, images: int | None, usd: float | None
    ) -> GuildSettings:
        """Set a month's budgets; -1 removes one, None leaves it. Returns what is set then.

        Raises NothingToSet, or BudgetNotInCents for dollars that are neither -1 nor whole cents.
        """
        if images is None and usd is None:
            raise NothingToSet(options="images, usd")
        if usd is not None and usd != UNLIMITED and (usd < 0 or round(usd, 2) != usd):
            raise BudgetNotInCents(usd=usd)
        await self._store.set_budgets(guild_id, images, usd)
        return await self._store.settings(guild_id)
