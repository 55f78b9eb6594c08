"""What an engine's picture costs, and what it counts where nobody knows that."""

from dataclasses import replace

import pytest

from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options
from bot.domain.labels.corners import Corner
from tests.domain.engines.samples import GG

UNKNOWN = replace(GG, assumed_usd=0.15)
BY_SIZE = replace(UNKNOWN, prices={"4K": 0.24})
KNOWN = replace(UNKNOWN, price_usd=0.04)
LOCAL = replace(UNKNOWN, provider="local", model="", version="")


@pytest.mark.parametrize(
    ("engine", "size", "price", "assumed"),
    [
        (UNKNOWN, None, 0.0, 0.15),
        (BY_SIZE, "4K", 0.24, 0.0),
        (BY_SIZE, "1K", 0.0, 0.15),
        (KNOWN, "1K", 0.04, 0.0),
        (LOCAL, None, 0.0, 0.0),
        (replace(UNKNOWN, assumed_usd=0.0), None, 0.0, 0.0),
    ],
)
def test_only_an_unknown_price_is_assumed_and_the_painter_is_free(
    engine: Engine, size: str | None, price: float, assumed: float
) -> None:
    options = Options(size=size)
    assert (engine.price_of(options), engine.assumed_of(options)) == (price, assumed)


def test_an_engine_lacks_a_price_as_long_as_one_size_may_have_none() -> None:
    lacking = [each.lacks_price for each in (UNKNOWN, BY_SIZE, KNOWN, LOCAL)]
    assert lacking == [True, True, False, False]
    assert replace(KNOWN, prices={"4K": 0.0}).lacks_price


@pytest.mark.parametrize(
    ("settings", "marked"),
    [
        ({}, None),
        ({"mark": "off"}, None),
        ({"logo_add": "Disabled"}, None),
        ({"mark": "on"}, Corner.BOTTOM_RIGHT),
        ({"logo_add": "Enabled"}, Corner.BOTTOM_RIGHT),
        ({"mark": "on", "logo": "iVBORw0KGgo="}, Corner.BOTTOM_RIGHT),
        ({"mark": "on", "logo": "iVBORw0KGgo=", "logo_rect": "8, 16, 80, 48"}, (8, 16, 80, 48)),
        ({"mark": "on", "logo_rect": "8,16,80,48"}, Corner.BOTTOM_RIGHT),
        ({"mark": "off", "logo": "iVBORw0KGgo=", "logo_rect": "8,16,80,48"}, None),
    ],
)
def test_an_engine_tells_where_its_api_draws_a_mark(
    settings: dict[str, str], marked: object
) -> None:
    assert replace(GG, settings=settings).marked == marked
