"""Nothing shows or touches another server's data: every command, suggestion, button, select, menu.

A moderator of one server walks all that is registered, with the ids of another server. Whatever is
added without a line here fails the test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from sqlalchemy import select

from bot.app import App
from bot.chat import client
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from storage.database.tables import metadata
from tests.whole.conftest import Clock, cat, has_pictures, ledger, says, until
from tests.whole.moderating.moderator import moderator, text_of

_LAYOUT = 1 << 15  # IS_COMPONENTS_V2 (Discord docs, 2026-08)
pytestmark = pytest.mark.usefixtures("no_lines")  # which a post would take from the rows compared

WORD = "zebrafish"  # in whatever somebody in the other server wrote


@dataclass(frozen=True)
class Walk:
    """Who walks, and the ids of the other server."""

    app: App
    lee: Visitor
    ada: Visitor  # a member of both
    guild_id: int
    done: str
    waiting: str
    shown: Message
    channel_id: str


@pytest.fixture
async def foreign(app: App, stand_ins: StandIns, clock: Clock) -> Walk:
    """A server with a result, a waiting job and all that moderators set, and another one's Lee."""
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    shown = await (await ada.imagine(f"a {WORD}")).until(has_pictures)
    [done] = await ledger(app)
    await app.storage.operations.pause("", clock())
    await (await ada.imagine(f"another {WORD}")).until(says("Queued"))
    [waiting] = [row for row in await ledger(app) if row.job_id != done.job_id]
    log = stand_ins.guild.add_channel(f"log-of-{WORD}")
    for command, options in {
        "settings log": {"channel": log},
        "settings words": {"add": f"no {WORD}"},
        "settings preset add": {"name": WORD, "words": f"like a {WORD}"},
        "quota grant": {"user": ada.member, "images": 3, "reason": WORD},
        "block add": {"user": stand_ins.visitor("Bob").member, "reason": WORD},
    }.items():
        await text_of(await mo.use(command, **options))
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    elsewhere.add_member(ada.user)
    return Walk(
        app=app,
        lee=stand_ins.discord.visitor("Lee", elsewhere, talk),
        ada=stand_ins.discord.visitor("Ada", elsewhere, talk),
        guild_id=int(stand_ins.guild.id),
        done=done.job_id,
        waiting=waiting.job_id,
        shown=shown,
        channel_id=log.id,
    )


def options_of(step: Walk) -> Mapping[str, list[dict[str, Any]]]:
    """Each command with the options it is walked with, once or more."""
    jobs = [{"job": step.done}, {"job": step.waiting}]
    her, picture = {"user": step.ada.member}, {"image": cat()}
    nothing: list[dict[str, Any]] = [{}]
    return {
        "imagine": [{"prompt": "a hat", "style": WORD}, {"prompt": "a {red,blue} hat"}],
        "restyle": [picture],
        "blend": [{"prompt": "both", "image1": cat(), "image2": cat()}],
        "tool sketch": [picture | {"prompt": "a hat"}],
        **{f"tool {name}": [picture] for name in ("refine", "upscale", "repair")},
        **{f"tool {name}": [picture] for name in ("avatar", "cutout", "outpaint")},
        "styles": [{"engine": "anime"}],
        "jobs": nothing,
        "defaults": [{}, {"ratio": "1:1"}],
        "usage": [{}, {"scope": "server", "period": "month"}],
        "cancel": jobs,
        "result": jobs,
        "provenance": [picture],
        "privacy remix": [{"allow": True}],
        "privacy export": nothing,
        "privacy erase": nothing,
        "audit": [{}, her, {"limit": 1000}],
        "queue show": nothing,
        "queue cancel": jobs,
        "queue hold": jobs,
        "queue release": jobs,
        "queue first": jobs,
        "queue pause": [{"reason": "a rest"}],
        "queue resume": nothing,
        "queue drain": nothing,
        "quota show": [{}, her],
        "quota list": nothing,
        "quota set": [{"images": 5, "period": "day"}, {"images": 5, "period": "day"} | her],
        "quota clear": [{}, her],
        "quota grant": [{"images": 1, "reason": "why"} | her],
        "block add": [{"reason": "why"} | her],
        "block list": nothing,
        "block remove": [her],
        "settings show": nothing,
        "settings timezone": [{"timezone": "Europe/Berlin"}],
        "settings budget": [{"images": 500}],
        "settings log": [{"off": True}],
        "settings moderator": [{"off": True}],
        "settings remix": [{"allow": "own"}],
        "settings channel": [{"everywhere": True}],
        "settings private": [{"allow": False}],
        "settings spoiler": [{"channel": step.lee.channel}],
        "settings label": [{"corner": "top left"}],
        "settings engine": [{"styles": WORD}, {"reset": True}],
        "settings approval": [{"off": True}],
        "settings words": [{}, {"add": "ours"}, {"remove": WORD}, {"clear": True}],
        "settings preset add": [{"name": "ours", "words": "ours"}],
        "settings preset remove": [{"name": WORD}],
    }


MENUS = {"Restyle image", "Report picture", "Check provenance"}


def items_of(step: Walk) -> Mapping[type[ui.DynamicItem[Any]], list[tuple[str, str]]]:
    """Each lasting item with ids of the other server, and what is chosen in it."""
    pages = [("easel:audit:0:100:999:0", "")]
    settings = ("places", "defaults", "label", "budget", "people", "approval")
    named: dict[str, list[tuple[str, str]]] = {
        "AuditPageButton": pages,
        "BlocksPageButton": [("easel:blocks:0", "")],
        "ClearDefaultButton": [("easel:default:all", "")],
        "LogBlockButton": [(f"easel:log-block:{step.ada.user.id}", ""), ("easel:log-block:0", "")],
        "LogDeleteSelect": [("easel:log-delete-one", step.done)],
        "EraseButton": [(f"easel:erase:{step.ada.user.id}", "")],
        "PageButton": [("easel:queue:0", "")],
        "SettingsButton": [(f"easel:settings:{group}", "") for group in settings],
        "RoleSelect": [("easel:settings-role", "role")],
        "MoreSelect": [(f"easel:more:{step.done}", value) for value in ("delete", "vary-a-lot")],
        "WhichSelect": [(f"easel:which:{step.done}:upscale", "0")],
        "ReportSelect": [
            (f"easel:report:{step.done}:{step.shown.channel.id}:{step.shown.id}", "1"),
        ],
        "PictureSelect": [
            (f"easel:pick:{step.done}", "0"),
            (f"easel:pick:{step.shown.channel.id}:{step.shown.id}", "0"),
        ],
    }
    kinds = {
        "AcceptButton": "accept-all",
        "AgainButton": "again",
        "ApproveButton": "approve",
        "AskButton": "ask",
        "CancelButton": "cancel",
        "CancelPaidButton": "cancel-paid",
        "DeleteButton": "delete",
        "DenyButton": "deny",
        "EditButton": "edit",
        "EngineButton": "engine",
        "GiveUpButton": "give-up",
        "LogDeleteButton": "log-delete",
        "PictureButton": "picture",
        "PromptButton": "prompt",
        "UpscaleButton": "upscale",
    }
    both = (step.done, step.waiting)
    for name, kind in kinds.items():
        named[name] = [(f"easel:{kind}:{job_id}", "") for job_id in both]
    for name, kind in {
        "FirstButton": "first",
        "HoldButton": "hold",
        "ReleaseButton": "release",
    }.items():
        named[name] = [(f"easel:{kind}:{job_id}:0", "") for job_id in both]
    known = {item.__name__: item for item in client.LASTING}
    assert set(named) == set(known)
    return {known[name]: ids for name, ids in named.items()}


def leaves(app: App) -> list[app_commands.Command[Any, Any, Any]]:
    """Every slash command that can be used."""
    found = app.client.tree.walk_commands(type=discord.AppCommandType.chat_input)
    return [each for each in found if isinstance(each, app_commands.Command)]


async def test_nothing_shows_or_touches_another_servers_data(
    foreign: Walk, stand_ins: StandIns
) -> None:
    before = await _rows(foreign)
    assert any(WORD in row for row in before)
    await _type_everywhere(foreign)
    await _use_every_command(foreign)
    await _use_every_menu(foreign)
    await _press_everything(foreign)
    await _submit_their_open_form(foreign, moderator(stand_ins))
    assert await _rows(foreign) == before


async def _type_everywhere(step: Walk) -> None:
    for command in leaves(step.app):
        for parameter in command.parameters:
            if parameter.autocomplete:
                for typed in ("", WORD, step.waiting[:4]):
                    offered = await step.lee.type(command.qualified_name, parameter.name, typed)
                    secrets = {WORD, step.done, step.waiting} - {typed}
                    found = [secret for secret in secrets if secret in repr(offered)]
                    assert found == [], f"/{command.qualified_name} {parameter.name}"


async def _use_every_command(step: Walk) -> None:
    walked = options_of(step)
    assert set(walked) == {command.qualified_name for command in leaves(step.app)}
    for command, uses in walked.items():
        for options in uses:
            reply = await step.lee.use(command, **options)
            typed = {str(value) for value in options.values()}
            await _shows_nothing(step, reply, f"/{command}", typed)


async def _use_every_menu(step: Walk) -> None:
    tree = step.app.client.tree
    kinds = (discord.AppCommandType.message, discord.AppCommandType.user)
    assert {menu.name for kind in kinds for menu in tree.get_commands(type=kind)} == MENUS
    for name in sorted(MENUS):
        await _shows_nothing(step, await step.lee.menu(name, step.shown), name, set())


async def _press_everything(step: Walk) -> None:
    for item, ids in items_of(step).items():
        for custom_id, chosen in ids:
            reply = await _used(step.lee, custom_id, chosen)
            await _shows_nothing(step, reply, f"{item.__name__} {custom_id}", set())


async def _used(somebody: Visitor, custom_id: str, chosen: str = "") -> Reply:
    """What comes of a component that somebody made up."""
    message = somebody.say()
    message.flags = _LAYOUT
    message.components = [{"type": 1, "id": 1, "components": [_forged(custom_id, chosen)]}]
    if not chosen:
        return await somebody.press(message, custom_id=custom_id)
    value = somebody.member.guild.add_role("theirs") if chosen == "role" else chosen
    return await somebody.choose(message, value)


async def _submit_their_open_form(step: Walk, mo: Visitor) -> None:
    """Submit the form that a moderator of the other server has open, by its id."""
    theirs, ours = [await _used(each, "easel:settings:label") for each in (mo, step.lee)]
    assert theirs.modal is not None
    assert ours.modal is not None
    ours.modal["custom_id"] = theirs.modal["custom_id"]
    chosen = {"label_corner": "top right", "label_language": "en"}
    reply = await step.lee.submit_modal(ours, chosen)
    await _shows_nothing(step, reply, "a form of the other server", set())


def _forged(custom_id: str, chosen: str) -> dict[str, Any]:
    if not chosen:
        return {"type": 2, "id": 2, "style": 2, "label": "forged", "custom_id": custom_id}
    if chosen == "role":
        return {"type": 6, "id": 2, "custom_id": custom_id}
    options = [{"label": "forged", "value": chosen}]
    return {"type": 3, "id": 2, "custom_id": custom_id, "options": options}


async def _shows_nothing(step: Walk, reply: Reply, where: str, typed: set[str]) -> None:
    """Wait for the end of an interaction, and look at all that it shows."""
    await until(lambda: step.app.client.interactions.is_idle)
    messages = [each for each in (reply.message, *reply.followups) if each is not None]
    shown = [repr([m.content, *walk(m.components), m.attachments]) for m in messages]
    text = " ".join([*shown, repr(reply.modal)])
    for secret in {WORD, step.channel_id, str(step.guild_id)} - typed:
        assert secret not in text, f"{where}: {text}"


async def _rows(step: Walk) -> list[str]:
    """All that is kept of the other server."""
    found = []
    async with step.app.storage.engine.connect() as conn:
        for table in metadata.sorted_tables:
            if "guild_id" in table.c:
                of_it = select(table).where(table.c.guild_id == step.guild_id)
                found += [f"{table.name}: {row!r}" for row in await conn.execute(of_it)]
    return sorted(found)
