"""Accounts and roles, and the JSON that all of the local Discord is told as."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord.world.permissions import NOTHING, Permissions

JSON = dict[str, Any]


@dataclass(eq=False)
class User:
    """An account; `accepts_dms` false makes a direct message fail with 50007."""

    id: str
    name: str
    bot: bool = False
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        """The text that mentions this user."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Emoji:
    """An emoji of a server's own; `draw` makes its picture, a WebP."""

    id: str
    name: str
    draw: Callable[[], bytes]

    @property
    def mention(self) -> str:
        """The text that shows it."""
        return f"<:{self.name}:{self.id}>"


@dataclass(eq=False)
class Role:
    """A role of a server; the role whose id is the server's is @everyone."""

    id: str
    name: str
    permissions: Permissions = NOTHING
    bot_id: str | None = None  # of an app's own role, which nobody else can have
