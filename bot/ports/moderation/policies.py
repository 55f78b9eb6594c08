"""What moderators of a server have decided of who may ask for what, in one look."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.guilds.settings import GuildSettings
from bot.domain.moderation.blocks import Block


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be long: who is blocked, and the word list."""

    blocks: tuple[Block, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyLook:
    """A server's settings, and its lists where they have another revision than was known.

    None of both is the revision of lists that nobody has ever changed.
    """

    settings: GuildSettings
    revision: str | None
    lists: Lists | None


class PolicyStore(Protocol):
    """Settings, blocks and words of servers, read together."""

    async def look(self, guild_id: int, known: str | None) -> PolicyLook:
        """Return what holds in a server; `known` is the revision of the lists at hand.

        None knows none; then the lists are left out only where there have never been any.
        """
