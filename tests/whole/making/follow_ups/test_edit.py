"""Edit and Choose another engine: filled in from the job, and what comes of them."""

from typing import Any

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobId
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import CannotSend
from bot.sandbox.discord.world.message import walk
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import (
    Clock,
    Run,
    cat,
    has_pictures,
    ledger,
    photo,
    says,
    until_settled,
)
from tests.whole.making.follow_ups.pressing import (
    a_month_passes,
    ada,
    fields,
    imagined,
    job_of,
    restyled,
)


async def job(app: App, message: Message) -> Job:
    found = await app.storage.jobs.find(JobId(job_of(message)))
    assert found is not None
    return found


async def edited(stand_ins: StandIns, message: Message, **values: Any) -> Message:
    opened = await ada(stand_ins).press(message, "Edit")
    reply = await ada(stand_ins).submit_modal(opened, values)
    return await reply.until(has_pictures)


async def other_engine(stand_ins: StandIns, message: Message) -> Reply:
    """The form of a button that stands under failed jobs, here under a result."""
    for part in walk(message.components):
        if part.get("label") == "Edit":
            part["custom_id"] = f"easel:engine:{job_of(message)}"
    return await ada(stand_ins).press(message, "Edit")


async def test_an_edited_prompt_becomes_a_job_and_the_rest_stays(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, ratio="16:9", size="2K", negative="boats", seed=7)
    message = await edited(stand_ins, first, prompt="a windmill")
    assert "a windmill" in message.text
    await until_settled(app, 2)
    before, after = [c.params for c in stand_ins.tencent.calls if "Prompt" in c.params]
    assert (before["Prompt"], after["Prompt"]) == ("a lighthouse", "a windmill")
    same = ("OutputConfig", "Seed", "NegativePrompt")
    assert [before[name] for name in same] == [after[name] for name in same]


async def test_the_form_of_a_restyled_picture_keeps_it_and_what_it_was(
    app: App, stand_ins: StandIns
) -> None:
    first = await restyled(stand_ins)
    opened = await ada(stand_ins).press(first, "Edit")
    shown = fields(opened.modal)
    assert list(shown) == ["prompt", "style", "ratio", "pictures"]
    assert [each["value"] for each in shown["style"]["options"] if each.get("default")] == ["104"]
    reply = await ada(stand_ins).submit_modal(opened, {"style": "128", "ratio": "3:4"})
    made = await job(app, await reply.until(has_pictures))
    before, after = [c.params for c in stand_ins.tencent.calls if c.action == "ImageToImage"]
    assert before["InputImage"] == after["InputImage"]
    assert (after["Styles"], after["Prompt"]) == (["128"], "as a mosaic")
    assert made.order.is_modified
    assert len(await until_settled(app, 2)) == 2


async def test_a_picture_handed_in_makes_a_restyle_of_words_alone(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    made = await job(app, await edited(stand_ins, first, pictures=[photo()]))
    assert (made.order.command, made.order.engine) == ("restyle", "gg-3.0")
    assert (made.order.is_modified, made.order.parent) == (True, None)
    assert len(await until_settled(app, 2)) == 2


async def test_another_picture_takes_the_place_of_the_one_before(
    app: App, stand_ins: StandIns
) -> None:
    first = await restyled(stand_ins)
    await edited(stand_ins, first, pictures=[photo()])
    before, after = [c.params for c in stand_ins.tencent.calls if c.action == "ImageToImage"]
    assert before["InputImage"] != after["InputImage"]
    assert len(await until_settled(app, 2)) == 2


async def test_a_blend_takes_as_many_pictures_anew_as_its_engine(
    app: App, stand_ins: StandIns
) -> None:
    blend = await ada(stand_ins).use("blend", prompt="a collage", image1=cat(), image2=photo())
    first = await blend.until(has_pictures)
    await edited(stand_ins, first, prompt="a quilt")
    await edited(stand_ins, first, pictures=[photo()] * 3)
    await until_settled(app, 3)
    calls = [c.params for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
    assert [len(call["FileInfos"]) for call in calls] == [2, 2, 3]


async def test_an_edit_of_a_follow_up_stays_what_it_was_made_from(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    opened = await ada(stand_ins).choose(first, "vary-lot", custom_id=f"easel:more:{job_of(first)}")
    varied = await opened.until(has_pictures)
    made = await job(app, await edited(stand_ins, varied, prompt="a windmill"))
    assert (made.order.parent, made.order.is_modified) == (job_of(first), False)
    assert len(await until_settled(app, 3)) == 3


async def test_after_the_retention_the_form_asks_for_the_picture(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    await a_month_passes(app, clock)
    opened = await ada(stand_ins).press(first, "Edit")
    assert fields(opened.modal)["pictures"]["required"] is True
    with pytest.raises(CannotSend):
        await ada(stand_ins).submit_modal(opened, {})
    reply = await ada(stand_ins).submit_modal(opened, {"pictures": [photo()]})
    await reply.until(has_pictures)


async def test_it_works_after_a_restart(run: Run, stand_ins: StandIns) -> None:
    async with run() as app:
        first = await imagined(stand_ins)
        await until_settled(app)
    async with run() as app:
        await edited(stand_ins, first, prompt="a windmill")
        assert len(await until_settled(app, 2)) == 2


async def test_what_the_command_refuses_is_refused_of_the_form(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, engine="rapid", style="Ink")
    opened = await ada(stand_ins).press(first, "Edit")
    reply = await ada(stand_ins).submit_modal(opened, {"style": "Inkk"})
    await reply.until(says("does not take “Inkk” for style"))
    assert len(await ledger(app)) == 1


async def test_where_the_engine_is_gone_the_form_is_of_the_next_one(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, engine="rapid", style="Sketch")
    await until_settled(app)
    app.catalogue._off |= {"rapid": "off"}  # noqa: SLF001 - as after a change of the account
    opened = await ada(stand_ins).press(first, "Edit")
    assert "style" not in fields(opened.modal)  # of gg-3.0, which has none
    made = await job(app, await (await ada(stand_ins).submit_modal(opened, {})).until(has_pictures))
    assert (made.order.engine, made.order.options.style) == ("gg-3.0", None)
    assert len(await until_settled(app, 2)) == 2


async def test_another_engine_makes_the_same_and_leaves_out_what_it_does_not_take(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, engine="lite", negative="boats", ratio="3:4")
    await until_settled(app)
    opened = await other_engine(stand_ins, first)
    offered = [each["value"] for each in fields(opened.modal)["engine"]["options"]]
    assert len(offered) <= 25
    assert "lite" not in offered[:1]
    reply = await ada(stand_ins).submit_modal(opened, {"engine": "rapid"})
    made = await job(app, await reply.until(has_pictures))
    options = made.order.options
    assert (made.order.engine, options.ratio, options.negative) == ("rapid", "3:4", None)
    assert len(await until_settled(app, 2)) == 2


async def test_another_engine_for_a_picture_gets_the_same_picture(
    app: App, stand_ins: StandIns
) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    opened = await other_engine(stand_ins, first)
    reply = await ada(stand_ins).submit_modal(opened, {"engine": "gg-3.0"})
    made = await job(app, await reply.until(has_pictures))
    assert (made.order.engine, len(made.order.inputs)) == ("gg-3.0", 1)
    assert len(await until_settled(app, 2)) == 2
