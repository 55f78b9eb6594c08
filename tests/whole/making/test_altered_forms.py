"""Forms and selects that come back with other than what they asked for, or too late."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.routes.interactions import COMPONENT, MODAL
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import Form, submitted
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import has_pictures, ledger, says, until, until_settled
from tests.whole.making.follow_ups.pressing import ada, imagined, job_of, restyled

ALTERED = "not what this form asks for"
Part = dict[str, Any]
Alter = Callable[[list[Part]], None]


def field(parts: list[Part], custom_id: str) -> Part:
    return next(part["component"] for part in parts if part["component"]["custom_id"] == custom_id)


def an_extra_field(parts: list[Part]) -> None:
    text = {"type": 4, "id": 77, "custom_id": "guild_id", "value": "1"}
    parts.append({"type": 18, "id": 76, "component": text})


def a_field_twice(parts: list[Part]) -> None:
    parts.append(copy.deepcopy(parts[0]))


def no_fields(parts: list[Part]) -> None:
    parts.clear()


def without(custom_id: str) -> Alter:
    def alter(parts: list[Part]) -> None:
        parts[:] = [part for part in parts if part["component"]["custom_id"] != custom_id]

    return alter


def with_(custom_id: str, **values: Any) -> Alter:
    def alter(parts: list[Part]) -> None:
        field(parts, custom_id).update(values)

    return alter


ALTERATIONS = {
    "an extra field": an_extra_field,
    "a field twice": a_field_twice,
    "no fields": no_fields,
    "without prompt": without("prompt"),
    "without style": without("style"),
    "without ratio": without("ratio"),
    "without pictures": without("pictures"),
    "prompt is a number": with_("prompt", value=7),
    "prompt is nothing": with_("prompt", value=None),
    "prompt is too long": with_("prompt", value="x" * 4001),
    "prompt is a list of texts": with_("prompt", value=["a", "b"]),
    "prompt is of another type": with_("prompt", type=3, values=["104"]),
    "style is none of its own": with_("style", values=["no such style"]),
    "style is two": with_("style", values=["104", "128"]),
    "style is nothing": with_("style", values=[]),
    "style is a text": with_("style", values="104"),
    "style is an object": with_("style", values=[{}]),
    "ratio is none of its own": with_("ratio", value="7:1", values=["7:1"]),
    "a picture that was not sent": with_("pictures", values=["1300000000000000000"]),
}


async def sent_back(stand_ins: StandIns, opened: Reply, alter: Alter) -> Reply:
    """Submit a form as no client of Discord's does."""
    visitor, modal, trigger = ada(stand_ins), opened.modal, opened.interaction
    assert modal is not None
    form = Form(stand_ins.discord.cdn, visitor.channel)
    parts = [submitted(part, {}, form) for part in modal["components"]]
    alter(parts)
    data = {"custom_id": modal["custom_id"], "components": parts}
    interaction = stand_ins.discord.interactions.begin(
        MODAL, visitor.user, visitor.channel, data, source=trigger.source, trigger=trigger
    )
    return Reply(stand_ins.discord, interaction)


@pytest.mark.parametrize("alteration", ALTERATIONS)
async def test_a_form_with_other_parts_than_it_had_does_nothing_and_can_still_be_sent(
    app: App, stand_ins: StandIns, caplog: pytest.LogCaptureFixture, alteration: str
) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    opened = await ada(stand_ins).press(first, "Edit")
    reply = await sent_back(stand_ins, opened, ALTERATIONS[alteration])
    await reply.until(says(ALTERED))
    assert reply.ephemeral
    assert len(await ledger(app)) == 1
    assert "Traceback" not in caplog.text
    again = await ada(stand_ins).submit_modal(opened, {})
    await again.until(has_pictures)
    assert len(await until_settled(app, 2)) == 2


async def test_a_form_that_was_open_for_too_long_says_so(app: App, stand_ins: StandIns) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    opened = await ada(stand_ins).press(first, "Edit")
    assert opened.modal is not None
    form = app.client._connection._view_store._modals[opened.modal["custom_id"]]  # noqa: SLF001 - the library keeps its time with the loop's clock
    assert form.timeout == 15 * 60
    form._dispatch_timeout()  # noqa: SLF001 - as its clock does
    reply = await ada(stand_ins).submit_modal(opened, {})
    await reply.until(says("was open for more than 15 minutes"))
    assert len(await ledger(app)) == 1


async def read(reply: Reply, pressed: Message) -> str:
    """What was said to a choice, beside the message that it was made in."""

    def answers() -> list[str]:
        shown = (*reply.followups, reply.message)
        return [each.text for each in shown if each and each is not pressed and each.text]

    async with asyncio.timeout(10):
        await until(lambda: bool(answers()))
    [answer] = answers()
    return answer


def chosen(stand_ins: StandIns, message: Message, custom_id: str, values: Any) -> Reply:
    """Choose of a select under a message what it does not offer."""
    [part] = [each for each in walk(message.components) if each.get("custom_id") == custom_id]
    data = {"component_type": 3, "custom_id": custom_id, "id": part["id"], "values": values}
    user, channel = ada(stand_ins).user, message.channel
    interaction = stand_ins.discord.interactions.begin(
        COMPONENT, user, channel, data, source=message
    )
    return Reply(stand_ins.discord, interaction)


@pytest.mark.parametrize("values", [[], ["-1"], ["x"], ["²"], ["9" * 30], ["cut out", "delete"]])
@pytest.mark.parametrize("select", ["more", "which"])
async def test_a_choice_that_a_select_does_not_offer_does_nothing(
    app: App, stand_ins: StandIns, caplog: pytest.LogCaptureFixture, values: list[str], select: str
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    custom_id = f"easel:more:{job_of(first)}"
    if select == "which":
        for part in walk(first.components):
            if part.get("custom_id") == custom_id:
                custom_id = f"easel:which:{job_of(first)}:cut out"
                part["custom_id"] = custom_id
                part["options"] = [{"label": "Picture 1", "value": "0"}]
                break
    reply = chosen(stand_ins, first, custom_id, values)
    assert "This does nothing any more" in await read(reply, first)
    assert len(await ledger(app)) == 1
    assert "Traceback" not in caplog.text


async def test_a_picture_before_the_first_is_no_other_name_for_the_last(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    for part in walk(first.components):
        if str(part.get("custom_id", "")).startswith("easel:more:"):
            part["custom_id"] = f"easel:which:{job_of(first)}:upscale"
            part["options"] = [{"label": "forged", "value": "-1"}]
    which = f"easel:which:{job_of(first)}:upscale"
    reply = await ada(stand_ins).choose(first, "-1", custom_id=which)
    assert "You cannot use this result" in await read(reply, first)
    assert len(await ledger(app)) == 1
