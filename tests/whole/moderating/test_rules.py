"""What moderators set holds in every way in which a picture can be asked for."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.domain.guilds.settings import GuildSettings
from bot.domain.jobs.job import raw_keys
from bot.sandbox.discord.visitor import Reply
from bot.services.moderation.gate import LIFE_S
from tests.whole.conftest import Clock, Run, has_pictures, ledger, photo, until, until_settled
from tests.whole.making.asking import WAYS
from tests.whole.making.follow_ups.pressing import chosen, imagined
from tests.whole.moderating.log_channel import posted
from tests.whole.moderating.moderator import moderator

NOT_HERE = "In this server pictures are made in"
PRIVATE = "do not allow results that only one person sees"


async def answered(reply: Reply, words: str) -> None:
    """Wait until something was said in answer, in whichever message."""

    def said() -> list[str]:
        shown = [reply.message] if reply.message and not reply.message.loading else []
        return [each.text for each in (*shown, *reply.followups) if each.text]

    await until(lambda: any(words in text for text in said()), 30)


async def change_elsewhere(app: App, stand_ins: StandIns, **changes: Any) -> None:
    """Change settings as another process does, of which this one hears nothing."""

    def change(kept: GuildSettings) -> GuildSettings:
        return replace(kept, **changes)

    guild_id = int(stand_ins.guild.id)
    await app.storage.guild_settings.change(guild_id, change, by=1, now=0.0)


@pytest.mark.parametrize("way", WAYS)
async def test_where_pictures_may_not_be_made_none_is_made_in_any_way(
    app: App, stand_ins: StandIns, way: str
) -> None:
    ada, studio = stand_ins.visitor("Ada"), stand_ins.guild.add_channel("studio")
    act = await WAYS[way](stand_ins, ada, "red")
    before, paid = await ledger(app), len(stand_ins.tencent.charged)
    await moderator(stand_ins).use("settings channel", channel=studio)
    reply = await act()
    await answered(reply, f"{NOT_HERE} <#{studio.id}>, and not here.")
    assert reply.modal is None
    assert reply.ephemeral
    assert len(await ledger(app)) == len(before)
    assert len(stand_ins.tencent.charged) == paid


@pytest.mark.parametrize(
    "way",
    [
        *("imagine", "choices", "a_yes_to_choices", "restyle", "again", "filled_edit", "vary"),
        *("upscale", "restyle_this", "filled_menu", "filled_form_of_blend", "tool_cutout"),
    ],
)
async def test_an_engine_that_is_for_others_makes_nothing_in_any_way(
    app: App, stand_ins: StandIns, way: str
) -> None:
    ada = stand_ins.visitor("Ada")
    act = await WAYS[way](stand_ins, ada, "red")
    before, paid = await ledger(app), len(stand_ins.tencent.charged)
    # Of none of these ways.
    await moderator(stand_ins).use("settings engine", engines="sketch")
    await answered(await act(), "which this server’s moderators have not given to your roles")
    assert len(await ledger(app)) == len(before)
    assert len(stand_ins.tencent.charged) == paid


async def test_who_names_no_engine_gets_the_first_that_their_roles_may_use(
    app: App, stand_ins: StandIns
) -> None:
    mo, fans = moderator(stand_ins), stand_ins.guild.add_role("Fans")
    stand_ins.guild.add_member("Kim", roles=[fans])
    await mo.use("settings engine", engines="gg-2.5")
    await mo.use("settings engine", role=fans, engines="gg-3.1")
    for name, engine in (("Ada", "gg-2.5"), ("Kim", "gg-3.1")):
        visitor = stand_ins.visitor(name)
        reply = await visitor.imagine("a boat")
        await reply.until(has_pictures)
        offered = await visitor.type("imagine", "engine", "")
        assert [each["value"] for each in offered] == [engine]
        many = await visitor.imagine("{red,blue} boat")
        assert many.message is not None
        await visitor.press(await many.until(lambda m: "one for each" in m.text), "Make them")
        await until_settled(app, 3 if name == "Ada" else 6)
    engines = [row.engine for row in await ledger(app)]
    assert sorted(engines) == ["gg-2.5"] * 3 + ["gg-3.1"] * 3


async def test_forms_are_for_the_engines_of_ones_roles(app: App, stand_ins: StandIns) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    made = await imagined(stand_ins)
    await mo.use("settings engine", engines="gg-2.5")
    for opened in (
        await ada.menu("Restyle image", ada.say("look", photo())),
        await chosen(stand_ins, made, "restyle"),
    ):
        reply = await ada.submit_modal(opened, {"Prompt": "a boat in snow"})
        await reply.until(has_pictures)
    await until_settled(app, 3)
    engines = [row.engine for row in await ledger(app)]
    assert engines[1:] == ["gg-2.5"] * 2
    await mo.use("settings engine", engines="sketch")
    for reply in (
        await ada.menu("Restyle image", ada.say("look", photo())),
        await chosen(stand_ins, made, "restyle"),
    ):
        assert reply.modal is None
        await answered(reply, "have not given to your roles. You may use: sketch.")


async def test_another_engine_is_chosen_among_those_of_ones_roles(
    app: App, stand_ins: StandIns
) -> None:
    mo = moderator(stand_ins)
    act = await WAYS["another_engine"](stand_ins, stand_ins.visitor("Ada"), "")
    await until_settled(app, 1)
    await mo.use("settings engine", engines="gg-2.5, gg-3.1")
    opened = await act()
    assert opened.modal is not None
    lists = [part["component"] for part in opened.modal["components"] if part["type"] == 18]
    [engines] = [each["options"] for each in lists if each["custom_id"] == "engine"]
    assert sorted(each["value"] for each in engines) == ["gg-2.5", "gg-3.1"]


async def test_styles_are_offered_and_taken_as_far_as_the_roles_go(
    app: App, stand_ins: StandIns
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    all_of_it = [each["value"] for each in await ada.type("restyle", "style", "")]
    one, other = all_of_it[:2]
    await mo.use("settings engine", styles=one)
    assert [each["value"] for each in await ada.type("restyle", "style", "")] == [one]
    refused = await ada.restyle(photo(), style=other)
    await answered(refused, "is not among those that this server’s moderators have given")
    taken = await ada.restyle(photo(), style=one)
    await taken.until(has_pictures)
    await until_settled(app, 1)


async def test_private_results_are_refused_where_they_are_not_allowed(
    app: App, stand_ins: StandIns
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    made = await ada.imagine("a boat", private=True)
    shown = await made.until(has_pictures)
    await mo.use("settings private", allow=False)
    for reply in (
        await ada.imagine("a boat", private=True),
        await ada.restyle(photo(), private=True),
        await ada.imagine("{red,blue} boat", private=True),
        await ada.press(shown, "Again"),
    ):
        await answered(reply, PRIVATE)
    assert len(await ledger(app)) == 1
    assert not (await ada.imagine("a boat")).ephemeral
    await until_settled(app, 2)


async def test_results_are_spoilers_where_that_is_set_and_when_they_are_shown_again(
    app: App, stand_ins: StandIns
) -> None:
    ada, mo = stand_ins.visitor("Ada"), moderator(stand_ins)
    seen = await imagined(stand_ins)
    assert not seen.attachments[0].filename.startswith("SPOILER_")
    await mo.use("settings spoiler", channel=stand_ins.channel)
    thread = stand_ins.guild.add_thread(stand_ins.channel, "in here")
    within = stand_ins.discord.visitor("Ada", stand_ins.guild, thread)
    replies = [
        await ada.imagine("a boat"),
        await within.imagine("a boat"),
        await ada.press(seen, "Again"),
        await chosen(stand_ins, seen, "vary-little"),
        await ada.use("result", job=(await ledger(app))[0].job_id),
    ]
    for reply in replies:
        shown = await reply.until(has_pictures)
        assert all(each.filename.startswith("SPOILER_") for each in shown.attachments)
    await until_settled(app, 5)


async def test_a_choice_of_pictures_is_hidden_too(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    await moderator(stand_ins).use("settings spoiler", channel=stand_ins.channel)
    asked = await ada.imagine("{red,blue} boat")
    yes = await ada.press(await asked.until(lambda m: "one for each" in m.text), "Make them")
    await until_settled(app, 2)
    await until(lambda: sum(map(has_pictures, yes.followups)) == 2)
    names = [each.filename for message in yes.followups for each in message.attachments]
    assert all(name.startswith("SPOILER_") for name in names)


async def test_what_another_process_sets_holds_at_once(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    """What memory still lets pass, the database refuses, and its engines and spoilers count."""
    ada, studio = stand_ins.visitor("Ada"), stand_ins.guild.add_channel("studio")
    await (await ada.imagine("so that the policy is in memory")).until(has_pictures)
    await change_elsewhere(app, stand_ins, channels=(int(studio.id),))
    await answered(await ada.imagine("a boat"), NOT_HERE)
    await change_elsewhere(app, stand_ins, channels=())
    clock.skipped += LIFE_S
    await (await ada.imagine("so that the policy is in memory")).until(has_pictures)
    await change_elsewhere(app, stand_ins, spoiler_channels=(int(stand_ins.channel.id),))
    shown = await (await ada.imagine("a boat")).until(has_pictures)
    assert shown.attachments[0].filename.startswith("SPOILER_")
    await until_settled(app, 3)


async def test_moderators_are_told_of_a_budget_from_as_much_on_as_they_chose(
    app: App, stand_ins: StandIns
) -> None:
    mo, log = moderator(stand_ins), stand_ins.guild.add_channel("log")
    await mo.use("settings log", channel=log)
    await mo.use("settings budget", images=4, warning=50)
    for _ in range(2):
        assert posted(log) == []
        await imagined(stand_ins)
    await until(lambda: len(posted(log)) == 1)
    assert "2 of 4 pictures per month (50 %)" in posted(log)[0]
    await mo.use("settings budget", warning=75)
    await imagined(stand_ins)
    await until(lambda: len(posted(log)) == 2)
    await until_settled(app, 3)


async def test_the_label_of_results_is_the_servers_in_picture_message_and_alt_text(
    run: Run, stand_ins: StandIns
) -> None:
    mo, ada = moderator(stand_ins), stand_ins.visitor("Ada")
    async with run():
        await mo.use("settings label", corner="top right", language="de")
    async with run() as app:
        made = await ada.imagine("a boat")
        shown = await made.until(has_pictures)
        await until_settled(app, 1)
        [row] = await ledger(app)
        raw = await app.storage.blobs.get(raw_keys(row.job_id, 1)[0])
        again = await ada.use("result", job=row.job_id)
        for message, reply in ((shown, made), (await again.until(has_pictures), again)):
            assert "**KI-generiert** · " in message.text
            assert (message.attachments[0].description or "").startswith("Picture, KI-generiert.")
            [picture] = await reply.pictures()
            assert _labelled_corner(picture, raw) == "top right"


def _labelled_corner(data: bytes, raw: bytes) -> str:
    """The corner where a posted picture differs from what the API sent."""
    with Image.open(io.BytesIO(data)) as posted, Image.open(io.BytesIO(raw)) as sent:
        difference = ImageChops.difference(posted.convert("L"), sent.convert("L"))
    box = difference.point(lambda value: 255 * (value > 40)).getbbox()
    assert box is not None
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    row = "top" if y < difference.height / 2 else "bottom"
    return f"{row} {'left' if x < difference.width / 2 else 'right'}"
