"""Completes what a member asked for with what the database knows of their server."""

from collections.abc import Sequence

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.members.wishes import Wish, as_if_preset, may_name_preset, resolved
from bot.services.members.presets import Presets


class Wishes:
    """Looks presets up, only where a style may be one."""

    def __init__(self, *, presets: Presets, catalogue: Catalogue) -> None:
        self.presets = presets
        self._catalogue = catalogue

    async def at_best(self, wish: Wish, guild_id: int | None) -> Wish:
        """Return a wish before its answer is deferred, so without waiting long.

        Where that takes a look at a database that is slow, a preset is assumed.
        """
        if not may_name_preset(wish, self._engines(wish)):
            return wish
        presets = await self.presets.at_once(guild_id)
        return as_if_preset(wish) if presets is None else resolved(wish, presets)

    async def completed(self, wish: Wish, guild_id: int | None) -> Wish:
        """Return a wish with its preset, if its style is the name of one."""
        if may_name_preset(wish, self._engines(wish)):
            return resolved(wish, await self.presets.of(guild_id))
        return wish

    def _engines(self, wish: Wish) -> Sequence[Engine]:
        return self._catalogue.usable(wish.command)
