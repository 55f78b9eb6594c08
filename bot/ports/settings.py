"""What the program remembers about itself from one start to the next."""

from typing import Protocol


class SettingsStore(Protocol):
    """Small values the program keeps about itself."""

    async def value(self, key: str) -> str | None:
        """Return what is kept under a key, None for nothing."""

    async def keep(self, key: str, value: str) -> None:
        """Keep it in place of what was under that key before."""
