"""A setting that cannot work is named with its file and what to write, never with its value."""

from pathlib import Path

import pytest

from bot.domain.operator_errors import SettingsError
from bot.settings.config import read_settings

ENGINE = '[engines.x]\nprovider = "aiart"\naction = "ImageToImage"\npool = "aiart"\n'
PACKAGE = '[[packages]]\npool = "aiart"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[limits]\nfoo = 1", "limits.foo: no such key; known: max_wait, per_guild, per_user, qu"),
        ("[pools.vod]\nfoo = 1", "pools.vod.foo: no such key; known: concurrency, requests_per"),
        ("[packages]\nimages = 5", "packages: must be a list: write [[packages]] above each entry"),
        (PACKAGE + "foo = 1", "packages.0.foo: no such key; known: expires, images, pool"),
        (PACKAGE + "images = 0\nexpires = 2030-01-01", "packages.0.images: must be 1 or more"),
        (PACKAGE + "images = 5", "packages.0.expires: must be set"),
        (
            PACKAGE + 'images = 5\nexpires = "never-secret"',
            "packages.0.expires: must be a date such as 2026-12-31",
        ),
        ("[limits]\nper_user = 'secret'", "limits.per_user: must be a whole number"),
        ("[limits]\nmax_wait = 'secret'", "limits.max_wait: write a number and m, h, d or w"),
        ("[limits]\nmax_wait = 6", "limits.max_wait: write a number and m, h, d or w in quotes"),
        ("[retention]\npictures = 30", "retention.pictures: write a number and m, h, d or w"),
        ("[limits]\nretry_unknown = 'secret'", "limits.retry_unknown: must be true or false"),
        ("[label]\nproducer = 5", "label.producer: must be text in quotes"),
        ('[label]\nproducer = "A\\u202eda"', "label.producer: write a name of at most 200 letters"),
        ('[label]\nproducer = "' + "z" * 201 + '"', "label.producer: write a name of at most 200"),
        ('[label]\ngenerated = "painted"', "label.generated: A label must say that AI made"),
        ('[label]\nmodified = "no AI"', "label.modified: A label must say that AI made"),
        ('[label]\ngenerated = "AI 😀"', "label.generated: The label’s font cannot draw 😀"),
        ("[label]\nprompts = 1", "label.prompts: must be true or false"),
        ("[access]\nguilds = 'secret'", "access.guilds: must be a list in [brackets]"),
        ("limits = 'secret'", "limits: must be a table"),
        ("[quotas]\nuser_per_day = -2", "quotas.user_per_day: must be -1 or more"),
        (
            "[pools.vod]\nconcurrency = 1\nrequests_per_second = 0",
            "pools.vod.requests_per_second: must be more than 0",
        ),
        (ENGINE.replace("aiart", "secret", 1), "engines.x.provider: must be 'aiart', 'vod' or"),
        (
            ENGINE + 'endpoint = "http://secret.example"',
            "engines.x.endpoint: is not written in the form it must have (a scheme and a host: ",
        ),
    ],
)
def test_a_fault_in_the_file_is_a_sentence_that_names_it(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "my.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings({"EASEL_CONFIG": "my.toml"}, folder=tmp_path)
    assert f"my.toml: {sentence}" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("EASEL_VOD_SUB_APP_ID", "secret", "EASEL_VOD_SUB_APP_ID: must be a whole number"),
        ("EASEL_SHARD_COUNT", "0", "EASEL_SHARD_COUNT: must be 1 or more"),
        ("EASEL_LOG", "secret", "EASEL_LOG: must be 'console' or 'json'"),
        ("EASEL_HTTP", "secret", "EASEL_HTTP: is not written in the form it must have (host:port"),
        ("EASEL_HTTP", "secret:99999", "EASEL_HTTP: its host or port is none (host:port"),
        ("EASEL_HTTP", "secret:0", "EASEL_HTTP: its port is none from 1 to 65535 (host:port"),
        ("EASEL_VOD_SUB_APP_ID", "-7", "EASEL_VOD_SUB_APP_ID: must be 1 or more"),
        ("EASEL_CONFIG", "secrets/my.toml", "EASEL_CONFIG: there is no "),
        ("EASEL_AIART_ENDPOINT", "https://h:secret", "EASEL_AIART_ENDPOINT: its host or port is"),
        ("EASEL_DISCORD_API", "discord", "EASEL_DISCORD_API: is no address of an API (a scheme,"),
        ("EASEL_DISCORD_API", "ftp://secret/api", "EASEL_DISCORD_API: is no address of an API"),
        ("EASEL_DISCORD_API", "http:///secret", "EASEL_DISCORD_API: is no address of an API"),
        ("EASEL_DISCORD_API", "http://h:secret/", "EASEL_DISCORD_API: its host or port is none"),
        ("EASEL_DISCORD_API", "http://h/api?secret", "EASEL_DISCORD_API: is no address of an API"),
        ("EASEL_DISCORD_API", "http://u:secret@h/", "EASEL_DISCORD_API: is no address of an API"),
        ("DATABASE_URL", "mysql://secret", "DATABASE_URL: not a database Easel can use (sqlite://"),
        ("DATABASE_URL", "xsqlite:///secret", "DATABASE_URL: not a database Easel can use"),
        ("DISCORD_TOKEN", '"secret"', "DISCORD_TOKEN: take the quotes around the value away"),
        ("EASEL_LOG", "'json'", "EASEL_LOG: take the quotes around the value away"),
        ("DATABASE_URL", '"postgresql://u:secret@h/d"', "DATABASE_URL: take the quotes around"),
    ],
)
def test_a_fault_in_a_variable_is_a_sentence_that_names_it(
    tmp_path: Path, variable: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({variable: value}, folder=tmp_path)
    assert str(caught.value).startswith(sentence)
    assert "secret" not in str(caught.value).replace(str(tmp_path / "secrets"), "")


@pytest.mark.parametrize("ids", ["3-1", "0-4", "4"])
def test_a_range_of_shards_lies_below_their_count(tmp_path: Path, ids: str) -> None:
    with pytest.raises(SettingsError, match="EASEL_SHARD_IDS: a range such as 0-3, below"):
        read_settings({"EASEL_SHARD_IDS": ids, "EASEL_SHARD_COUNT": "4"}, folder=tmp_path)


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text("[limits]\nper_gild = 1\nper_user = 0\n")
    with pytest.raises(SettingsError) as caught:
        read_settings({}, folder=tmp_path)
    first, second = str(caught.value).splitlines()
    assert first.startswith("easel.toml: limits.per_user: must be 1 or more")
    assert second.startswith("easel.toml: limits.per_gild: no such key")


def test_a_slip_in_a_takes_row_names_the_keys_there_are(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text('[takes."vod GG 3.0"]\npromt_max = 9\n')
    with pytest.raises(SettingsError, match=r"easel\.toml: takes\.vod GG 3\.0: no such key: promt"):
        read_settings({}, folder=tmp_path)


@pytest.mark.parametrize("name", ["easel.toml", ".env"])
def test_a_file_that_is_not_utf_8_is_named(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EASEL_LOG", raising=False)
    (tmp_path / name).write_bytes("EASEL_LOG = 'é-secret'".encode("latin-1"))
    with pytest.raises(SettingsError, match="is not UTF-8 text; save it as UTF-8") as caught:
        read_settings(folder=tmp_path)
    assert name in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").mkdir()
    with pytest.raises(SettingsError, match=r"easel\.toml is a folder; name a file"):
        read_settings(folder=tmp_path)
