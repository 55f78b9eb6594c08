"""Which engine a request takes whose member named none, and what is said where none does."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.engines.choosing import choice, choices, could_take, may_suit_another, refusal
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.errors import NoneTakesAll, SizeAndRatioDisagree
from bot.domain.errors import NotPossible, OneOfPictures
from bot.domain.jobs.job import Options
from bot.domain.pictures.errors import PictureDamaged, PictureTooSmall
from bot.settings.config import read_settings
from tests.domain.engines.samples import ANIME, GG

MANY = replace(
    GG,
    name="many",
    capabilities=Capabilities(commands=("imagine",), prompt_max=100, count_max=4, seed=True),
)
MORE = replace(
    MANY, name="more", capabilities=replace(MANY.capabilities, count_max=3, styles={"1": "Ink"})
)
ENGINES = [GG, MANY, MORE]
SHIPPED = [
    each
    for each in read_settings({}, folder=Path(__file__).parent).engines
    if "imagine" in each.capabilities.commands
]


def names(options: Options, pictures: int = 0, engines: list[Engine] = ENGINES) -> list[str]:
    return [each.engine.name for each in choices(engines, options, pictures)]


def test_those_that_take_all_that_is_asked_come_in_their_order() -> None:
    assert names(Options(prompt="a cat")) == ["gg-3.0", "many", "more"]
    assert names(Options(prompt="a cat", count=4)) == ["many"]
    assert names(Options(prompt="a cat", style="ink")) == ["more"]
    assert names(Options(prompt="a cat", ratio="16:9")) == ["gg-3.0"]
    assert names(Options(prompt="x" * 101)) == ["gg-3.0"]
    assert names(Options(prompt="x" * 101, count=4)) == []


def test_a_choice_has_the_options_in_its_engines_words() -> None:
    [only] = choices(ENGINES, Options(prompt="a cat", style=" INK "), 0)
    assert only.options.style == "1"


def told(options: Options, pictures: int = 0, engines: list[Engine] = ENGINES) -> str:
    assert names(options, pictures, engines) == []
    return str(refusal(engines, options, pictures))


def test_where_none_takes_all_together_each_piece_names_its_engines() -> None:
    said = told(Options(prompt="a cat", count=4, style="Ink", ratio="16:9", seed=3))
    assert said == (
        "No engine takes all of that together. style Ink: more; ratio 16:9: gg-3.0; count 4: many."
        " Leave something out."
    )


def test_words_and_pictures_are_pieces_too() -> None:
    several = replace(
        GG, name="several", capabilities=replace(GG.capabilities, references=3, prompt_max=50)
    )
    said = told(Options(prompt="x" * 101, ratio="1:1"), 2, [*ENGINES, several])
    assert "2 pictures: several; a prompt of 101 characters: gg-3.0; ratio 1:1: gg-3.0" in said


def test_what_no_engine_takes_is_named_with_the_limit_of_the_nearest() -> None:
    assert "“many” does not take “9” for count. It takes: 1 to 4" in told(Options("a", count=9))
    assert "“more” does not take “Oil” for style. It takes: Ink" in told(Options("a", style="Oil"))
    assert "the engine “gg-3.0” takes at most 4000" in told(Options("x" * 4001))
    assert "at most 0 pictures" in told(Options("a"), 2)
    assert "needs a prompt" in told(Options(), engines=[GG])


def test_what_one_engine_takes_piece_by_piece_it_refuses_itself() -> None:
    sized = replace(
        GG, name="sized", capabilities=replace(GG.capabilities, sizes=("1024x1024", "512x512"))
    )
    options = Options("a", size="1024x1024", ratio="16:9")
    assert isinstance(refusal([*ENGINES, sized], options, 0), SizeAndRatioDisagree)


def test_many_engines_are_counted_and_not_all_named() -> None:
    alike = [replace(MANY, name=f"many-{number}") for number in range(6)]
    said = told(Options("a", count=2, ratio="1:1"), 0, [GG, *alike])
    assert "ratio 1:1: gg-3.0; count 2: many-0, many-1, many-2, many-3 and 2 more." in said


OPTIONS = st.fixed_dictionaries(
    {"prompt": st.sampled_from(["", "a cat", "x" * 3000])},
    optional={
        "negative": st.sampled_from(["dogs", "x" * 300]),
        "style": st.sampled_from(["Watercolour", "cubism"]),
        "ratio": st.sampled_from(["1:1", "16:9", "7:1"]),
        "size": st.sampled_from(["1K", "1024x1024", "9999x9"]),
        "seed": st.integers(0, 9),
        "count": st.integers(1, 9),
        "strength": st.sampled_from([0.5, 2.0]),
        "enhance": st.booleans(),
    },
)


@given(OPTIONS, st.integers(0, 12), st.lists(st.sampled_from(SHIPPED), min_size=1, unique_by=id))
def test_every_request_is_taken_by_who_takes_it_or_refused_in_a_short_sentence(
    options: dict[str, str], pictures: int, engines: list[Engine]
) -> None:
    options = Options(**options)  # type: ignore[arg-type] # of mixed kinds
    found = list(choices(engines, options, pictures))
    for each in found:
        assert choice(each.engine, options, pictures) == each
    for engine in engines:
        if engine not in [each.engine for each in found]:
            with pytest.raises(NotPossible):
                choice(engine, options, pictures)
    if not found:
        said = refusal(engines, options, pictures)
        assert type(said) is not NotPossible
        assert len(str(said)) < 900
        if isinstance(said, NoneTakesAll):
            assert len(engines) > 1


def test_what_is_filled_in_so_far_is_judged_without_what_is_missing() -> None:
    assert could_take(GG, Options(ratio="16:9"), 0), "the prompt comes later"
    assert not could_take(GG, Options(count=2), 0)
    extending = replace(
        ANIME, capabilities=replace(ANIME.capabilities, ratios=("1:1",), extends=True)
    )
    assert could_take(extending, Options(), 1)
    assert not could_take(extending, Options(ratio="3:1"), 1)


def test_only_what_an_engine_asks_of_a_picture_may_suit_another() -> None:
    small = PictureTooSmall(width=90, height=90, minimum=128)
    assert may_suit_another(small)
    assert not may_suit_another(PictureDamaged())
    second = OneOfPictures(number=2, name="", why=str(small))
    second.__cause__ = small
    assert may_suit_another(second)
