"""Who acts, as the interaction says it, and whether that makes a moderator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and where; `may_manage`: has Manage Server in that guild, whose roles they are."""

    user_id: int
    guild_id: int | None
    may_manage: bool = False
    role_ids: frozenset[int] = frozenset()


def is_moderator(actor: Actor, role_id: int | None) -> bool:
    """Tell whether somebody moderates where they act; `role_id`: the server's moderator role."""
    if actor.guild_id is None:
        return False
    return actor.may_manage or (role_id is not None and role_id in actor.role_ids)
