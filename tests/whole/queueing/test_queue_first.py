"""/queue first: a moderator lets a waiting picture start before the others of the server."""

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply, Visitor
from tests.whole.conftest import Clock, has_pictures, photo, says, until, until_settled


def moderator_of(stand_ins: StandIns) -> Visitor:
    moderator = stand_ins.visitor("Mod")
    stand_ins.guild.add_member(moderator.user, permissions=["MANAGE_GUILD"])
    return moderator


def said(reply: Reply) -> str:
    assert reply.ephemeral
    assert reply.message is not None
    return reply.message.text


async def three_waiting(app: App, stand_ins: StandIns, clock: Clock) -> list[Reply]:
    """Ada's, Bob's and Eve's jobs, which wait for the end of a pause."""
    await app.storage.operations.pause("", clock())
    asked = [
        await stand_ins.visitor(name).imagine(f"{name}'s", engine="gg-3.0", private=name == "Eve")
        for name in ("Ada", "Bob", "Eve")
    ]
    for reply in asked:
        await reply.until(says("Queued"))
    return asked


async def job_ids(app: App) -> list[str]:
    rows = await app.storage.usage.rows(0.0)
    return [row.job_id for row in rows]


async def test_what_a_moderator_puts_first_starts_first_and_reads_so(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    replies = await three_waiting(app, stand_ins, clock)
    ids = await job_ids(app)
    await replies[2].until(says("position 3"))
    moderator = moderator_of(stand_ins)
    answer = said(await moderator.use("queue first", job=ids[2]))
    assert "first in this server’s line" in answer
    assert ids[2] in answer
    await replies[2].until(says("position 1"))
    await app.storage.operations.resume()
    app.worker.ring()
    for reply in replies:
        await reply.until(has_pictures)
    rows = await until_settled(app, count=3)
    begun = sorted(rows, key=lambda row: row.started_at or 0)
    assert [row.job_id for row in begun] == [ids[2], ids[0], ids[1]]


async def test_only_moderators_may_and_only_for_what_waits_in_their_server(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await three_waiting(app, stand_ins, clock)
    ids = await job_ids(app)
    ada, moderator = stand_ins.visitor("Ada"), moderator_of(stand_ins)
    assert "Manage Server" in said(await ada.use("queue first", job=ids[0]))
    assert await ada.type("queue first", "job", "") == []
    assert "no job" in said(await moderator.use("queue first", job="nonsense"))
    await app.storage.jobs.cancel(ids[1], 1, clock(), if_sent=False)
    gone = said(await moderator.use("queue first", job=ids[1]))
    assert "is no longer waiting: it was cancelled" in gone


async def test_a_moderator_of_another_server_neither_moves_nor_is_offered_a_job(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await three_waiting(app, stand_ins, clock)
    waiting = (await job_ids(app))[2]
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    elsewhere.add_channel("talk")
    mo = stand_ins.discord.visitor("Mo", elsewhere, permissions=["MANAGE_GUILD"])
    assert await mo.type("queue first", "job", "") == []
    assert "no job" in said(await mo.use("queue first", job=waiting))
    job = await app.storage.jobs.find(waiting)
    assert job is not None
    assert job.order.priority == 0


async def test_suggestions_show_what_waits_and_no_prompt_of_a_private_job(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await three_waiting(app, stand_ins, clock)
    moderator = moderator_of(stand_ins)
    names = [choice["name"] for choice in await moderator.type("queue first", "job", "")]
    assert [name.split(" · ")[1] for name in names] == ["Ada's", "Bob's", "/imagine, private"]


async def test_queue_show_lists_what_is_made_and_what_waits_with_first_words_and_links(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.hold()
    at_work = await stand_ins.visitor("Zoe").restyle(photo())
    await until(lambda: stand_ins.tencent.running["aiart"] == 1)
    await three_waiting(app, stand_ins, clock)
    made, *waiting = await job_ids(app)
    moderator = moderator_of(stand_ins)
    await moderator.use("queue first", job=waiting[2])
    shown = await moderator.use("queue show")
    text = (await shown.until(says("Pictures being made now: 1 of 3 (aiart)"))).text
    assert shown.ephemeral
    assert "vod:" not in text
    zoe = stand_ins.visitor("Zoe").user
    assert f"`{made}` <@{zoe.id}> anime" in text
    lines = [line for line in text.splitlines() if line.startswith("`")]
    assert [line[1:14] for line in lines] == [made, waiting[2], waiting[0], waiting[1]]
    assert ", put first · /imagine, private" in lines[1]
    assert [f"· {name}'s · [message](https://discord" in text for name in ("Ada", "Bob")] == [
        True
    ] * 2
    assert "Eve" not in text, "a private job's prompt"
    assert "[message]" not in lines[1]
    stand_ins.tencent.release()
    await app.storage.operations.resume()
    app.worker.ring()
    await at_work.until(has_pictures)
    await until_settled(app, count=4)
