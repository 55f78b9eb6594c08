"""A database's address and password: what is taken, what is refused, and that none is shown."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from bot.domain.operator_errors import SettingsError
from bot.settings.config import read_settings
from bot.settings.variables import Variables
from storage.database.engine import open_engine

PASSWORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda text: not (len(text) > 1 and text[0] == text[-1] and text[0] in "'\"")
)
WITHOUT = "postgresql://easel@database/easel"


def url_of(**variables: str) -> str:
    return Variables.model_validate(variables).database_url


@pytest.mark.parametrize("password", ["pa#ss", "pa/ss", "pa?ss", "pa@ss", "12/34", "1?2", "p@s#x"])
@pytest.mark.parametrize("end", ["@host/db", "@host:5432/db?sslmode=require", "@host"])
def test_a_password_that_takes_an_address_apart_is_told_how_to_be_written(
    password: str, end: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"DATABASE_URL": f"postgresql://easel:{password}{end}"})
    for words in ("DATABASE_URL", "percent-encode", "%23 %2F %3F %40", "PGPASSWORD"):
        assert words in str(caught.value)
    assert password not in str(caught.value)


@given(PASSWORDS)
def test_any_password_works_beside_the_address(password: str) -> None:
    variables = Variables.model_validate({"DATABASE_URL": WITHOUT, "PGPASSWORD": password})
    parsed = make_url(variables.database_url)
    assert parsed.password == password
    assert (parsed.username, parsed.host, parsed.database) == ("easel", "database", "easel")
    assert {password, variables.database_url} <= set(variables.secrets)
    assert repr(password) not in repr(variables)


@given(PASSWORDS)
def test_a_password_in_the_address_works_percent_encoded_and_is_a_secret(password: str) -> None:
    url = f"postgresql://easel:{quote(password, safe='')}@host/db"
    variables = Variables.model_validate({"DATABASE_URL": url, "PGPASSWORD": "another"})
    assert variables.database_url == url
    assert make_url(url).password == password
    assert password in variables.secrets


def test_a_password_is_for_postgresql_and_its_user_alone() -> None:
    assert url_of(PGPASSWORD="pw") == "sqlite:///data/easel.db"
    assert url_of(DATABASE_URL="postgresql://host/db", PGPASSWORD="pw") == "postgresql://host/db"


@given(st.text(st.sampled_from("ab1:@/?#[]%=& é")))
def test_whatever_is_taken_for_an_address_can_be_opened(text: str) -> None:
    try:
        url = url_of(DATABASE_URL=f"postgresql://{text}")
    except (SettingsError, ValueError):
        return
    assert open_engine(url).dialect.name == "postgresql"
