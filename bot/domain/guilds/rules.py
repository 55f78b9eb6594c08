"""What a server's settings mean for a request: where, by which engine and style, how private."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.domain.engines.choosing import Choice
from bot.domain.engines.plans import Plan
from bot.domain.guilds.errors import (
    EngineNotForRole,
    NoPicturesHere,
    PrivateNotAllowed,
    StyleNotForRole,
)
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule


def check_place(settings: GuildSettings, channel_id: int, parent_id: int | None) -> None:
    """Raise NoPicturesHere where pictures may not be made; `parent_id` is a thread's channel."""
    if settings.channels and not _is_among(settings.channels, channel_id, parent_id):
        raise NoPicturesHere(channel_ids=settings.channels)


def check_private(settings: GuildSettings, *, private: bool) -> None:
    """Raise PrivateNotAllowed for a result that only one person is to see."""
    if private and not settings.allows_private:
        raise PrivateNotAllowed


def hides(settings: GuildSettings, channel_id: int, parent_id: int | None) -> bool:
    """Tell whether results are hidden in a place until somebody clicks them."""
    return _is_among(settings.spoiler_channels, channel_id, parent_id)


def rules_of(settings: GuildSettings, role_ids: Collection[int]) -> tuple[RoleRule, ...]:
    """Return the rules for somebody with these roles: those of the roles, else everyone's."""
    own = tuple(rule for rule in settings.role_rules if rule.role_id in role_ids)
    return own or tuple(rule for rule in settings.role_rules if rule.role_id == EVERYONE)


def may_use_engine(settings: GuildSettings, role_ids: Collection[int], name: str) -> bool:
    """Tell whether somebody with these roles may use an engine; the most generous role counts."""
    rules = rules_of(settings, role_ids)
    return not rules or any(not rule.engines or name in rule.engines for rule in rules)


def may_use_style(settings: GuildSettings, role_ids: Collection[int], name: str) -> bool:
    """Tell the same of a style, by its name."""
    rules, name = rules_of(settings, role_ids), name.casefold()
    return not rules or any(
        not rule.styles or name in (each.casefold() for each in rule.styles) for rule in rules
    )


def permitted(plan: Plan, settings: GuildSettings, role_ids: Collection[int]) -> Plan:
    """Return a plan with the engines left that somebody may use for it.

    Raises EngineNotForRole or StyleNotForRole where none is.
    """
    rules = rules_of(settings, role_ids)
    if not rules:
        return plan
    usable = [each for each in plan.choices if may_use_engine(settings, role_ids, each.engine.name)]
    if not usable:
        known = _joined(name for rule in rules for name in rule.engines)
        raise EngineNotForRole(engine=plan.engine.name, engines=known)
    styled = [each for each in usable if _may_use_style_of(settings, role_ids, each)]
    if not styled:
        known = _joined(name for rule in rules for name in rule.styles)
        raise StyleNotForRole(style=_style_of(usable[0]), styles=known)
    plain = tuple(each for each in plan.plain if _may_use(settings, role_ids, each))
    return replace(plan, choices=tuple(styled), plain=plain)


def _may_use(settings: GuildSettings, role_ids: Collection[int], choice: Choice) -> bool:
    may_use = may_use_engine(settings, role_ids, choice.engine.name)
    return may_use and _may_use_style_of(settings, role_ids, choice)


def _may_use_style_of(settings: GuildSettings, role_ids: Collection[int], choice: Choice) -> bool:
    style = _style_of(choice)
    return style is None or may_use_style(settings, role_ids, style)


def _style_of(choice: Choice) -> str | None:
    """Return the name of the style that was chosen, whose id is the engine's own."""
    style = choice.options.style
    return choice.engine.capabilities.styles.get(style or "", style)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _is_among(channel_ids: Collection[int], channel_id: int, parent_id: int | None) -> bool:
    """Tell whether a channel is named, or of a thread the channel that it belongs to."""
    return channel_id in channel_ids or (parent_id is not None and parent_id in channel_ids)
