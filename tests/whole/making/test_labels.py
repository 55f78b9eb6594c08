"""What a result says of itself, alike in message, alt text, pixels and metadata."""

from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.labels.origin import Origin
from bot.imaging.labels.xmp import read_marks
from bot.sandbox.discord.visitor import Reply, Visitor
from tests.whole.conftest import Run, has_pictures, photo, until_settled


def moderator(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


async def said(reply: Reply) -> tuple[str, str, str | None, bool]:
    """The first words of the message, those of the alt text, the source type, and AIGC or not."""
    message = await reply.until(has_pictures)
    [data] = await reply.pictures()
    marks = read_marks(data)
    alt = (message.attachments[0].description or "").partition(".")[0]
    words = message.text.partition("**")[2].partition("**")[0]
    return words, alt, marks.digital_source_type, marks.aigc is not None


async def test_words_uploads_and_a_program_make_three_kinds_of_pictures(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    assert await said(await ada.imagine("a boat")) == (
        "AI-generated",
        "Picture, AI-generated",
        Origin.GENERATED.source_type,
        True,
    )
    assert await said(await ada.restyle(photo(), prompt="a stamp")) == (
        "AI-modified",
        "Picture, AI-modified",
        Origin.MODIFIED.source_type,
        True,
    )
    await until_settled(app, 2)


async def test_what_the_bot_draws_itself_says_that_a_program_drew_it(
    run: Run, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    async with run(TENCENTCLOUD_SECRET_ID="", TENCENTCLOUD_SECRET_KEY="") as app:
        for reply in (await ada.imagine("a boat"), await ada.restyle(photo(), prompt="a stamp")):
            assert await said(reply) == (
                "drawn by a program",
                "Picture, drawn by a program",
                Origin.DRAWN.source_type,
                False,
            )
        await until_settled(app, 2)


async def test_a_servers_own_words_go_before_the_operators(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[label]\ngenerated = "Made with AI"\nmodified = "Changed with AI"\n', "utf-8"
    )
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    async with run() as app:
        assert (await said(await ada.imagine("a boat")))[0] == "Made with AI"
        await mo.use("settings label", modified="Restyled by AI")
        assert (await said(await ada.restyle(photo(), prompt="a stamp")))[0] == "Restyled by AI"
        await mo.use("settings label", language="de")
        assert (await said(await ada.imagine("a boat")))[0] == "KI-generiert"
        await until_settled(app, 3)


@pytest.mark.usefixtures("app")
async def test_words_that_name_no_ai_or_cannot_be_drawn_change_nothing(
    stand_ins: StandIns,
) -> None:
    mo = moderator(stand_ins)
    for words, sentence in (
        ("painted by hand", "A label must say that AI made the picture"),
        ("No AI was used", "could be read as a denial"),
        ("AI 😀", "The label’s font cannot draw 😀"),
    ):
        reply = await mo.use("settings label", generated=words)
        assert reply.message is not None
        assert sentence in reply.message.text
    reply = await mo.use("settings label", generated="Mit KI gemacht", modified="-")
    assert reply.message is not None
    assert "“Mit KI gemacht” or, of edited uploads, “AI-modified”" in reply.message.text
    words, alt, _, _ = await said(await stand_ins.visitor("Ada").imagine("a boat"))
    assert (words, alt) == ("Mit KI gemacht", "Picture, Mit KI gemacht")
    reply = await mo.use("settings label", generated="-")
    assert reply.message is not None
    assert "“AI-generated”" in reply.message.text
