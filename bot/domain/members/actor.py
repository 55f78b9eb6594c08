"""Who acts, as the interaction says it: whether they moderate, and what they have in sight."""

from dataclasses import dataclass

from bot.domain.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and where; `may_manage`: has Manage Server in that guild, whose roles they are.

    `joined_at` is since when they are there, in unix seconds; None where Discord names no time.
    """

    user_id: int
    guild_id: int | None
    may_manage: bool = False
    role_ids: frozenset[int] = frozenset()
    joined_at: float | None = None


def is_moderator(actor: Actor, role_id: int | None) -> bool:
    """Tell whether somebody moderates where they act; `role_id`: the server's moderator role."""
    if actor.guild_id is None:
        return False
    return actor.may_manage or (role_id is not None and role_id in actor.role_ids)


def can_see(job: Job, actor: Actor) -> bool:
    """Tell whether somebody may have a job's message before them, wherever it was sent again."""
    to = job.order.destination
    return to.user_id == actor.user_id or (not to.private and to.guild_id == actor.guild_id)
