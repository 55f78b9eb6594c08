"""Size and ratio as a member says them, as an API takes them."""

import pytest

from bot.domain.engines.sizes import asked_pixels, pixels
from bot.ports.provider import Work
from tests.providers.work import shipped, work


def asked(work: Work) -> tuple[int, int] | None:
    return asked_pixels(work.options, work.engine.capabilities.sizes)


@pytest.mark.parametrize(
    ("size", "sides"),
    [("768x1024", (768, 1024)), ("1K", None), ("origin", None), ("x", None), (None, None)],
)
def test_a_size_is_pixels_or_a_name(size: str | None, sides: tuple[int, int] | None) -> None:
    assert pixels(size) == sides


def test_a_size_beats_a_ratio() -> None:
    assert asked(work("local", ratio="1:1", size="768x1024")) == (768, 1024)


def test_nothing_wished_is_nothing() -> None:
    assert asked(work("local")) is None


def test_a_ratio_is_a_parameter_of_its_own_where_sizes_have_names() -> None:
    assert asked(work("gg-3.0", ratio="16:9")) is None


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, engine in shipped().items()
        if not engine.capabilities.extends
        and (engine.action or engine.model in {"Hunyuan", "Qwen"} or name == "local")
    ],
)
def test_every_ratio_of_an_engine_with_sizes_in_pixels_leads_to_a_size(name: str) -> None:
    for ratio in shipped()[name].capabilities.ratios:
        sides = asked(work(name, ratio=ratio))
        assert sides is not None, ratio
        left, right = map(int, ratio.split(":"))
        assert sides[0] * right == sides[1] * left
