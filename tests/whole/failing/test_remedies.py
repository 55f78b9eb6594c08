"""What an end offers does help, and no "thinking…" stays for want of news."""

import json

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import Clock, has_pictures, photo, says, until, until_settled

REFUSED_WORDS = "OperationDenied.TextIllegalDetected"
REFUSED_PICTURE = "OperationDenied.ImageIllegalDetected"
OVERDUE = "ResourceUnavailable.InArrears"


def labels(message: Message) -> list[str | None]:
    return [button.label for button in message.buttons]


async def failed(stand_ins: StandIns, code: str, title: str) -> Message:
    stand_ins.tencent.script("ImageToImage", code=code)
    reply = await stand_ins.visitor("Ada").restyle(photo(), prompt="a mosaic", engine="anime")
    return await reply.until(says(title))


async def test_refused_words_are_put_otherwise(app: App, stand_ins: StandIns) -> None:
    message = await failed(stand_ins, REFUSED_WORDS, "Refused")
    assert labels(message) == ["Edit", "Ask a moderator"]
    ada = stand_ins.visitor("Ada")
    opened = await ada.press(message, "Edit")
    again = await ada.submit_modal(opened, {"prompt": "a quiet mosaic"})
    assert "a quiet mosaic" in (await again.until(has_pictures)).text
    rows = await until_settled(app, count=2)
    assert [row.state for row in rows] == ["refused", "done"]


async def test_in_place_of_a_refused_picture_another_is_sent(app: App, stand_ins: StandIns) -> None:
    message = await failed(stand_ins, REFUSED_PICTURE, "Refused")
    assert labels(message) == ["Send another picture", "Ask a moderator"]
    ada = stand_ins.visitor("Ada")
    opened = await ada.press(message, "Send another picture")
    again = await ada.submit_modal(opened, {"pictures": [photo((400, 300))]})
    await again.until(has_pictures)
    first, second = [call.params["InputImage"] for call in stand_ins.tencent.calls]
    assert first != second
    await until_settled(app, count=2)


async def test_where_an_engine_cannot_be_used_another_is_chosen(
    app: App, stand_ins: StandIns
) -> None:
    message = await failed(stand_ins, OVERDUE, "Failed")
    assert labels(message) == ["Choose another engine"]
    ada = stand_ins.visitor("Ada")
    opened = await ada.press(message, "Choose another engine")
    assert opened.modal is not None
    assert '"anime"' not in json.dumps(opened.modal), "nobody chooses what just failed"
    again = await ada.submit_modal(opened, {"engine": "gg-3.0"})
    await again.until(has_pictures)
    rows = await until_settled(app, count=2)
    assert [(row.engine, row.state) for row in rows] == [("anime", "failed"), ("gg-3.0", "done")]


async def test_thinking_is_replaced_though_its_first_edit_met_a_bad_day(
    app: App, stand_ins: StandIns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.waiting._TICK_S", 0.1)
    await app.storage.operations.pause("", clock())  # nothing moves, so there is no other news
    stand_ins.discord.script("PATCH", r"/webhooks/.*", drop="before")
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(says("Queued"))
    await app.storage.operations.resume()
    app.worker.ring()
    await reply.until(has_pictures)
    assert reply.followups == [], "told of the upload in place of the job's message"
    again = await stand_ins.visitor("Ada").restyle(photo())
    await again.until(has_pictures)
    await until(lambda: bool(again.followups))
    assert "The first time only" in again.followups[0].text
    await until_settled(app, count=2)
