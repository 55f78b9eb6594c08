"""Whoever presses, chooses or submits reads what went wrong, as with a command."""

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.errors import NotYourJob
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import photo, says, until
from tests.whole.failing.panel import Fault, panel


async def use(stand_ins: StandIns, message: Message, label: str) -> Reply:
    """Press the button, or submit the form that it opens."""
    ada = stand_ins.visitor("Ada")
    reply = await ada.press(message, label)
    return await ada.submit_modal(reply, {"words": "any"}) if label == "form" else reply


LABELS = ("lasting check", "lasting work", "passing", "form")


@pytest.mark.parametrize("label", LABELS)
async def test_a_refusal_is_read_by_who_acted_alone(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    message = await panel(app, stand_ins)
    reply = await use(stand_ins, message, label)
    assert "Only the person who asked" in (await reply.until(lambda shown: bool(shown.text))).text
    assert reply.ephemeral
    assert message.text == "Press!"


@pytest.mark.parametrize("label", LABELS)
async def test_a_fault_of_ours_is_an_id_that_the_log_explains(
    app: App,
    stand_ins: StandIns,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    label: str,
) -> None:
    monkeypatch.setattr(Fault, "error", ZeroDivisionError("in the middle"))
    reply = await use(stand_ins, await panel(app, stand_ins), label)
    text = (await reply.until(says("name this id"))).text
    incident = text.split()[-1]
    logged = caplog.text + "".join(capsys.readouterr())
    assert incident in logged
    assert "in the middle" in logged


@pytest.mark.parametrize("label", LABELS)
async def test_what_was_answered_already_is_not_written_over(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    monkeypatch.setattr(Fault, "is_answered_first", True)
    message = await panel(app, stand_ins)
    reply = await use(stand_ins, message, label)
    await until(lambda: bool(reply.followups))
    [told] = reply.followups
    assert "Only the person who asked" in told.text
    assert told.ephemeral
    assert message.text == "Press!"


async def test_an_answer_that_does_not_get_to_discord_is_only_logged(
    app: App, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fault, "error", NotYourJob())
    monkeypatch.setattr(Fault, "is_answered_first", True)
    message = await panel(app, stand_ins)
    stand_ins.discord.script("POST", "/webhooks/", drop=True, times=3)
    with capture_logs() as logs:
        reply = await use(stand_ins, message, "passing")
        await until(lambda: [log["event"] for log in logs] == ["reply_failed"])
    assert reply.followups == []
    assert message.text == "Press!"


async def test_a_cancel_that_breaks_is_answered_too(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    reply = await ada.restyle(photo())
    message = await reply.until(says("Queued"))
    await app.client.remove_cog("Cancel")
    pressed = await ada.press(message, "Cancel")
    await pressed.until(says("name this id"))
    assert "Queued" in message.text
    stand_ins.tencent.release()
