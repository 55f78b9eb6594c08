"""Who asks for pictures, and where."""

from dataclasses import dataclass

from bot.domain.members.actor import Actor


@dataclass(frozen=True, slots=True)
class Asking:
    """A member who asks, in which channel, and whether only they are to see what comes of it.

    `parent_id` is the channel that a thread belongs to, None of a channel itself. `alias` is the
    number that a block of theirs stands under where they were erased since.
    `is_told`: they know that moderators may look at what is private.
    """

    actor: Actor
    channel_id: int
    parent_id: int | None = None
    private: bool = False
    is_told: bool = False
    alias: int | None = None

    @property
    def guild_id(self) -> int | None:
        """The server; None in direct messages, which no moderator has a say in."""
        return self.actor.guild_id
