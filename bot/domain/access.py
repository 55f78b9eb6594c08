"""Where the bot may be used at all, decided from memory."""

from dataclasses import dataclass

from bot.domain.errors import NotAllowedHere, NotInDirectMessages


@dataclass(frozen=True, slots=True)
class Access:
    """The operator's choice; an empty `guilds` means every server that has the bot."""

    guilds: frozenset[int] = frozenset()
    direct_messages: bool = False

    def check(self, guild_id: int | None) -> None:
        """Raise NotInDirectMessages or NotAllowedHere."""
        if guild_id is None and not self.direct_messages:
            raise NotInDirectMessages
        if guild_id is not None and self.guilds and guild_id not in self.guilds:
            raise NotAllowedHere
