"""The API and Discord on their bad days: one visible end, nothing lost, nothing paid twice."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from tests.whole.conftest import Clock, has_pictures, is_waiting, photo, says, until_settled


async def test_a_busy_api_makes_the_job_wait_and_come_back(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.script("ImageToImage", code="RequestLimitExceeded", times=2)
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(has_pictures, timeout=20)
    [row] = await until_settled(app)
    assert row.state == "done"
    assert len(stand_ins.tencent.charged) == 1


@pytest.mark.parametrize(
    ("code", "words", "state", "cost"),
    [
        ("OperationDenied.TextIllegalDetected", "refused the prompt", "refused", 0.0),
        ("OperationDenied.ImageIllegalDetected", "refused the picture", "refused", 0.0),
        ("FailedOperation.GenerateImageFailed", "refused the result", "refused", 0.08),
        ("ResourceUnavailable.InArrears", "not available right now", "failed", 0.0),
        ("InvalidParameterValue.ParameterValueError", "our fault", "failed", 0.0),
    ],
)
async def test_each_kind_of_refusal_is_told_once_and_refunded(
    app: App, stand_ins: StandIns, code: str, words: str, state: str, cost: float
) -> None:
    stand_ins.tencent.script("ImageToImage", code=code)
    reply = await stand_ins.visitor("Ada").restyle(photo())
    message = await reply.until(says(words))
    assert not message.loading
    [row] = await until_settled(app)
    assert (row.state, row.error_code, row.refunded) == (state, code, True)
    assert row.cost_usd == pytest.approx(cost)
    assert len(stand_ins.tencent.calls) == 1


async def test_an_api_that_is_gone_is_skipped_from_then_on(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.gone("ImageToImage")
    ada = stand_ins.visitor("Ada")
    first = await ada.restyle(photo())
    await first.until(says("no longer exists"))
    second = await ada.restyle(photo(), prompt="as a stamp")
    message = await second.until(has_pictures)
    assert "VOD" in message.text
    await until_settled(app, count=2)


async def test_an_answer_lost_after_the_work_is_unknown_and_not_asked_for_again(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script("ImageToImage", when="after", drop=True)
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(says("nobody knows"))
    [row] = await until_settled(app)
    assert (row.state, row.refunded) == ("unknown", True)
    assert row.cost_usd == pytest.approx(0.08)
    assert len(stand_ins.tencent.charged) == 1


async def test_discord_failing_at_the_post_costs_only_time(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.hold()
    reply = await ada.restyle(photo())
    await reply.until(is_waiting)
    stand_ins.discord.script("PATCH", r"/webhooks/.*", status=502, times=1)
    stand_ins.tencent.release()
    await reply.until(has_pictures, timeout=20)
    assert [row.state for row in await until_settled(app)] == ["done"]
    assert len(stand_ins.tencent.charged) == 1


async def test_a_result_after_the_token_expired_edits_the_same_message(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await reply.until(is_waiting)
    clock.skipped += 901
    stand_ins.tencent.release()
    message = await reply.until(has_pictures)
    assert stand_ins.discord.world.messages(stand_ins.channel) == [message]
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_a_private_result_after_the_token_expired_goes_to_direct_messages(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), private=True)
    await reply.until(is_waiting)
    clock.skipped += 901
    stand_ins.tencent.release()
    await until_settled(app)
    [direct_message] = stand_ins.discord.world.direct_messages(ada.user)
    assert len(direct_message.attachments) == 1
    shown = stand_ins.discord.world.messages(stand_ins.channel)
    assert [message for message in shown if message.attachments] == []


async def test_a_dropped_gateway_loses_no_result(app: App, stand_ins: StandIns) -> None:
    stand_ins.tencent.hold()
    reply = await stand_ins.visitor("Ada").restyle(photo())
    await stand_ins.discord.gateway.disconnect(resumable=True)
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    assert [row.state for row in await until_settled(app)] == ["done"]
