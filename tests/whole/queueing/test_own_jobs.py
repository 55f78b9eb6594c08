"""Members' own jobs: listed, and their pictures shown again."""

from bot.app import App
from bot.cli.local_stack import StandIns
from tests.whole.conftest import has_pictures, photo, says, until_settled
from tests.whole.queueing.busy import busy_and_waiting, said


async def test_my_jobs_are_listed_with_place_state_and_link(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    first, second = await busy_and_waiting(stand_ins, ada)
    text = await said(await ada.use("jobs"))
    assert "**Queued** · position 1" in text
    assert "**Being made**" in text
    assert second.message is not None
    assert f"/{stand_ins.guild.id}/{stand_ins.channel.id}/{second.message.id}" in text
    assert "nothing yet" in await said(await stand_ins.visitor("Bob").use("jobs"))
    stand_ins.tencent.release()
    await first.until(has_pictures)
    await second.until(has_pictures)
    await until_settled(app, count=2)
    assert (await said(await ada.use("jobs"))).count("**Done**") == 2


async def test_my_jobs_say_why_one_ended_in_the_words_of_its_message(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", when="after", drop=True)
    reply = await ada.restyle(photo())
    message = await reply.until(says("Lost"))
    await until_settled(app)
    text = await said(await ada.use("jobs"))
    assert "**Lost** · " in text
    sentence = text.split("-# ")[1].removesuffix("…")
    assert len(sentence) > 40
    assert sentence in message.text


async def test_a_long_list_of_my_jobs_fits_into_one_message(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", when="after", drop=True, times=15)
    for _ in range(15):
        await (await ada.restyle(photo(), prompt="*_" * 40)).until(says("Lost"))
    await until_settled(app, count=15)
    text = await said(await ada.use("jobs"))
    assert 10 <= text.count("**Lost**") < 15
    assert len(text) <= 4000


async def test_a_result_is_posted_again_from_what_is_kept(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), prompt="as a stamp")
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    [choice] = await ada.type("result", "job", "stamp")
    again = await ada.use("result", job=choice["value"])
    message = await again.until(has_pictures)
    assert not message.ephemeral
    assert message.mentions == []
    assert "AI-modified" in message.text
    assert row.job_id in message.text
    assert len(stand_ins.tencent.charged) == 1
    bob = stand_ins.visitor("Bob")
    assert await bob.type("result", "job", "") == []
    assert "no job" in await said(await bob.use("result", job=row.job_id))


async def test_a_private_result_is_shown_again_to_its_member_alone(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), private=True)
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    again = await ada.use("result", job=row.job_id)
    assert (await again.until(has_pictures)).ephemeral


async def test_pictures_that_are_no_longer_kept_are_a_sentence(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo())
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    job = next(job for job in await app.storage.jobs.of_member(int(ada.user.id), 1))
    await app.storage.blobs.delete(job.outputs)
    again = await ada.use("result", job=row.job_id)
    await again.until(says("are no longer kept"))


async def test_a_job_without_a_result_is_a_sentence(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected")
    await (await ada.restyle(photo())).until(says("refused"))
    [row] = await until_settled(app)
    assert "it was refused" in await said(await ada.use("result", job=row.job_id))
