"""What a moderator's choice makes of the settings there are."""

from dataclasses import replace

from bot.domain.guilds.errors import TooManyChannels, TooManyRoles
from bot.domain.guilds.settings import MOST_CHANNELS, MOST_ROLES, GuildSettings, RoleRule


def with_channel(kept: GuildSettings, channel_id: int, *, allowed: bool) -> GuildSettings:
    """Let pictures be made in a channel, or take it off the list; raises TooManyChannels."""
    return replace(kept, channels=_with(kept.channels, channel_id, is_in=allowed))


def with_spoiler(kept: GuildSettings, channel_id: int, *, hidden: bool) -> GuildSettings:
    """Hide results in a channel, or show them; raises TooManyChannels."""
    return replace(kept, spoiler_channels=_with(kept.spoiler_channels, channel_id, is_in=hidden))


def rule_for(kept: GuildSettings, role_id: int) -> RoleRule | None:
    """Return the rule of a role, or of everyone."""
    return next((rule for rule in kept.role_rules if rule.role_id == role_id), None)


def with_rule(kept: GuildSettings, rule: RoleRule) -> GuildSettings:
    """Set a role's rule in place of the one it had; raises TooManyRoles."""
    others = without_rule(kept, rule.role_id).role_rules
    if len(others) >= MOST_ROLES:
        raise TooManyRoles(limit=MOST_ROLES)
    rules = sorted((*others, rule), key=lambda each: each.role_id)
    return replace(kept, role_rules=tuple(rules))


def without_rule(kept: GuildSettings, role_id: int) -> GuildSettings:
    """Take a role's rule away."""
    left = tuple(rule for rule in kept.role_rules if rule.role_id != role_id)
    return replace(kept, role_rules=left)


def _with(channel_ids: tuple[int, ...], channel_id: int, *, is_in: bool) -> tuple[int, ...]:
    others = {each for each in channel_ids if each != channel_id}
    if not is_in:
        return tuple(sorted(others))
    if len(others) >= MOST_CHANNELS:
        raise TooManyChannels(limit=MOST_CHANNELS)
    return tuple(sorted({*others, channel_id}))
