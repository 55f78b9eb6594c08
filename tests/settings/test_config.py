"""Settings: their order, their errors, and what never shows."""

from pathlib import Path

import pytest

from bot.domain.operator_errors import SettingsError
from bot.settings.config import read_settings

KEYS = {"TENCENTCLOUD_SECRET_ID": "AKIDxxxxxxxx", "TENCENTCLOUD_SECRET_KEY": "kkkkkkkkkkkk"}


def test_the_environment_beats_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("EASEL_LOG=json\nEASEL_AIART_REGION=from-file\nUNKNOWN=1\n")
    monkeypatch.setenv("EASEL_AIART_REGION", "from-environment")
    variables = read_settings(folder=tmp_path).variables
    assert (variables.EASEL_LOG, variables.EASEL_AIART_REGION) == ("json", "from-environment")


@pytest.mark.parametrize(
    ("endpoint", "region"),
    [
        ("", "ap-singapore"),
        ("https://aiart.intl.tencentcloudapi.com", "ap-singapore"),
        ("https://aiart.tencentcloudapi.com", "ap-guangzhou"),
        ("https://aiart.ap-shanghai.tencentcloudapi.com", "ap-guangzhou"),
        ("https://proxy.example.com", "ap-singapore"),
    ],
)
def test_a_region_that_is_not_set_goes_with_the_endpoints_site(
    tmp_path: Path, endpoint: str, region: str
) -> None:
    given = {"EASEL_AIART_ENDPOINT": endpoint, "EASEL_AIART_REGION": ""}
    settings = read_settings(given, folder=tmp_path)
    assert settings.regions == {"aiart": region}
    assert region == settings.variables.EASEL_AIART_REGION
    own = read_settings({**given, "EASEL_AIART_REGION": "ap-hongkong"}, folder=tmp_path)
    assert own.regions == {"aiart": "ap-hongkong"}


@pytest.mark.parametrize("address", ["https://[", "https://example.com:port"])
def test_an_address_that_is_none_is_named_with_its_variable(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match=r"^EASEL_AIART_ENDPOINT: .*a scheme and a host"):
        read_settings({"EASEL_AIART_ENDPOINT": address}, folder=tmp_path)


def test_an_engine_on_the_other_site_gets_that_sites_region(tmp_path: Path) -> None:
    row = '[engines.{name}]\nprovider = "aiart"\naction = "ImageToImage"\npool = "aiart"\n'
    mainland = 'endpoint = "https://aiart.tencentcloudapi.com"\n'
    (tmp_path / "easel.toml").write_text(
        row.format(name="near")
        + row.format(name="far")
        + mainland
        + row.format(name="farther")
        + mainland
        + 'region = "ap-shanghai"\n'
    )
    engines = read_settings({}, folder=tmp_path).engines
    regions = {engine.name: engine.region for engine in engines}
    shown = (regions["near"], regions["far"], regions["farther"])
    assert shown == ("", "ap-guangzhou", "ap-shanghai")


def test_the_defaults_are_the_contracts(tmp_path: Path) -> None:
    settings = read_settings({}, folder=tmp_path)
    pools = settings.run_limits.pools
    assert (pools["aiart"], pools["vod"], pools["local"]) == (3, 1, 2)
    assert {most for name, most in pools.items() if "-" in name} == {1, 3}
    assert (settings.run_limits.per_guild, settings.run_limits.per_user) == (2, 1)
    assert settings.run_limits.max_wait_s == 6 * 3600
    assert settings.variables.EASEL_HTTP == "127.0.0.1:8080"


def test_the_file_is_read_and_an_operators_engine_changes_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text(
        """
        [access]
        guilds = [123]
        [pools.aiart]
        concurrency = 5
        [limits]
        max_wait = "90m"
        [engines.anime]
        provider = "aiart"
        action = "ImageToImage"
        pool = "aiart"
        price_usd = 0.06
        """
    )
    settings = read_settings({}, folder=tmp_path)
    assert settings.access.guilds == frozenset({123})
    assert settings.run_limits.pools["aiart"] == 5
    assert settings.run_limits.max_wait_s == 5400
    prices = [engine.price_usd for engine in settings.engines if engine.name == "anime"]
    assert prices == [0.06]


def test_hosts_of_results_are_read_in_lower_case(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text("[results]\nhosts = ['Media.example.com', '.cdn.example']")
    file = read_settings({}, folder=tmp_path).file
    assert file.results.hosts == ("media.example.com", ".cdn.example")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[limits]\nper_gild = 3", "limits.per_gild"),
        ("[limits]\nmax_wait = 'long'", "limits.max_wait"),
        ("[pools.aiart]\nconcurrency = 0", "pools.aiart.concurrency"),
        ("surprise = 1", "surprise"),
        ("[results]\nhosts = ['https://media.example.com/']", r"results\.hosts\.0.*\.example\.com"),
        ("[results]\nhosts = ['.com']", "results.hosts"),
        ("[results]\nhosts = ['10.0.0.7']", "results.hosts"),
        ("[engines.x]\nprovider = 'openai'\npool = 'p'", "engines.x.provider"),
        ("not toml at all", "easel.toml: cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_the_settings_name(
    tmp_path: Path, text: str, named: str
) -> None:
    (tmp_path / "easel.toml").write_text(text)
    with pytest.raises(SettingsError, match=named):
        read_settings({}, folder=tmp_path)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EASEL_LOG", "loud-secret"),
        ("EASEL_HTTP", "nonsense-secret"),
        ("EASEL_VOD_SUB_APP_ID", "secret-text"),
        ("EASEL_SHARD_COUNT", "secret-many"),
        ("DATABASE_URL", "mysql://u:secret@h/d"),
        ("DISCORD_TOKEN", "secret\nwith a line"),
        ("TENCENTCLOUD_TOKEN", "secret with spaces"),
        ("EASEL_AIART_ENDPOINT", "http://secret.example.com"),
        ("EASEL_VOD_ENDPOINT", "https://user:secret@vod.example.com"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_is_not(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({variable: value}, folder=tmp_path)
    assert variable in str(caught.value)
    assert "secret" not in str(caught.value)


def test_one_tencent_key_without_the_other_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TENCENTCLOUD_SECRET_ID"):
        read_settings({"TENCENTCLOUD_SECRET_ID": "AKIDxxxxxxxx"}, folder=tmp_path)


def test_secrets_are_not_in_the_repr(tmp_path: Path) -> None:
    settings = read_settings(
        {**KEYS, "DISCORD_TOKEN": "token-token", "DATABASE_URL": "postgresql://u:pw12345@h/d"},
        folder=tmp_path,
    )
    shown = repr(settings)
    for secret in ("kkkkkkkkkkkk", "token-token", "pw12345"):
        assert secret not in shown


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    variables = read_settings({"DISCORD_TOKEN": "", "EASEL_HTTP": ""}, folder=tmp_path).variables
    assert variables.DISCORD_TOKEN is None
    assert variables.EASEL_HTTP == ""


def test_a_shard_range_needs_its_count(tmp_path: Path) -> None:
    settings = read_settings({"EASEL_SHARD_IDS": "0-3", "EASEL_SHARD_COUNT": "8"}, folder=tmp_path)
    assert settings.shards == ([0, 1, 2, 3], 8)
    with pytest.raises(SettingsError, match="EASEL_SHARD_COUNT"):
        read_settings({"EASEL_SHARD_IDS": "0-3"}, folder=tmp_path)
