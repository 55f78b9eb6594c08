"""The Edit form: filled in from the job, and what comes of it."""

from bot.app import App
from bot.cli.local_stack import StandIns
from tests.whole.conftest import has_pictures, until_settled
from tests.whole.making.follow_ups.pressing import ada, imagined


async def test_an_edited_prompt_becomes_a_job_and_the_rest_stays(
    app: App, stand_ins: StandIns
) -> None:
    first = await imagined(stand_ins, ratio="16:9", seed=7)
    opened = await ada(stand_ins).press(first, "Edit")
    edited = await ada(stand_ins).submit_modal(opened, {"prompt": "a windmill"})
    message = await edited.until(has_pictures)
    assert "a windmill" in message.text
    await until_settled(app, 2)
    before, after = [c.params for c in stand_ins.tencent.calls if "Prompt" in c.params]
    assert (before["Prompt"], after["Prompt"]) == ("a lighthouse", "a windmill")
    assert (before["OutputConfig"], before["Seed"]) == (after["OutputConfig"], after["Seed"])
