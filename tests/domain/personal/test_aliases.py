"""The number that an erased person's rows stand under."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.personal.aliases import alias_of, check_of, is_alias

KEYS = st.binary(min_size=32, max_size=64)
IDS = st.integers(1, 2**63 - 1)


@given(KEYS, IDS)
def test_an_alias_is_the_same_each_time_and_no_id_of_discords(key: bytes, user_id: int) -> None:
    alias = alias_of(key, user_id)
    assert alias == alias_of(key, user_id)
    assert is_alias(alias)
    assert -(2**63) <= alias < 0
    assert not is_alias(user_id)


@given(KEYS, IDS, IDS)
def test_neither_another_person_nor_another_key_has_it(key: bytes, one: int, two: int) -> None:
    assert (alias_of(key, one) == alias_of(key, two)) == (one == two)
    assert alias_of(key, one) != alias_of(key + b"\1", one)
    assert check_of(key) != check_of(key + b"\1")
