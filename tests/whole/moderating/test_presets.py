"""/settings preset: a server's own styles, set by its moderators, chosen by its members alone."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobId
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Run, cat, has_pictures, ledger, until_settled
from tests.whole.making.follow_ups.pressing import ada, fields, imagined, job_of
from tests.whole.moderating.moderator import moderator, text_of

NEEDS = "That needs the permission Manage Server."


async def added(stand_ins: StandIns, name: str = "Quill", words: str = "ink on rice paper") -> str:
    reply = await moderator(stand_ins).use("settings preset add", name=name, words=words)
    return await text_of(reply)


async def styles(visitor: Visitor, command: str, text: str = "", **filled: object) -> list[str]:
    return [each["value"] for each in await visitor.type(command, "style", text, **filled)]


async def job(app: App, message: Message) -> Job:
    found = await app.storage.jobs.find(JobId(job_of(message)))
    assert found is not None
    return found


async def made(app: App, reply: Reply) -> Job:
    return await job(app, await reply.until(has_pictures))


@pytest.fixture
def elsewhere(stand_ins: StandIns) -> Visitor:
    """Ada in another server that has the bot."""
    guild = stand_ins.discord.world.add_guild("Elsewhere")
    channel = guild.add_channel("talk")
    guild.add_member(ada(stand_ins).user)
    return stand_ins.discord.visitor("Ada", guild, channel)


async def test_a_preset_is_offered_and_adds_its_words_to_the_prompt(
    app: App, stand_ins: StandIns
) -> None:
    said = await added(stand_ins)
    assert said.startswith("Members can choose the style “Quill” here now.")
    assert said.endswith("ink on rice paper")
    bob = stand_ins.visitor("Bob")
    [first, *_] = await bob.type("imagine", "style", "")
    assert (first["value"], first["name"]) == ("Quill", "Quill · a preset of this server")
    one = await made(app, await bob.imagine("a boat", style="quill"))
    two = await made(app, await bob.imagine("a boat", style=first["name"], engine="gg-3.0"))
    three = await made(app, await bob.restyle(cat(), style="Quill"))
    prompts = [each.order.options.prompt for each in (one, two, three)]
    assert prompts == ["a boat, ink on rice paper"] * 2 + ["ink on rice paper"]
    assert {each.order.options.style for each in (one, two, three)} == {None}


async def test_presets_live_on_and_are_shown_and_changed(run: Run, stand_ins: StandIns) -> None:
    async with run():
        await added(stand_ins)
        await added(stand_ins, "Noir", "black and white")
    async with run() as app:
        mo = moderator(stand_ins)
        assert "Presets: Noir, Quill" in await text_of(await mo.use("settings show"))
        await added(stand_ins, "QUILL", "blue ink")
        assert "Presets: Noir, QUILL" in await text_of(await mo.use("settings show"))
        job = await made(app, await stand_ins.visitor("Bob").imagine("a boat", style="Quill"))
        assert job.order.options.prompt == "a boat, blue ink"


@pytest.mark.usefixtures("app")
async def test_only_who_may_manage_the_server_sets_presets(app: App, stand_ins: StandIns) -> None:
    mods = stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[mods])
    await moderator(stand_ins).use("settings moderator", role=mods)
    await added(stand_ins)
    for name in ("Ada", "Kim"):
        visitor = stand_ins.visitor(name)
        for options in ({"name": "Mine", "words": "w"}, {"name": "Quill", "words": "w"}):
            assert await text_of(await visitor.use("settings preset add", **options)) == NEEDS
        assert await text_of(await visitor.use("settings preset remove", name="Quill")) == NEEDS
    assert [each.name for each in await app.storage.presets.presets(int(stand_ins.guild.id))] == [
        "Quill"
    ]


async def test_a_preset_of_another_server_is_neither_offered_nor_taken(
    app: App, stand_ins: StandIns, elsewhere: Visitor
) -> None:
    await added(stand_ins)
    assert "Quill" in await styles(ada(stand_ins), "imagine")
    assert "Quill" not in await styles(elsewhere, "imagine")
    assert "Quill" not in await styles(elsewhere, "imagine", "quill")
    refused = await text_of(await elsewhere.imagine("a boat", style="Quill"))
    assert refused.endswith("This server has no preset “Quill” either; it may have been removed.")
    assert await ledger(app) == []


async def test_a_removed_preset_is_offered_no_more_and_typed_it_reads_so(
    app: App, stand_ins: StandIns
) -> None:
    await added(stand_ins)
    before = await imagined(stand_ins, style="Quill")
    mo = moderator(stand_ins)
    [offered] = await mo.type("settings preset remove", "name", "uil")
    assert offered["name"] == "Quill · ink on rice paper"
    said = await text_of(await mo.use("settings preset remove", name=offered["name"]))
    assert said.startswith("Nobody can choose the style “Quill” any more.")
    assert "Quill" not in await styles(ada(stand_ins), "imagine")
    reply = await ada(stand_ins).imagine("a boat", style="Quill")
    assert "This server has no preset “Quill” either" in await text_of(reply)
    assert reply.ephemeral
    again = await ada(stand_ins).press(before, "Again")
    assert (await made(app, again)).order.options.prompt == "a lighthouse, ink on rice paper"
    gone = await text_of(await mo.use("settings preset remove", name="Quill"))
    assert gone == "This server has no preset “Quill”. The list has all there are."


@pytest.mark.usefixtures("app")
async def test_limits_are_named(stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    taken = await text_of(await mo.use("settings preset add", name="watercolour", words="w"))
    assert taken.startswith("“watercolour” is the name of a style already.")
    unseen = await text_of(await mo.use("settings preset add", name="\u200b", words="w"))
    assert unseen.startswith("A preset’s name has 1 to 32 characters")
    silent = await text_of(await mo.use("settings preset add", name="Mute", words="\u2800"))
    assert silent.startswith("A preset’s words are 1 to 300 characters")
    for number in range(20):
        await added(stand_ins, f"Style {number}")
    many = await added(stand_ins, "One more")
    assert many.startswith("This server has 20 presets, which is the most.")
    assert (await added(stand_ins, "style 7", "anew")).endswith("anew")


@pytest.mark.usefixtures("app")
async def test_words_that_make_a_prompt_too_long_are_told_apart(stand_ins: StandIns) -> None:
    await added(stand_ins, words="w" * 100)
    reply = await ada(stand_ins).imagine("a" * 200, style="Quill", engine="hy-1.0")
    refused = await text_of(reply)
    assert "The prompt has 302 characters; the engine “hy-1.0” takes at most 256." in refused
    assert refused.endswith("The preset “Quill” makes up 102 of the prompt’s characters.")


@pytest.mark.usefixtures("app")
async def test_no_preset_is_offered_where_no_engine_takes_words(stand_ins: StandIns) -> None:
    await added(stand_ins)
    picture = Upload("cat.jpg", cat().data)
    assert "Quill" in await styles(ada(stand_ins), "restyle", image=picture)
    assert "Quill" not in await styles(ada(stand_ins), "tool avatar", image=picture)


async def test_each_choice_of_a_prompt_gets_the_words(app: App, stand_ins: StandIns) -> None:
    await added(stand_ins, words="in {fine, black} ink")
    offer = await (await ada(stand_ins).imagine("{red,blue} boat", style="Quill")).settled()
    assert "1. red boat, in {fine, black} ink" in offer.text
    await ada(stand_ins).press(offer, "Make them")
    rows = await until_settled(app, 2)
    found = [await app.storage.jobs.find(JobId(row.job_id)) for row in rows]
    assert {each.order.options.prompt for each in found if each} == {
        "red boat, in {fine, black} ink",
        "blue boat, in {fine, black} ink",
    }


async def test_the_edit_form_offers_presets_and_takes_the_chosen_one(
    app: App, stand_ins: StandIns
) -> None:
    await added(stand_ins)
    first = await imagined(stand_ins, engine="gg-3.0")
    opened = await ada(stand_ins).press(first, "Edit")
    listed = [each["value"] for each in fields(opened.modal)["style"]["options"]]
    assert listed == ["easel:none", "Quill"]
    reply = await ada(stand_ins).submit_modal(opened, {"style": "Quill"})
    edited = await reply.until(has_pictures)
    assert (await job(app, edited)).order.options.prompt == "a lighthouse, ink on rice paper"
    opened = await ada(stand_ins).press(edited, "Edit")
    reply = await ada(stand_ins).submit_modal(opened, {"style": "Quill"})
    assert (await made(app, reply)).order.options.prompt == "a lighthouse, ink on rice paper"


async def test_restyle_this_takes_a_preset_and_stays_of_its_parent(
    app: App, stand_ins: StandIns
) -> None:
    await added(stand_ins)
    first = await imagined(stand_ins, engine="gg-3.0")
    select = f"easel:more:{job_of(first)}"
    opened = await ada(stand_ins).choose(first, "restyle", custom_id=select)
    reply = await ada(stand_ins).submit_modal(opened, {"prompt": "a barn", "style": "Quill"})
    restyled = await made(app, reply)
    assert restyled.order.options.prompt == "a barn, ink on rice paper"
    assert restyled.order.parent == job_of(first)
    assert not restyled.order.is_modified
