"""Newcomers' requests, which wait for a moderator's yes: whose, how long, and what a no says."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import Job, JobId
from bot.domain.members.actor import Actor, is_moderator
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.errors import NobodyToApprove, ShownToModerators

WAITS_S = 24 * 3600.0  # then it expires with a refund
_DAY_S = 24 * 3600.0


class DenyReason(StrEnum):
    """Why a moderator says no; the values are the form's."""

    RULES = "rules"
    UNSUITED = "unsuited"
    PERSON = "person"
    PICTURE = "picture"
    OTHER = "other"


WHY = {
    DenyReason.RULES: "it is against the rules of this server",
    DenyReason.UNSUITED: "it does not belong in this channel",
    DenyReason.PERSON: "it is about a real person",
    DenyReason.PICTURE: "the picture given may not be used",
    DenyReason.OTHER: "for another reason",
}


@dataclass(frozen=True, slots=True)
class Denial:
    """A moderator's no: the reason chosen, and their own words, which may be empty."""

    reason: DenyReason
    text: str = ""

    @property
    def why(self) -> str:
        """The reason in words, as a part of a sentence, with those of the moderator."""
        why = WHY[self.reason]
        text = self.text.rstrip(". ")  # a sentence goes on after it
        return f"{why} – {text}" if text else why


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
    reason: str | None = None

    @property
    def until(self) -> float:
        """When the job expires that nobody decided on."""
        return self.asked_at + WAITS_S


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a yes or no; `is_new` is False where it was over already."""

    approval: Approval
    is_new: bool


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
