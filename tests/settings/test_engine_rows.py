"""An operator's engines: rows over the shipped ones, and a slip in one named with its remedy."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options
from bot.domain.operator_errors import SettingsError
from bot.settings.config import read_settings
from bot.settings.easel_toml import FileSettings


def test_an_engine_of_an_unknown_api_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text(
        "[engines.new]\nprovider = 'vod'\nmodel = 'GG'\nversion = '99'\npool = 'vod'\n"
    )
    settings = read_settings({}, folder=tmp_path)
    with pytest.raises(SettingsError, match=r"engines\.new"):
        _ = settings.engines


MADE_UP = """
[takes."vod Dream 9"]
commands = ["imagine"]
prompt_max = 500
sizes = ["1K"]
pixels = { least_side = 64, most_side = 128 }
settings = { enhance_prompt = ["Enabled", "Disabled"] }

[engines.dream]
provider = "vod"
model = "Dream"
version = "9"
pool = "vod"
prices = { "1K" = 0.2 }
settings = { enhance_prompt = "Enabled" }
"""


def engines_of(tmp_path: Path, text: str) -> tuple[Engine, ...]:
    (tmp_path / "easel.toml").write_text(text)
    return read_settings({}, folder=tmp_path).engines


def test_engines_are_read_once_for_all_who_ask(tmp_path: Path) -> None:
    (tmp_path / "easel.toml").write_text(MADE_UP)
    settings = read_settings({}, folder=tmp_path)
    assert settings.engines is settings.engines
    assert settings.catalogue({"vod"}).get("dream") is settings.engines[-1]
    other = replace(settings, file=FileSettings())
    assert "dream" not in [engine.name for engine in other.engines]


def test_a_new_model_needs_no_code(tmp_path: Path) -> None:
    dream = engines_of(tmp_path, MADE_UP)[-1]
    assert (dream.name, dream.capabilities.prompt_max, dream.settings) == (
        "dream",
        500,
        {"enhance_prompt": "Enabled"},
    )
    assert dream.capabilities.pixels is not None
    assert dream.capabilities.pixels.allows(64, 128)
    assert [dream.price_of(Options(size=size)) for size in ("1K", None)] == [0.2, 0.0]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("prompt_max = 500", "promt_max = 500", "promt_max"),
        ("least_side", "smallest_side", "pixels.smallest_side"),
        ('enhance_prompt = "Enabled"', 'enhance_prompt = "Maybe"', "enhance_prompt"),
        ('enhance_prompt = "Enabled"', 'colour = "red"', "settings.colour"),
        ('pool = "vod"', 'pool = "sea"', "pools.sea"),
        ('"1K" = 0.2', '"1K" = -1', "prices"),
        ('"1K" = 0.2', '"1K" = inf', "prices"),
        ('version = "9"', 'version = "9"\nprice_usd = inf', "price_usd"),
        ('"1K" = 0.2', '"2K" = 0.2', "engines.dream.prices: .* “2K” for size. It takes: 1K; width"),
        ('"1K" = 0.2', '"129x64" = 0.2', "does not take “129x64”"),
    ],
)
def test_a_slip_in_an_engines_tables_is_named(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        engines_of(tmp_path, MADE_UP.replace(old, new))


def test_prices_stand_under_sizes_as_they_are_asked_for(tmp_path: Path) -> None:
    text = MADE_UP.replace('"1K" = 0.2', '"1k" = 0.2, "64 x 128" = 0.3')
    assert engines_of(tmp_path, text)[-1].prices == {"1K": 0.2, "64x128": 0.3}


def test_a_row_takes_over_what_its_service_has_in_common(tmp_path: Path) -> None:
    row = MADE_UP.replace("prompt_max = 500\n", "negative_max = 7\n")
    capabilities = engines_of(tmp_path, row)[-1].capabilities
    assert (capabilities.prompt_max, capabilities.negative_max) == (4000, 7)
    assert capabilities.prompt_required
    assert capabilities.pictures_max_bytes == 7_000_000
    assert {"enhance_prompt", "person_generation"} <= set(capabilities.settings)


def test_a_row_of_the_operator_replaces_the_shipped_one(tmp_path: Path) -> None:
    engines = engines_of(tmp_path, '[takes."vod GG 3.0"]\nsizes = ["8K"]\n')
    capabilities = {engine.name: engine.capabilities for engine in engines}
    assert (capabilities["gg-3.0"].sizes, capabilities["gg-3.0"].references) == (("8K",), 0)
    assert capabilities["gg-2.5"].references == 3


def names_of(engines: Sequence[Engine]) -> list[str]:
    return [engine.name for engine in engines]


def test_a_price_alone_is_enough_and_changes_nobodys_default(tmp_path: Path) -> None:
    shipped = engines_of(tmp_path, "")
    text = '[engines.hunyuan-3d]\nprice_usd = 0.07\n[engines."gg-3.0"]\nprices = { 4K = 0.24 }\n'
    engines = engines_of(tmp_path, text)
    assert names_of(engines) == names_of(shipped)
    changed = {
        before.name: after
        for before, after in zip(shipped, engines, strict=True)
        if before != after
    }
    assert changed.keys() == {"hunyuan-3d", "gg-3.0"}
    assert changed["hunyuan-3d"].price_usd == 0.07
    assert changed["gg-3.0"].price_of(Options(size="4K")) == 0.24


def test_tables_of_a_shipped_engine_are_joined_key_by_key(tmp_path: Path) -> None:
    text = '[engines.kling-expand]\nsettings = { logo_add = "Enabled" }\n'
    [expand] = [each for each in engines_of(tmp_path, text) if each.name == "kling-expand"]
    assert expand.settings == {"scene_type": "image_expand", "logo_add": "Enabled"}


def test_new_engines_come_last_and_those_put_first_before_all_in_the_files_order(
    tmp_path: Path,
) -> None:
    shipped = names_of(engines_of(tmp_path, ""))
    text = "[engines.local]\nfirst = true\n[engines.og-low]\nfirst = true\nprice_usd = 0.02\n"
    names = names_of(engines_of(tmp_path, text + MADE_UP))
    others = [name for name in shipped if name not in {"local", "og-low"}]
    assert names == ["local", "og-low", *others, "dream"]
    own_first = MADE_UP.replace("[engines.dream]", "[engines.dream]\nfirst = true")
    assert names_of(engines_of(tmp_path, own_first)) == ["dream", *shipped]


def test_another_model_under_a_shipped_name_keeps_no_price_and_no_name_of_the_old_one(
    tmp_path: Path,
) -> None:
    text = '[engines.kling-expand]\nversion = "3.0"\nprice_usd = 0.1\n'
    [kling] = [each for each in engines_of(tmp_path, text) if each.name == "kling-expand"]
    assert (kling.title, kling.settings, kling.pool) == ("Tencent VOD Kling 3.0", {}, "vod")
    assert names_of(engines_of(tmp_path, text)) == names_of(engines_of(tmp_path, ""))


def test_another_api_under_a_shipped_name_takes_nothing_over_but_the_place(tmp_path: Path) -> None:
    text = '[engines.anime]\nprovider = "vod"\nmodel = "GG"\nversion = "3.0"\npool = "vod"\n'
    first = engines_of(tmp_path, text)[0]
    assert (first.name, first.title, first.action) == ("anime", "Tencent VOD GG 3.0", "")
    assert first.price_usd == 0.0, "0.08 USD is what the other API costs"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[engines.dream]\nprice_usd = 1",
            r"engines\.dream: provider and pool must be set; no eng",
        ),
        (
            "[engines.anime]\naction = 'RefineImage'",
            r"engines\.anime: provider and pool must be set; with another provider or action",
        ),
        ("[engines.anime]\naction = 'Nothing'\nprovider = 'aiart'\npool = 'aiart'", "no API “"),
    ],
)
def test_a_row_that_lacks_what_nothing_else_says_is_named_with_the_reason(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=rf"easel\.toml: engines\..*{words}|{words}"):
        engines_of(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[engines.gg-3.0]\nprice_usd = 1", r'engines\.gg-3: .*quotes, as in \[engines\."gg-3\.0"'),
        ("[engines.anime]\nprice = 1", r"engines\.anime\.price: no such key; known: .*price_usd"),
        ("[engines.anime]\nfirst = 'yes'", r"engines\.anime\.first: must be true or false"),
        ("[engines.anima]\nprice_usd = 1", r"anima: provider .* there are others, such as anime"),
        ("[engines.anime]\nprice_usd = -1", r"engines\.anime\.price_usd: must be 0 or more"),
    ],
)
def test_a_slip_in_a_shipped_engines_row_is_named_with_the_remedy(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        engines_of(tmp_path, text)


ANIME = """
[engines.anime]
provider = "aiart"
action = "ImageToImage"
pool = "aiart"
settings = {{ mark = "on", {} }}
"""


GOOGLE = """
[engines."gg-3.0"]
provider = "vod"
model = "GG"
version = "3.0"
pool = "vod"
settings = {{ storage_mode = "Permanent", {} }}
"""


@pytest.mark.parametrize(
    ("engine", "name", "text", "words"),
    [
        (ANIME, "logo_rect", "a,b", "x,y,width,height"),
        (ANIME, "logo_rect", "8,16,80", "x,y,width,height"),
        (ANIME, "logo_rect", "8,16,-1,5", "x,y,width,height"),
        (ANIME, "logo_rect", "1.5,1,1,1", "x,y,width,height"),
        (ANIME, "logo_rect", "1,1,0,1", "x,y,width,height"),
        (ANIME, "logo", "ftp://x/a.png", "https://"),
        (ANIME, "logo", "https://", "https://"),
        (ANIME, "logo", "https://[", "https://"),
        (ANIME, "logo", "logo.png", "https://"),
        (ANIME, "logo", "data:image/png;base64,iVBORw0KGgo=", "https://"),
        (ANIME, "logo", "iVBORw0KGgo", "https://"),
        (ANIME, "logo", "iVBORw0KGgo=" + "A" * 200_000, "150,000 bytes"),
        (GOOGLE, "class_id", "abc", "number"),
        (GOOGLE, "class_id", "1" * 19, "number"),
        (GOOGLE, "expires_after", "soon", "30d"),
        (GOOGLE, "expires_after", "0d", "30d"),
        (GOOGLE, "expires_after", "99999999d", "ten years"),
    ],
)
def test_a_setting_no_job_could_use_is_refused_at_the_start(
    tmp_path: Path, engine: str, name: str, text: str, words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        engines_of(tmp_path, engine.format(f'{name} = "{text}"'))
    assert f"settings.{name}: " in str(caught.value)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("engine", "name", "text"),
    [
        (ANIME, "logo_rect", "8, 16, 80, 48"),
        (ANIME, "logo", "https://x.example/a.png"),
        (ANIME, "logo", "iVBORw0KGgo="),
        (GOOGLE, "class_id", "12"),
        (GOOGLE, "expires_after", "30d"),
    ],
)
def test_a_setting_of_free_text_that_a_job_can_use_is_taken(
    tmp_path: Path, engine: str, name: str, text: str
) -> None:
    engines = engines_of(tmp_path, engine.format(f'{name} = "{text}"'))
    assert text in [each.settings.get(name) for each in engines]
