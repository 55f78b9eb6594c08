"""What is refused once a picture's size is known, and what options must go together."""

from dataclasses import replace

import pytest

from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.errors import (
    OptionMissing,
    OptionOutOfRange,
    OptionsDisagree,
    PictureBelowFilter,
    RatioAsBefore,
)
from bot.domain.engines.options import check, check_fitted
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.pictures.picture import Picture
from tests.domain.engines.samples import GG

OUTPAINT = Engine(
    name="outpaint",
    provider="aiart",
    action="ImageOutpainting",
    pool="aiart-outpaint",
    capabilities=Capabilities(
        commands=("tool outpaint",), ratios=("1:1", "16:9", "9:16"), references=1, extends=True
    ),
)
AVATAR = replace(
    OUTPAINT,
    name="avatar",
    capabilities=Capabilities(
        commands=("tool avatar",),
        styles={"flower": "Flower"},
        subjects=("person", "pet"),
        styled_subjects=("person",),
        filter=True,
        filter_min_side=500,
        references=1,
    ),
)


def picture(width: int, height: int) -> Picture:
    return Picture(b"", "image/jpeg", width, height)


@pytest.mark.parametrize(
    ("size", "ratio"),
    [((1600, 900), "16:9"), ((1601, 900), "16:9"), ((900, 1600), "9:16"), ((500, 500), "1:1")],
)
def test_a_picture_is_not_extended_to_the_ratio_it_has(size: tuple[int, int], ratio: str) -> None:
    with pytest.raises(RatioAsBefore, match=f"{size[0]} × {size[1]}"):
        check_fitted(OUTPAINT, Options(ratio=ratio), picture(*size))


@pytest.mark.parametrize(
    ("size", "ratio"), [((1600, 880), "16:9"), ((500, 506), "1:1"), ((640, 480), "16:9")]
)
def test_a_picture_is_extended_to_another_ratio(size: tuple[int, int], ratio: str) -> None:
    check_fitted(OUTPAINT, Options(ratio=ratio), picture(*size))


def test_a_ratio_means_nothing_of_the_kind_to_other_engines() -> None:
    check_fitted(GG, Options(ratio="1:1"), picture(500, 500))


@pytest.mark.parametrize("asked", [True, None])
def test_a_small_picture_does_not_pass_the_filter(*, asked: bool | None) -> None:
    with pytest.raises(PictureBelowFilter, match="at least 500"):
        check_fitted(AVATAR, Options(filter=asked), picture(499, 800))
    check_fitted(AVATAR, Options(filter=asked), picture(500, 500))
    check_fitted(AVATAR, Options(filter=False), picture(60, 60))


@pytest.mark.parametrize(
    ("engine", "options", "error"),
    [
        (OUTPAINT, Options(), OptionMissing),
        (AVATAR, Options(style="flower", subject="pet"), OptionsDisagree),
        (AVATAR, Options(subject="plant"), OptionOutOfRange),
        (GG, Options(prompt="a", seed=2**32), OptionOutOfRange),
        (GG, Options(prompt="a", seed=-1), OptionOutOfRange),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(
    engine: Engine, options: Options, error: type[NotPossible]
) -> None:
    with pytest.raises(error, match=engine.name):
        check(engine, options, engine.capabilities.references)


def test_what_goes_together_is_taken() -> None:
    check(AVATAR, Options(style="flower", subject="person"), 1)
    check(AVATAR, Options(style="flower"), 1)
    check(AVATAR, Options(subject="pet", filter=False), 1)
    check(OUTPAINT, Options(ratio="1:1"), 1)
    check(GG, Options(prompt="a", seed=0), 0)
