"""Upscale, Vary, Extend, Make square, Restyle this: each works on the kept raw picture."""

import asyncio
import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.follow_ups.requests import VARIATIONS
from bot.domain.jobs.job import Job, JobId
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.world import Message
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    is_waiting,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.making.follow_ups.pressing import (
    a_month_passes,
    ada,
    chosen,
    imagined,
    job_of,
    labels,
    offered,
    restyled,
)


async def job(app: App, message: Message) -> Job:
    found = await app.storage.jobs.find(JobId(job_of(message)))
    assert found is not None
    return found


def last_call(stand_ins: StandIns, action: str) -> dict[str, Any]:
    return [call for call in stand_ins.tencent.calls if call.action == action][-1].params


async def test_upscale_makes_a_job_of_its_own_of_the_kept_picture(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    message = await (await ada(stand_ins).press(first, "Upscale")).until(has_pictures)
    rows = await until_settled(app, 2)
    assert [row.command for row in rows] == ["imagine", (await job(app, message)).order.command]
    assert (await job(app, message)).order.parent == job_of(first)
    assert not first.deleted


async def test_it_works_on_the_picture_as_the_engine_made_it_without_any_label(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    message = await (await chosen(stand_ins, first, "vary-little")).until(has_pictures)
    sent = await input_of(app, message)
    raw = opened(await app.storage.blobs.get((await job(app, first)).outputs[0]))
    posted = opened(first.attachments[0].data)
    assert difference(sent, raw) < 4 < difference(posted, raw)


async def test_upscale_sends_an_engines_png_as_it_was_made_and_asks_for_no_larger_file(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, engine="gg-3.0")
    await until_settled(app)
    made = await app.storage.blobs.get((await job(app, first)).outputs[0])
    message = await (await ada(stand_ins).press(first, "Upscale")).until(has_pictures)
    [key] = (await job(app, message)).order.inputs
    sent = await app.storage.blobs.get(key)
    assert Image.open(io.BytesIO(sent)).format == Image.open(io.BytesIO(made)).format == "PNG"
    assert opened(sent).tobytes() == opened(made).tobytes()
    assert message.attachments[0].filename.endswith(".jpg")
    assert opened(message.attachments[0].data).width == 2 * opened(made).width
    await until_settled(app, 2)


async def test_a_cut_out_stays_transparent_however_often_it_is_upscaled(
    app: App, stand_ins: StandIns
) -> None:
    image = photo((2040, 1360))
    message = await (await ada(stand_ins).use("tool cutout", image=image)).until(has_pictures)
    await until_settled(app)
    raw = await app.storage.blobs.get((await job(app, message)).outputs[0])
    noisy = Image.open(io.BytesIO(raw)).convert("RGBA")
    grain = Image.effect_noise(noisy.size, 60)
    grainy = Image.merge("RGBA", (grain, grain.rotate(180), grain, noisy.getchannel("A")))
    out = io.BytesIO()
    grainy.save(out, "PNG")
    assert len(out.getvalue()) > 3_900_000  # more than the API takes
    await app.storage.blobs.put((await job(app, message)).outputs[0], out.getvalue())
    larger = await (await ada(stand_ins).press(message, "Upscale")).until(has_pictures)
    shown = Image.open(io.BytesIO(larger.attachments[0].data))
    assert shown.mode == "RGBA"
    assert shown.getchannel("A").getextrema()[0] == 0
    await until_settled(app, 2)


async def input_of(app: App, message: Message) -> Image.Image:
    """What the engine was given for a message's pictures."""
    [key] = (await job(app, message)).order.inputs
    return opened(await app.storage.blobs.get(key))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ where they differ most, in a corner of the label's size."""
    apart = ImageChops.difference(one, other)
    width, height = apart.size
    tiles = [
        apart.crop((x, y, x + width // 8, y + height // 16))
        for x in range(0, width, width // 8)
        for y in range(0, height, height // 16)
    ]
    return max(max(ImageStat.Stat(tile).mean) for tile in tiles)


async def test_what_is_made_of_words_stays_generated_of_an_upload_modified(
    app: App, stand_ins: StandIns
) -> None:
    for first, is_modified in (
        (await imagined(stand_ins), False),
        (await restyled(stand_ins), True),
    ):
        for act in ("upscale", "vary-lot"):
            message = await (await chosen(stand_ins, first, act)).until(has_pictures)
            assert (await job(app, message)).order.is_modified is is_modified
            # And so on: Again of a follow-up, and a follow-up of one.
            again = await (await ada(stand_ins).press(message, "Again")).until(has_pictures)
            assert (await job(app, again)).order.is_modified is is_modified
            assert (await job(app, again)).order.parent == job_of(first)


@pytest.mark.parametrize("kind", ["vary-little", "vary-lot"])
async def test_a_variation_keeps_the_words_and_adds_one_sentence_once(
    app: App, stand_ins: StandIns, kind: str
) -> None:
    first = await imagined(stand_ins, ratio="16:9", seed=7)
    message = await (await chosen(stand_ins, first, kind)).until(has_pictures)
    await (await chosen(stand_ins, message, "vary-lot")).until(has_pictures)
    await until_settled(app, 3)
    calls = [c.params for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
    sentences = {str(each): words for each, words in VARIATIONS.items()}
    assert [call["Prompt"] for call in calls] == [
        "a lighthouse",
        f"a lighthouse\n{sentences[kind]}",
        f"a lighthouse\n{sentences['vary-lot']}",
    ]
    assert [call["OutputConfig"]["AspectRatio"] for call in calls] == ["16:9"] * 3
    assert ["Seed" in call for call in calls] == [True, False, False]


async def test_an_engine_with_a_strength_varies_by_it(app: App, stand_ins: StandIns) -> None:
    first = await restyled(stand_ins)  # by ImageToImage
    for kind in ("vary-little", "vary-lot"):
        await (await chosen(stand_ins, first, kind)).until(has_pictures)
    await until_settled(app, 3)
    calls = [c.params for c in stand_ins.tencent.calls if c.action == "ImageToImage"]
    assert [call["Prompt"] for call in calls] == ["as a mosaic"] * 3
    assert [call.get("Strength") for call in calls] == [None, 0.3, 0.75]
    assert [call["Styles"] for call in calls] == [["104"]] * 3


@pytest.mark.parametrize(
    ("kind", "grown"),
    [
        ("extend-left", (1.5, 1.0)),
        ("extend-right", (1.5, 1.0)),
        ("extend-up", (1.0, 1.5)),
        ("extend-down", (1.0, 1.5)),
        ("extend-around", (1.5, 1.5)),
    ],
)
async def test_an_extension_continues_the_picture_at_its_side(
    app: App, stand_ins: StandIns, kind: str, grown: tuple[float, float]
) -> None:
    first = await imagined(stand_ins, ratio="16:9", size="1K")
    message = await (await chosen(stand_ins, first, kind)).until(has_pictures)
    width, height = (await input_of(app, message)).size
    [made] = message.attachments
    assert (made.width, made.height) == pytest.approx((width * grown[0], height * grown[1]), abs=1)
    [_, row] = await until_settled(app, 2)
    assert (row.command, row.engine) == ("tool outpaint", "kling-expand")


async def test_make_square_is_for_pictures_that_are_none(app: App, stand_ins: StandIns) -> None:
    square = await imagined(stand_ins, ratio="1:1")
    wide = await imagined(stand_ins, ratio="3:2")
    assert ("Make square" in offered(square), "Make square" in offered(wide)) == (False, True)
    message = await (await chosen(stand_ins, wide, "square")).until(has_pictures)
    [made] = message.attachments
    assert made.width == made.height
    await until_settled(app, 3)


async def test_a_picture_that_is_as_large_as_it_gets_offers_no_upscale(
    app: App, stand_ins: StandIns
) -> None:
    wide = photo((2048, 1024))
    reply = await ada(stand_ins).use("tool upscale", image=wide, size="2x")
    largest = await reply.until(has_pictures)
    assert "Upscale" not in labels(largest)
    reply = await ada(stand_ins).use("tool upscale", image=photo((512, 256)), size="2x")
    assert "Upscale" in labels(await reply.until(has_pictures))
    await until_settled(app, 2)


async def test_restyle_this_asks_in_a_form_and_works_on_the_kept_picture(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    form = await chosen(stand_ins, first, "restyle")
    reply = await ada(stand_ins).submit_modal(form, {"prompt": "in felt", "style": "128"})
    message = await reply.until(has_pictures)
    made = await job(app, message)
    assert (made.order.command, made.order.parent) == ("restyle", job_of(first))
    assert not made.order.is_modified
    call = last_call(stand_ins, "ImageToImage")
    assert (call["Prompt"], call["Styles"]) == ("in felt", ["128"])


async def test_with_several_pictures_a_select_asks_which(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins, count=2, engine="og-low")
    await until_settled(app)
    question = await ada(stand_ins).press(first, "Upscale")
    shown = await question.until(says("Which one"))
    assert shown.ephemeral
    reply = await ada(stand_ins).choose(shown, "1")
    message = await reply.until(has_pictures)
    sent, parent = await input_of(app, message), await job(app, first)
    raw = [opened(await app.storage.blobs.get(key)) for key in parent.outputs]
    assert difference(sent, raw[1]) < 4 < difference(sent, raw[0])


async def test_all_of_it_works_after_a_restart(run: Run, stand_ins: StandIns) -> None:
    async with run() as app:
        first = await imagined(stand_ins, count=2, engine="og-low")
        await until_settled(app)
    async with run() as app:
        question = await chosen(stand_ins, first, "vary-lot")
        shown = await question.until(says("Which one"))
    async with run() as app:
        await (await ada(stand_ins).choose(shown, "0")).until(has_pictures)
        assert [row.state for row in await until_settled(app, 2)] == ["done", "done"]


@pytest.mark.parametrize("act", ["upscale", "vary-little", "extend-left", "square"])
async def test_where_the_picture_is_gone_a_form_asks_for_it_and_it_counts_as_an_upload(
    app: App, stand_ins: StandIns, clock: Clock, act: str
) -> None:
    first = await imagined(stand_ins, ratio="3:2")
    await until_settled(app)
    await a_month_passes(app, clock)
    form = await chosen(stand_ins, first, act)
    assert "no longer kept" in str(form.modal)
    reply = await ada(stand_ins).submit_modal(form, {"pictures": [photo()]})
    made = (await job(app, await reply.until(has_pictures))).order
    assert (made.is_modified, made.parent) == (True, None)


async def test_restyle_this_asks_for_a_picture_that_is_gone_in_its_own_form(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    await a_month_passes(app, clock)
    form = await chosen(stand_ins, first, "restyle")
    reply = await ada(stand_ins).submit_modal(form, {"pictures": [photo()]})
    assert (await job(app, await reply.until(has_pictures))).order.is_modified


async def test_a_double_press_is_one_job(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    stand_ins.tencent.hold()
    replies = await asyncio.gather(*(ada(stand_ins).press(first, "Upscale") for _ in range(2)))
    texts = await asyncio.gather(*(told(reply) for reply in replies))
    late = await told(await ada(stand_ins).press(first, "Upscale"))
    assert sorted("already at work" in text for text in [*texts, late]) == [False, True, True]
    stand_ins.tencent.release()
    assert len(await until_settled(app, 2)) == 2
    # Once it is done, another one is another wish.
    await (await ada(stand_ins).press(first, "Upscale")).until(has_pictures)
    assert len(await until_settled(app, 3)) == 3


async def test_a_second_press_after_a_restart_is_no_second_job(
    run: Run, stand_ins: StandIns
) -> None:
    async with run() as app:
        first = await imagined(stand_ins)
        await until_settled(app)
        await app.storage.operations.pause("", 0.0)
        await (await ada(stand_ins).press(first, "Upscale")).until(is_waiting)
    async with run() as app:
        reply = await ada(stand_ins).press(first, "Upscale")
        refusal = await reply.until(says("already at work"))
        assert refusal.ephemeral
        await app.storage.operations.resume()
        app.worker.ring()
        assert len(await until_settled(app, 2)) == 2


async def told(reply: Reply) -> str:
    await until(lambda: reply.message is not None and bool(reply.message.text))
    return reply.message.text if reply.message else ""


async def test_another_picture_and_another_wish_are_no_double_press(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, count=2, engine="og-low")
    await until_settled(app)
    stand_ins.tencent.hold()
    shown = await (await ada(stand_ins).press(first, "Upscale")).until(says("Which one"))
    waiting = [await ada(stand_ins).choose(shown, number) for number in ("0", "1")]
    also = await (await chosen(stand_ins, first, "vary-lot")).until(says("Which one"))
    waiting.append(await ada(stand_ins).choose(also, "0"))
    for reply in waiting:
        await reply.until(is_waiting)
    stand_ins.tencent.release()
    assert len(await until_settled(app, 4)) == 4


async def test_what_was_refused_may_be_pressed_again(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    with_it = dict(app.catalogue._off)  # noqa: SLF001 - as if the account were another
    app.catalogue._off |= dict.fromkeys(upscalers(app), "off")  # noqa: SLF001 - the same
    reply = await ada(stand_ins).press(first, "Upscale")
    await reply.until(says("no engine in use here does it"))
    app.catalogue._off = with_it  # noqa: SLF001 - and back
    await (await ada(stand_ins).press(first, "Upscale")).until(has_pictures)
    assert len(await until_settled(app, 2)) == 2


def upscalers(app: App) -> list[str]:
    usable = app.catalogue.usable
    return [each.name for name in ("tool upscale", "tool refine") for each in usable(name)]


async def test_a_message_deleted_meanwhile_costs_nothing_but_its_place(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins)
    await until_settled(app)
    stand_ins.tencent.hold()
    reply = await ada(stand_ins).press(first, "Upscale")
    await reply.until(is_waiting)
    stand_ins.discord.world.delete(first)
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    assert [row.state for row in await until_settled(app, 2)] == ["done", "done"]


async def test_what_is_made_of_a_private_result_is_private(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins, private=True)
    message = await (await ada(stand_ins).press(first, "Upscale")).until(has_pictures)
    assert message.ephemeral
    assert len(await until_settled(app, 2)) == 2


async def test_only_what_the_accounts_engines_can_do_is_shown(
    run: Run, stand_ins: StandIns
) -> None:
    nothing = {"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}
    async with run(**nothing) as app:
        first = await imagined(stand_ins, ratio="3:2")
        assert labels(first) == ["Again", "Edit"]
        assert offered(first) == ["Vary a little", "Vary a lot", "Restyle this", "Delete"]
        await (await chosen(stand_ins, first, "vary-little")).until(has_pictures)
        assert [row.engine for row in await until_settled(app, 2)] == ["local", "local"]


async def test_a_result_posted_again_offers_the_same(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    [row] = await until_settled(app)
    copy = await (await ada(stand_ins).use("result", job=row.job_id)).until(has_pictures)
    assert (labels(copy), offered(copy)) == (labels(first), offered(first))
