"""What members set for themselves, were told once, and have told moderators of."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.members.presets import Preset
from bot.domain.members.reports import Noted, Report, Untold


class MemberSettingsStore(Protocol):
    """Small texts by member and key, the same in every server."""

    async def value(self, user_id: int, key: str) -> str | None:
        """Return what is kept under a key, None for nothing."""

    async def keep(self, user_id: int, key: str, value: str | None) -> None:
        """Keep it in place of what was under that key before; None removes that."""

    async def values(self, user_id: int) -> dict[str, str]:
        """Return all that is kept of a member, by the keys."""

    async def keep_all(self, user_id: int, values: Mapping[str, str | None]) -> None:
        """Keep several values, or none of them; a None removes what was under its key."""

    async def keep_first(self, user_id: int, key: str, value: str) -> bool:
        """Keep it where nothing is under that key yet; True for the one caller whose it is."""


class ReportStore(Protocol):
    """What moderators were told of, so that each thing is told once."""

    async def note(
        self,
        report: Report,
        now: float,
        *,
        since: float,
        most: int,
        shown: tuple[int, int] | None = None,
    ) -> Noted:
        """Note a report, if it is new and its member made fewer than `most` from `since` on.

        What moderators were told of is known whoever reports it.

        `shown` is the channel and the message that it is about.
        """

    async def told(self, report: Report, now: float) -> None:
        """Note that moderators were told of it."""

    async def untold(self, before: float) -> list[Untold]:
        """Return what was noted before then and not told, oldest first."""

    async def forget(self, report: Report) -> None:
        """Take it back: it could not be told."""


class PresetStore(Protocol):
    """The styles that each server has of its own."""

    async def presets(self, guild_id: int) -> tuple[Preset, ...]:
        """Return a server's presets by their names."""

    async def keep(
        self, guild_id: int, preset: Preset, *, set_by: int, now: float, most: int
    ) -> bool:
        """Keep a preset in place of the one of that name, in small or large letters.

        False, and nothing is kept, where the server has `most` others already.
        """

    async def remove(self, guild_id: int, name: str, *, by: int, now: float) -> bool:
        """Remove the preset of that name, which is written down; False where there is none."""
