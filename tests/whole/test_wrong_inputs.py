"""Wrong arguments and settings, as a process: one sentence with the remedy, and exit code 2."""

from pathlib import Path

import pytest

from tests.whole.test_program import easel

TOKEN = {"DISCORD_TOKEN": "not-a-real-token"}


@pytest.mark.parametrize("command", ["run", "backup x.db"])
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"EASEL_CONFIG": "eazel.toml"}, "EASEL_CONFIG: there is no eazel.toml"),
        ({"EASEL_DISCORD_API": "discord"}, "http://host:port/api/v10"),
        ({"DISCORD_TOKEN": '"quoted.secret"'}, "DISCORD_TOKEN: take the quotes"),
        ({"DATABASE_URL": "postgresql://e:p#secret@h/d"}, "percent-encode as %23 %2F %3F %40"),
    ],
)
async def test_a_setting_that_cannot_work_is_named_by_whatever_reads_it(
    tmp_path: Path, command: str, variables: dict[str, str], words: str
) -> None:
    ended = await easel(tmp_path, {**TOKEN, **variables}, *command.split())
    assert (ended.code, ended.out) == (2, "")
    [sentence] = ended.err.splitlines()
    assert words in sentence
    assert "secret" not in sentence
