"""/privacy export and erase: all that is kept of a member, and its end; nobody else's."""

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import SettingsError
from bot.domain.storage_errors import ErasureKeyUnusable
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from bot.settings.config import read_settings
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until, until_settled
from tests.whole.queueing.busy import busy_and_waiting

SECRET = "a castle of my dreams"


async def lived(app: App, stand_ins: StandIns) -> Message:
    """Ada made a picture of words and restyled a photo, Bob made one; returns Ada's first."""
    stand_ins.guild.add_member("Bob")
    ada = stand_ins.visitor("Ada")
    message = await (await ada.imagine(SECRET)).until(has_pictures)
    await (await ada.restyle(photo())).until(has_pictures)
    await (await stand_ins.visitor("Bob").imagine("of Bob alone")).until(has_pictures)
    await until_settled(app)
    return message


async def exported(visitor: Visitor) -> list[zipfile.ZipFile]:
    reply = await visitor.use("privacy export")
    assert reply.ephemeral
    await until(lambda: any(each.attachments for each in shown(reply)))
    parts = [file for message in shown(reply) for file in message.attachments]
    return [zipfile.ZipFile(io.BytesIO(file.data)) for file in parts]


def shown(reply: Reply) -> list[Message]:
    return [each for each in (reply.message, *reply.followups) if each is not None]


async def asked(visitor: Visitor) -> Message:
    reply = await visitor.use("privacy erase")
    assert reply.ephemeral
    return await reply.until(says("Erase what is kept of you"))


async def test_an_export_has_the_words_the_uploads_and_the_results_with_their_labels(
    app: App, stand_ins: StandIns
) -> None:
    message = await lived(app, stand_ins)
    [part] = await exported(stand_ins.visitor("Ada"))
    data = json.loads(part.read("data.json"))
    assert SECRET in {row["prompt"] for row in data["jobs"]}
    assert len(data["ledger"]) == 2
    names = sorted(name.partition("/")[2] for name in part.namelist() if name != "data.json")
    assert [name.partition(".")[0] for name in names] == ["result-1", "result-1", "upload-1"]
    posted = message.attachments[0].data
    results = [part.read(name) for name in part.namelist() if "/result-" in name]
    assert any(b"TC260:AIGC" in each or b"TC260" in each for each in results)
    sizes = {Image.open(io.BytesIO(each)).size for each in results}
    assert Image.open(io.BytesIO(posted)).size in sizes
    whole = part.read("data.json").decode()
    assert "Bob" not in whole
    assert "token" not in whole


async def test_a_large_export_comes_in_parts_that_each_fit(app: App, stand_ins: StandIns) -> None:
    await lived(app, stand_ins)
    [whole] = await exported(stand_ins.visitor("Ada"))
    largest = max(info.file_size for info in whole.infolist())
    stand_ins.guild.attachment_size_limit = largest + 80 * 1024
    ada = stand_ins.visitor("Ada")
    reply = await ada.use("privacy export")
    await until(lambda: sum(len(each.attachments) for each in shown(reply)) > 1)
    files = [file for message in shown(reply) for file in message.attachments]
    assert all(len(file.data) <= stand_ins.guild.attachment_size_limit for file in files)
    names = [name for file in files for name in zipfile.ZipFile(io.BytesIO(file.data)).namelist()]
    assert "data.json" in names
    assert len(names) == len(set(names))


async def test_an_erasure_asks_once_and_then_no_word_or_picture_is_left(
    app: App, stand_ins: StandIns, tmp_path: Path
) -> None:
    message = await lived(app, stand_ins)
    ada = stand_ins.visitor("Ada")
    question = await asked(ada)
    assert {row.user_id for row in await ledger(app)} >= {int(ada.member.id)}
    reply = await ada.press(question, "Erase it all")
    await until(lambda: "Erased." in (reply.message or question).text or "Erased." in question.text)
    rows = await ledger(app)
    assert int(ada.member.id) not in {row.user_id for row in rows}
    assert sum(row.images for row in rows) == 3
    kept = [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()]
    assert len(kept) == 1, "Bob's"
    assert await _is_gone(app)
    again = await ada.press(message, "Again")
    text = " ".join(each.text for each in shown(again) if each is not message)
    assert "no longer known here" in text
    [part] = await exported(ada)
    data = json.loads(part.read("data.json"))
    assert not any(data.values())


async def _is_gone(app: App) -> bool:
    """Whether no row holds the words; what a page's free space still has, SQLite overwrites."""
    async with app.storage.engine.connect() as conn:
        found = await conn.exec_driver_sql("SELECT prompt FROM jobs")
        return SECRET not in {row.prompt for row in found}


async def test_no_limit_begins_anew_after_an_erasure(app: App, stand_ins: StandIns) -> None:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo, ada = stand_ins.visitor("Mo"), stand_ins.visitor("Ada")
    await mo.use("quota set", images=1, period="month", user=ada.member)
    await (await ada.imagine(SECRET)).until(has_pictures)
    await until_settled(app)
    await ada.press(await asked(ada), "Erase it all")
    await until_settled(app)
    refused = await ada.imagine("another")
    await refused.until(says("Your own quota here is 1 picture per month"))
    await mo.use("block add", user=ada.member, reason="spam")
    await ada.press(await asked(ada), "Erase it all")
    blocked = await ada.imagine("another")
    await blocked.until(says("spam"))
    await mo.use("block remove", user=ada.member)
    cleared = await mo.use("quota clear", user=ada.member)
    await cleared.until(says("Cleared 1 quota"))
    await (await ada.imagine("another")).until(has_pictures)


async def test_a_block_that_is_set_anew_after_an_erasure_is_one_and_is_lifted_whole(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    mo, ada = stand_ins.visitor("Mo"), stand_ins.visitor("Ada")
    await mo.use("block add", user=ada.member, reason="spam")
    question = await asked(ada)
    erased = await ada.press(question, "Erase it all")
    await until(lambda: "Erased." in (erased.message or question).text)
    await mo.use("block add", user=ada.member, reason="more spam", until="1h")
    listed = await (await mo.use("block list")).until(says("more spam"))
    assert "Blocked here: 1" in listed.text
    lifted = await mo.use("block remove", user=ada.member)
    await lifted.until(says("may ask for pictures here again"))
    await (await ada.imagine("a lake")).until(has_pictures)
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_what_is_at_work_is_cancelled_and_erased_when_it_has_ended(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    made = await ada.imagine(SECRET)
    await made.until(says("Being made"))
    await until(lambda: bool(stand_ins.tencent.calls))
    question = await asked(ada)
    assert "are cancelled, too: 1." in question.text
    await ada.press(question, "Erase it all")
    stand_ins.tencent.release()
    assert [row.state for row in await until_settled(app)] == ["cancelled"]
    ended = await made.until(says("You cancelled it"))
    assert SECRET not in ended.text
    assert "Try again" not in {button.label for button in ended.buttons}
    [erasing] = [each for each in app.beside if hasattr(each, "go_on")]
    await erasing.go_on()
    assert await app.storage.personal.unfinished() == []
    assert await _is_gone(app)
    assert not stand_ins.discord.world.direct_messages(ada.user)


async def test_what_waited_is_shown_as_cancelled_without_its_words(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    made, waiting = await busy_and_waiting(stand_ins, ada)
    waits = await waiting.until(says("Queued"))
    assert "the second one" in waits.text
    await ada.press(await asked(ada), "Erase it all")
    ended = await waiting.until(says("Cancelled"))
    assert "the second one" not in ended.text
    assert not {"Cancel", "Try again"} & {button.label for button in ended.buttons}
    stand_ins.tencent.release()
    await until_settled(app, 2)
    assert made.message is not None


async def test_a_forged_button_erases_nobody(app: App, stand_ins: StandIns) -> None:
    await lived(app, stand_ins)
    ada, eve = stand_ins.visitor("Ada"), stand_ins.visitor("Eve")
    question = await asked(eve)
    part = next(each for each in walk(question.components) if each["type"] == 2)
    part["custom_id"] = f"easel:erase:{ada.member.id}"
    reply = await eve.press(question, custom_id=part["custom_id"])
    await until(lambda: any("somebody else’s" in each.text for each in shown(reply)))
    assert int(ada.member.id) in {row.user_id for row in await ledger(app)}


async def test_the_question_works_after_a_restart_too(run: Run, stand_ins: StandIns) -> None:
    async with run() as app:
        await lived(app, stand_ins)
        question = await asked(stand_ins.visitor("Ada"))
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        await ada.press(question, "Erase it all")
        await until(lambda: "Erased." in question.text)
        assert int(ada.member.id) not in {row.user_id for row in await ledger(app)}


async def test_the_key_is_made_once_for_its_owner_alone_and_another_is_refused(
    run: Run, tmp_path: Path
) -> None:
    async with run():
        pass
    file = tmp_path / "erasure.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_text()
    async with run():
        assert file.read_text() == kept
    file.write_text("ab" * 32)
    with pytest.raises(ErasureKeyUnusable, match="another one"):
        async with run():
            pass
    file.write_text("nothing")
    with pytest.raises(ErasureKeyUnusable, match="no key"):
        async with run():
            pass
    async with run(EASEL_ERASURE_KEY=kept.strip()):
        pass


@pytest.mark.parametrize("key", ["abc", "zz" * 32, "ab" * 31])
def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="EASEL_ERASURE_KEY") as refused:
        read_settings({"EASEL_ERASURE_KEY": key})
    assert key not in str(refused.value)
