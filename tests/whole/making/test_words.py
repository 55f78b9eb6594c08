"""Members' words in everything that the bot writes: as they were typed, and doing nothing."""

from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import Job, JobState, Options
from bot.domain.jobs.operations import LostJob, Overview, Pause, PoolUse
from bot.domain.wording.quoting import in_one_line
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.forms import Upload
from bot.services.queue import PoolState
from cogs.moderating.queueing.layout import QueueLayout
from tests.contract.orders import NOW, order
from tests.domain.wording.graphemes import EMOJI, FAMILY
from tests.domain.wording.markdown import Node, drawn, live
from tests.whole.conftest import (
    Clock,
    Run,
    all_direct_messages,
    has_pictures,
    is_waiting,
    ledger,
    photo,
    says,
    until,
    until_settled,
)

LINKS = "[a](https://x.example) [free](https://y.example) `c` <https://z.example> @everyone"


def moderator(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


def text_of(reply: Reply) -> str:
    messages = [*([reply.message] if reply.message else ()), *reply.followups]
    return "\n".join(message.text for message in messages if not message.loading)


async def said(reply: Reply) -> str:
    """What was answered, which may come a moment after the acknowledgement."""
    await until(lambda: bool(text_of(reply)))
    return text_of(reply)


def foreign(text: str) -> list[Node]:
    """What does something and is none of the bot's own: mentions, times, bold, its job links."""
    own = ("bold or italic", "mention", "time", "code", "quote", "small print")
    return [
        node
        for node in live(text)
        if node.kind not in own
        and not node.text.startswith("[message](https://discord.com/channels/")
    ]


def shows(text: str, words: str) -> bool:
    return words in drawn(text).replace("\u2060", "") and foreign(text) == []


@pytest.mark.usefixtures("quick_beats")
async def test_a_prompts_links_are_dead_wherever_it_is_quoted(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    await app.storage.operations.pause(LINKS, clock())
    reply = await ada.imagine(LINKS)
    waiting = await reply.until(is_waiting)
    assert shows(waiting.text, f"> {LINKS}") or shows(waiting.text, LINKS)
    assert waiting.text.count("x.example") == 2, "the prompt, and the reason of the pause"
    beginning = in_one_line(LINKS)[:38]
    assert shows(await said(await ada.use("jobs")), beginning)
    overview = await mo.use("queue show")
    shown = (await overview.until(says("Waiting in this server"))).text
    assert shows(shown, beginning)
    assert shows(shown, LINKS), "the reason of the pause"
    await app.storage.operations.resume()
    app.worker.ring()
    result = await reply.until(has_pictures)
    assert shows(result.text, LINKS)
    assert (result.mentions, result.mention_everyone) == ([], False)
    described = f"Picture, AI-generated. It was made for the prompt “{LINKS}”."
    assert result.attachments[0].description == described
    await until_settled(app)
    again = await ada.use("result", job=(await ledger(app))[0].job_id)
    assert shows((await again.until(has_pictures)).text, LINKS)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("prompt", [EMOJI, f"a {FAMILY} and {EMOJI}", "snow_white & the 7 *"])
async def test_emoji_stay_and_words_read_as_typed(stand_ins: StandIns, prompt: str) -> None:
    reply = await stand_ins.visitor("Ada").imagine(prompt)
    message = await reply.until(has_pictures)
    assert shows(message.text, prompt)
    assert EMOJI not in prompt or EMOJI in message.text


async def test_a_prompt_is_never_cut_inside_an_emoji(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    prompt = "a" + FAMILY * 180
    reply = await ada.imagine(prompt)
    message = await reply.until(has_pictures)
    description = message.attachments[0].description
    await until_settled(app)
    [choice] = await ada.type("result", "job", "a")
    for text in (message.text, choice["name"], await said(await ada.use("jobs")), description):
        assert FAMILY in text
        assert text.replace(FAMILY, "").count("\u200d") == 0
    assert len(choice["name"]) <= 100
    assert len(description) <= 1024


@pytest.mark.parametrize("blank", ["\u200b", "\u3164", "\u2800", " \u2060\ufe0f"], ids=ascii)
async def test_a_prompt_with_nothing_to_see_is_refused_before_anything_is_paid(
    app: App, stand_ins: StandIns, blank: str
) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend")
    form = await ada.submit_modal(opened, {"prompt": blank, "pictures": [photo()]})
    for reply in (
        await ada.imagine(blank),
        await ada.restyle(photo(), prompt=blank),
        await ada.imagine("a cat", negative=blank),
        form,
    ):
        assert "has nothing in it that can be seen" in await said(reply)
        assert reply.ephemeral
    assert await ledger(app) == []
    assert stand_ins.tencent.calls == []


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("imagine", {"prompt": "x", "engine": LINKS}),
        ("imagine", {"prompt": "x", "ratio": LINKS}),
        ("imagine", {"prompt": "x", "size": LINKS}),
        ("result", {"job": LINKS.replace(" ", "_")}),
        ("settings timezone", {"timezone": LINKS}),
        ("queue first", {"job": LINKS.replace(" ", "_")}),
    ],
)
async def test_a_refusal_repeats_what_was_typed_without_its_links(
    stand_ins: StandIns, command: str, options: dict[str, str]
) -> None:
    text = await said(await moderator(stand_ins).use(command, **options))
    assert "x.example" in text
    assert foreign(text) == []
    assert "x.example" in drawn(text)


@pytest.mark.usefixtures("app")
async def test_a_grants_reason_and_a_files_name_are_quoted(stand_ins: StandIns) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    granted = await said(await mo.use("quota grant", user=ada.member, images=2, reason=LINKS))
    assert shows(granted, LINKS)
    assert shows(await said(await mo.use("quota list")), LINKS[:60])
    name = "_snow_ `white`.png"
    reply = await ada.use("blend", prompt="x", image1=photo(), image2=Upload(name, b"no picture"))
    refused = await reply.until(says("Picture 2"))
    assert shows(refused.text, "(“_snow_")


@pytest.mark.usefixtures("app")
async def test_what_an_api_repeats_is_quoted_to_the_operator(stand_ins: StandIns) -> None:
    refusal = "AuthFailure.UnauthorizedOperation"
    stand_ins.tencent.script("ImageToImage", code=refusal, message=LINKS)
    await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
    [direct_message] = await all_direct_messages(stand_ins)
    assert shows(direct_message.content, LINKS)


async def test_members_read_who_runs_the_bot_and_where_to_ask(
    run: Run, stand_ins: StandIns, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[operator]\nname = "Acme_Ltd"\ncontact = "https://help.example"\n'
        "[quotas]\nuser_per_day = 1\n"
    )
    async with run() as app:
        ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
        shown = await said(await ada.use("quota show"))
        assert (
            "Limit set by Acme\\_Ltd for one member, in all servers: 1 left of 1 picture per day"
            in shown
        )
        above = await said(await mo.use("quota set", images=9, period="day"))
        assert above.endswith("for each member, set by Acme\\_Ltd, still holds.")
        await app.storage.operations.pause("", clock())
        waiting = await (await ada.imagine("a cat")).until(is_waiting)
        assert "Paused by Acme\\_Ltd: no job starts now." in waiting.text
        refused = await ada.imagine("a dog")
        await refused.until(says("The limit set by Acme\\_Ltd is 1 picture per day"))
    (tmp_path / "easel.toml").write_text(
        '[operator]\nname = "Acme"\ncontact = "https://help.example"\n[access]\nguilds = [42]\n'
    )
    async with run():
        text = await said(await stand_ins.visitor("Ada").imagine("a cat"))
        assert text.endswith("Which servers may is up to Acme (https://help.example).")


@pytest.mark.usefixtures("quick_beats")
async def test_five_prompts_refused_by_review_pause_their_member(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    ada = stand_ins.visitor("Ada")
    stand_ins.tencent.script("ImageToImage", code="OperationDenied.TextIllegalDetected", times=5)
    for count in range(1, 6):
        reply = await ada.restyle(photo(), engine="anime")
        await reply.until(says("review refused the prompt"))
        await until_settled(app, count)
    paused = await ada.restyle(photo(), engine="anime")
    text = (await paused.until(says("5 of your requests were refused by review"))).text
    assert paused.ephemeral
    assert "Requests are taken again <t:" in text
    assert "Paused after refusals by review; requests are taken again <t:" in await said(
        await ada.use("quota show")
    )
    assert len(await ledger(app)) == 5
    other = await stand_ins.visitor("Bob").restyle(photo(), engine="anime")
    await other.until(has_pictures)
    clock.skipped += 3601
    await (await ada.restyle(photo(), engine="anime")).until(has_pictures)


def a_job(number: int, state: JobState) -> Job:
    made = order(number, options=Options(prompt="*_" * 300))
    return Job(made, state, created_at=NOW, started_at=NOW)


def test_the_fullest_overview_of_the_queue_fits_into_a_message() -> None:
    lost = tuple(
        LostJob(order(n).id, 1, 10**18, "anime", "`" * 99, "r" * 99, NOW) for n in range(50)
    )
    overview = Overview(
        pools={"aiart": PoolUse(busy=3, lost=1)},
        waiting=99,
        oldest_at=NOW,
        pause=Pause("*" * 300, NOW),
        unknown=lost,
        failed=lost,
        refused=lost,
        unreadable=lost,
    )
    pools = [PoolState(f"aiart-pool-{n}", limit=30, busy=20, lost=1) for n in range(12)]
    live_jobs = [a_job(n, JobState.RUNNING if n < 20 else JobState.QUEUED) for n in range(100)]
    layout = QueueLayout(pools, overview, live_jobs)
    assert layout.content_length() <= 4000
    texts = [getattr(child, "content", "") for child in layout.walk_children()]
    text = "\n".join(texts)
    for title in ("Being made for this server", "Waiting in this server", "Unknown outcome"):
        assert title in text
    assert text.count("[message](") >= 1
