"""Upscale, Vary, Extend, Make square, Cut out: each works on the kept raw picture."""

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobId
from tests.whole.conftest import has_pictures, until_settled
from tests.whole.making.follow_ups.pressing import ada, imagined, job_of


async def test_upscale_makes_a_job_of_the_kept_raw_picture(app: App, stand_ins: StandIns) -> None:
    first = await imagined(stand_ins)
    reply = await ada(stand_ins).press(first, "Upscale")
    await reply.until(has_pictures)
    rows = await until_settled(app, 2)
    assert [row.command for row in rows] == ["imagine", "tool refine"]
    job = await app.storage.jobs.find(JobId(rows[1].job_id))
    assert job is not None
    assert (job.order.parent, job.order.is_modified) == (job_of(first), False)
