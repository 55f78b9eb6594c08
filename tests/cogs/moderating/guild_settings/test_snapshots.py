"""The message of /settings show and each of its forms, beside its snapshot."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.discord_limits import FORM_PARTS, LAYOUT_CHARS
from bot.domain.engines.catalogue import Catalogue
from bot.domain.engines.engine import Capabilities, Engine
from bot.domain.guilds.settings import EVERYONE, MOST_CHANNELS, MOST_ROLES, GuildSettings, RoleRule
from bot.domain.labels.corners import Corner
from bot.domain.labels.label import LabelRules
from bot.domain.labels.wording import LabelLanguage, OwnWords
from bot.domain.members.defaults import Defaults
from bot.domain.members.presets import MOST_PRESETS, NAME_CHARS, Preset
from bot.domain.members.remixing import RemixRule
from bot.ports.accounts import Change
from bot.services.guild_settings import GuildSettingsEditor
from cogs.moderating import settings_texts as texts
from cogs.moderating.guild_settings.groups import Group, form_of
from cogs.moderating.guild_settings.layout import SettingsLayout
from cogs.moderating.guild_settings.role_form import RoleForm
from storage.accounts.guild_settings import SqlGuildSettings
from storage.accounts.warnings import SqlWarnings
from tests.cogs.views.layouts.drawing import drawn

FOLDER = Path(__file__).parent / "snapshots"

RULES = LabelRules("Easel")
ID = 1_300_000_000_000_000_000
PRESETS = (Preset("Noir", "black and white"), Preset("Quill", "ink on paper"))
NOTES = [texts.words_line(3), texts.presets_line(PRESETS)]
SET = GuildSettings(
    timezone="Europe/Berlin",
    budget_images=100,
    budget_usd=9.5,
    budget_warning=60,
    log_channel_id=ID + 1,
    moderator_role_id=ID + 2,
    remix=RemixRule.UPLOADS,
    channels=tuple(range(ID, ID + 8)),
    spoiler_channels=(ID + 9,),
    allows_private=False,
    role_rules=(
        RoleRule(EVERYONE, engines=("anime",), styles=("Pop art",)),
        RoleRule(ID + 3, engines=("anime", "gg-3.0")),
    ),
    defaults=Defaults(engine="anime", ratio="16:9", negative="text, *watermarks*"),
    label_corner=Corner.TOP_RIGHT,
    label_language=LabelLanguage.GERMAN,
    label_words=OwnWords(modified="Von KI *bearbeitet*"),
    approval_days=7,
    approval_role_id=ID + 4,
)


def engine(name: str, title: str, **price: float) -> Engine:
    takes = Capabilities(
        commands=("imagine",), styles={"1": "Pop art", "2": "Water colour"}, ratios=("16:9",)
    )
    return Engine(name, "aiart", "aiart", takes, called=title, assumed_usd=0.15, **price)


ENGINES = (engine("anime", "Anime", price_usd=0.08), engine("gg-3.0", "Gemini 3"))


def editor(count: int = 0) -> GuildSettingsEditor:
    """One that knows these engines, or so many; nobody asks its database."""
    many = [engine(f"engine-{number}", f"Engine {number}") for number in range(count)]
    database = create_async_engine("sqlite+aiosqlite://")
    return GuildSettingsEditor(
        store=SqlGuildSettings(database),
        warnings=SqlWarnings(database),
        catalogue=Catalogue(many or ENGINES, providers=["aiart"]),
        labels=RULES,
        now=lambda: 0.0,
        changed=(),
    )


async def carry(_: discord.Interaction[Any], __: Change) -> None:
    """Nobody sends these forms."""


def role_form(count: int = 0) -> RoleForm:
    return RoleForm(ID + 3, "Fans of *stars*", SET, editor(count), carry)


STATES: Mapping[str, Callable[[], ui.LayoutView | ui.Modal]] = {
    "show/untouched": lambda: SettingsLayout(
        GuildSettings(), RULES, (), [texts.words_line(0), texts.presets_line(())]
    ),
    "show/all-set": lambda: SettingsLayout(SET, RULES, ENGINES[1:], NOTES),
    **{
        f"forms/{group}": partial(form_of, group, SET, editor(), carry)
        for group in Group
        if group is not Group.EVERYONE
    },
    "forms/everyone": lambda: RoleForm(EVERYONE, None, SET, editor(), carry),
    "forms/role": role_form,
    "forms/role-of-36-engines": lambda: role_form(36),
    "forms/role-of-41-engines": lambda: role_form(41),
}


def file_of(state: str) -> Path:
    return FOLDER / f"{state}.txt"


@pytest.mark.parametrize("state", STATES)
async def test_each_looks_as_its_reviewer_last_saw_it(
    state: str, request: pytest.FixtureRequest
) -> None:
    file, text = file_of(state), drawn(STATES[state]())
    if request.config.getoption("--update-snapshots"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_no_snapshot_is_of_a_state_that_is_no_more() -> None:
    assert set(FOLDER.rglob("*.txt")) == {file_of(state) for state in STATES}


@pytest.mark.parametrize("count", [1, 10, 11, 36, 40, 41, 100, 101])
async def test_a_form_has_parts_for_engines_however_many_there_are(count: int) -> None:
    form = role_form(count)
    assert 2 <= len(form.to_components()) <= FORM_PARTS


async def test_a_server_that_sets_as_much_as_it_can_still_fits_one_message() -> None:
    engines = tuple(f"a-rather-long-engine-{number}" for number in range(40))
    styles = tuple(f"a rather long style {number}" for number in range(40))
    rules = [RoleRule(ID + number, engines, styles) for number in range(MOST_ROLES)]
    channels = tuple(range(ID, ID + MOST_CHANNELS))
    unpriced = [engine(name, name) for name in engines]
    presets = [Preset("*" * (NAME_CHARS - 2) + f"{n:02}", "w") for n in range(MOST_PRESETS)]
    settings = GuildSettings(
        budget_images=1_000_000,
        budget_usd=999_999.99,
        log_channel_id=ID,
        moderator_role_id=ID,
        remix=RemixRule.UPLOADS,
        channels=channels,
        spoiler_channels=channels,
        role_rules=(RoleRule(EVERYONE, engines, styles), *rules),
        defaults=Defaults("e" * 30, "s" * 60, "16:9", "*" * 500),
        approval_days=3650,
        approval_role_id=ID,
    )
    notes = [texts.words_line(2000), texts.presets_line(presets)]
    layout = SettingsLayout(settings, RULES, unpriced, notes)
    assert layout.content_length() <= LAYOUT_CHARS
    assert layout.total_children_count <= 40
