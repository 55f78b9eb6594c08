"""Extra pictures: given, used after the quota, listed, taken back; and what holds above them."""

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.quotas.quota import Grant, Period, Rule, Scope
from tests.whole.conftest import has_pictures, photo, says, until_settled
from tests.whole.moderating.moderator import moderator, text_of


async def test_granted_pictures_come_after_the_quota_and_are_shown(
    app: App, stand_ins: StandIns
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await mo.use("quota set", images=1, period="month")
    given = await mo.use("quota grant", user=ada.member, images=1, reason="won the *contest*")
    said = (
        f"<@{ada.member.id}> has 1 picture extra now, used when a quota runs out: "
        "won the \\*contest\\*"
    )
    assert await text_of(given) == said
    for _ in range(2):
        reply = await ada.restyle(photo())
        await reply.until(has_pictures)
    refused = await ada.restyle(photo())
    await refused.until(says("; 0 left, 1 asked for"))
    assert "Extra" not in await text_of(await ada.use("quota show"))
    assert len(await until_settled(app, 2)) == 2


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("images", "period", "holds"),
    [(20, "day", False), (100, "day", True), (-1, "month", True), (100, "week", False)],
)
async def test_a_quota_above_the_operators_limit_says_that_the_limit_still_holds(
    stand_ins: StandIns, images: int, period: str, *, holds: bool
) -> None:
    said = await text_of(await moderator(stand_ins).use("quota set", images=images, period=period))
    note = "\nThe limit of 20 pictures per day for each member, set by "
    assert said.endswith(f"{note}whoever runs this bot, still holds.") == holds


@pytest.mark.usefixtures("app")
async def test_a_grant_above_the_operators_limit_says_that_the_limit_still_holds(
    stand_ins: StandIns,
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    said = await text_of(await mo.use("quota grant", user=ada.member, images=50, reason="won"))
    assert said == (
        f"<@{ada.member.id}> has 50 pictures extra now, used when a quota runs out: won\n"
        "The limit of 20 pictures per day for each member, set by whoever runs this bot, "
        "still holds."
    )


@pytest.mark.usefixtures("app")
async def test_grants_are_listed_for_moderators_and_can_be_taken_back(stand_ins: StandIns) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    await mo.use("quota set", images=1, period="day")
    await mo.use("quota grant", user=ada.member, images=5, reason="won the\n*contest*")
    listed = await text_of(await mo.use("quota list"))
    giver = f"the latest given by <@{mo.member.id}>: won the \\*contest\\*"
    assert f"<@{ada.member.id}>: 5 left, {giver}" in listed
    assert "contest" not in await text_of(await ada.use("quota list"))
    back = await text_of(await mo.use("quota grant", user=ada.member, images=-2, reason="oops"))
    assert back == f"Took back 2 pictures from <@{ada.member.id}>; 3 extra left: oops"
    back = await text_of(await mo.use("quota grant", user=ada.member, images=-50, reason="oops"))
    assert back.startswith(f"Took back 3 pictures from <@{ada.member.id}>; 0 extra left")
    gone = await text_of(await mo.use("quota grant", user=ada.member, images=-1, reason="oops"))
    assert gone == f"<@{ada.member.id}> has no extra pictures left that could be taken back."
    assert "Extra" not in await text_of(await mo.use("quota list"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"images": 0, "reason": "why"}, "Name how many pictures to give"),
        ({"images": 1, "reason": " "}, "There is nothing to see in the reason. Say why in words"),
        (
            {"images": 1, "reason": "\u200b \u2003"},
            "There is nothing to see in the reason. Say why in words",
        ),
    ],
)
async def test_a_grant_of_nothing_or_for_no_reason_is_refused(
    app: App, stand_ins: StandIns, options: dict[str, object], words: str
) -> None:
    mo = moderator(stand_ins)
    assert (await text_of(await mo.use("quota grant", user=mo.member, **options))).startswith(words)
    assert await app.storage.quotas.open_grants(int(stand_ins.guild.id)) == ()


async def test_a_full_list_of_quotas_and_grants_still_fits_a_message(
    app: App, stand_ins: StandIns
) -> None:
    mo, store = moderator(stand_ins), app.storage.quotas
    guild_id, someone = int(stand_ins.guild.id), 10**18
    for number in range(60):
        rule = Rule(Scope.ROLE, someone + number, Period.MONTH, -1)
        await store.set_rule(guild_id, rule, by=1, now=0.0)
        grant = Grant(someone + number, 1_000_000, "*" * 500, granted_by=someone)
        await store.add_grant(guild_id, grant, 0.0)
    listed = await text_of(await mo.use("quota list"))
    assert "-# and more" in listed
    assert "60" not in listed
    assert listed.count("unlimited pictures per month") > 20
    assert listed.count("1000000 left") >= 3
