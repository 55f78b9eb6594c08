"""What moderators set for a whole server."""

from dataclasses import dataclass, field
from datetime import tzinfo
from zoneinfo import ZoneInfo

from bot.domain.discord_limits import CHOICES
from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import LabelLanguage, OwnWords
from bot.domain.members.defaults import Defaults
from bot.domain.members.remixing import RemixRule

WARN_AT = 80  # percent of a budget, where nobody chose
EVERYONE = 0  # in place of a role's id
MOST_CHANNELS = MOST_ROLES = CHOICES  # as many as one select holds


@dataclass(frozen=True, slots=True)
class RoleRule:
    """Which engines and styles the members with a role may use; none named means all of them."""

    role_id: int
    engines: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What moderators set for a whole server; a None is none of it.

    `budget_warning` is in percent. `channels` are where pictures may be made, none named means
    everywhere; in `spoiler_channels` results are hidden. `role_rules` say who may use what.
    Members younger than `approval_days` in the server, or without `approval_role_id`, wait for a
    moderator's yes. A `label_corner` of None is the calmest one, a `label_language` of None the
    operator's words.
    """

    timezone: str = "UTC"
    budget_images: int | None = None
    budget_usd: float | None = None
    budget_warning: int = WARN_AT
    log_channel_id: int | None = None
    moderator_role_id: int | None = None
    remix: RemixRule = RemixRule.MEMBERS
    channels: tuple[int, ...] = ()
    spoiler_channels: tuple[int, ...] = ()
    allows_private: bool = True
    role_rules: tuple[RoleRule, ...] = ()
    defaults: Defaults = field(default_factory=Defaults)
    label_corner: Corner | None = None
    label_language: LabelLanguage | None = None
    label_words: OwnWords = field(default_factory=OwnWords)
    approval_days: int | None = None
    approval_role_id: int | None = None

    @property
    def zone(self) -> tzinfo:
        """The server's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def asks_approval(self) -> bool:
        """Whether anybody's requests wait for a moderator's yes."""
        return self.approval_days is not None or self.approval_role_id is not None
