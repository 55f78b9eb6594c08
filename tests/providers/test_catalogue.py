"""The shipped catalogue says what the documents say, and fits Capabilities and Engine."""

import tomllib
from dataclasses import fields
from importlib.resources import files
from typing import Any

import pytest

from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.options import check
from bot.domain.jobs.job import Options
from bot.domain.jobs.limits import PictureLimits
from bot.painting.paint import LOCAL_STYLES
from bot.settings.easel_toml import with_common
from tests.providers.work import shipped

DOCUMENT = tomllib.loads(files("bot.settings").joinpath("engines.toml").read_text("utf-8"))
COMMANDS = {"imagine", "restyle", "blend"} | {
    f"tool {tool}"
    for tool in ("refine", "outpaint", "sketch", "avatar", "upscale", "repair", "cutout")
}
TAKES = with_common(DOCUMENT["takes"])
ENGINES = list(shipped().values())


def names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


def is_common(key: str) -> bool:
    """Whether the row only says what several APIs have in common."""
    return any(other.startswith(f"{key} ") for other in TAKES)


@pytest.mark.parametrize("key", TAKES)
def test_what_an_api_takes_is_said_in_the_domains_own_fields(key: str) -> None:
    takes: dict[str, Any] = TAKES[key]
    assert set(takes) <= names(Capabilities)
    assert set(takes.get("picture", {})) <= names(PictureLimits)
    assert set(takes["commands"]) <= COMMANDS
    built = Capabilities(**{**takes, "picture": PictureLimits(**takes.get("picture", {}))})
    assert (set(built.commands) == {"imagine"}) == (built.references == 0)
    assert ("blend" in built.commands) == (built.references > 1)


@pytest.mark.parametrize("name", DOCUMENT["engines"])
def test_an_engine_is_said_in_the_domains_own_fields(name: str) -> None:
    assert set(DOCUMENT["engines"][name]) <= names(Engine) - {"name", "takes"}


def test_every_api_of_the_catalogue_belongs_to_one_engine_and_the_other_way_round() -> None:
    used = [" ".join(filter(None, (e.provider, e.action, e.model, e.version))) for e in ENGINES]
    assert sorted(used) == sorted(key for key in TAKES if not is_common(key))


def test_the_order_of_preference_is_cloud_before_local() -> None:
    order = [engine.name for engine in ENGINES]
    first = {
        command: next(engine.name for engine in ENGINES if command in engine.capabilities.commands)
        for command in COMMANDS
    }
    assert first == {
        "imagine": "gg-3.0",
        "restyle": "anime",
        "blend": "gg-3.0",
        "tool refine": "refine",
        "tool outpaint": "outpaint",
        "tool sketch": "sketch",
        "tool avatar": "avatar",
        "tool upscale": "upscale",
        "tool repair": "repair",
        "tool cutout": "cutout",
    }
    assert order[-1] == "local"
    for engine in ENGINES:
        assert engine.pool.partition("-")[0] == engine.provider


def test_the_published_styles_are_complete() -> None:
    styles = shipped()["anime"].capabilities.styles
    assert len(styles) == len(set(styles.values())) == 21
    assert (styles["201"], styles["133"]) == ("Japanese Anime", "Monet Garden")


def test_the_local_styles_are_the_painters_own() -> None:
    assert dict(shipped()["local"].capabilities.styles) == dict(LOCAL_STYLES)


@pytest.mark.parametrize(
    ("name", "references", "ratios", "sizes"),
    [
        ("gg-2.5", 3, 10, ("1K", "2K", "4K")),
        ("gg-3.0", 14, 10, ("1K", "2K", "4K")),
        ("gg-3.1", 14, 14, ("720P", "1K", "2K", "4K")),
        ("gg-3.1-lite", 0, 0, ()),
        ("og-high", 3, 9, ("1K", "2K", "4K")),
        ("kling-2.1", 4, 8, ("1k", "2k")),
        ("kling-3.0", 1, 8, ("1k", "2k")),
        ("kling-3.0-omni", 10, 9, ("1k", "2k", "4k")),
        ("kling-o1", 10, 9, ("1k", "2k", "4k")),
        ("vidu-q2", 7, 8, ("1080p", "2K", "4K")),
        ("hunyuan-3.5", 0, 0, ()),
    ],
)
def test_a_model_takes_what_the_matrix_says(
    name: str, references: int, ratios: int, sizes: tuple[str, ...]
) -> None:
    takes = shipped()[name].capabilities
    assert (takes.references, len(takes.ratios), takes.sizes) == (references, ratios, sizes)


def test_sizes_in_pixels_keep_to_hunyuans_area() -> None:
    for size in shipped()["hunyuan-3.0"].capabilities.sizes:
        width, height = map(int, size.split("x"))
        assert min(width, height) >= 512
        assert max(width, height) <= 2048
        assert width * height <= 1024 * 1024


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_every_offered_choice_passes_the_check_of_options(engine: Engine) -> None:
    takes = engine.capabilities
    prompt = "a cat" if takes.prompt_max else ""
    pictures = 0 if "imagine" in takes.commands else 1
    for ratio in takes.ratios:
        check(engine, Options(prompt=prompt, ratio=ratio), pictures)
    for size in takes.sizes:
        check(engine, Options(prompt=prompt, size=size, count=takes.count_max), pictures)
    for style in takes.styles:
        check(engine, Options(prompt=prompt, style=style), pictures)
