"""Completes what a member asked for with what is set for them and for their server."""

from collections.abc import Sequence

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Engine
from bot.domain.engines.plans import Default
from bot.domain.jobs.job import JobId
from bot.domain.members.actor import Actor
from bot.domain.members.wishes import (
    Permit,
    Wish,
    as_if_preset,
    may_name_preset,
    resolved,
    with_defaults,
)
from bot.services.members.defaults import DefaultOptions
from bot.services.members.presets import Presets

_REMEMBERED = 2000  # jobs whose messages may still be written


class Wishes:
    """Knows which presets and defaults are meant, and of which jobs some were passed over."""

    def __init__(self, *, presets: Presets, defaults: DefaultOptions, catalogue: Catalogue) -> None:
        self.presets = presets
        self.defaults = defaults
        self._catalogue = catalogue
        self._passed_over: dict[JobId, tuple[Default, ...]] = {}

    async def at_best(self, wish: Wish, guild_id: int | None) -> Wish:
        """Return a wish before its answer is deferred, so without waiting long.

        Where that takes a look at a database that is slow, a preset is assumed.
        """
        if not may_name_preset(wish, self._engines(wish)):
            return wish
        presets = await self.presets.at_once(guild_id)
        return as_if_preset(wish) if presets is None else resolved(wish, presets)

    async def with_preset(self, wish: Wish, guild_id: int | None) -> Wish:
        """Return a wish with its preset, if its style is the name of one."""
        if may_name_preset(wish, self._engines(wish)):
            return resolved(wish, await self.presets.of(guild_id))
        return wish

    async def with_defaults(self, wish: Wish, actor: Actor, permit: Permit) -> Wish:
        """Return the same with what is set for the options that it leaves out.

        `permit` leaves of a plan what its member may use: no default is more than that.
        """
        wish = await self.with_preset(wish, actor.guild_id)
        defaults = await self.defaults.of(actor.user_id, actor.guild_id)
        presets = await self.presets.of(actor.guild_id) if defaults.style else ()
        return with_defaults(wish, defaults, self._engines(wish), presets, permit)

    def note(self, job_id: JobId, passed_over: tuple[Default, ...]) -> None:
        """Remember which defaults a job is made without, for its message."""
        if passed_over:
            self._passed_over[job_id] = passed_over
        while len(self._passed_over) > _REMEMBERED:
            del self._passed_over[next(iter(self._passed_over))]

    def passed_over(self, job_id: JobId) -> tuple[Default, ...]:
        """Return which defaults a job is made without, as far as this process accepted it."""
        return self._passed_over.get(job_id, ())

    def _engines(self, wish: Wish) -> Sequence[Engine]:
        return self._catalogue.usable(wish.command)
