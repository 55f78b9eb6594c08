"""Members, roles, channels and times in a text, for which Discord's clients show what they are."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.domain.wording.quoting import Markup


def member(user_id: int) -> Markup:
    """Return a member's mention, of one who was erased no name."""
    if user_id < 0:  # the alias of somebody who was erased
        return Markup("somebody whose data was erased")
    return Markup(f"<@{user_id}>")


def role(role_id: int) -> Markup:
    """Return a role's mention."""
    return Markup(f"<@&{role_id}>")


def channel(channel_id: int) -> Markup:
    """Return a channel's or thread's mention."""
    return Markup(f"<#{channel_id}>")


def from_now(at: float) -> Markup:
    """Return a time (unix seconds) as readers see it from now, e.g. "in 3 hours"."""
    return Markup(f"<t:{at:.0f}:R>")


def date_and_time(at: float) -> Markup:
    """Return a time (unix seconds) with its date."""
    return Markup(f"<t:{at:.0f}:f>")


def date(at: float) -> Markup:
    """Return the date of a time (unix seconds)."""
    return Markup(f"<t:{at:.0f}:D>")


BY_FORMAT: Mapping[str, Callable[[int], Markup]] = MappingProxyType(
    {"member": member, "role": role, "channel": channel, "from now": from_now}
)
"""What a gap of a sentence makes of a number by its format, as in `{user_id:member}`."""
