"""What is refused before anything is paid, and what once a picture's size is known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.errors import (
    NothingToSee,
    OptionMissing,
    OptionNotOffered,
    OptionOutOfRange,
    OptionsDisagree,
    OptionWithPicture,
    PictureBelowFilter,
    PictureMissing,
    PromptMissing,
    PromptTooLong,
    RatioAsBefore,
    SizeAndRatioDisagree,
    TooManyPictures,
)
from bot.domain.engines.options import check, check_fitted, resolve
from bot.domain.engines.sizes import PixelRule
from bot.domain.errors import NotPossible
from bot.domain.jobs.job import Options
from bot.domain.pictures.picture import Picture
from tests.domain.engines.samples import ANIME, GG


@pytest.mark.parametrize("text", ["104", "Watercolor", " watercolor ", "WATERCOLOR"])
def test_a_style_is_known_by_id_and_by_name_in_any_case(text: str) -> None:
    assert resolve(ANIME, Options(style=text)).style == "104"


def test_an_unknown_style_is_answered_with_the_list() -> None:
    with pytest.raises(OptionOutOfRange, match="Japanese Anime"):
        resolve(ANIME, Options(style="cubism"))


@pytest.mark.parametrize(
    ("engine", "options", "option"),
    [
        (GG, Options(prompt="  "), "prompt"),
        (ANIME, Options(prompt="\u200b"), "prompt"),
        (ANIME, Options(negative="\u3164"), "negative"),
    ],
)
def test_words_in_which_nothing_can_be_seen_are_refused(
    engine: Engine, options: Options, option: str
) -> None:
    with pytest.raises(NothingToSee, match=f"The {option} has nothing in it"):
        check(engine, options, int(engine is ANIME))


@pytest.mark.parametrize(
    ("engine", "options", "error"),
    [
        (GG, Options(), PromptMissing),
        (ANIME, Options(prompt="x" * 257), PromptTooLong),
        (ANIME, Options(negative="x" * 257), PromptTooLong),
        (ANIME, Options(seed=3), OptionNotOffered),
        (ANIME, Options(count=2), OptionNotOffered),
        (GG, Options(prompt="a", strength=0.5), OptionNotOffered),
        (GG, Options(prompt="a", enhance=True), OptionNotOffered),
        (GG, Options(prompt="a", negative="b"), OptionNotOffered),
        (GG, Options(prompt="a", ratio="5:7"), OptionOutOfRange),
        (ANIME, Options(size="64x64"), OptionOutOfRange),
        (ANIME, Options(faces=7), OptionOutOfRange),
        (ANIME, Options(strength=0.0), OptionOutOfRange),
        (ANIME, Options(strength=1.2), OptionOutOfRange),
    ],
)
def test_what_the_api_would_refuse_is_refused_first(
    engine: Engine, options: Options, error: type[NotPossible]
) -> None:
    with pytest.raises(error, match=engine.name):
        check(engine, options, engine.capabilities.references)


@pytest.mark.parametrize(
    ("engine", "options"),
    [
        (ANIME, Options()),
        (ANIME, Options(prompt="x" * 256, strength=1.0, faces=0, enhance=False, size="origin")),
        (GG, Options(prompt="a", ratio="16:9", seed=0, enhance=False)),
    ],
)
def test_what_the_api_takes_passes(engine: Engine, options: Options) -> None:
    check(engine, options, engine.capabilities.references)


@given(
    st.builds(
        Options,
        prompt=st.text(max_size=300),
        negative=st.none() | st.text(max_size=300),
        strength=st.none() | st.floats(allow_nan=True),
        ratio=st.none() | st.text(max_size=5),
        seed=st.none() | st.integers(),
        count=st.integers(-2, 12),
        faces=st.none() | st.integers(-3, 9),
    )
)
def test_any_options_either_fit_the_engine_or_are_refused_with_a_sentence(options: Options) -> None:
    for engine in (ANIME, GG):
        try:
            check(engine, options, engine.capabilities.references)
        except NotPossible as refusal:
            sentence = str(refusal)
            assert sentence
        else:
            assert len(options.prompt) <= engine.capabilities.prompt_max
            assert options.strength is None or 0 < options.strength <= 1
            assert 1 <= options.count <= engine.capabilities.count_max
            assert options.faces is None or 0 <= options.faces <= engine.capabilities.faces_max


def test_a_picture_is_missing_only_where_nothing_can_be_made_without() -> None:
    check(GG, Options(prompt="a"), 0)
    with pytest.raises(PictureMissing, match="anime"):
        check(ANIME, Options(), 0)


def test_more_pictures_than_the_engine_takes_are_refused_with_both_numbers() -> None:
    with pytest.raises(TooManyPictures, match=r"at most 1 pictures?; you handed in 3"):
        check(ANIME, Options(), 3)


def test_what_an_api_ignores_beside_a_picture_is_refused_there() -> None:
    rapid = replace(
        ANIME, capabilities=replace(ANIME.capabilities, only_without_picture=("style", "size"))
    )
    with pytest.raises(OptionWithPicture, match="style"):
        check(rapid, Options(style="104"), 1)


def with_pixels(**rule: object) -> Engine:
    return replace(GG, capabilities=replace(GG.capabilities, pixels=PixelRule(**rule)))  # type: ignore[arg-type]


@pytest.mark.parametrize("size", ["1024x1024", "512X2048", "728 × 1024", "728*1024", "512:512"])
def test_a_size_in_pixels_may_be_written_as_people_do(size: str) -> None:
    engine = with_pixels(least_side=512, most_side=2048, most_area=1024 * 1024)
    options = resolve(engine, Options(prompt="a", size=size))
    check(engine, options)
    assert "x" in (options.size or "")


@pytest.mark.parametrize(
    ("rule", "size"),
    [
        ({"least_side": 512, "most_side": 2048}, "511x1024"),
        ({"least_side": 512, "most_side": 2048}, "512x2049"),
        ({"most_area": 1024 * 1024}, "1024x1025"),
        ({"least_area": 655_360}, "640x640"),
        ({"multiple_of": 16}, "1000x1024"),
        ({"long_sides": (1024,), "ratios": ("1:1", "3:4")}, "1024x1000"),
        ({"long_sides": (1024,), "ratios": ("1:1", "3:4")}, "1024x768"),
        ({}, "0x10"),
        ({}, "big"),
    ],
)
def test_a_size_against_the_models_rule_is_refused_with_the_rule(
    rule: dict[str, object], size: str
) -> None:
    engine = with_pixels(**rule)
    with pytest.raises(OptionOutOfRange, match="width x height with"):
        check(engine, resolve(engine, Options(prompt="a", size=size)))


def test_a_named_size_is_spelt_as_the_engine_does() -> None:
    engine = replace(GG, capabilities=replace(GG.capabilities, sizes=("1k", "2k")))
    assert resolve(engine, Options(prompt="a", size=" 2K")).size == "2k"


def test_a_size_and_a_ratio_that_disagree_are_refused() -> None:
    engine = with_pixels(least_side=512)
    check(engine, Options(prompt="a", size="1920x1080", ratio="16:9"))
    with pytest.raises(SizeAndRatioDisagree, match="1024x1024"):
        check(engine, Options(prompt="a", size="1024x1024", ratio="16:9"))


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
