"""The Again button: the same request once more, also after a restart and after retention."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.forms import CannotSend
from bot.worker.pruner import Pruner
from tests.whole.conftest import Clock, Run, cat, has_pictures, photo, says, until_settled
from tests.whole.making.follow_ups.pressing import DAY_S, KEEP, a_month_passes, ada, restyled


def inputs_of(stand_ins: StandIns) -> list[object]:
    calls = [call for call in stand_ins.tencent.calls if call.action == "ImageToImage"]
    return [call.params["InputImage"] for call in calls]


async def test_again_makes_a_new_job_from_the_same_words_and_the_same_picture(
    app: App, stand_ins: StandIns
) -> None:
    first = await restyled(stand_ins)
    again = await ada(stand_ins).press(first, "Again")
    message = await again.until(has_pictures)
    assert "as a mosaic" in message.text
    before, after = inputs_of(stand_ins)
    assert before == after
    rows = await until_settled(app, 2)
    assert [row.command for row in rows] == ["restyle", "restyle"]
    assert rows[0].job_id != rows[1].job_id


async def test_the_button_works_after_a_restart(run: Run, stand_ins: StandIns) -> None:
    async with run():
        first = await restyled(stand_ins)
    async with run():
        again = await ada(stand_ins).press(first, "Again")
        await again.until(has_pictures)


async def test_only_who_asked_may_press_it(app: App, stand_ins: StandIns) -> None:
    first = await restyled(stand_ins)
    reply = await stand_ins.visitor("Ben").press(first, "Again")
    assert reply.ephemeral
    await reply.until(says("You cannot use this result"))
    assert len(await until_settled(app)) == 1


async def test_a_button_whose_picture_is_gone_says_so_and_takes_a_new_upload(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    await a_month_passes(app, clock)
    opened = await ada(stand_ins).press(first, "Again")
    assert opened.modal is not None
    assert "no longer kept" in str(opened.modal)
    again = await ada(stand_ins).submit_modal(opened, {"pictures": [photo()]})
    message = await again.until(has_pictures)
    assert "as a mosaic" in message.text
    before, after = inputs_of(stand_ins)
    assert before != after


async def test_the_form_for_a_new_upload_takes_as_many_pictures_as_the_command(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    one = await restyled(stand_ins)
    blend = await ada(stand_ins).use("blend", prompt="a collage", image1=cat(), image2=photo())
    several = await blend.until(has_pictures)
    await until_settled(app, 2)
    await a_month_passes(app, clock)
    opened = await ada(stand_ins).press(one, "Again")
    with pytest.raises(CannotSend):
        await ada(stand_ins).submit_modal(opened, {"pictures": [photo(), photo()]})
    opened = await ada(stand_ins).press(several, "Again")
    again = await ada(stand_ins).submit_modal(opened, {"pictures": [photo()] * 10})
    await again.until(has_pictures)
    await until_settled(app, 3)
    calls = [c.params for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
    assert [len(params["FileInfos"]) for params in calls] == [2, 10]


async def test_a_button_of_a_job_that_is_no_longer_known_says_so(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await restyled(stand_ins)
    await until_settled(app)
    clock.skipped += 211 * DAY_S  # a row is kept for 30 days longer than its words
    store, blobs = app.storage.retention, app.storage.blobs
    await Pruner(store=store, blobs=blobs, keep=KEEP, now=clock).prune()
    reply = await ada(stand_ins).press(first, "Again")
    await reply.until(says("You cannot use this result"))
    assert reply.ephemeral


async def test_words_alone_need_no_upload_even_after_retention(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    first = await (await ada(stand_ins).imagine("a lighthouse")).until(has_pictures)
    await until_settled(app)
    await a_month_passes(app, clock)
    again = await ada(stand_ins).press(first, "Again")
    await again.until(has_pictures)


async def test_result_of_a_pruned_job_says_that_its_pictures_are_gone(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await restyled(stand_ins)
    (row,) = await until_settled(app)
    await a_month_passes(app, clock)
    reply = await ada(stand_ins).use("result", job=row.job_id)
    await reply.until(says("no longer kept"))
