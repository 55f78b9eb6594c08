"""Whose requests wait for a moderator's yes."""

from dataclasses import replace

import pytest

from bot.domain.guilds.settings import GuildSettings
from bot.domain.members.actor import Actor
from bot.domain.moderation.approvals import is_newcomer, needs_approval
from bot.domain.moderation.asking import Asking
from bot.domain.moderation.errors import NobodyToApprove, ShownToModerators

NOW = 1_800_000_000.0
DAY_S = 24 * 3600.0
TRUSTED, MODS = 5, 6
WEEK = GuildSettings(approval_days=7, moderator_role_id=MODS, log_channel_id=9)
ROLE = replace(WEEK, approval_days=None, approval_role_id=TRUSTED)


def member(days: float | None = 30, **more: object) -> Actor:
    joined_at = None if days is None else NOW - days * DAY_S
    return replace(Actor(1, 2, joined_at=joined_at), **more)  # type: ignore[arg-type] # its own


@pytest.mark.parametrize(
    ("settings", "actor", "is_new"),
    [
        (GuildSettings(), member(0), False),
        (WEEK, member(6.99), True),
        (WEEK, member(7), False),
        (WEEK, member(None), True),
        (WEEK, member(0, may_manage=True), False),
        (WEEK, member(0, role_ids=frozenset({MODS})), False),
        (WEEK, member(0, guild_id=None), False),
        (ROLE, member(30), True),
        (ROLE, member(0, role_ids=frozenset({TRUSTED})), False),
        (replace(ROLE, approval_days=7), member(0, role_ids=frozenset({TRUSTED})), True),
        (replace(ROLE, approval_days=7), member(30), True),
    ],
)
def test_newcomers_are_those_too_young_or_without_the_role(
    settings: GuildSettings, actor: Actor, *, is_new: bool
) -> None:
    assert is_newcomer(settings, actor, NOW) is is_new


def test_without_a_channel_to_ask_in_nothing_is_accepted() -> None:
    with pytest.raises(NobodyToApprove):
        needs_approval(replace(WEEK, log_channel_id=None), Asking(member(0), 3), NOW)
    assert not needs_approval(replace(WEEK, log_channel_id=None), Asking(member(30), 3), NOW)


def test_a_private_request_is_shown_to_moderators_only_with_its_members_knowledge() -> None:
    private = Asking(member(0), 3, private=True)
    with pytest.raises(ShownToModerators):
        needs_approval(WEEK, private, NOW)
    assert needs_approval(WEEK, replace(private, is_told=True), NOW)
