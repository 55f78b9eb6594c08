"""Discord's answers get lost: what took effect counts, what did not is repeated, all is read."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import NotAcknowledged
from bot.sandbox.discord.world.forms import Upload
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    ledger,
    photo,
    says,
    until,
    until_settled,
)

CALLBACK = "/callback$"
# How the answer to a request is lost: after it took effect, or before.
AFTER: list[dict[str, Any]] = [{"drop": "after"}, {"takes_effect": True}]
LOST: list[dict[str, Any]] = [*AFTER, {"drop": "before"}]
NO_PICTURE = Upload("notes.txt", b"no picture at all")


def shown_to_all(stand_ins: StandIns) -> list[Message]:
    world = stand_ins.discord.world
    return [message for message in world.messages(stand_ins.channel) if not message.ephemeral]


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("private", [False, True])
async def test_a_request_goes_on_in_its_message_whatever_becomes_of_the_answer_to_its_defer(
    app: App, stand_ins: StandIns, how: dict[str, Any], *, private: bool
) -> None:
    stand_ins.discord.script("POST", CALLBACK, **how)
    reply = await stand_ins.visitor("Ada").imagine("a lighthouse", private=private)
    message = await reply.until(has_pictures)
    assert message is reply.interaction.original
    assert message.ephemeral is private
    assert len(shown_to_all(stand_ins)) == (0 if private else 1)
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_a_defer_that_fails_is_made_again_while_there_is_time(
    app: App, stand_ins: StandIns
) -> None:
    # Twice: the library makes one try more by itself, and the next too late.
    stand_ins.discord.script("POST", CALLBACK, status=500, times=2)
    reply = await stand_ins.visitor("Ada").imagine("a lighthouse")
    assert await reply.until(has_pictures) is reply.interaction.original
    await until_settled(app)


@pytest.mark.parametrize("how", AFTER)
async def test_the_message_is_found_again_though_that_takes_more_than_one_look(
    app: App, stand_ins: StandIns, how: dict[str, Any]
) -> None:
    stand_ins.discord.script("POST", CALLBACK, **how)
    stand_ins.discord.script("GET", "/messages/@original$", drop="before", times=2)
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("a lighthouse")
    message = await reply.until(has_pictures)
    assert message is reply.interaction.original
    assert len(shown_to_all(stand_ins)) == 1
    await until_settled(app)
    # Known by its id, it could be edited also once the interaction's token is over.
    [job] = await app.storage.jobs.of_member(int(ada.user.id), 1)
    assert job.order.destination.message_id == int(message.id)


@pytest.mark.parametrize("how", LOST)
async def test_an_answer_that_is_a_message_is_given_once(
    run: Run, stand_ins: StandIns, how: dict[str, Any]
) -> None:
    with capture_logs() as logs:
        async with run() as app:  # whose end waits for what is made of the lost answer
            stand_ins.discord.script("POST", CALLBACK, **how)
            reply = await stand_ins.visitor("Ada").use("jobs")
            message = await reply.until(says("nothing yet"))
            assert await ledger(app) == []
    assert message.ephemeral
    assert reply.followups == []
    assert [log for log in logs if log["log_level"] in ("warning", "error")] == []


@pytest.mark.parametrize("how", LOST)
async def test_a_form_opens_once_and_can_be_sent(
    app: App, stand_ins: StandIns, how: dict[str, Any]
) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.discord.script("POST", CALLBACK, **how)
    opened = await ada.use("blend", prompt="a collage")
    stand_ins.discord.script("POST", CALLBACK, **how)
    reply = await ada.submit_modal(opened, {"pictures": [photo(), photo()]})
    assert await reply.until(has_pictures) is reply.interaction.original
    await until_settled(app)


@pytest.mark.parametrize("how", LOST)
async def test_a_cancel_and_its_confirmation_are_answered(
    app: App, stand_ins: StandIns, how: dict[str, Any]
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    stand_ins.discord.script("POST", CALLBACK, **how)
    asked = await ada.press(await reply.until(is_waiting), "Cancel")
    question = await asked.until(says("still counts"))
    stand_ins.discord.script("POST", CALLBACK, **how)
    confirmed = await ada.press(question, "Cancel anyway")
    await confirmed.until(says("not shown"))
    await reply.until(says("Being cancelled"))
    stand_ins.tencent.release()
    assert [row.state for row in await until_settled(app)] == ["cancelled"]


def too_late(stand_ins: StandIns) -> None:
    body = {"code": 10062, "message": "Unknown interaction"}
    stand_ins.discord.script("POST", CALLBACK, status=404, body=body)


def lost_for_good(stand_ins: StandIns) -> None:
    stand_ins.discord.script("POST", CALLBACK, drop="before", times=2)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors that do not sit out the three seconds."""
    monkeypatch.setattr("bot.sandbox.discord.visitor.ACK_WITHIN_S", 0.3)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fail", [too_late, lost_for_good])
async def test_what_discord_took_no_answer_to_is_not_done_and_logged_once(
    app: App, stand_ins: StandIns, clock: Clock, fail: Callable[[StandIns], None]
) -> None:
    await app.storage.operations.pause("", clock())
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("a lighthouse")
    message = await reply.until(is_waiting)
    [waiting] = await ledger(app)

    async def refused(act: Callable[[], Any]) -> None:
        fail(stand_ins)
        with capture_logs() as logs:
            with pytest.raises(NotAcknowledged):
                await act()
            await until(lambda: bool(logs))
        assert [log["event"] for log in logs] == ["not_acknowledged"]

    await refused(lambda: ada.press(message, "Cancel"))
    await refused(lambda: ada.use("cancel", job=waiting.job_id))
    await refused(lambda: ada.imagine("another one"))
    assert [row.state for row in await ledger(app)] == ["queued"]


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/messages/@original$"), ("POST", "^/web")]
)
async def test_a_refusal_in_place_of_a_public_thinking_is_read_by_who_asked_alone(
    app: App, stand_ins: StandIns, method: str, path: str, how: dict[str, Any]
) -> None:
    stand_ins.discord.script(method, path, **how)
    reply = await stand_ins.visitor("Ada").restyle(NO_PICTURE)
    message = await reply.until(lambda shown: bool(shown.text))
    assert message.ephemeral
    assert shown_to_all(stand_ins) == []
    assert {followup.text for followup in reply.followups} == {message.text}
    assert await ledger(app) == []


@pytest.mark.parametrize("how", LOST)
async def test_a_refusal_in_place_of_a_private_thinking_is_read(
    app: App, stand_ins: StandIns, how: dict[str, Any]
) -> None:
    stand_ins.discord.script("PATCH", "/messages/@original$", **how)
    reply = await stand_ins.visitor("Ada").restyle(NO_PICTURE, private=True)
    message = await reply.until(lambda shown: bool(shown.text))
    assert message is reply.interaction.original
    assert await ledger(app) == []


@pytest.mark.parametrize("how", LOST)
async def test_again_goes_on_too(app: App, stand_ins: StandIns, how: dict[str, Any]) -> None:
    ada = stand_ins.visitor("Ada")
    first = await (await ada.imagine("a lighthouse")).until(has_pictures)
    stand_ins.discord.script("POST", CALLBACK, **how)
    reply = await ada.press(first, "Again")
    assert await reply.until(has_pictures) is reply.interaction.original
    await until_settled(app, count=2)


@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("private", [False, True])
async def test_a_result_is_posted_again_whole_whatever_becomes_of_the_answer(
    app: App, stand_ins: StandIns, how: dict[str, Any], *, private: bool
) -> None:
    ada = stand_ins.visitor("Ada")
    first = await (await ada.imagine("a lighthouse", private=private)).until(has_pictures)
    [row] = await until_settled(app)
    stand_ins.discord.script("PATCH", "/messages/@original$", **how)
    reply = await ada.use("result", job=row.job_id)
    message = await reply.until(has_pictures)
    assert message is reply.interaction.original
    [again], [before] = message.attachments, first.attachments
    assert (again.filename, again.description) == (before.filename, before.description)
    assert (again.width, again.height) == (before.width, before.height) != (None, None)
    assert reply.followups == []
