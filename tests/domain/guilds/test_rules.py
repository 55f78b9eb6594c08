"""What a server's settings mean for who asks where, and by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.engines.choosing import Choice
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.engines.plans import Plan
from bot.domain.guilds.errors import (
    EngineNotForRole,
    NoPicturesHere,
    PrivateNotAllowed,
    StyleNotForRole,
)
from bot.domain.guilds.rules import (
    check_place,
    check_private,
    hides,
    may_use_engine,
    may_use_style,
    permitted,
)
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.jobs.job import Options

HERE, THREAD, ELSEWHERE = 1, 2, 3
FANS, FRIENDS, OTHERS = 11, 12, 13


def engine(name: str) -> Engine:
    takes = Capabilities(commands=("imagine",), prompt_max=100, styles={"000": "Pop art"})
    return Engine(name, "aiart", "aiart", takes)


def plan(*names: str, style: str | None = None) -> Plan:
    options = Options(prompt="a cat", style=style)
    return Plan(
        "imagine", tuple(Choice(engine(name), options) for name in names), has_uploads=False
    )


def ruled(*rules: RoleRule) -> GuildSettings:
    return GuildSettings(role_rules=rules)


def names(made: Plan) -> list[str]:
    return [each.engine.name for each in made.choices]


def test_where_nothing_is_set_everything_may_be_made_everywhere() -> None:
    nothing = GuildSettings()
    check_place(nothing, HERE, None)
    check_private(nothing, private=True)
    assert not hides(nothing, HERE, None)
    asked = plan("a", "b", style="000")
    assert permitted(asked, nothing, {FANS}) is asked


def test_a_thread_counts_by_its_channel_unless_it_is_named_itself() -> None:
    by_channel, by_thread = GuildSettings(channels=(HERE,)), GuildSettings(channels=(THREAD,))
    check_place(by_channel, THREAD, HERE)
    check_place(by_thread, THREAD, HERE)
    with pytest.raises(NoPicturesHere):
        check_place(by_thread, HERE, None)
    with pytest.raises(NoPicturesHere):
        check_place(by_channel, THREAD, ELSEWHERE)
    assert hides(GuildSettings(spoiler_channels=(HERE,)), THREAD, HERE)
    assert not hides(GuildSettings(spoiler_channels=(THREAD,)), HERE, None)


def test_where_pictures_are_made_is_named_and_the_rest_is_counted() -> None:
    few, many = GuildSettings(channels=(1, 2)), GuildSettings(channels=tuple(range(1, 8)))
    with pytest.raises(NoPicturesHere) as refused:
        check_place(few, 9, None)
    assert refused.value.in_chat() == (
        "In this server pictures are made in <#1>, <#2>, and not here."
    )
    with pytest.raises(NoPicturesHere) as refused:
        check_place(many, 9, None)
    assert "<#5> and 2 more, and not here" in refused.value.in_chat()


def test_private_results_may_be_forbidden() -> None:
    public_only = GuildSettings(allows_private=False)
    check_private(public_only, private=False)
    with pytest.raises(PrivateNotAllowed):
        check_private(public_only, private=True)


def test_a_roles_rule_goes_before_everyones_and_of_several_the_most_generous_counts() -> None:
    settings = ruled(
        RoleRule(EVERYONE, engines=("a",)),
        RoleRule(FANS, engines=("b",)),
        RoleRule(FRIENDS, engines=("c",)),
    )
    asked = plan("a", "b", "c", "d")
    assert names(permitted(asked, settings, ())) == ["a"]
    assert names(permitted(asked, settings, {OTHERS})) == ["a"]
    assert names(permitted(asked, settings, {FANS})) == ["b"]
    assert names(permitted(asked, settings, {FANS, FRIENDS})) == ["b", "c"]


def test_an_engine_that_is_for_others_is_refused_with_those_that_are_not() -> None:
    settings = ruled(RoleRule(EVERYONE, engines=("a", "b")))
    with pytest.raises(EngineNotForRole, match=r"needs the engine “d”.*You may use: a, b"):
        permitted(plan("d"), settings, {FANS})


def test_a_style_is_known_by_its_name_and_refused_with_those_that_are_free() -> None:
    settings = ruled(RoleRule(EVERYONE, styles=("Water colour",)), RoleRule(FANS))
    with pytest.raises(StyleNotForRole, match=r"“Pop art”.*You may use: Water colour"):
        permitted(plan("a", style="000"), settings, {OTHERS})
    assert names(permitted(plan("a"), settings, {OTHERS})) == ["a"], "no style is always free"
    assert names(permitted(plan("a", style="000"), settings, {FANS})) == ["a"]
    named = ruled(RoleRule(EVERYONE, styles=("pop ART",)))
    assert names(permitted(plan("a", style="000"), named, ())) == ["a"]


_NAMES = st.lists(st.sampled_from("abc"), unique=True).map(tuple)
_RULES = st.lists(
    st.builds(RoleRule, st.sampled_from([EVERYONE, FANS, FRIENDS]), _NAMES, _NAMES),
    unique_by=lambda rule: rule.role_id,
).map(tuple)
_ROLES = st.frozensets(st.sampled_from([FANS, FRIENDS, OTHERS]))


@given(_RULES, _ROLES, st.sampled_from("abc"))
def test_a_further_role_with_a_rule_of_its_own_takes_nothing_from_whoever_has_one(
    rules: tuple[RoleRule, ...], roles: frozenset[int], name: str
) -> None:
    settings, ruled_roles = ruled(*rules), {rule.role_id for rule in rules}
    if not roles & ruled_roles:
        return
    for more in (FANS, FRIENDS, OTHERS):
        wider = roles | {more}
        for may_use in (may_use_engine, may_use_style):
            assert may_use(settings, wider, name) or not may_use(settings, roles, name)
