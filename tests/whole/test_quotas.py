"""Quotas as members and moderators meet them in the chat."""

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.jobs import JobState, job_id_of
from bot.domain.scheduling import MAX_TRIES
from bot.sandbox.visitor import Reply, Visitor
from bot.stage import StandIns
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until_settled


def moderator(stand_ins: StandIns) -> Visitor:
    if stand_ins.guild.member("Mo") is None:
        stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
    return stand_ins.visitor("Mo")


def text_of(reply: Reply) -> str:
    assert reply.message is not None
    return reply.message.text


async def test_a_spent_quota_says_which_rule_what_is_left_and_when_it_resets(
    app: App, stand_ins: StandIns
) -> None:
    await moderator(stand_ins).use("quota set", images=1, period="day")
    ada = stand_ins.visitor("Ada")
    first = await ada.restyle(photo())
    await first.until(has_pictures)
    refused = await ada.restyle(photo())
    message = await refused.until(says("This server’s quota is 1 picture per day"))
    assert "; 0 left, 1 asked for" in message.text
    assert "It resets <t:" in message.text
    assert ":R>" in message.text
    assert len(await until_settled(app)) == 1


async def test_ten_simultaneous_requests_on_a_quota_of_one_give_one_picture(
    app: App, stand_ins: StandIns
) -> None:
    await moderator(stand_ins).use("quota set", images=1, period="week")
    ada = stand_ins.visitor("Ada")
    replies = await asyncio.gather(*(ada.restyle(photo()) for _ in range(10)))
    shown = await asyncio.gather(*(reply.settled() for reply in replies))
    assert sum(bool(message.attachments) for message in shown) == 1
    assert sum("per week" in message.text for message in shown) == 9
    assert len(await ledger(app)) == 1
    assert len(stand_ins.tencent.calls) == 1


async def test_the_most_generous_role_counts_and_a_members_own_rule_beats_it(
    app: App, stand_ins: StandIns
) -> None:
    guild, mo = stand_ins.guild, moderator(stand_ins)
    fans, artists = guild.add_role("Fans"), guild.add_role("Artists")
    bob = guild.add_member("Bob", roles=[fans, artists])
    await mo.use("quota set", images=0, period="day")
    await mo.use("quota set", images=1, period="day", role=fans)
    await mo.use("quota set", images=2, period="day", role=artists)
    bobs = stand_ins.visitor("Bob")
    shown = text_of(await bobs.use("quota show"))
    assert f"Quota of <@&{artists.id}>: 2 of 2 pictures left per day" in shown
    await mo.use("quota set", images=0, period="day", user=bob)
    refused = await bobs.imagine("a cat")
    await refused.until(says("Your own quota here is 0 pictures per day"))
    assert await ledger(app) == []


async def test_granted_pictures_come_after_the_quota_and_are_shown(
    app: App, stand_ins: StandIns
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await mo.use("quota set", images=1, period="month")
    given = await mo.use("quota grant", user=ada.member, images=1, reason="won the *contest*")
    assert "may make 1 picture extra now" in text_of(given)
    for _ in range(2):
        reply = await ada.restyle(photo())
        await reply.until(has_pictures)
    refused = await ada.restyle(photo())
    await refused.until(says("; 0 left, 1 asked for"))
    assert "Extra" not in text_of(await ada.use("quota show"))
    assert len(await until_settled(app, 2)) == 2


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("quota set", {"images": 5, "period": "day"}),
        ("quota clear", {}),
        ("settings timezone", {"timezone": "Europe/Berlin"}),
        ("settings budget", {"images": 5}),
        ("settings show", {}),
    ],
)
async def test_only_manage_server_may_change_quotas_and_settings(
    app: App, stand_ins: StandIns, command: str, options: dict[str, object]
) -> None:
    reply = await stand_ins.visitor("Ada").use(command, **options)
    assert reply.ephemeral
    assert text_of(reply) == "That needs the permission Manage Server."
    policy = await app.storage.quotas.policy(int(stand_ins.guild.id))
    assert (policy.rules, policy.timezone, policy.budget_images) == ((), "UTC", None)


async def test_others_quotas_and_grants_need_manage_server(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    bob = stand_ins.guild.add_member("Bob")
    for command, options in (
        ("quota show", {"user": bob}),
        ("quota grant", {"user": ada.member, "images": 9, "reason": "me"}),
    ):
        reply = await ada.use(command, **options)
        assert "Manage Server" in text_of(reply)
    mo = moderator(stand_ins)
    shown = await mo.use("quota show", user=bob)
    assert shown.ephemeral
    assert f"Quotas of <@{bob.id}>" in text_of(shown)
    assert "20 of 20 pictures left per day" in text_of(shown)
    policy = await app.storage.quotas.policy(int(stand_ins.guild.id))
    assert policy.rules == ()


async def test_rules_are_listed_and_cleared(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    role = stand_ins.guild.add_role("Fans")
    await mo.use("quota set", images=-1, period="hour", role=role)
    await mo.use("quota set", images=7, period="week")
    listed = text_of(await mo.use("quota list"))
    assert f"<@&{role.id}>: unlimited pictures per hour" in listed
    assert "everyone: 7 pictures per week" in listed
    assert "Cleared 1 quota of everyone." in text_of(await mo.use("quota clear"))
    assert "nothing to clear" in text_of(await mo.use("quota clear", period="week"))
    both = await mo.use("quota set", images=1, period="day", role=role, user=mo.member)
    assert "not both" in text_of(both)
    assert len((await app.storage.quotas.policy(int(stand_ins.guild.id))).rules) == 1


async def test_the_role_everyone_is_everyone(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    said = await mo.use("quota set", images=3, period="day", role=stand_ins.guild.everyone)
    assert "Set. everyone: 3 pictures per day" in text_of(said)
    policy = await app.storage.quotas.policy(int(stand_ins.guild.id))
    assert [(rule.scope.value, rule.images) for rule in policy.rules] == [("everyone", 3)]


async def test_the_request_that_takes_a_budget_over_four_fifths_says_so(
    app: App, stand_ins: StandIns
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    said = await mo.use("settings budget", images=1, usd=9.5)
    assert text_of(said).startswith("Budget: 1 picture and 9.50 USD per month\n")
    assert "count as 0 USD" in text_of(said)
    stand_ins.tencent.hold()
    reply = await ada.restyle(photo())
    await reply.until(says("over 80 % of the server’s budget of 1 picture per month"))
    refused = await ada.restyle(photo())
    await refused.until(says("This server’s budget is 1 picture per month"))
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    await mo.use("settings budget", images=-1)
    assert "9.50 USD per month" in text_of(await mo.use("settings show"))
    assert len(await until_settled(app)) == 1


async def test_a_time_zone_is_suggested_and_checked(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    choices = await mo.type("settings timezone", "timezone", "berl")
    assert choices == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]
    refused = await mo.use("settings timezone", timezone="Middle Earth")
    assert "no time zone “Middle Earth”" in text_of(refused)
    await mo.use("settings timezone", timezone="europe/berlin")
    assert (await app.storage.quotas.policy(int(stand_ins.guild.id))).timezone == "Europe/Berlin"


async def test_the_operators_ceiling_holds_above_what_moderators_allow(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[quotas]\nuser_per_day = 1\n")
    async with run() as app:
        mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
        await mo.use("quota set", images=-1, period="day", user=ada.member)
        await mo.use("quota grant", user=ada.member, images=5, reason="sorry")
        first = await ada.restyle(photo())
        await first.until(has_pictures)
        refused = await ada.restyle(photo())
        await refused.until(says("The operator’s limit is 1 picture per day for each member"))
        assert len(await until_settled(app)) == 1


async def test_a_private_request_is_refused_for_the_asker_alone(
    app: App, stand_ins: StandIns
) -> None:
    await moderator(stand_ins).use("quota set", images=0, period="day")
    reply = await stand_ins.visitor("Ada").restyle(photo(), private=True)
    await reply.until(says("; 0 left"))
    assert reply.ephemeral
    assert await ledger(app) == []


async def test_being_told_busy_uses_up_none_of_a_jobs_tries(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("ImageToImage", code="RequestLimitExceeded", times=MAX_TRIES)
    stand_ins.tencent.script("ImageToImage", code="FailedOperation.ServerError", times=1)
    reply = await stand_ins.visitor("Ada").restyle(photo())
    job_id = job_id_of(int(reply.interaction.id))
    async with asyncio.timeout(20):
        while (job := await app.storage.jobs.find(job_id)) is None or not job.state.is_end:
            if job is not None and job.state is JobState.QUEUED:
                clock.skipped += 20  # the pool rests longer each time
                app.worker.ring()
            await asyncio.sleep(0.05)
    assert (job.state, job.attempt, job.faults) == (JobState.DONE, MAX_TRIES + 2, 1)
    assert len(stand_ins.tencent.charged) == 1
