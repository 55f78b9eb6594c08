"""The Edit form of every engine: valid, filled in, and the same options come out of it."""

from functools import reduce
from typing import Any

import discord
import pytest

from bot.domain.engines.choosing import choice
from bot.domain.engines.engine import Engine
from bot.domain.engines.sizes import pixels
from bot.domain.jobs.job import Options
from bot.sandbox.discord.world.forms import Form, submitted
from bot.settings.config import read_settings
from cogs.making.follow_ups.edit import parts_of
from cogs.making.follow_ups.form_parts import NONE
from cogs.making.follow_ups.request_form import RequestForm, pictures_field
from tests.sandbox.discord.openapi import official

ENGINES = {engine.name: engine for engine in read_settings({}).engines}
COMMANDS = [
    (engine.name, each) for engine in ENGINES.values() for each in engine.capabilities.commands
]


def rich(engine: Engine, *, pictures: int) -> Options:
    """As much as one request of an engine can ask for."""
    takes = engine.capabilities
    beside = takes.only_without_picture if pictures else ()
    named = [size for size in takes.sizes if pixels(size) is None]
    asked: dict[str, Any] = {
        "prompt": "a *quiet* lake" if takes.prompt_max else "",
        "negative": "boats" if takes.negative_max else None,
        "style": list(takes.styles)[-1] if takes.styles and "style" not in beside else None,
        "strength": 0.4 if takes.strength else None,
        "ratio": takes.ratios[-1] if takes.ratios and "ratio" not in beside else None,
        "size": named[-1] if named and "size" not in beside else None,
        "seed": 7 if takes.seed else None,
        "count": takes.count_max,
        "enhance": True if takes.enhance else None,
        "faces": 2 if takes.faces_max else None,
        "subject": "person" if takes.subjects else None,
    }
    return choice(engine, Options(**asked), pictures).options


def form_of(engine: Engine, options: Options, *, pictures: int) -> RequestForm:
    async def then(*_: object) -> None:
        raise AssertionError

    parts = parts_of(engine, options, has_pictures=pictures > 0)
    field = pictures_field(1, had=pictures > 0, is_gone=False)
    return RequestForm(
        "Edit", options, parts, then, field if engine.capabilities.references else None
    )


def answered(form: RequestForm, **values: Any) -> Options:
    """What comes of a form that a client sends with these values, and all else as it was."""
    payload = form.to_dict()
    for number, part in enumerate(payload["components"], start=1):
        part["id"] = number
        part["component"]["id"] = 100 + number
    left = dict(values)
    client = Form(None, None)  # type: ignore[arg-type] # no file is handed in
    sent = [submitted(part, left, client) for part in payload["components"]]
    assert left == {}
    form._refresh(None, sent, {})  # type: ignore[arg-type] # noqa: SLF001 - as the library reads it
    parts, options = form._parts, form._options  # noqa: SLF001 - what a submission is read from
    return reduce(lambda read, part: part.put(read), parts, options)


@pytest.mark.parametrize(("name", "command"), COMMANDS)
async def test_an_edit_without_changes_asks_for_the_same(name: str, command: str) -> None:
    engine, pictures = ENGINES[name], int(command != "imagine")
    options = rich(engine, pictures=pictures)
    filled = answered(form_of(engine, options, pictures=pictures))
    assert choice(engine, filled, pictures).options == options


@pytest.mark.parametrize(("name", "command"), COMMANDS)
async def test_the_form_is_valid_and_says_of_each_part_whether_it_is_required(
    name: str, command: str
) -> None:
    engine, pictures = ENGINES[name], int(command != "imagine")
    payload = form_of(engine, rich(engine, pictures=pictures), pictures=pictures).to_dict()
    assert len(payload["components"]) <= 5
    for part in payload["components"]:
        field = part["component"]
        assert field["type"] == discord.ComponentType.checkbox.value or "required" in field
    spec = official()
    if spec is None:
        pytest.skip("no copy of Discord's description lies next to the repository")
    path, body = "/interactions/1/token/callback", {"type": 9, "data": payload}
    assert spec.request("POST", path, {}, "application/json", body) == []


@pytest.mark.parametrize(("name", "command"), COMMANDS)
async def test_what_can_be_chosen_are_the_engines_own_styles_and_ratios(
    name: str, command: str
) -> None:
    engine, pictures = ENGINES[name], int(command != "imagine")
    takes = engine.capabilities
    beside = takes.only_without_picture if pictures else ()
    form = form_of(engine, rich(engine, pictures=pictures), pictures=pictures)
    fields = {
        part["component"]["custom_id"]: part["component"] for part in form.to_dict()["components"]
    }
    styles = fields.get("style", {}).get("options")
    if takes.styles and "style" not in beside:
        expected = [NONE, *takes.styles] if len(takes.styles) < 25 else None
        assert (styles and [each["value"] for each in styles]) == expected
    else:
        assert "style" not in fields
    if len(takes.ratios) < 2 or "ratio" in beside:
        assert "ratio" not in fields
        return
    offered = [each["value"] for each in fields["ratio"]["options"]]
    assert offered == [*([] if takes.extends else [NONE]), *takes.ratios]
    is_radio = fields["ratio"]["type"] == discord.ComponentType.radio_group.value
    assert is_radio == (len(offered) <= 10)


async def test_a_style_of_many_is_typed_by_its_name_and_checked_as_in_the_command() -> None:
    rapid = ENGINES["rapid"]
    form = form_of(rapid, Options(prompt="x", style="5"), pictures=0)
    assert answered(form).style == "Pixel"
    assert choice(rapid, answered(form), 0).options.style == "5"
    assert answered(form, style="").style is None


async def test_a_new_ratio_takes_the_place_of_a_size_that_has_another() -> None:
    hunyuan = ENGINES["hunyuan-3.0"]
    options = Options(prompt="x", size="1024x768")
    assert answered(form_of(hunyuan, options, pictures=0)) == options
    assert answered(form_of(hunyuan, options, pictures=0), ratio="4:3").size == "1024x768"
    assert answered(form_of(hunyuan, options, pictures=0), ratio="1:1").size is None


async def test_the_seed_stays_only_where_its_box_is_ticked() -> None:
    form = form_of(ENGINES["gg-3.0"], Options(prompt="x", seed=7), pictures=0)
    assert answered(form).seed == 7
    assert answered(form, seed=False).seed is None


async def test_a_prompt_longer_than_the_engine_takes_is_filled_in_as_far_as_it_goes() -> None:
    form = form_of(ENGINES["anime"], Options(prompt="far " * 200), pictures=1)
    assert len(answered(form).prompt) <= 256


async def test_a_servers_own_styles_stand_beside_the_engines() -> None:
    parts = parts_of(ENGINES["local"], Options(prompt="x"), has_pictures=False, presets=["noir"])
    shown = [part.item.to_component_dict()["component"] for part in parts]
    [style] = [each["options"] for each in shown if each["custom_id"] == "style"]
    assert [each["value"] for each in style][-1] == "noir"
