"""Newcomers' requests, which wait for a moderator's yes: whose, and how long."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import Job, JobId
from bot.domain.members.actor import Actor, is_moderator
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.errors import NobodyToApprove, ShownToModerators

WAITS_S = 24 * 3600.0  # then it expires with a refund
_DAY_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Approval:
    """A job that waits, or waited, for a yes; times are unix seconds.

    It was asked for in a message of a channel, where that was posted already, or tried to. It is
    over with `decided_at`; without `decided_by` the job ended by itself.
    """

    job_id: JobId
    guild_id: int
    asked_at: float
    channel_id: int | None = None
    message_id: int | None = None
    decided_at: float | None = None
    decided_by: int | None = None
    is_approved: bool | None = None

    @property
    def until(self) -> float:
        """When the job expires that nobody decided on."""
        return self.asked_at + WAITS_S


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a yes or no; `is_new` is False where it was over already."""

    approval: Approval
    is_new: bool


class NotAsked(Enum):
    """Why a question is in no channel: it takes none now, or not this one."""

    CLOSED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a moderator is to look at: the job, and the pictures it was given."""

    approval: Approval
    job: Job
    pictures: tuple[bytes, ...] = ()


def needs_approval(settings: GuildSettings, asking: Asking, now: float) -> bool:
    """Tell whether what somebody asks for waits for a moderator's yes.

    Raises NobodyToApprove where there is no channel to ask in, and ShownToModerators for a private
    request whose member was not told who would see it.
    """
    if not is_newcomer(settings, asking.actor, now):
        return False
    if settings.log_channel_id is None:
        raise NobodyToApprove
    if asking.private and not asking.is_told:
        raise ShownToModerators
    return True


def is_newcomer(settings: GuildSettings, actor: Actor, now: float) -> bool:
    """Tell whether somebody's requests need a yes; those of moderators never do.

    Members younger in the server than so many days need it, and those without the role; Discord
    names no time of joining for guests, who are new then.
    """
    if actor.guild_id is None or is_moderator(actor, settings.moderator_role_id):
        return False
    days, role_id = settings.approval_days, settings.approval_role_id
    if role_id is not None and role_id not in actor.role_ids:
        return True
    if days is None:
        return False
    return actor.joined_at is None or now - actor.joined_at < days * _DAY_S
