"""Which engine a command uses, and what it refuses before anything is paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.engines import Catalogue, Engine, Takes, check_wishes, resolve_style
from bot.domain.errors import (
    EngineOff,
    NoEngine,
    NotPossible,
    OptionNotOffered,
    OptionOutOfRange,
    PromptMissing,
    PromptTooLong,
    UnknownEngine,
)
from bot.domain.jobs import Wishes

ANIME = Engine(
    name="anime",
    provider="aiart",
    action="ImageToImage",
    pool="aiart",
    takes=Takes(
        commands=("restyle",),
        prompt_max=256,
        negative_max=256,
        styles={"104": "Watercolor", "201": "Japanese Anime"},
        sizes=("origin", "768x768"),
        references=1,
        strength=True,
        enhance=True,
        faces_max=6,
    ),
)
GG = Engine(
    name="gg-3.0",
    provider="vod",
    model="GG",
    version="3.0",
    pool="vod",
    takes=Takes(
        commands=("imagine", "restyle"),
        prompt_max=4000,
        prompt_required=True,
        ratios=("1:1", "16:9"),
        seed=True,
    ),
)


def both() -> Catalogue:
    return Catalogue([ANIME, GG], providers={"aiart", "vod"})


def test_the_first_usable_engine_of_the_command_is_the_default() -> None:
    assert both().choose("restyle", None) is ANIME
    assert both().choose("imagine", None) is GG


def test_an_engine_declared_gone_is_skipped() -> None:
    catalogue = both()
    catalogue.switch_off("anime")
    assert catalogue.choose("restyle", None) is GG


def test_an_engine_without_its_provider_is_off() -> None:
    catalogue = Catalogue([ANIME, GG], providers={"aiart"})
    with pytest.raises(NoEngine):
        catalogue.choose("imagine", None)


def test_naming_an_engine_that_is_off_says_so() -> None:
    catalogue = both()
    catalogue.switch_off("anime")
    with pytest.raises(EngineOff, match="anime"):
        catalogue.choose("restyle", "anime")


@pytest.mark.parametrize("name", ["dall-e", "anime"])
def test_an_engine_the_command_does_not_have_is_answered_with_those_it_has(name: str) -> None:
    with pytest.raises(UnknownEngine, match=r"gg-3\.0"):
        both().choose("imagine", name)


@pytest.mark.parametrize("text", ["104", "Watercolor", " watercolor ", "WATERCOLOR"])
def test_a_style_is_known_by_id_and_by_name_in_any_case(text: str) -> None:
    assert resolve_style(ANIME, text) == "104"


def test_an_unknown_style_is_answered_with_the_list() -> None:
    with pytest.raises(OptionOutOfRange, match="Japanese Anime"):
        resolve_style(ANIME, "cubism")


@pytest.mark.parametrize(
    ("engine", "wishes", "error"),
    [
        (GG, Wishes(prompt="  "), PromptMissing),
        (ANIME, Wishes(prompt="x" * 257), PromptTooLong),
        (ANIME, Wishes(negative="x" * 257), PromptTooLong),
        (ANIME, Wishes(seed=3), OptionNotOffered),
        (ANIME, Wishes(count=2), OptionNotOffered),
        (GG, Wishes(prompt="a", strength=0.5), OptionNotOffered),
        (GG, Wishes(prompt="a", enhance=True), OptionNotOffered),
        (GG, Wishes(prompt="a", negative="b"), OptionNotOffered),
        (GG, Wishes(prompt="a", ratio="5:7"), OptionOutOfRange),
        (ANIME, Wishes(size="64x64"), OptionOutOfRange),
        (ANIME, Wishes(faces=7), OptionOutOfRange),
        (ANIME, Wishes(strength=0.0), OptionOutOfRange),
        (ANIME, Wishes(strength=1.2), OptionOutOfRange),
    ],
)
def test_what_the_api_would_refuse_is_refused_first(
    engine: Engine, wishes: Wishes, error: type[NotPossible]
) -> None:
    with pytest.raises(error, match=engine.name):
        check_wishes(engine, wishes)


@pytest.mark.parametrize(
    ("engine", "wishes"),
    [
        (ANIME, Wishes()),
        (ANIME, Wishes(prompt="x" * 256, strength=1.0, faces=0, enhance=False, size="origin")),
        (GG, Wishes(prompt="a", ratio="16:9", seed=0, enhance=False)),
    ],
)
def test_what_the_api_takes_passes(engine: Engine, wishes: Wishes) -> None:
    check_wishes(engine, wishes)


@given(
    st.builds(
        Wishes,
        prompt=st.text(max_size=300),
        negative=st.none() | st.text(max_size=300),
        strength=st.none() | st.floats(allow_nan=True),
        ratio=st.none() | st.text(max_size=5),
        seed=st.none() | st.integers(),
        count=st.integers(-2, 12),
        faces=st.none() | st.integers(-3, 9),
    )
)
def test_any_wishes_either_fit_the_engine_or_are_refused_with_a_sentence(wishes: Wishes) -> None:
    for engine in (ANIME, GG):
        try:
            check_wishes(engine, wishes)
        except NotPossible as refusal:
            sentence = str(refusal)
            assert sentence
        else:
            assert len(wishes.prompt) <= engine.takes.prompt_max
            assert wishes.strength is None or 0 < wishes.strength <= 1
            assert 1 <= wishes.count <= engine.takes.count_max
            assert wishes.faces is None or 0 <= wishes.faces <= engine.takes.faces_max
