"""A server's own styles: set by its moderators, offered to its members and to nobody else."""

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.naming import PARTED
from bot.domain.engines.options import style_meant
from bot.domain.members.errors import NoSuchPreset, PresetNameTaken, TooManyPresets
from bot.domain.members.presets import MOST_PRESETS, Preset, preset_of
from bot.ports.clock import Clock
from bot.ports.members import PresetStore
from bot.services.members.remembered import Remembered

_OURS = "easel:"  # ids of our own choices in a form begin so


class Presets:
    """Keeps the presets of every server apart; in direct messages there are none."""

    def __init__(self, *, store: PresetStore, catalogue: Catalogue, now: Clock) -> None:
        self._store = store
        self._catalogue = catalogue
        self._now = now
        self._remembered = Remembered[tuple[Preset, ...]](store.presets, (), now=now)

    async def of(self, guild_id: int | None) -> tuple[Preset, ...]:
        """Return a server's presets as they are now."""
        return await self._store.presets(guild_id) if guild_id is not None else ()

    async def remembered(self, guild_id: int | None) -> tuple[Preset, ...]:
        """Return them as they were a moment ago, for suggestions; none where that takes long."""
        return await self._remembered.of(guild_id) if guild_id is not None else ()

    async def at_once(self, guild_id: int | None) -> tuple[Preset, ...] | None:
        """Return them as they are now, before an answer is deferred; None where that takes long."""
        return await self._remembered.anew(guild_id) if guild_id is not None else ()

    async def add(self, guild_id: int, name: str, words: str, *, set_by: int) -> Preset:
        """Add a preset, or change the words of the one of that name.

        Raises PresetNameUnfit, PresetWordsUnfit, PresetNameTaken or TooManyPresets.
        """
        preset = preset_of(name, words)
        if self._is_taken(preset.name):
            raise PresetNameTaken(name=preset.name)
        is_kept = await self._store.keep(
            guild_id, preset, set_by=set_by, now=self._now(), most=MOST_PRESETS
        )
        self._remembered.forget(guild_id)
        if not is_kept:
            raise TooManyPresets(limit=MOST_PRESETS)
        return preset

    async def remove(self, guild_id: int, typed: str, *, by: int) -> str:
        """Remove a preset by its name or what a list shows of it; returns the name.

        Raises NoSuchPreset.
        """
        name = typed.partition(PARTED)[0].strip()
        is_removed = await self._store.remove(guild_id, name, by=by, now=self._now())
        self._remembered.forget(guild_id)
        if not is_removed:
            raise NoSuchPreset(name=name)
        return name

    def _is_taken(self, name: str) -> bool:
        """Tell whether an engine, usable or not, has a style of that name."""
        has_style = any(style_meant(each, name) is not None for each in self._catalogue.all())
        return has_style or name.casefold().startswith(_OURS)
