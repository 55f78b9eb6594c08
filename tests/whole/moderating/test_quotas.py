"""Quotas as members and moderators meet them in the chat."""

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobState, job_id_of
from bot.domain.jobs.scheduling import MAX_TRIES
from bot.domain.quotas.quota import Policy
from tests.contract.orders import LIVE
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, says, until_settled
from tests.whole.moderating.moderator import moderator, text_of


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
    shown = await text_of(await bobs.use("quota show"))
    assert f"Quota, for each member with <@&{artists.id}>: 2 left of 2 pictures per day" in shown
    await mo.use("quota set", images=0, period="day", user=bob)
    refused = await bobs.imagine("a cat")
    await refused.until(says("Your own quota here allows no pictures."))
    assert "Own quota: no pictures are allowed" in await text_of(await bobs.use("quota show"))
    assert await ledger(app) == []


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
    assert await text_of(reply) == "That needs the permission Manage Server."
    assert await app.storage.quotas.policy(int(stand_ins.guild.id)) == Policy()


async def test_others_quotas_and_grants_need_manage_server(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    bob = stand_ins.guild.add_member("Bob")
    for command, options in (
        ("quota show", {"user": bob}),
        ("quota grant", {"user": ada.member, "images": 9, "reason": "me"}),
    ):
        reply = await ada.use(command, **options)
        assert "Manage Server" in await text_of(reply)
    mo = moderator(stand_ins)
    shown = await mo.use("quota show", user=bob)
    assert shown.ephemeral
    assert f"Quotas of <@{bob.id}>" in await text_of(shown)
    assert "20 left of 20 pictures per day" in await text_of(shown)
    policy = await app.storage.quotas.policy(int(stand_ins.guild.id))
    assert policy.rules == ()


async def test_rules_are_listed_and_cleared(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    role = stand_ins.guild.add_role("Fans")
    await mo.use("quota set", images=-1, period="hour", role=role)
    await mo.use("quota set", images=7, period="week")
    listed = await text_of(await mo.use("quota list"))
    assert f"<@&{role.id}>: unlimited pictures per hour" in listed
    assert "Each member: 7 pictures per week" in listed
    assert "Cleared 1 quota that held for each member." in await text_of(
        await mo.use("quota clear")
    )
    assert "nothing to clear" in await text_of(await mo.use("quota clear", period="week"))
    both = await mo.use("quota set", images=1, period="day", role=role, user=mo.member)
    assert "not both" in await text_of(both)
    assert len((await app.storage.quotas.policy(int(stand_ins.guild.id))).rules) == 1


async def test_the_role_everyone_is_everyone(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    said = await mo.use("quota set", images=3, period="day", role=stand_ins.guild.everyone)
    assert await text_of(said) == "Set. Each member: 3 pictures per day"
    policy = await app.storage.quotas.policy(int(stand_ins.guild.id))
    assert [(rule.scope.value, rule.images) for rule in policy.rules] == [("everyone", 3)]


async def test_the_request_that_takes_a_budget_over_four_fifths_says_so(
    app: App, stand_ins: StandIns
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    said = await mo.use("settings budget", images=1, usd=9.5)
    assert (await text_of(said)).startswith("Budget: 1 picture and 9.50 USD per month\n")
    words = "The prices of these engines are not known, so they count as 0.15 USD a picture: "
    names = (await text_of(said)).partition(words)[2]
    assert "`gg-3.0`" in names
    assert not {"`anime`", "`local`"} & set(names.split(", "))
    shown = await text_of(await mo.use("settings show"))
    count = len(names.split(", "))
    assert f"{count} engines whose price is not known count as 0.15 USD a picture." in shown
    stand_ins.tencent.hold()
    reply = await ada.restyle(photo())
    await reply.until(says("With this, the server’s budget of 1 picture per month is used up."))
    refused = await ada.restyle(photo())
    await refused.until(says("This server’s budget is 1 picture per month"))
    stand_ins.tencent.release()
    await reply.until(has_pictures)
    await mo.use("settings budget", images=-1)
    assert "9.50 USD per month" in await text_of(await mo.use("settings show"))
    assert len(await until_settled(app)) == 1


async def test_a_time_zone_is_suggested_and_checked(app: App, stand_ins: StandIns) -> None:
    mo = moderator(stand_ins)
    choices = await mo.type("settings timezone", "timezone", "berl")
    assert choices == [{"name": "Europe/Berlin", "value": "Europe/Berlin"}]
    refused = await mo.use("settings timezone", timezone="Middle Earth")
    assert "no time zone “Middle Earth”" in await text_of(refused)
    await mo.use("settings timezone", timezone="europe/berlin")
    kept = await app.storage.guild_settings.settings(int(stand_ins.guild.id))
    assert kept.timezone == "Europe/Berlin"


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
        await refused.until(says("this bot is 1 picture per day for each member"))
        assert len(await until_settled(app)) == 1


@pytest.mark.usefixtures("app")
async def test_members_read_only_the_quotas_that_are_for_them(stand_ins: StandIns) -> None:
    guild, mo, ada = stand_ins.guild, moderator(stand_ins), stand_ins.visitor("Ada")
    bob, fans = guild.add_member("Bob"), guild.add_role("Fans")
    await mo.use("quota set", images=0, period="day", user=bob)
    await mo.use("quota set", images=9, period="day", role=fans)
    nothing = await text_of(await ada.use("quota list"))
    assert nothing.startswith("No quotas here are for you; the limits set by whoever")
    await mo.use("quota set", images=3, period="week")
    await mo.use("quota set", images=4, period="day", user=ada.member)
    listed = await text_of(await ada.use("quota list"))
    assert f"<@{ada.member.id}>: 4 pictures per day" in listed
    assert "Each member: 3 pictures per week" in listed
    assert bob.id not in listed
    assert fans.id not in listed
    everything = await text_of(await mo.use("quota list"))
    assert f"<@{bob.id}>: no pictures per day" in everything
    assert f"Each member with <@&{fans.id}>: 9 pictures per day" in everything


async def test_the_operators_spent_budget_says_what_is_left_and_never_how_much_it_is(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[quotas]\naccount_usd_per_month = 0.09\n")
    async with run() as app:
        mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
        for visitor in (mo, ada):
            assert "budget" not in await text_of(await visitor.use("quota show"))
        first = await ada.restyle(photo(), engine="anime")
        await first.until(has_pictures)
        refused = await ada.restyle(photo(), engine="anime")
        words = "0.01 USD is left of the monthly budget set by whoever runs this bot, and this "
        await refused.until(says(words))
        shown = []
        for visitor in (mo, ada):
            shown.append(await text_of(await visitor.use("quota show")))
            assert (
                "The monthly budget set by whoever runs this bot is nearly used up, so a request "
                "may be refused; it resets <t:"
            ) in shown[-1]
        assert not any("USD" in text or "0.0" in text for text in shown)
        assert len(await until_settled(app)) == 1


@pytest.mark.parametrize("assumed", [0.15, 0.0])
async def test_the_operators_budget_binds_engines_of_unknown_price_by_what_is_assumed(
    run: Run, stand_ins: StandIns, tmp_path: Path, assumed: float
) -> None:
    setting = f"[quotas]\naccount_usd_per_month = 0.2\nassumed_usd = {assumed}\n"
    (tmp_path / "easel.toml").write_text(setting)
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        await (await ada.imagine("a cat", engine="gg-3.0")).until(has_pictures)
        second = await ada.imagine("a cat", engine="gg-3.0")
        if assumed:
            await second.until(says("0.05 USD is left of"))
            await second.until(says("this counts as 0.15 USD"))
        else:
            await second.until(has_pictures)
        rows = await until_settled(app, 1 if assumed else 2)
        assert {row.cost_usd for row in rows} == {0.0}, "the ledger knows real prices only"


async def test_what_a_member_may_take_is_shown_in_direct_messages_too(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text("[access]\ndirect_messages = true\n")
    async with run():
        offered = {each["name"]: each["contexts"] for each in stand_ins.discord.commands.all(None)}
        assert (offered["quota"], offered["settings"]) == ([0, 1], [0])
        ada = stand_ins.discord.visitor("Ada")
        shown = await text_of(await ada.use("quota show"))
        words = "Limit set by whoever runs this bot for one member, in all servers: 20 left of 20"
        assert words in shown
        for command, options in (
            ("quota set", {"images": 1, "period": "day"}),
            ("quota clear", {}),
            ("quota list", {}),
        ):
            answer = await text_of(await ada.use(command, **options))
            assert answer.startswith("That is for servers;")


@pytest.mark.parametrize("usd", [0.001, 9.999, -0.5])
async def test_a_budget_that_is_no_amount_of_money_is_refused(
    app: App, stand_ins: StandIns, usd: float
) -> None:
    mo = moderator(stand_ins)
    await mo.use("settings budget", usd=9.95)
    refused = await text_of(await mo.use("settings budget", images=3, usd=usd))
    assert refused.startswith(f"A budget of {usd} USD is not possible: name dollars and whole")
    kept = await app.storage.guild_settings.settings(int(stand_ins.guild.id))
    assert (kept.budget_usd, kept.budget_images) == (9.95, None)


@pytest.mark.usefixtures("app")
async def test_common_time_zones_are_suggested_first_and_those_of_no_place_never(
    stand_ins: StandIns,
) -> None:
    mo = moderator(stand_ins)
    names = [choice["name"] for choice in await mo.type("settings timezone", "timezone", "")]
    assert names[:3] == ["UTC", "Europe/London", "Europe/Berlin"]
    assert len(names) == 25
    assert {name.split("/")[0] for name in names} > {"America", "Asia", "Africa", "Australia"}
    for name in ("Factory", "localtime"):
        refused = await text_of(await mo.use("settings timezone", timezone=name))
        assert refused.startswith(f"There is no time zone “{name}”.")
        assert await mo.type("settings timezone", "timezone", name) == []


async def test_a_private_request_is_refused_for_the_asker_alone(
    app: App, stand_ins: StandIns
) -> None:
    await moderator(stand_ins).use("quota set", images=0, period="day")
    reply = await stand_ins.visitor("Ada").restyle(photo(), private=True)
    await reply.until(says("This server’s quota allows no pictures."))
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
        while (job := await app.storage.jobs.find(job_id)) is None or job.state in LIVE:
            if job is not None and job.state is JobState.QUEUED:
                clock.skipped += 20  # the pool rests longer each time
                app.worker.ring()
            await asyncio.sleep(0.05)
    assert (job.state, job.attempt, job.faults) == (JobState.DONE, MAX_TRIES + 2, 1)
    assert len(stand_ins.tencent.charged) == 1
