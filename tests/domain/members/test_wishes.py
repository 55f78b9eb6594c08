"""What is set for options that a request leaves out: what counts, and what is passed over."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.engines.choosing import choices
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.plans import Default, Plan
from bot.domain.guilds.rules import permitted
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.jobs.job import Options
from bot.domain.members.defaults import Defaults
from bot.domain.members.presets import Preset
from bot.domain.members.wishes import Wish, filled_by, with_defaults
from tests.domain.engines.samples import ANIME, GG

INK = replace(
    GG,
    name="ink",
    capabilities=Capabilities(
        commands=("imagine",), prompt_max=40, negative_max=20, styles={"1": "Ink", "2": "Oil"}
    ),
)
ENGINES = [GG, INK]
CAT = Options(prompt="a cat")
QUILL = Preset("Quill", "with a quill")


def wish(options: Options = CAT, engine: str | None = None, command: str = "imagine") -> Wish:
    return Wish(command, engine, options, pictures=int(command == "restyle"))


def completed(asked: Wish, defaults: Defaults, engines: list[Engine] | None = None) -> Wish:
    return with_defaults(asked, defaults, engines or ENGINES, [QUILL])


def options(defaults: tuple[Default, ...]) -> list[str]:
    return [each.option for each in defaults]


def test_what_is_left_out_is_as_it_was_set() -> None:
    made = completed(wish(), Defaults("ink", "oil", None, "dogs"))
    assert (made.prefers, made.options) == ("ink", replace(CAT, style="oil", negative="dogs"))
    assert options(made.used) == ["engine", "style", "negative"]
    assert made.passed_over == ()


def test_what_was_typed_wins_and_nothing_is_said_of_it() -> None:
    typed = replace(CAT, style="Ink", negative="cars")
    made = completed(wish(typed, engine="ink"), Defaults("gg-3.0", "Oil", None, "dogs"))
    assert made == wish(typed, engine="ink")
    typed = Wish("imagine", None, CAT, preset=QUILL)
    assert completed(typed, Defaults(style="Oil")) == typed


def test_the_engine_comes_first_and_what_it_does_not_take_is_passed_over() -> None:
    made = completed(wish(), Defaults("gg-3.0", "Ink", "16:9", "dogs"))
    assert (made.prefers, made.options) == ("gg-3.0", replace(CAT, ratio="16:9"))
    assert options(made.passed_over) == ["style", "negative"]


def test_an_engine_that_does_not_take_what_was_typed_is_passed_over_alone() -> None:
    made = completed(wish(replace(CAT, style="Ink")), Defaults("gg-3.0", None, None, "dogs"))
    assert (made.prefers, made.options.negative) == (None, "dogs")
    assert made.passed_over == (Default("engine", "gg-3.0"),)


def test_a_named_engine_takes_the_defaults_that_go_with_it() -> None:
    made = completed(wish(engine="gg-3.0"), Defaults("ink", "Ink", "16:9"))
    assert (made.prefers, made.options) == (None, replace(CAT, ratio="16:9"))
    assert options(made.passed_over) == ["style"]


def test_without_an_engine_a_style_leads_to_one_that_has_it() -> None:
    made = completed(wish(), Defaults(style="Ink", ratio="16:9"))
    assert made.options == replace(CAT, style="Ink")
    assert options(made.passed_over) == ["ratio"]


def test_a_preset_counts_in_its_server_and_is_passed_over_in_others() -> None:
    made = completed(wish(), Defaults(style="quill"))
    assert (made.filled.prompt, made.options.style) == ("a cat, with a quill", None)
    elsewhere = with_defaults(wish(), Defaults(style="quill"), ENGINES, [])
    assert elsewhere.passed_over == (Default("style", "quill"),)


def test_words_that_would_make_a_prompt_too_long_are_passed_over() -> None:
    made = completed(wish(Options(prompt="x" * 35), engine="ink"), Defaults(style="Quill"))
    assert (made.preset, options(made.passed_over)) == (None, ["style"])


def test_an_engine_that_is_gone_or_of_another_command_is_told_of() -> None:
    gone = completed(wish(), Defaults(engine="gone"))
    assert gone.passed_over == (Default("engine", "gone"),)


def test_a_tool_takes_the_engine_that_does_it_and_is_silent_of_others() -> None:
    tool = Engine("avatar", "aiart", "aiart", replace(ANIME.capabilities, prompt_max=0))
    asked = Wish("tool avatar", None, Options(), pictures=1)
    engines = [tool]
    made = completed(asked, Defaults("gg-3.0", "Watercolor", "1:1", "dogs"), engines)
    assert (options(made.used), made.passed_over) == (["style"], ())
    assert completed(asked, Defaults("avatar"), engines).prefers == "avatar"
    assert filled_by("tool upscale") == ("engine",)


def test_what_a_member_may_not_use_is_passed_over_and_not_refused() -> None:
    rule = RoleRule(EVERYONE, engines=("gg-3.0", "ink"), styles=("Oil",))
    settings = GuildSettings(role_rules=(rule,))

    def permit(plan: Plan) -> Plan:
        return permitted(plan, settings, ())

    more = [replace(GG, name="more"), *ENGINES]
    made = with_defaults(wish(), Defaults("more", "Ink", "16:9"), more, [], permit)
    assert (made.prefers, made.options) == (None, replace(CAT, ratio="16:9"))
    assert options(made.passed_over) == ["engine", "style"]
    assert with_defaults(wish(), Defaults(style="Oil"), more, [], permit).passed_over == ()


def test_what_takes_a_request_without_its_defaults_is_for_its_member_too() -> None:
    settings = GuildSettings(role_rules=(RoleRule(EVERYONE, engines=("gg-3.0",)),))
    takes = tuple(choices(ENGINES, CAT, 0))
    left = permitted(Plan("imagine", takes, has_uploads=True, plain=takes), settings, ())
    assert [each.engine.name for each in left.plain] == ["gg-3.0"]


DEFAULTS = st.builds(
    Defaults,
    st.sampled_from([None, "gg-3.0", "ink", "gone"]),
    st.sampled_from([None, "Ink", "Oil", "quill", "Cubism"]),
    st.sampled_from([None, "16:9", "3:4"]),
    st.sampled_from([None, "dogs", "d" * 30]),
)
TYPED = st.builds(
    Options,
    prompt=st.sampled_from(["a cat", "c" * 35, "c" * 50]),
    style=st.sampled_from([None, "Ink"]),
    ratio=st.sampled_from([None, "1:1"]),
    negative=st.sampled_from([None, "cars"]),
)


@given(DEFAULTS, TYPED, st.sampled_from([None, "gg-3.0", "ink"]))
def test_no_default_makes_a_request_impossible_or_changes_what_was_typed(
    defaults: Defaults, typed: Options, engine: str | None
) -> None:
    made = completed(wish(typed, engine), defaults)
    known = {each.name: each for each in ENGINES}
    candidates = [known[engine]] if engine else ENGINES
    if any(choices(candidates, typed, 0)):
        first = engine or made.prefers
        taking = [known[first]] if first else ENGINES
        assert any(choices(taking, made.filled, 0))
    for option in ("style", "ratio", "negative"):
        was = getattr(typed, option)
        assert was is None or getattr(made.options, option) == was
    told = {*options(made.used), *options(made.passed_over)}
    assert told <= {
        name
        for name in ("engine", "style", "ratio", "negative")
        if getattr(defaults, name) is not None
    }
