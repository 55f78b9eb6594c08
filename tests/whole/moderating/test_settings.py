"""/settings: everything in one message, changed by subcommands or by the forms it opens."""

from typing import Any

import pytest

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.guilds.settings import EVERYONE, GuildSettings, RoleRule
from bot.domain.labels.corners import Corner
from bot.domain.labels.wording import LabelLanguage
from bot.domain.members.remixing import RemixRule
from bot.sandbox.discord.visitor import Reply, Visitor
from bot.sandbox.discord.world.world import Channel, Guild
from tests.whole.conftest import Run
from tests.whole.moderating.moderator import moderator, text_of

NEEDED = "That needs the permission Manage Server."
GROUPS = ("places", "everyone", "defaults", "label", "budget", "people", "approval")


@pytest.fixture
def mo(stand_ins: StandIns) -> Visitor:
    return moderator(stand_ins)


async def kept(app: App, guild: Guild) -> GuildSettings:
    return await app.storage.guild_settings.settings(int(guild.id))


async def opened(mo: Visitor, group: str, shown: Reply | None = None) -> Reply:
    shown = shown or await mo.use("settings show")
    await text_of(shown)
    assert shown.ephemeral
    assert shown.message is not None
    form = await mo.press(shown.message, custom_id=f"easel:settings:{group}")
    assert form.modal is not None
    return form


async def filled(mo: Visitor, group: str, **values: Any) -> str:
    """What the message shows once a form is sent with these fields changed."""
    reply = await mo.submit_modal(await opened(mo, group), values)
    return await text_of(reply)


@pytest.mark.usefixtures("app")
async def test_all_of_it_is_shown_and_each_group_opens_a_form(mo: Visitor) -> None:
    shown = await mo.use("settings show")
    lines = (await text_of(shown)).splitlines()
    for line in (
        "Channels for pictures: all of them",
        "Channels with hidden results: none",
        "Private results: allowed",
        "Everyone: all engines; all styles",
        "“AI-generated” or “AI-modified”, calmest corner",
        "Time zone: UTC",
        "Budget: none",
        "Log channel: none",
        "Moderators: members with Manage Server",
        "Nobody waits for a moderator’s yes now.",
        "Word list: none; `/settings words` makes one",
        "Presets: none; `/settings preset add` makes one",
    ):
        assert line in lines, line
    for group in GROUPS:
        form = await opened(mo, group, shown)
        assert form.modal is not None
        assert 1 <= len(form.modal["components"]) <= 5


async def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild, role = stand_ins.guild, stand_ins.guild.add_role("Fans")
    log = guild.add_channel("log")
    everything = GuildSettings(
        timezone="Asia/Tokyo",
        budget_images=9,
        budget_usd=1.5,
        budget_warning=60,
        log_channel_id=int(log.id),
        moderator_role_id=int(role.id),
        remix=RemixRule.OWN,
        channels=(int(log.id),),
        spoiler_channels=(int(log.id),),
        allows_private=False,
        role_rules=(RoleRule(EVERYONE, engines=("local",)),),
        label_corner=Corner.TOP_RIGHT,
        label_language=LabelLanguage.RUSSIAN,
        approval_days=7,
        approval_role_id=int(role.id),
    )
    await app.storage.guild_settings.change(int(guild.id), lambda _: everything, by=1, now=0.0)
    acts = await app.storage.audit.latest(int(guild.id), 100)
    for group in GROUPS:
        shown = await filled(mo, group)
        assert shown.startswith("**Settings of this server**"), group
        assert await kept(app, guild) == everything, group
    assert await app.storage.audit.latest(int(guild.id), 100) == acts


async def test_each_form_changes_its_settings_and_the_message_shows_them(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild = stand_ins.guild
    art, log, fans = guild.add_channel("art"), guild.add_channel("log"), guild.add_role("Fans")
    shown = await filled(
        mo, "places", channels=[art], spoiler_channels=[art, log], allows_private=False
    )
    assert f"Channels for pictures: <#{art.id}>" in shown
    assert f"Channels with hidden results: <#{art.id}>, <#{log.id}>" in shown
    assert "Private results: not allowed" in shown
    assert "Engine: `local`\nRatio: 16:9\nNegative: text" in await filled(
        mo, "defaults", engine="LOCAL", ratio="16:9", negative="text"
    )
    assert "“KI-generiert” or “KI-bearbeitet”, top right corner" in await filled(
        mo, "label", label_corner="top right", label_language="de"
    )
    shown = await filled(
        mo,
        "budget",
        budget_images="100",
        budget_usd="9.5",
        budget_warning="50",
        timezone="europe/berlin",
    )
    assert "Time zone: Europe/Berlin" in shown
    assert "Budget: 100 pictures and 9.50 USD per month\nWarning: at 50 %" in shown
    shown = await filled(mo, "people", log_channel_id=[log], moderator_role_id=[fans], remix="own")
    assert f"Log channel: <#{log.id}>\nModerators: members with Manage Server or" in shown
    assert "less than 3 days ago, or without" in await filled(
        mo, "approval", approval_days="3", approval_role_id=[fans]
    )
    settings = await kept(app, guild)
    assert settings.channels == (int(art.id),)
    assert settings.defaults.engine == "local"
    assert (settings.approval_days, settings.approval_role_id) == (3, int(fans.id))
    acts = await app.storage.audit.latest(int(guild.id), 100)
    assert {each.by for each in acts} == {int(mo.user.id)}
    assert len(acts) == 15


async def test_the_form_of_a_role_says_which_engines_and_styles_it_may_use(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild, fans = stand_ins.guild, stand_ins.guild.add_role("Fans")
    shown = await mo.use("settings show")
    assert shown.message is not None
    form = await mo.choose(shown.message, fans, custom_id="easel:settings-role")
    assert form.modal is not None
    assert form.modal["title"] == "Engines and styles of Fans"
    fields = [part["component"] for part in form.modal["components"]]
    boxes = {each["custom_id"]: each["options"] for each in fields if each["type"] == 22}
    assert all(option["default"] for options in boxes.values() for option in options)
    empty: dict[str, Any] = dict.fromkeys(boxes, ())
    where = next(name for name, options in boxes.items() for o in options if o["value"] == "lite")
    reply = await mo.submit_modal(form, empty | {where: ["lite"]})
    assert f"<@&{fans.id}>: `lite`; all styles" in await text_of(reply)
    assert (await kept(app, guild)).role_rules == (RoleRule(int(fans.id), ("lite",)),)
    again = await mo.choose(shown.message, fans, custom_id="easel:settings-role")
    refused = await text_of(await mo.submit_modal(again, empty))
    assert refused.startswith("Choose at least one engine")


async def test_all_engines_ticked_stand_for_whichever_there_are_and_of_everyone_for_no_rule(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild, fans = stand_ins.guild, stand_ins.guild.add_role("Fans")
    everyones = RoleRule(EVERYONE, engines=("lite",))
    await mo.use("settings engine", engines="lite")
    shown = await mo.use("settings show")
    await text_of(shown)
    assert shown.message is not None
    await mo.submit_modal(await mo.choose(shown.message, fans, custom_id="easel:settings-role"), {})
    assert (await kept(app, guild)).role_rules == (everyones, RoleRule(int(fans.id)))
    form = await opened(mo, "everyone", shown)
    assert form.modal is not None
    fields = [part["component"] for part in form.modal["components"]]
    boxes = {each["custom_id"]: each["options"] for each in fields if each["type"] == 22}
    every = {name: [each["value"] for each in options] for name, options in boxes.items()}
    await mo.submit_modal(form, every)
    assert (await kept(app, guild)).role_rules == (RoleRule(int(fans.id)),)
    form = await mo.choose(shown.message, fans, custom_id="easel:settings-role")
    mo.member.own = type(mo.member.own)(0)
    assert await text_of(await mo.submit_modal(form, {"styles": "nothing"})) == NEEDED


@pytest.mark.parametrize(
    ("group", "field", "typed", "said"),
    [
        ("budget", "budget_images", "many", "“many” is not possible: it takes a number from 0"),
        ("budget", "budget_usd", "nan", "“nan” is not possible"),
        ("budget", "budget_usd", "1.005", "A budget of 1.005 USD is not possible"),
        ("budget", "budget_warning", "0", "“0” is not possible: it takes a number from 1 to 100"),
        ("budget", "timezone", "Atlantis", "There is no time zone “Atlantis”."),
        ("approval", "approval_days", "0", "“0” is not possible"),
        ("defaults", "engine", "crayon", "There is no engine “crayon”."),
        ("defaults", "style", "crayon", "No engine has the style “crayon”."),
        ("defaults", "ratio", "17:3", "No engine draws in the ratio “17:3”."),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_of_the_form_is_kept(
    app: App, stand_ins: StandIns, mo: Visitor, group: str, field: str, typed: str, said: str
) -> None:
    assert (await filled(mo, group, **{field: typed})).startswith(said)
    assert await kept(app, stand_ins.guild) == GuildSettings()


async def test_a_channel_that_easel_may_not_post_in_and_a_role_above_its_own_are_refused(
    run: Run, stand_ins: StandIns, mo: Visitor
) -> None:
    guild = stand_ins.guild
    shut = guild.add_channel("shut")
    shut.revoke("ATTACH_FILES")
    below = guild.add_role("Below")
    guild.bot_member.roles = (guild.add_role("Easel"),)
    above = guild.add_role("Above")
    async with run() as app:
        said = f"Easel cannot post in <#{shut.id}>: it lacks Attach Files there."
        assert await text_of(await mo.use("settings channel", channel=shut)) == said
        assert await filled(mo, "places", channels=[shut]) == said
        shut.revoke("SEND_MESSAGES")
        said = f"Easel cannot post in <#{shut.id}>: it lacks Send Messages there."
        assert await filled(mo, "people", log_channel_id=[shut]) == said
        said = f"<@&{above.id}> stands above Easel’s own role."
        assert (await text_of(await mo.use("settings moderator", role=above))).startswith(said)
        assert (await filled(mo, "people", moderator_role_id=[above])).startswith(said)
        everyone = await filled(mo, "people", moderator_role_id=[guild.everyone])
        assert everyone.startswith("@everyone cannot be the moderators’ role")
        trusted = await filled(mo, "approval", approval_role_id=[guild.everyone])
        assert trusted.startswith("@everyone cannot be the trusted role")
        assert await kept(app, guild) == GuildSettings()
        await mo.use("settings moderator", role=below)
        assert (await kept(app, guild)).moderator_role_id == int(below.id)


async def test_the_subcommands_change_one_thing_each(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild, talk = stand_ins.guild, stand_ins.channel
    art, fans = guild.add_channel("art"), guild.add_role("Fans")

    async def said(command: str, **options: Any) -> str:
        return await text_of(await mo.use(f"settings {command}", **options))

    assert await said("channel", channel=art) == (
        f"Pictures may be made in <#{art.id}> now, and nowhere else."
    )
    assert f"<#{art.id}>" in await said("channel", channel=talk)
    assert f"made in <#{talk.id}> now" in await said("channel", channel=art, allow=False)
    assert await said("channel", everywhere=True) == "Pictures may be made in every channel now."
    for neither in ({}, {"channel": art, "everywhere": True}):
        assert (await said("channel", **neither)).startswith("Choose a channel, or set")
    assert "are hidden until" in await said("spoiler", channel=art)
    assert "are shown at once" in await said("spoiler", channel=art, hide=False)
    assert "may no longer ask" in await said("private", allow=False)
    assert "“IA" not in await said("label", corner="top left")
    assert await said("label", language="es") == (
        "From now on results say “Generado por IA” or, of edited uploads, “Modificado por IA”, in "
        "the top left corner."
    )
    assert (await said("label")).startswith(
        "Name at least one of: corner, language, generated, modified."
    )
    assert await said("engine", role=fans, engines="local, Anime") == (
        f"Members with <@&{fans.id}> may use now: `local`, `anime`; all styles."
    )
    assert (await said("engine", engines="crayon")).startswith("There is no engine “crayon”.")
    assert "what everyone may" in await said("engine", role=fans, reset=True)
    for neither in ({}, {"engines": "local", "reset": True}):
        assert (await said("engine", **neither)).startswith("Name engines or styles, or set")
    assert "Warning: at 50 %" in await said("budget", images=10, warning=50)
    assert "less than 7 days ago wait" in await said("approval", days=7)
    assert (await said("approval")).startswith("Name days or a role, or set `off`")
    assert await said("approval", off=True) == "Nobody waits for a moderator’s yes now."
    assert await kept(app, guild) == GuildSettings(
        budget_images=10,
        budget_warning=50,
        allows_private=False,
        label_corner=Corner.TOP_LEFT,
        label_language=LabelLanguage.SPANISH,
    )


@pytest.mark.usefixtures("app")
async def test_lists_of_engines_are_suggested_name_by_name(mo: Visitor) -> None:
    offered = [each["value"] for each in await mo.type("settings engine", "engines", "")]
    assert offered[0] == "all"
    offered = [each["value"] for each in await mo.type("settings engine", "engines", "local, ani")]
    assert "local, anime" in offered


async def test_who_may_not_manage_the_server_sees_no_form_and_changes_nothing(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    guild, mods = stand_ins.guild, stand_ins.guild.add_role("Mods")
    await mo.use("settings moderator", role=mods)
    stand_ins.guild.add_member("Kim", roles=[mods])
    before = await kept(app, guild)
    for name in ("Ada", "Kim"):
        visitor = stand_ins.visitor(name)
        assert await text_of(await visitor.use("settings show")) == NEEDED
        assert await text_of(await visitor.use("settings private", allow=False)) == NEEDED
    shown, form = await mo.use("settings show"), await opened(mo, "places")
    mo.member.own = type(mo.member.own)(0)
    assert shown.message is not None
    assert await text_of(await mo.submit_modal(form, {"allows_private": False})) == NEEDED
    for group in GROUPS:
        pressed = await mo.press(shown.message, custom_id=f"easel:settings:{group}")
        assert await text_of(pressed) == NEEDED
    chosen = await mo.choose(shown.message, mods, custom_id="easel:settings-role")
    assert await text_of(chosen) == NEEDED
    assert await kept(app, guild) == before


async def test_a_moderator_elsewhere_changes_their_own_server_alone(
    app: App, stand_ins: StandIns, mo: Visitor
) -> None:
    await mo.use("settings label", corner="top left")
    elsewhere = stand_ins.discord.world.add_guild("Elsewhere")
    talk: Channel = elsewhere.add_channel("talk")
    elsewhere.add_member("Lee", permissions=["MANAGE_GUILD"])
    lee = stand_ins.discord.visitor("Lee", elsewhere, talk)
    assert "calmest corner" in await text_of(await lee.use("settings show"))
    await filled(lee, "places", allows_private=False)
    mine, theirs = await kept(app, stand_ins.guild), await kept(app, elsewhere)
    assert (mine.label_corner, mine.allows_private) == (Corner.TOP_LEFT, True)
    assert (theirs.label_corner, theirs.allows_private) == (None, False)
    assert len(await app.storage.audit.latest(int(elsewhere.id), 10)) == 1


async def test_the_message_opens_its_forms_after_a_restart(
    run: Run, stand_ins: StandIns, mo: Visitor
) -> None:
    async with run():
        shown = await mo.use("settings show")
    async with run() as app:
        form = await opened(mo, "label", shown)
        await mo.submit_modal(form, {"label_corner": "top left"})
        assert (await kept(app, stand_ins.guild)).label_corner is Corner.TOP_LEFT
        assert shown.message is not None
        assert "“AI-generated” or “AI-modified”, top left corner" in shown.message.text
