"""What is said of the database when the bot is up: its kind and place, and no more."""

import pytest

from bot.settings.config import read_settings
from storage import described


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///data/easel.db", "SQLite data/easel.db"),
        ("sqlite:////data/easel.db", "SQLite /data/easel.db"),
        ("postgresql://easel:secret@host:5432/easel?ssl=require", "PostgreSQL host:5432/easel"),
        ("postgresql://host/easel", "PostgreSQL host/easel"),
    ],
)
def test_the_database_is_named_without_its_password(url: str, said: str) -> None:
    settings = read_settings({"DATABASE_URL": url, "PGPASSWORD": "secret"})
    assert described(settings.database_url) == said
