"""The log channel: who may choose it, what may be one, what is told there or to the operator."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.quotas.allowances import LimitWindow
from bot.domain.quotas.limit_kinds import LimitKind
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.forms import CannotSend
from bot.sandbox.discord.world.numbers import NEWS, PRIVATE_THREAD, VOICE
from bot.sandbox.discord.world.world import Channel
from storage.accounts import warnings
from tests.whole.conftest import (
    Run,
    direct_messages,
    has_pictures,
    is_waiting,
    photo,
    says,
    until,
    until_settled,
)
from tests.whole.moderating.log_channel import noted, posted, tries_in, until_forgotten

pytestmark = pytest.mark.usefixtures("no_lines")

WARNING = "**This server’s budget is nearly used up:**"


DIRECT_MESSAGE = "**Easel’s budget is nearly used up:**"


@pytest.fixture
def mo(stand_ins: StandIns) -> Visitor:
    stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("log")


async def text_of(reply: Reply) -> str:
    """What was answered to the asker alone, which may come after the acknowledgement."""
    text = (await reply.until(lambda message: bool(message.text))).text
    assert reply.ephemeral
    return text


async def kept(app: App, stand_ins: StandIns) -> int | None:
    return (await app.storage.guild_settings.settings(int(stand_ins.guild.id))).log_channel_id


async def drawn(stand_ins: StandIns, name: str = "Ada", **options: Any) -> Reply:
    """Have a picture made for 0.08 USD."""
    reply = await stand_ins.visitor(name).restyle(photo(), engine="anime", **options)
    await reply.until(has_pictures)
    return reply


async def test_the_log_channel_is_chosen_shown_and_taken_back(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    assert f"From now on <#{log.id}> tells moderators" in await text_of(
        await mo.use("settings log", channel=log)
    )
    assert f"Log channel: <#{log.id}>" in await text_of(await mo.use("settings show"))
    assert "There is no log channel any more" in await text_of(
        await mo.use("settings log", off=True)
    )
    assert "Log channel: none" in await text_of(await mo.use("settings show"))
    assert await kept(app, stand_ins) is None


async def test_a_log_channel_is_not_taken_back_by_leaving_everything_out(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    await mo.use("settings log", channel=log)
    for options in ({}, {"off": False}, {"channel": log, "off": True}):
        said = await text_of(await mo.use("settings log", **options))
        assert said.startswith("Choose a channel for the notices, or set `off` to True")
    assert await kept(app, stand_ins) == int(log.id)


async def test_only_manage_server_may_choose_the_log_channel(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    await mo.use("settings log", channel=log)
    elsewhere = stand_ins.guild.add_channel("elsewhere")
    ada = stand_ins.visitor("Ada")
    for options in ({"channel": elsewhere}, {}):
        said = await text_of(await ada.use("settings log", **options))
        assert said == "That needs the permission Manage Server."
    assert await kept(app, stand_ins) == int(log.id)


@pytest.mark.parametrize(
    ("revoked", "missing"),
    [("SEND_MESSAGES", "Send Messages"), ("VIEW_CHANNEL", "View Channel and Send Messages")],
)
async def test_a_channel_that_easel_may_not_post_in_is_refused_by_the_permissions_name(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel, revoked: str, missing: str
) -> None:
    log.revoke(revoked)
    said = await text_of(await mo.use("settings log", channel=log))
    assert said == f"Easel cannot post in <#{log.id}>: it lacks {missing} there."
    assert await kept(app, stand_ins) is None
    log.grant(revoked)
    await mo.use("settings log", channel=log)
    assert await kept(app, stand_ins) == int(log.id)


async def test_an_announcement_channel_and_a_thread_may_be_the_log_channel(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    log.revoke("SEND_MESSAGES")  # a thread has a permission of its own
    for channel in (
        stand_ins.guild.add_channel("news", NEWS),
        stand_ins.guild.add_thread(log, "notices"),
    ):
        await mo.use("settings budget", images=1)
        await mo.use("settings log", channel=channel)
        assert await kept(app, stand_ins) == int(channel.id)
    await drawn(stand_ins)
    await until(lambda: len(posted(channel)) == 1)


async def test_threads_easel_may_not_write_in_are_refused_by_what_is_missing(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    guild = stand_ins.guild
    private = guild.add_thread(log, "among us", PRIVATE_THREAD)
    assert "invite it by mentioning it" in await text_of(
        await mo.use("settings log", channel=private)
    )
    locked = guild.add_thread(log, "closed", locked=True)
    assert "it lacks Manage Threads" in await text_of(await mo.use("settings log", channel=locked))
    log.revoke("SEND_MESSAGES_IN_THREADS")
    thread = guild.add_thread(log, "notices")
    said = await text_of(await mo.use("settings log", channel=thread))
    assert said == f"Easel cannot post in <#{thread.id}>: it lacks Send Messages in Threads there."
    assert await kept(app, stand_ins) is None


async def test_a_locked_thread_may_be_the_log_channel_of_who_may_manage_threads(
    run: Run, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    guild = stand_ins.guild
    guild.bot_member.roles = (guild.add_role("Easel", permissions=["MANAGE_THREADS"]),)
    locked = guild.add_thread(log, "closed", locked=True)
    async with run() as app:
        assert "now" in await text_of(await mo.use("settings log", channel=locked))
        assert await kept(app, stand_ins) == int(locked.id)


async def test_clients_offer_no_channel_that_holds_no_text(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    lounge = stand_ins.guild.add_channel("lounge", VOICE)
    with pytest.raises(CannotSend, match="does not offer channels of type 2"):
        await mo.use("settings log", channel=lounge)
    assert await kept(app, stand_ins) is None


async def test_a_channel_deleted_meanwhile_is_not_seen(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    log.delete()
    said = await text_of(await mo.use("settings log", channel=log))
    assert said.startswith(f"Easel does not see <#{log.id}>.")
    assert await kept(app, stand_ins) is None


async def test_each_budget_is_warned_of_once_in_the_log_channel_after_the_reply(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    await mo.use("settings log", channel=log)
    await mo.use("settings budget", images=5, usd=0.4)
    for _ in range(3):
        await drawn(stand_ins)
    assert posted(log) == []
    stand_ins.tencent.seconds_per_picture = 0.5
    with stand_ins.discord.world.listen() as news:
        reply = await stand_ins.visitor("Bob").restyle(photo(), engine="anime")
        small_print = await reply.until(
            says("With this, 80 % of the server’s budget of 5 pictures")
        )
        assert "budget of 0.40 USD" in small_print.text
        await until(lambda: len(posted(log)) == 2)
    seen = []
    while not news.empty():
        change = news.get_nowait()
        seen.append((change.kind, getattr(change.subject, "channel", None)))
    shown = seen.index(("message edited", stand_ins.channel))
    assert shown < seen.index(("message created", log)), "the member's reply comes first"
    images, usd = posted(log)
    assert images.startswith(f"{WARNING} 4 of 5 pictures per month (80 %), waiting requests")
    assert usd.startswith(f"{WARNING} 0.32 of 0.40 USD per month (80 %), waiting requests")
    for words in ("It resets <t:", ":R>", "`/settings budget`"):
        assert words in images
        assert words in usd
    stand_ins.tencent.seconds_per_picture = 0.0
    await drawn(stand_ins)
    await until_settled(app, 5)
    assert len(posted(log)) == 2
    assert direct_messages(stand_ins) == []


async def test_a_private_requests_prompt_and_asker_stay_out_of_the_log_channel(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    await mo.use("settings log", channel=log)
    await mo.use("settings budget", images=1)
    reply = await drawn(stand_ins, prompt="my secret garden", private=True)
    await until(lambda: len(posted(log)) == 1)
    await until_settled(app)
    [notice] = posted(log)
    for words in ("garden", "Ada", reply.interaction.user.id, reply.interaction.id):
        assert words not in notice


@pytest.mark.parametrize("end", ["gone", "closed", "never chosen"])
async def test_a_log_channel_that_takes_no_notice_disturbs_no_job_and_stays_set(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel, end: str
) -> None:
    await mo.use("settings budget", images=5)
    if end != "never chosen":
        await mo.use("settings log", channel=log)
    if end == "gone":
        log.delete()
    if end == "closed":
        log.revoke("SEND_MESSAGES")
    for _ in range(4):
        await drawn(stand_ins)
    expected = 0 if end == "never chosen" else 1
    await until(lambda: tries_in(log, stand_ins) == expected)
    await drawn(stand_ins)
    rows = await until_settled(app, 5)
    assert [row.state for row in rows] == ["done"] * 5
    assert tries_in(log, stand_ins) == expected, "not asked again at every request"
    assert await kept(app, stand_ins) == (None if end == "never chosen" else int(log.id))


async def test_a_notice_that_discord_could_not_take_comes_with_the_next_request(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel
) -> None:
    await mo.use("settings log", channel=log)
    await mo.use("settings budget", images=5)
    stand_ins.discord.script("POST", f"/channels/{log.id}/messages", status=503)
    for _ in range(4):
        await drawn(stand_ins)
    await until_forgotten(app)
    assert posted(log) == []
    await drawn(stand_ins)
    await until(lambda: len(posted(log)) == 1)
    assert "budget is used up:** 5 of 5 pictures" in posted(log)[0]
    await until_settled(app, 5)


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_log_channel_chosen_after_the_warning_is_warned_at_the_next_request(
    app: App, stand_ins: StandIns, mo: Visitor, log: Channel, *, is_first: bool
) -> None:
    if not is_first:
        await mo.use("settings log", channel=stand_ins.guild.add_channel("earlier"))
    await mo.use("settings budget", images=5)
    elsewhere = await mark_elsewhere(app, stand_ins)
    for _ in range(4):
        await drawn(stand_ins)
    await until_settled(app, 4)
    assert await noted(app) == 2
    await mo.use("settings log", channel=log)
    assert await noted(app) == 1, "another server's is none of its business"
    await drawn(stand_ins)
    await until(lambda: len(posted(log)) == 1)
    assert "budget is used up:** 5 of 5 pictures" in posted(log)[0]
    await app.storage.warnings.forget_server(elsewhere)
    await until_settled(app, 5)


async def mark_elsewhere(app: App, stand_ins: StandIns) -> int:
    """Note a warning of another server's, whose id is returned."""
    other = int(stand_ins.guild.id) + 1
    budget = LimitWindow(LimitKind.BUDGET_IMAGES, 5, "month", since=0.0, resets_at=1.0)
    async with app.storage.engine.begin() as conn:
        await warnings.note(conn, other, budget)
    return other


async def test_closed_direct_messages_are_tried_once_and_not_at_every_request(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[quotas]\naccount_usd_per_month = 0.4\n")
    stand_ins.discord.world.owner.accepts_dms = False
    with capture_logs() as logs:
        async with run() as app:
            for _ in range(5):
                await drawn(stand_ins)
            rows = await until_settled(app, 5)
    assert [row.state for row in rows] == ["done"] * 5
    refused = [each for each in stand_ins.discord.exchanges if each.status == HTTPStatus.FORBIDDEN]
    assert len(refused) == 1
    [line] = [log for log in logs if log["event"] == "operator_not_told"]
    assert (line["log_level"], line["status"]) == ("error", HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize("is_down", [False, True])
async def test_the_operators_budget_is_told_to_the_operator_alone_and_once(
    run: Run, stand_ins: StandIns, mo: Visitor, log: Channel, tmp_path: Path, *, is_down: bool
) -> None:
    (tmp_path / "easel.toml").write_text("[quotas]\naccount_usd_per_month = 0.4\n")
    if is_down:
        stand_ins.discord.script("POST", r"/users/@me/channels", status=503)
    async with run() as app:
        await mo.use("settings log", channel=log)
        for _ in range(3):
            await drawn(stand_ins)
        assert direct_messages(stand_ins) == []
        stand_ins.tencent.seconds_per_picture = 0.5
        reply = await stand_ins.visitor("Ada").restyle(photo(), engine="anime")
        assert "80 %" not in (await reply.until(is_waiting)).text, "that is not the member's"
        stand_ins.tencent.seconds_per_picture = 0.0
        await reply.until(has_pictures)
        if is_down:
            await until_forgotten(app)
            assert direct_messages(stand_ins) == []
        else:
            await until(lambda: len(direct_messages(stand_ins)) == 1)
        await drawn(stand_ins)
        await until_settled(app, 5)
    [direct_message] = direct_messages(stand_ins)
    told = "0.40 of 0.40 USD per month (100 %)" if is_down else "0.32 of 0.40 USD per month (80 %)"
    message_begins = DIRECT_MESSAGE.replace("nearly ", "") if is_down else DIRECT_MESSAGE
    assert direct_message.content.startswith(f"{message_begins} {told}, for all servers together")
    assert "`account_usd_per_month`" in direct_message.content
    assert posted(log) == []
