"""Where the bot may be used."""

import pytest

from bot.domain.access import Access
from bot.domain.errors import NotAllowedHere, NotInDirectMessages


def test_an_empty_list_means_every_server() -> None:
    Access().check(42)


def test_a_server_that_is_not_listed_is_refused() -> None:
    with pytest.raises(NotAllowedHere):
        Access(guilds=frozenset({1})).check(2)


def test_direct_messages_are_off_unless_switched_on() -> None:
    with pytest.raises(NotInDirectMessages):
        Access().check(None)
    Access(direct_messages=True).check(None)
