"""What members set for themselves, and what they were told once."""

from typing import Protocol


class MemberSettingsStore(Protocol):
    """Small texts by member and key, the same in every server."""

    async def value(self, user_id: int, key: str) -> str | None:
        """Return what is kept under a key, None for nothing."""

    async def keep(self, user_id: int, key: str, value: str | None) -> None:
        """Keep it in place of what was under that key before; None removes that."""

    async def keep_first(self, user_id: int, key: str, value: str) -> bool:
        """Keep it where nothing is under that key yet; True for the one caller whose it is."""
