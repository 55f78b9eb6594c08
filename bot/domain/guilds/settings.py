"""What moderators set for a whole server."""

from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from bot.domain.members.remixing import RemixRule


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What moderators set for a whole server; a None is none of it."""

    timezone: str = "UTC"
    budget_images: int | None = None
    budget_usd: float | None = None
    log_channel_id: int | None = None
    moderator_role_id: int | None = None
    remix: RemixRule = RemixRule.MEMBERS

    @property
    def zone(self) -> tzinfo:
        """The server's time zone."""
        return ZoneInfo(self.timezone)
