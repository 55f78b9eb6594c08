"""What a server's moderators set for the whole server."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import TypeVar
from zoneinfo import available_timezones

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.guilds.changes import rule_for, with_rule
from bot.domain.guilds.errors import EveryoneIsTrusted, NoEngineCalled, NoRatioCalled, NoStyleCalled
from bot.domain.guilds.settings import GuildSettings, RoleRule
from bot.domain.labels.label import LabelRules
from bot.domain.members.remixing import RemixRule
from bot.domain.quotas.allowances import UNLIMITED
from bot.domain.quotas.errors import (
    BudgetNotInCents,
    EveryoneModerates,
    NothingToSet,
    UnknownTimeZone,
)
from bot.imaging.labels.words import drawable_words
from bot.ports.accounts import Change, GuildSettingsStore, WarningStore
from bot.ports.clock import Clock

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


USUAL = "-"
"""Typed in place of words of one's own: the usual ones."""


class GuildSettingsEditor:
    """Shows and changes a server's settings; each change is written down with who made it.

    `changed` are told of each server whose settings may have changed.
    """

    def __init__(
        self,
        *,
        store: GuildSettingsStore,
        warnings: WarningStore,
        catalogue: Catalogue,
        labels: LabelRules,
        now: Clock,
        changed: Collection[Callable[[int], None]],
    ) -> None:
        self._store = store
        self._changed = changed
        self._warnings = warnings
        self._catalogue = catalogue
        self.labels = labels
        self._now = now
        self._zones = _zones()

    async def settings(self, guild_id: int) -> GuildSettings:
        """Return what is set."""
        return await self._store.settings(guild_id)

    async def change(self, guild_id: int, by: int, change: Change) -> GuildSettings:
        """Carry out a change and return what is set then.

        Raises what `change` does, and EveryoneModerates or EveryoneIsTrusted for @everyone, which
        has the server's id.
        """

        def checked(kept: GuildSettings) -> GuildSettings:
            new = change(kept)
            if new.moderator_role_id == guild_id:
                raise EveryoneModerates
            if new.approval_role_id == guild_id:
                raise EveryoneIsTrusted
            return new

        try:
            before, after = await self._store.change(guild_id, checked, by=by, now=self._now())
        finally:
            for forget in self._changed:  # in any case: the answer to a commit may be lost
                forget(guild_id)
        if after.log_channel_id not in (None, before.log_channel_id):
            # What was warned of before, perhaps nowhere, is warned of there with the next request.
            # Afterwards: a request that comes in between would else warn nowhere.
            await self._warnings.forget_server(guild_id)
        return after

    def unpriced(self) -> list[Engine]:
        """Return the engines in use whose price nobody knows: budgets count them as assumed."""
        return [engine for engine in self._catalogue.usable_engines() if engine.lacks_price]

    def engines(self) -> list[Engine]:
        """Return the engines in use, best first."""
        return self._catalogue.usable_engines()

    def engine(self, typed: str) -> str:
        """Return an engine's own name; raises NoEngineCalled."""
        engine = self._catalogue.meant(typed)
        if engine is None:
            raise NoEngineCalled(engine=typed)
        return engine.name

    def style(self, typed: str) -> str:
        """Return the name of a style that some engine has; raises NoStyleCalled."""
        wanted = typed.strip().casefold()
        for engine in self._catalogue.all():
            for style_id, name in engine.capabilities.styles.items():
                if wanted in (style_id.casefold(), name.casefold()):
                    return name
        raise NoStyleCalled(style=typed)

    def styles(self) -> list[str]:
        """Return the names of the styles that engines in use have, the best engines' first."""
        each = (engine.capabilities.styles.values() for engine in self.engines())
        return list(dict.fromkeys(chain.from_iterable(each)))

    def ratio(self, typed: str) -> str:
        """Return a ratio that some engine draws; raises NoRatioCalled."""
        ratio = typed.strip()
        if all(ratio not in engine.capabilities.ratios for engine in self._catalogue.all()):
            raise NoRatioCalled(ratio=typed)
        return ratio

    def zones(self, typed: str) -> list[str]:
        """Return the time zones whose names hold the typed text, those that begin with it first.

        Of nothing typed, common ones.
        """
        words = typed.strip().casefold().replace(" ", "_")
        if not words:
            return [name for name in _COMMON if name in self._zones]
        hits = [name for name in self._zones if words in name.casefold()]
        return sorted(hits, key=lambda name: not name.casefold().startswith(words))

    def zone(self, typed: str) -> str:
        """Return a time zone's own name; raises UnknownTimeZone."""
        known = {zone.casefold(): zone for zone in self._zones}
        zone = known.get(typed.strip().casefold())
        if zone is None:
            raise UnknownTimeZone(name=typed)
        return zone

    async def set_timezone(self, guild_id: int, by: int, name: str) -> str:
        """Set in which time zone periods begin; returns its name. Raises UnknownTimeZone."""
        zone = self.zone(name)
        await self.change(guild_id, by, lambda kept: replace(kept, timezone=zone))
        return zone

    async def set_log_channel(self, guild_id: int, by: int, channel_id: int | None) -> None:
        """Set where notices to moderators are posted; None posts them nowhere."""
        await self.change(guild_id, by, lambda kept: replace(kept, log_channel_id=channel_id))

    async def set_moderator_role(self, guild_id: int, by: int, role_id: int | None) -> None:
        """Set whose holders moderate beside those with Manage Server; None removes it.

        Raises EveryoneModerates.
        """
        await self.change(guild_id, by, lambda kept: replace(kept, moderator_role_id=role_id))

    def own_words(self, typed: str) -> str | None:
        """Return words for the label, None for the usual ones.

        Raises LabelWordsRefused where they name no AI or cannot be drawn.
        """
        return None if typed.strip() in {"", USUAL} else drawable_words(typed)

    async def set_rule(
        self,
        guild_id: int,
        by: int,
        role_id: int,
        engines: Sequence[str] | None,
        styles: Sequence[str] | None,
    ) -> RoleRule:
        """Set which engines and styles a role may use, by names as typed; None leaves them.

        Returns the rule. Raises NoEngineCalled, NoStyleCalled or TooManyRoles.
        """
        names = None if engines is None else tuple(dict.fromkeys(map(self.engine, engines)))
        styled = None if styles is None else tuple(dict.fromkeys(map(self.style, styles)))

        def change(kept: GuildSettings) -> GuildSettings:
            rule = rule_for(kept, role_id) or RoleRule(role_id)
            rule = replace(
                rule,
                engines=rule.engines if names is None else names,
                styles=rule.styles if styled is None else styled,
            )
            return with_rule(kept, rule)

        after = await self.change(guild_id, by, change)
        return rule_for(after, role_id) or RoleRule(role_id)

    async def set_remix(self, guild_id: int, by: int, rule: RemixRule) -> None:
        """Set whose pictures members may restyle."""
        await self.change(guild_id, by, lambda kept: replace(kept, remix=rule))

    async def set_budgets(
        self,
        guild_id: int,
        by: int,
        images: int | None,
        usd: float | None,
        warning: int | None = None,
    ) -> GuildSettings:
        """Set a month's budgets, and at how many percent they warn; -1 removes a budget.

        None leaves it. Returns what is set then. Raises NothingToSet, or BudgetNotInCents for
        dollars that are neither -1 nor whole cents.
        """
        if images is None and usd is None and warning is None:
            raise NothingToSet(options="images, usd, warning")
        if usd is not None and usd != UNLIMITED and (usd < 0 or round(usd, 2) != usd):
            raise BudgetNotInCents(usd=usd)

        def change(kept: GuildSettings) -> GuildSettings:
            return replace(
                kept,
                budget_images=_set_over(kept.budget_images, images),
                budget_usd=_set_over(kept.budget_usd, usd),
                budget_warning=warning or kept.budget_warning,
            )

        return await self.change(guild_id, by, change)


@cache
def _zones() -> tuple[str, ...]:
    """Every time zone by name: found by a walk through the system's folders, so once."""
    return tuple(sorted(available_timezones() - _NOWHERE))


_T = TypeVar("_T", int, float)


def _set_over(kept: _T | None, new: _T | None) -> _T | None:
    if new is None:
        return kept
    return None if new == UNLIMITED else new
