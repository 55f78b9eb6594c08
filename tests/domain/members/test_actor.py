"""Who moderates: Manage Server, or the role a server has chosen, and nobody outside of servers."""

import pytest

from bot.domain.members.actor import Actor, is_moderator

GUILD, ROLE = 10, 20


@pytest.mark.parametrize(
    ("actor", "role_id", "expected"),
    [
        (Actor(1, GUILD, may_manage=True), None, True),
        (Actor(1, GUILD, may_manage=True), ROLE, True),
        (Actor(1, GUILD, role_ids=frozenset({ROLE, 21})), ROLE, True),
        (Actor(1, GUILD, role_ids=frozenset({21})), ROLE, False),
        (Actor(1, GUILD, role_ids=frozenset({ROLE})), None, False),
        (Actor(1, GUILD), ROLE, False),
        (Actor(1, None, may_manage=True, role_ids=frozenset({ROLE})), ROLE, False),
    ],
)
def test_a_moderator_has_manage_server_or_the_chosen_role(
    actor: Actor, role_id: int | None, *, expected: bool
) -> None:
    assert is_moderator(actor, role_id) is expected
