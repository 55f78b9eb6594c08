"""/provenance and Check provenance: what a picture says of itself, what is known, who may know."""

import io

import pytest
from PIL import Image, PngImagePlugin

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Run, cat, has_pictures, ledger, until_settled
from tests.whole.moderating.moderator import moderator, text_of

MENU = "Check provenance"
OURS, PROBABLY = "This picture was made with this bot.", "This is probably a copy of a picture"
NO_MARKS = "No mark of AI was found. That does not mean that no AI made it"


@pytest.fixture
def ada(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Ada")


@pytest.fixture
def bob(stand_ins: StandIns) -> Visitor:
    return stand_ins.visitor("Bob")


def saved(picture: Image.Image, kind: str, **how: object) -> Upload:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return Upload(f"copy.{kind.lower()}", out.getvalue())


async def made(who: Visitor) -> tuple[Message, bytes]:
    """Ask for a picture; return its message and its file."""
    reply = await who.imagine("a lighthouse at dusk")
    message = await reply.until(has_pictures)
    [data] = await reply.pictures()
    return message, data


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def smaller(data: bytes) -> Upload:
    small = shown(data)
    small.thumbnail((550, 350))
    return saved(small, "JPEG", quality=70)


async def checked(who: Visitor, upload: Upload) -> str:
    return await text_of(await who.use("provenance", image=upload))


async def test_a_result_is_known_by_its_bytes_and_a_smaller_copy_by_its_looks(
    run: Run, ada: Visitor, bob: Visitor
) -> None:
    async with run(TENCENTCLOUD_SECRET_ID="", TENCENTCLOUD_SECRET_KEY="") as app:
        _, data = await made(ada)
        [row] = await until_settled(app)
        same = await checked(bob, Upload("it.jpg", data))
        assert OURS in same
        assert f"picture 1 of result {row.job_id}" in same
        copy = await checked(bob, smaller(data))
        assert PROBABLY in copy
        assert row.job_id in copy
        assert "Cropped copies are not recognised" in copy
        assert "<@" not in same + copy
        assert len(await ledger(app)) == 1  # it costs nothing


async def test_a_copy_of_a_picture_of_one_colour_is_no_match(
    app: App, ada: Visitor, bob: Visitor
) -> None:
    _, data = await made(ada)
    await until_settled(app)
    assert "too plain to be told from others" in await checked(bob, smaller(data))


async def test_who_asked_is_told_to_themselves_and_to_moderators_of_that_server_alone(
    app: App, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    _, data = await made(ada)
    await until_settled(app)
    file, asked = Upload("it.jpg", data), f"asked for by <@{ada.user.id}>"
    assert asked in await checked(ada, file)
    assert asked in await checked(moderator(stand_ins), file)
    assert asked not in await checked(bob, file)
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    lee = stand_ins.discord.visitor("Lee", elsewhere, talk)
    assert asked not in await checked(lee, file)


async def test_the_menu_checks_all_pictures_of_a_message(
    app: App, ada: Visitor, bob: Visitor
) -> None:
    result, data = await made(ada)
    await until_settled(app)
    alone = await text_of(await bob.menu(MENU, result))
    assert OURS in alone
    assert "**Picture" not in alone  # it stands in the message and among its files: it is one
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "SECRET\nSteps: 20, Sampler: Euler a, CFG scale: 7", zip=True)
    foreign = saved(shown(data).rotate(90), "PNG", pnginfo=notes)
    message = ada.say("look", cat(), foreign, Upload("it.jpg", data))
    text = await text_of(await bob.menu(MENU, message))
    first, second, third = text.split("**Picture ")[1:]
    assert NO_MARKS in first
    assert "Stable Diffusion WebUI" in second
    assert OURS in third
    assert "SECRET" not in text


async def test_four_pictures_of_a_result_are_four(app: App, ada: Visitor) -> None:
    reply = await ada.imagine("a boat", count=4, engine="og-low")
    result = await reply.until(has_pictures)
    await until_settled(app)
    assert (await text_of(await ada.menu(MENU, result))).count("**Picture ") == 4


@pytest.mark.usefixtures("app")
async def test_a_photo_is_never_said_to_be_none_of_ais(ada: Visitor) -> None:
    text = await checked(ada, cat())
    assert NO_MARKS in text
    assert "no such picture" in text
    assert "SynthID cannot be read" in text


@pytest.mark.usefixtures("app")
async def test_what_is_no_picture_or_has_none_is_refused_in_the_usual_words(ada: Visitor) -> None:
    assert "is not a picture Easel can read" in await checked(ada, Upload("a.png", b"text"))
    message = ada.say("nothing to see")
    assert "no picture" in (await text_of(await ada.menu(MENU, message))).lower()


async def test_what_is_posted_again_with_another_label_is_known_too(
    app: App, stand_ins: StandIns, ada: Visitor, bob: Visitor
) -> None:
    _, before = await made(ada)
    [row] = await until_settled(app)
    await text_of(await moderator(stand_ins).use("settings label", language="ja"))
    again = await ada.use("result", job=row.job_id)
    await again.until(has_pictures)
    [data] = await again.pictures()
    assert data != before
    assert OURS in await checked(bob, Upload("it.jpg", data))


async def test_an_erased_members_picture_is_known_without_them(
    app: App, stand_ins: StandIns, ada: Visitor
) -> None:
    _, data = await made(ada)
    [row] = await until_settled(app)
    file = Upload("it.jpg", data)
    await app.storage.personal.erase(int(ada.user.id), -5, 1.8e9)
    text = await checked(moderator(stand_ins), file)
    assert OURS in text
    assert row.job_id in text
    assert "asked for by" not in text
