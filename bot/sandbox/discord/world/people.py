"""Accounts, roles, and the numbers that everything in the local Discord is made of."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.discord.world.permissions import NOTHING, Permissions

JSON = dict[str, Any]

EPOCH_MS = 1_420_070_400_000  # first millisecond of Discord's ids (Discord docs, 2026-08)
MIB = 1024 * 1024
UPLOAD_LIMITS = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}  # by premium tier
TEXT, VOICE, NEWS, PUBLIC_THREAD, PRIVATE_THREAD = 0, 2, 5, 11, 12  # kinds (Discord docs, 2026-08)


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
class Role:
    """A role of a server; the role whose id is the server's is @everyone."""

    id: str
    name: str
    permissions: Permissions = NOTHING
