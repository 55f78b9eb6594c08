"""/settings words: who changes the list, and who reads which word it was."""

import threading

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.moderation.words.word_list import WordList
from bot.sandbox.discord.world.forms import Upload
from tests.whole.conftest import Run, has_pictures, ledger
from tests.whole.moderating.moderator import moderator, text_of

NOT_ALLOWED = (
    "Your words hold something that this server’s moderators do not allow in requests. Nothing was "
    "used from your quota; put it in other words."
)


async def asked(stand_ins: StandIns, prompt: str, name: str = "Ada") -> str:
    """What a member reads who asks for a picture; nothing of one who gets it."""
    message = await (await stand_ins.visitor(name).imagine(prompt)).settled()
    return "" if message.attachments else message.text


@pytest.mark.usefixtures("app")
async def test_words_are_added_shown_and_removed(stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    assert (await text_of(await mo.use("settings words"))).startswith(
        "This server has no word list"
    )
    added = await text_of(await mo.use("settings words", add="zebra, *cat*, zebra"))
    assert added == (r"On the word list now: zebra, \*cat\*. It has 2 of at most 2000 words.")
    assert await text_of(await mo.use("settings words")) == (
        r"This server’s word list: \*cat\*, zebra."
    )
    assert await asked(stand_ins, "a tomcat") == NOT_ALLOWED
    removed = await text_of(await mo.use("settings words", remove="*CAT*"))
    assert removed == r"No longer on the word list: \*cat\*. Words left on it: 1."
    assert await asked(stand_ins, "a tomcat") == ""
    assert "cleared" not in await text_of(await mo.use("settings words", clear=True))
    assert await asked(stand_ins, "a zebra") == ""


async def test_the_list_holds_after_a_restart_and_whoever_moderates_reads_which_word_it_was(
    run: Run, stand_ins: StandIns
) -> None:
    mo, mods = moderator(stand_ins), stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[mods])
    async with run():
        await text_of(await mo.use("settings words", add="zebra"))
        await mo.use("settings moderator", role=mods)
    async with run() as app:
        assert await asked(stand_ins, "a zebra") == NOT_ALLOWED
        for name in ("Mo", "Kim"):
            said = await asked(stand_ins, "a z e b r a", name)
            assert said.startswith("Your words hold “zebra”, which is on this server’s word list.")
        assert await ledger(app) == []


@pytest.mark.usefixtures("app")
async def test_many_words_come_as_a_file_and_are_shown_as_one(stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    lines = "\r\n".join(f"word{number}" for number in range(2000))
    file = Upload("words.txt", f"\ufeff{lines}\r\n".encode(), "text/plain")
    added = await text_of(await mo.use("settings words", file=file))
    assert "word19 and 1980 more. It has 2000 of at most 2000 words." in added
    shown = await mo.use("settings words")
    message = await shown.until(lambda message: bool(message.attachments))
    assert "has 2000 words" in message.text
    [data] = await shown.pictures()
    assert len(data.decode().split("\n")) == 2000
    assert "it would be 2001" in await text_of(await mo.use("settings words", add="one"))
    assert await asked(stand_ins, "draw word1999") == NOT_ALLOWED


@pytest.mark.usefixtures("app")
async def test_what_cannot_be_listed_is_one_sentence(stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    picture = Upload("words.txt", b"\xff\xfe\x00", "text/plain")
    large = Upload("words.txt", b"a\n" * 600_000, "text/plain")
    for options, words in (
        ({"file": picture}, "is a text file in UTF-8 of at most 1 MiB"),
        ({"file": large}, "is a text file in UTF-8 of at most 1 MiB"),
        ({"add": "..."}, "neither a letter nor a digit"),
        ({"add": "*a*"}, "nearly every text"),
        ({"add": "x" * 101}, "at most 100 characters"),
        ({"add": "cat", "remove": "dog"}, "One change at a time"),
        ({"remove": "dog"}, "None of these words is on the list"),
        ({"clear": True}, "None of these words is on the list"),
    ):
        said = await text_of(await mo.use("settings words", **options))
        assert words in said
    await text_of(await mo.use("settings words", add="cat"))
    assert "on the list already" in await text_of(await mo.use("settings words", add="CAT"))


@pytest.mark.usefixtures("app")
async def test_only_manage_server_sees_and_changes_the_list(stand_ins: StandIns) -> None:
    mo, mods = moderator(stand_ins), stand_ins.guild.add_role("Mods")
    stand_ins.guild.add_member("Kim", roles=[mods])
    await mo.use("settings moderator", role=mods)
    await text_of(await mo.use("settings words", add="zebra"))
    for name in ("Kim", "Bob"):
        for options in ({}, {"add": "horse"}, {"remove": "zebra"}, {"clear": True}):
            said = await text_of(await stand_ins.visitor(name).use("settings words", **options))
            assert said == "That needs the permission Manage Server."
    assert await asked(stand_ins, "a horse") == ""
    assert await asked(stand_ins, "a zebra") == NOT_ALLOWED


async def test_another_server_has_a_list_of_its_own(app: App, stand_ins: StandIns) -> None:
    await text_of(await moderator(stand_ins).use("settings words", add="zebra"))
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    lee = stand_ins.discord.visitor("Lee", elsewhere, talk)
    assert (await text_of(await lee.use("settings words"))).startswith("This server has no word")
    assert "None of these" in await text_of(await lee.use("settings words", remove="zebra"))
    await (await lee.imagine("a zebra")).until(has_pictures)
    assert await app.storage.words.words(int(stand_ins.guild.id)) == ("zebra",)


@pytest.mark.parametrize(
    ("prompt", "is_long"),
    [("a small boat", False), ("ﷺ " * 120, True), ("a {red,blue} boat on " + "a lake " * 14, True)],
)
@pytest.mark.usefixtures("app")
async def test_long_and_many_texts_are_read_beside_the_loop(
    stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, prompt: str, *, is_long: bool
) -> None:
    await text_of(await moderator(stand_ins).use("settings words", add="zebra"))
    loops, find = threading.current_thread(), WordList.find
    beside: list[bool] = []

    def found(self: WordList, text: str) -> str | None:
        beside.append(threading.current_thread() is not loops)
        return find(self, text)

    monkeypatch.setattr(WordList, "find", found)
    await asked(stand_ins, prompt)
    assert set(beside) == {is_long}
