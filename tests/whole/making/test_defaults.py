"""/defaults: what a member wants of options that they leave out, and what comes of it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import Job, JobId
from bot.domain.members.defaults import Defaults
from bot.domain.members.wishes import filled_by
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Run, has_pictures, is_waiting, photo, until_settled
from tests.whole.failing.broken_storage import run_sql
from tests.whole.making.follow_ups.pressing import ada, fields, job_of, labels
from tests.whole.moderating.moderator import moderator, text_of


async def made(app: App, reply: Reply) -> Job:
    message = await reply.until(has_pictures)
    found = await app.storage.jobs.find(JobId(job_of(message)))
    assert found is not None
    return found


async def shown(visitor: Visitor, **options: Any) -> Message:
    reply = await visitor.use("defaults", **options)
    assert reply.ephemeral
    return await reply.settled()


async def values(visitor: Visitor, command: str, option: str, text: str = "", **more: Any) -> Any:
    return [each["value"] for each in await visitor.type(command, option, text, **more)]


async def test_they_are_set_one_by_one_kept_over_restarts_and_taken(
    run: Run, stand_ins: StandIns
) -> None:
    async with run():
        await shown(ada(stand_ins), engine="Tencent VOD GG 3.1")
        await shown(ada(stand_ins), ratio="16:9 · landscape", negative="people")
    async with run() as app:
        message = await shown(ada(stand_ins))
        for line in ("Engine: Tencent VOD GG 3.1", "Ratio: 16:9", "Negative: people"):
            assert line in message.text.splitlines()
        job = await made(app, await ada(stand_ins).imagine("a cat"))
        asked = job.order.options
        assert (job.order.engine, asked.ratio, asked.negative) == ("gg-3.1", "16:9", "people")
        typed = await made(app, await ada(stand_ins).imagine("a cat", engine="gg-3.0", ratio="1:1"))
        assert (typed.order.engine, typed.order.options.ratio) == ("gg-3.0", "1:1")
        bobs = await made(app, await stand_ins.visitor("Bob").imagine("a cat"))
        assert (bobs.order.engine, bobs.order.options.ratio) == ("gg-3.0", None)
        assert "You have set none" in (await shown(stand_ins.visitor("Bob"))).text


async def test_what_the_engine_does_not_take_is_told_and_not_refused(
    app: App, stand_ins: StandIns
) -> None:
    await shown(ada(stand_ins), engine="gg-3.1", style="Watercolour", ratio="16:9")
    stand_ins.tencent.hold()
    reply = await ada(stand_ins).imagine("a cat")
    waiting = await reply.until(is_waiting)
    assert "The default style “Watercolour” does not go with this" in waiting.text
    assert "The default ratio" not in waiting.text
    stand_ins.tencent.release()
    job = await made(app, reply)
    assert (job.order.engine, job.order.options.style) == ("gg-3.1", None)
    plain = await ada(stand_ins).imagine("a cat", style="Ink")
    assert "The default engine “gg-3.1” does not take this" in (await plain.until(is_waiting)).text
    assert (await made(app, plain)).order.engine == "rapid"


async def test_they_hold_for_restyle_and_blend_and_their_forms(
    app: App, stand_ins: StandIns
) -> None:
    await shown(ada(stand_ins), engine="gg-3.1", ratio="3:4")
    job = await made(app, await ada(stand_ins).restyle(photo(), prompt="as ink"))
    assert (job.order.engine, job.order.options.ratio) == ("gg-3.1", "3:4")
    reply = await ada(stand_ins).use("blend", prompt="both", image1=photo(), image2=photo())
    job = await made(app, reply)
    assert (job.order.engine, job.order.options.ratio) == ("gg-3.1", "3:4")
    form = await ada(stand_ins).use("blend", prompt="both")
    reply = await ada(stand_ins).submit_modal(form, {"pictures": [photo(), photo()]})
    job = await made(app, reply)
    assert (job.order.engine, job.order.options.ratio) == ("gg-3.1", "3:4")


async def test_a_picture_that_the_default_engine_refuses_goes_to_another(
    app: App, stand_ins: StandIns
) -> None:
    await shown(ada(stand_ins), engine="rapid", style="Ink")
    small = photo((120, 100))
    reply = await ada(stand_ins).restyle(small, prompt="as ink", engine="rapid")
    assert "128" in await text_of(reply)
    reply = await ada(stand_ins).restyle(small, prompt="as ink")
    waiting = await reply.until(is_waiting)
    assert "The default engine “rapid” does not take this" in waiting.text
    assert "The default style “Ink” does not go with this" in waiting.text
    job = await made(app, reply)
    assert (job.order.engine, job.order.options.style) == ("anime", None)


async def test_a_picture_that_no_engine_takes_with_the_defaults_is_made_without_them(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[takes."aiart ImageToImage"]\ncommands = ["restyle"]\nprompt_max = 256\nreferences = 1\n'
        'picture = { min_side = 200, max_bytes = 4_440_000 }\nstyles = { 104 = "Only Here" }\n'
    )
    async with run() as app:
        await shown(ada(stand_ins), style="only here")
        reply = await ada(stand_ins).restyle(photo((160, 150)), prompt="as ink")
        waiting = await reply.until(is_waiting)
        assert "The default style “Only Here” does not go with this" in waiting.text
        job = await made(app, reply)
        assert (job.order.engine, job.order.options.style) == ("gg-3.0", None)


async def test_a_form_that_showed_the_options_is_not_filled_in_behind_its_back(
    app: App, stand_ins: StandIns
) -> None:
    first = await (await ada(stand_ins).imagine("a cat", engine="gg-3.0")).until(has_pictures)
    await shown(ada(stand_ins), ratio="16:9", negative="people")
    opened = await ada(stand_ins).press(first, "Edit")
    assert "ratio" in fields(opened.modal)
    edited = await made(app, await ada(stand_ins).submit_modal(opened, {"prompt": "a dog"}))
    again = await made(app, await ada(stand_ins).press(first, "Again"))
    for job in (edited, again):
        assert (job.order.options.ratio, job.order.options.negative) == (None, None)


async def test_each_picture_of_a_prompt_with_choices_is_as_it_was_set(
    app: App, stand_ins: StandIns
) -> None:
    await shown(ada(stand_ins), engine="gg-3.1", style="Ink", ratio="16:9")
    offer = await (await ada(stand_ins).imagine("{red,blue} boat")).settled()
    assert "Made by Tencent VOD GG 3.1" in offer.text
    assert "The default style “Ink” does not go with this" in offer.text
    await ada(stand_ins).press(offer, "Make them")
    rows = await until_settled(app, 2)
    found = [await app.storage.jobs.find(JobId(row.job_id)) for row in rows]
    assert {(each.order.engine, each.order.options.ratio) for each in found if each} == {
        ("gg-3.1", "16:9")
    }


async def test_buttons_take_them_back_for_who_presses_also_after_a_restart(
    run: Run, stand_ins: StandIns
) -> None:
    async with run():
        await shown(stand_ins.visitor("Bob"), ratio="3:4")
        message = await shown(ada(stand_ins), engine="gg-3.1", ratio="16:9", style="Ink")
        assert labels(message) == ["Clear engine", "Clear style", "Clear ratio", "Clear all"]
        await ada(stand_ins).press(message, "Clear style")
        assert labels(message) == ["Clear engine", "Clear ratio", "Clear all"]
    async with run():
        await ada(stand_ins).press(message, "Clear all")
        assert "You have set none" in message.text
        assert labels(message) == []
        assert "Ratio: 3:4" in (await shown(stand_ins.visitor("Bob"))).text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"engine": "dall-e"}, "There is no engine “dall-e” for /defaults"),
        ({"style": "Cubism 9"}, "No engine has the style “Cubism 9”, and this server has no"),
        ({"ratio": "7:13"}, "No engine takes the ratio “7:13”. There are: "),
        ({"negative": "\u2800"}, "The negative has nothing in it that can be seen."),
        ({"negative": "n" * 1025}, "takes at most 1024"),
    ],
)
async def test_what_no_engine_could_take_is_not_set(
    app: App, stand_ins: StandIns, options: dict[str, str], words: str
) -> None:
    reply = await ada(stand_ins).use("defaults", **({"engine": "gg-3.0"} | options))
    assert words in await text_of(reply)
    assert await app.storage.member_settings.values(int(ada(stand_ins).user.id)) == {}


async def test_a_preset_as_a_default_counts_in_its_server(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    await mo.use("settings preset add", name="Quill", words="with a quill")
    assert (await values(ada(stand_ins), "defaults", "style", "quill")) == ["Quill"]
    await shown(ada(stand_ins), style="quill")
    job = await made(app, await ada(stand_ins).imagine("a cat"))
    assert job.order.options.prompt == "a cat, with a quill"
    await mo.use("settings preset remove", name="Quill")
    reply = await ada(stand_ins).imagine("a cat")
    waiting = await reply.until(is_waiting)
    assert "The default style “Quill” does not go with this" in waiting.text


async def test_the_servers_defaults_hold_beneath_a_members_own(
    app: App, stand_ins: StandIns
) -> None:
    def change(_: GuildSettings) -> GuildSettings:
        return GuildSettings(defaults=Defaults(engine="gg-3.1", ratio="3:4"))

    guild_id = int(stand_ins.guild.id)
    await app.storage.guild_settings.change(guild_id, change, by=1, now=1.0)
    await shown(ada(stand_ins), ratio="16:9")
    job = await made(app, await ada(stand_ins).imagine("a cat"))
    assert (job.order.engine, job.order.options.ratio) == ("gg-3.1", "16:9")


@pytest.mark.usefixtures("app")
async def test_suggestions_are_what_the_default_engine_takes(stand_ins: StandIns) -> None:
    everything = await values(ada(stand_ins), "imagine", "ratio")
    assert "1:8" in everything
    await shown(ada(stand_ins), engine="kling-o1")
    assert "1:8" not in await values(ada(stand_ins), "imagine", "ratio")
    assert (await values(ada(stand_ins), "imagine", "engine"))[0] == "kling-o1"
    # What it has nothing of is suggested of the others, and an engine that was typed comes first.
    assert await values(ada(stand_ins), "imagine", "ratio", "1:8") == ["1:8"]
    assert "Watercolour" in await values(ada(stand_ins), "imagine", "style")
    assert "1:8" in await values(ada(stand_ins), "imagine", "ratio", engine="gg-3.1")
    assert "1:8" in await values(stand_ins.visitor("Bob"), "imagine", "ratio")
    assert "1:8" not in await values(ada(stand_ins), "defaults", "ratio")
    assert "1:8" in await values(ada(stand_ins), "defaults", "ratio", engine="gg-3.1")


@pytest.mark.usefixtures("app")
async def test_suggestions_go_on_without_them_while_the_database_is_away(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    await shown(ada(stand_ins), engine="kling-o1")
    await asyncio.to_thread(run_sql, tmp_path, "ALTER TABLE member_settings RENAME TO away")
    assert "1:8" in await values(ada(stand_ins), "imagine", "ratio")
    await asyncio.to_thread(run_sql, tmp_path, "ALTER TABLE away RENAME TO member_settings")
    assert "1:8" not in await values(ada(stand_ins), "imagine", "ratio")


def commands_of(app: App) -> dict[str, app_commands.Command[Any, ..., Any]]:
    found = app.client.tree.walk_commands()
    return {each.qualified_name: each for each in found if isinstance(each, app_commands.Command)}


async def test_every_option_that_has_a_default_is_filled_by_it(app: App) -> None:
    known = ("engine", "style", "ratio", "negative")
    makers = {
        name: [field for field in known if field in [each.name for each in command.parameters]]
        for name, command in commands_of(app).items()
        if name.split()[0] in ("imagine", "restyle", "blend", "tool")
    }
    required = {"tool outpaint": ["ratio"]}
    assert len(makers) == 10
    for name, options in makers.items():
        left = [each for each in options if each not in required.get(name, [])]
        assert list(filled_by(name)) == left
