"""Restyle image in a message's menu: which picture, whose it is, and what is fetched."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobId
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until_settled
from tests.whole.moderating.moderator import moderator, text_of

MENU = "Restyle image"
WORDS = {"Prompt": "as a woodcut"}


@pytest.fixture
def ada(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Ada")


@pytest.fixture
def bob(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Bob")


def posted_by(who: Visitor, *names: str) -> Message:
    return who.say("look", *(Upload(name, photo().data) for name in names or ("photo.jpg",)))


async def restyled(who: Visitor, message: Message) -> Message:
    """Use the menu, fill in the form, and wait for the picture."""
    return await finished(who, await who.menu(MENU, message))


async def finished(who: Visitor, opened: Reply) -> Message:
    assert opened.modal is not None, opened.message and opened.message.text
    return await (await who.submit_modal(opened, WORDS)).until(has_pictures)


async def refused(who: Visitor, message: Message) -> str:
    reply = await who.menu(MENU, message)
    assert reply.modal is None
    return await text_of(reply)


async def newest(app: App) -> Job:
    rows = await ledger(app)
    job = await app.storage.jobs.find(JobId(max(row.job_id for row in rows)))
    assert job is not None
    return job


async def test_ones_own_upload_is_restyled_by_words_in_a_form(app: App, ada: Visitor) -> None:
    result = await restyled(ada, posted_by(ada))
    assert "as a woodcut" in result.text
    await until_settled(app)
    job = await newest(app)
    assert (job.order.command, job.order.is_modified, job.order.parent) == ("restyle", True, None)


async def test_what_others_post_is_theirs_until_they_allow_it(
    app: App, ada: Visitor, bob: Visitor
) -> None:
    message = posted_by(ada)
    forbidden = f"This picture was posted by <@{ada.user.id}>, who has not allowed others"
    assert (await refused(bob, message)).startswith(forbidden)
    assert "now: what is made for you" in await text_of(await ada.use("privacy remix", allow=True))
    await restyled(bob, message)
    assert "as for everybody" in await text_of(await ada.use("privacy remix"))
    assert (await refused(bob, message)).startswith(forbidden)
    await until_settled(app)
    assert len(await ledger(app)) == 1


@pytest.mark.usefixtures("app")
async def test_what_a_webhook_posts_is_told_of_in_a_sentence_that_is_true_of_it(
    stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    message = posted_by(ada)
    message.author = replace(message.author, bot=True)
    said = await refused(bob, message)
    assert said.startswith(f"This picture was posted by <@{ada.user.id}>, a bot or a webhook")
    assert "/privacy" not in said
    await moderator(stand_ins).use("settings remix", allow="uploads")
    assert (await bob.menu(MENU, message)).modal is not None


async def test_a_word_taken_back_while_the_form_is_open_counts(
    app: App, ada: Visitor, bob: Visitor
) -> None:
    message = posted_by(ada)
    await ada.use("privacy remix", allow=True)
    opened = await bob.menu(MENU, message)
    await ada.use("privacy remix", allow=False)
    said = await text_of(await bob.submit_modal(opened, WORDS))
    assert said == f"<@{ada.user.id}> does not let others restyle their pictures."
    assert await ledger(app) == []


async def test_what_a_member_forbids_no_server_and_no_moderator_allows(
    run: Run, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    async with run() as app:
        mo = moderator(stand_ins)
        reply = await ada.imagine("a red boat", engine="gg-3.0")
        result = await reply.until(has_pictures)
        assert "may not restyle" in await text_of(await ada.use("privacy remix", allow=False))
        await mo.use("settings remix", allow="uploads")
        await until_settled(app)
    async with run():
        for who in (bob, mo):
            for message in (result, posted_by(ada)):
                said = await refused(who, message)
                assert said == f"<@{ada.user.id}> does not let others restyle their pictures."


async def test_the_servers_rule_holds_for_who_has_no_say_set(
    app: App, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    mo, upload = moderator(stand_ins), posted_by(ada)
    result = await (await ada.imagine("a red boat", engine="gg-3.0")).until(has_pictures)
    await mo.use("settings remix", allow="own")
    for message in (upload, result):
        assert (await refused(bob, message)).startswith("In this server only pictures of one’s own")
    assert (await ada.menu(MENU, result)).modal is not None
    assert "Restyling: only" in await text_of(await mo.use("settings show"))
    await mo.use("settings remix", allow="uploads")
    assert (await bob.menu(MENU, upload)).modal is not None
    said = await text_of(await bob.use("settings remix", allow="own"))
    assert said == "That needs the permission Manage Server."
    await until_settled(app)


async def test_of_a_result_the_kept_picture_is_used_and_it_stays_generated(
    run: Run, ada: Visitor, bob: Visitor
) -> None:
    async with run() as app:
        result = await (await ada.imagine("a red boat", engine="gg-3.0")).until(has_pictures)
        [row] = await until_settled(app)
    async with run() as app:
        await restyled(bob, result)
        await until_settled(app, 2)
        job = await newest(app)
        assert (job.order.parent, job.order.is_modified) == (row.job_id, False)
        assert job.order.destination.user_id == int(bob.user.id)
        # A forwarded one is the same result.
        await restyled(bob, bob.forward(result))
        await until_settled(app, 3)
        assert (await newest(app)).order.parent == row.job_id


async def test_a_deleted_or_unseen_result_is_nobodys_to_restyle(
    app: App, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    private = await (await ada.imagine("a", engine="gg-3.0", private=True)).until(has_pictures)
    result = await (await ada.imagine("a red boat", engine="gg-3.0")).until(has_pictures)
    rows = await until_settled(app, 2)
    await app.storage.jobs.mark_deleted(JobId(max(row.job_id for row in rows)), 1, 1.0)
    assert (await refused(bob, result)).startswith("You cannot use this result")
    shown, world = private.components, stand_ins.discord.world
    leaked = Message(world.snowflake(), result.channel, world.bot, world.now(), components=shown)
    assert (await refused(bob, world.post(leaked))).startswith("You cannot use this result")


async def test_the_question_which_picture_outlives_a_restart(run: Run, ada: Visitor) -> None:
    async with run():
        opened = await ada.menu(MENU, posted_by(ada, "a.jpg", "b.jpg"))
        question = await opened.until(says("This message has several pictures"))
    async with run() as app:
        await finished(ada, await ada.choose(question, "1"))
        await until_settled(app)


async def test_the_question_which_of_a_results_pictures_outlives_a_restart(
    run: Run, ada: Visitor, bob: Visitor
) -> None:
    async with run() as app:
        two = await ada.imagine("a red boat", engine="og-low", count=2)
        result = await two.until(has_pictures)
        await until_settled(app)
        opened = await bob.menu(MENU, result)
        question = await opened.until(says("This message has several pictures"))
    async with run() as app:
        form = await bob.choose(question, "1")
        await ada.use("privacy remix", allow=False)
        # Whoever owns it may have forbidden it while the form was open.
        said = await text_of(await bob.submit_modal(form, WORDS))
        assert said == f"<@{ada.user.id}> does not let others restyle their pictures."
        assert len(await ledger(app)) == 1
        await ada.use("privacy remix", allow=True)
        await finished(bob, await bob.choose(question, "1"))
        await until_settled(app, 2)


async def test_a_picked_picture_that_is_gone_since_is_told(run: Run, ada: Visitor) -> None:
    message = posted_by(ada, "a.jpg", "b.jpg")
    async with run():
        question = await (await ada.menu(MENU, message)).until(says("several pictures"))
    message.attachments.pop()
    async with run():
        said = await text_of(await ada.choose(question, "1"))
        assert said.startswith("There is no picture in this message")


async def test_a_file_that_leads_away_from_discord_is_not_fetched_there(
    app: App, stand_ins: StandIns, ada: Visitor
) -> None:
    asked: list[str] = []

    async def neighbour(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=photo().data, content_type="image/jpeg")

    site = web.Application()
    site.router.add_get("/{name}", neighbour)
    async with TestServer(site) as server:
        elsewhere = str(server.make_url("/private.jpg"))
        stand_ins.discord.cdn.redirects = {"photo.jpg": elsewhere}
        reply = await ada.submit_modal(await ada.menu(MENU, posted_by(ada)), WORDS)
        await reply.until(says("could not be fetched from Discord"))
        reply = await ada.restyle(photo())
        await reply.until(says("could not be fetched from Discord"))
    assert asked == []
    assert await ledger(app) == []


async def test_a_file_that_moved_within_discord_is_fetched(
    app: App, stand_ins: StandIns, ada: Visitor
) -> None:
    cdn = stand_ins.discord.cdn
    copy = cdn.url(cdn.store(ada.channel.id, "copy.jpg", photo().data))
    cdn.redirects = {"photo.jpg": copy}
    await restyled(ada, posted_by(ada))
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_of_several_pictures_one_is_chosen(app: App, ada: Visitor) -> None:
    opened = await ada.menu(MENU, posted_by(ada, "a.jpg", "b.jpg", "c.jpg"))
    question = await opened.until(says("This message has several pictures"))
    assert question.ephemeral
    await finished(ada, await ada.choose(question, "1"))
    await until_settled(app)


@pytest.mark.usefixtures("app")
async def test_a_forwarded_upload_is_still_who_posted_its(ada: Visitor, bob: Visitor) -> None:
    said = await refused(bob, bob.forward(posted_by(ada)))
    assert said.startswith(f"This picture was posted by <@{ada.user.id}>")


async def test_a_forward_from_out_of_sight_is_whose_who_forwarded_it(
    app: App, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    hidden = stand_ins.guild.add_channel("hidden")
    original = stand_ins.discord.visitor("Ada", stand_ins.guild, hidden)
    message = posted_by(original)
    hidden.revoke("VIEW_CHANNEL")
    copy = bob.forward(message)
    await restyled(bob, copy)
    assert (await refused(ada, copy)).startswith(f"This picture was posted by <@{bob.user.id}>")
    await until_settled(app)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.png",
        "https://evil.example/a.png",
        "https://cdn.discordapp.com.evil.example/a.png",
        "http://cdn.discordapp.com/a.png",
        "https://cdn.discordapp.com:444/a.png",
        "https://evil.example@127.0.0.1/a.png",
    ],
)
@pytest.mark.usefixtures("app")
async def test_only_discords_own_hosts_count(ada: Visitor, address: str) -> None:
    message = ada.say(address)
    media: dict[str, Any] = {"url": address, "proxy_url": address, "width": 9, "height": 9}
    message.embeds = [{"type": "image", "image": media, "thumbnail": media}]
    said = await refused(ada, message)
    assert said == "There is no picture in this message that I could restyle."


async def test_the_preview_of_a_link_is_restyled_from_discords_copy(
    app: App, stand_ins: StandIns, ada: Visitor
) -> None:
    cdn = stand_ins.discord.cdn
    copy = cdn.url(cdn.store(ada.channel.id, "copy.jpg", photo().data))
    message = ada.say("https://pictures.example/a.jpg")
    media = {"url": "https://pictures.example/a.jpg", "proxy_url": copy, "width": 9, "height": 9}
    message.embeds = [{"type": "image", "thumbnail": media}]
    await restyled(ada, message)
    assert [row.state for row in await until_settled(app)] == ["done"]


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_picture_whose_size_nobody_says_is_read_up_to_what_there_is_room_for(
    app: App, ada: Visitor, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    read = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal read
        response = web.StreamResponse(headers={"Content-Length": str(2**30)} if is_told else {})
        await response.prepare(request)
        with suppress(ConnectionError):
            while read < 64 * 2**20:
                await response.write(bytes(2**20))
                read += 2**20
        return response

    site = web.Application()
    site.router.add_get("/{name}", endless)
    async with TestServer(site) as server:
        copy = str(server.make_url("/copy.jpg"))
        monkeypatch.setattr("cogs.views.pictures.is_discords", lambda _: True)
        message = ada.say("https://pictures.example/a.jpg")
        media = {"url": "https://pictures.example/a.jpg", "proxy_url": copy}
        message.embeds = [{"type": "image", "thumbnail": media | {"width": 9, "height": 9}}]
        reply = await ada.submit_modal(await ada.menu(MENU, message), WORDS)
        shown = await reply.until(says("is larger than"))
    assert shown.text == (
        "That picture is larger than 10 MiB, which is the most that is fetched from there."
    )
    assert read < 32 * 2**20  # beside what the sockets hold
    assert await ledger(app) == []


async def test_what_is_hidden_until_a_click_stays_hidden(app: App, ada: Visitor) -> None:
    await restyled(ada, posted_by(ada, "SPOILER_photo.jpg"))
    assert (await newest(app)).order.destination.spoiler
    await restyled(ada, posted_by(ada, "photo.jpg"))
    assert not (await newest(app)).order.destination.spoiler
    await until_settled(app, 2)


@pytest.mark.usefixtures("app")
async def test_a_message_without_a_picture_says_so(ada: Visitor) -> None:
    for message in (ada.say("hello"), ada.say("text", Upload("a.txt", b"hello"))):
        assert (await refused(ada, message)).startswith("There is no picture in this message")
