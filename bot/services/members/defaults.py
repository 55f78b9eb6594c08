"""What members set for options that they leave out, the same in every server."""

from dataclasses import asdict, fields

from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.errors import NothingToSee, PromptTooLong, UnknownEngine
from bot.domain.engines.options import style_meant
from bot.domain.members.defaults import Defaults
from bot.domain.members.errors import NoStyleOrPreset, NoSuchRatio
from bot.domain.members.presets import preset_named
from bot.domain.wording.names import nearest
from bot.domain.wording.quoting import has_visible
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.members import MemberSettingsStore
from bot.services.members.presets import Presets
from bot.services.members.remembered import Remembered

_KEY = "default {option}"
OPTIONS = tuple(field.name for field in fields(Defaults))


class DefaultOptions:
    """A member's own, and beneath them those of the server that they are in."""

    def __init__(
        self,
        *,
        store: MemberSettingsStore,
        guilds: GuildSettingsStore,
        presets: Presets,
        catalogue: Catalogue,
        now: Clock,
    ) -> None:
        self._store = store
        self._guilds = guilds
        self._presets = presets
        self._catalogue = catalogue
        self._own = Remembered(self.own, Defaults(), now=now)
        self._servers = Remembered(self._server, Defaults(), now=now)

    async def own(self, user_id: int) -> Defaults:
        """Return what a member has set."""
        kept = await self._store.values(user_id)
        return Defaults(**{option: kept.get(_KEY.format(option=option)) for option in OPTIONS})

    async def of(self, user_id: int, guild_id: int | None) -> Defaults:
        """Return what holds for a member in a server, or in direct messages."""
        own = await self.own(user_id)
        return own if guild_id is None else own.over(await self._server(guild_id))

    async def remembered(self, user_id: int, guild_id: int | None) -> Defaults:
        """Return the same as it was a moment ago, for suggestions; less where that takes long."""
        own = await self._own.of(user_id)
        return own if guild_id is None else own.over(await self._servers.of(guild_id))

    def forget_server(self, guild_id: int) -> None:
        """Read a server's own anew for whoever asks next: they were changed here."""
        self._servers.forget(guild_id)

    async def set(self, user_id: int, guild_id: int | None, typed: Defaults) -> Defaults:
        """Set what was typed, and leave the rest; returns all that is set then.

        Raises UnknownEngine, NoStyleOrPreset, NoSuchRatio, NothingToSee or PromptTooLong.
        """
        chosen = Defaults(
            engine=self._engine(typed.engine),
            style=await self._style(typed.style, guild_id),
            ratio=self._ratio(typed.ratio),
            negative=self._negative(typed.negative),
        )
        await self._keep(user_id, {k: v for k, v in asdict(chosen).items() if v is not None})
        return await self.own(user_id)

    async def clear(self, user_id: int, *options: str) -> Defaults:
        """Take defaults back; returns what is set then."""
        await self._keep(user_id, dict.fromkeys(options))
        return await self.own(user_id)

    async def _keep(self, user_id: int, values: dict[str, str | None]) -> None:
        kept = {_KEY.format(option=option): value for option, value in values.items()}
        await self._store.keep_all(user_id, kept)
        self._own.forget(user_id)

    async def _server(self, guild_id: int) -> Defaults:
        return (await self._guilds.settings(guild_id)).defaults

    def _engine(self, typed: str | None) -> str | None:
        if typed is None:
            return None
        engine = self._catalogue.meant(typed)
        if engine is None:
            known = nearest(typed, [each.name for each in self._catalogue.usable_engines()])
            raise UnknownEngine(engine=typed, command="defaults", known=known)
        return engine.name

    async def _style(self, typed: str | None, guild_id: int | None) -> str | None:
        """Return a style by its name: its id is one engine's own."""
        if typed is None:
            return None
        for engine in self._catalogue.all():
            style_id = style_meant(engine, typed)
            if style_id is not None:
                return engine.capabilities.styles[style_id]
        preset = preset_named(typed, await self._presets.of(guild_id))
        if preset is None:
            raise NoStyleOrPreset(style=typed)
        return preset.name

    def _ratio(self, typed: str | None) -> str | None:
        ratios = [each for engine in self._catalogue.all() for each in engine.capabilities.ratios]
        if typed is not None and typed not in ratios:
            raise NoSuchRatio(ratio=typed, offered=", ".join(dict.fromkeys(ratios)))
        return typed

    def _negative(self, typed: str | None) -> str | None:
        if typed is None:
            return None
        if not has_visible(typed):
            raise NothingToSee(option="negative")
        widest = max(self._catalogue.all(), key=lambda each: each.capabilities.negative_max)
        limit = widest.capabilities.negative_max
        if len(typed) > limit:
            raise PromptTooLong(
                engine=widest.name, option="negative", length=len(typed), limit=limit
            )
        return typed
