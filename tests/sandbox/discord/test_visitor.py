"""What a visitor can do with a real bot, and what no client would let them do."""

from typing import Any

import discord
import pytest

from bot.sandbox.discord.routes.commands import nest
from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.forms import CannotSend, Upload
from tests.sandbox.discord.conftest import Layout, LocalBot, file, picture


async def test_an_upload_travels_to_the_bot_and_its_result_back(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    data = picture("blue", "JPEG")

    async def restyle(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        image, _, _, strength = interaction.extras["given"]
        assert (image.content_type, image.width, strength) == ("image/jpeg", 32, 0.5)
        view = Layout("AI-generated", "result.jpg", buttons=("Again",))
        result = file("result.jpg", await image.read())
        await interaction.edit_original_response(view=view, attachments=[result])

    bot.handlers["restyle"] = restyle
    reply = await ada.use("restyle", image=Upload("photo.jpg", data, "image/jpeg"), strength=0.5)
    assert reply.acked_after_s < 3
    assert not reply.ephemeral
    message = await reply.settled()
    assert message.text == "AI-generated"
    assert [b.label for b in message.buttons] == ["Again"]
    assert message.attachments[0].description is None
    assert await reply.pictures() == [data]
    sandbox.faults.check()


async def test_a_defer_shows_as_loading_until_the_reply_is_edited(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    reply = await ada.imagine("a fox", count=2, ratio="1:1")
    assert bot.used[-1].extras["given"] == ("a fox", 2, "1:1")
    assert reply.message is not None
    assert reply.message.loading
    with pytest.raises(TimeoutError, match="still is"):
        await reply.settled(timeout=0.01)
    view = Layout("queued", buttons=("Cancel",))
    await bot.used[-1].edit_original_response(view=view)
    with pytest.raises(TimeoutError, match="queued"):
        await reply.settled(timeout=0.01)
    await bot.used[-1].edit_original_response(view=Layout("refused"))
    assert (await reply.settled()).text == "refused"
    sandbox.faults.check()


async def test_a_button_reaches_the_bot_and_updates_its_message(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Layout("queued", buttons=("Cancel",)))

    async def cancel(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Layout("cancelled"))

    bot.handlers |= {"imagine": imagine, "test:cancel": cancel}
    reply = await ada.imagine("a fox")
    assert reply.message is not None
    pressed = await ada.press(reply.message, "Cancel")
    assert pressed.message is reply.message
    assert reply.message.text == "cancelled"
    with pytest.raises(CannotSend, match="no component"):
        await ada.press(reply.message, "Cancel")
    sandbox.faults.check()


async def test_a_silently_acknowledged_button_leaves_the_message_as_it_is(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Layout("queued", buttons=("Cancel",)))

    async def cancel(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("not yours", ephemeral=True)

    bot.handlers |= {"imagine": imagine, "test:cancel": cancel}
    reply = await ada.imagine("a fox")
    assert reply.message is not None
    pressed = await ada.press(reply.message, custom_id="test:cancel")
    await sandbox.world.until(lambda: bool(pressed.followups))
    assert reply.message.text == "queued"
    assert pressed.followups[0].ephemeral
    sandbox.faults.check()


async def test_a_select_sends_what_was_chosen(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    options = [discord.SelectOption(label=n, value=n) for n in ("oil", "anime")]
    chosen: list[Any] = []

    async def imagine(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Select(custom_id="style", options=options, max_values=2))
        view.add_item(discord.ui.UserSelect(custom_id="who"))
        await interaction.response.send_message("which?", view=view)

    async def store(interaction: discord.Interaction) -> None:
        chosen.append(dict(interaction.data or {}).get("values"))
        await interaction.response.defer()

    bot.handlers |= {"imagine": imagine, "style": store, "who": store}
    reply = await ada.imagine("a fox")
    assert reply.message is not None
    await ada.choose(reply.message, "oil", "anime", custom_id="style")
    await ada.choose(reply.message, ada.member, custom_id="who")
    assert chosen == [["oil", "anime"], [ada.user.id]]
    with pytest.raises(CannotSend, match="offers"):
        await ada.choose(reply.message, "clay", custom_id="style")
    with pytest.raises(CannotSend, match="takes 1-1"):
        await ada.choose(reply.message, custom_id="who")
    sandbox.faults.check()


async def test_typing_brings_the_choices_of_the_bot(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    choices = await ada.type("restyle", "style", "wat", prompt="in blue")
    assert [c["value"] for c in choices] == ["watercolour"]
    with pytest.raises(CannotSend, match="no autocomplete"):
        await ada.type("restyle", "prompt", "wat")
    assert bot.used[-1].namespace.prompt == "in blue"
    sandbox.faults.check()


async def test_a_message_menu_hands_the_picture_over(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    data = picture("yellow")
    posted = ada.say("look", Upload("cat.png", data))
    await ada.menu("Restyle image", posted)
    (message,) = bot.used[-1].extras["given"]
    assert message.content == "look"
    assert await message.attachments[0].read() == data
    with pytest.raises(CannotSend, match="no command"):
        await ada.menu("Eat image", posted)
    sandbox.faults.check()


async def test_a_member_menu_names_its_member(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    bob = ada.member.guild.add_member("Bob")
    await ada.menu("Show quota", bob)
    (member,) = bot.used[-1].extras["given"]
    assert (member.name, str(member.id)) == ("Bob", bob.id)
    sandbox.faults.check()


async def test_a_button_in_direct_messages_is_pressed_there(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    await (await bot.fetch_user(int(ada.user.id))).send(view=Layout("done", buttons=("Again",)))
    (message,) = sandbox.world.direct_messages(ada.user)
    with pytest.raises(CannotSend, match="does not see"):
        await sandbox.visitor("Bob", ada.member.guild).press(message, "Again")
    await ada.press(message, "Again")
    assert bot.used[-1].guild_id is None
    assert str(bot.used[-1].channel_id) == message.channel.id
    sandbox.faults.check()


def test_options_nest_in_their_sub_command_and_group() -> None:
    (group,) = nest(("group", "sub"), [])
    assert (group["name"], group["type"]) == ("group", 2)
    assert group["options"] == [{"name": "sub", "type": 1, "options": []}]


async def test_a_sub_command_takes_members_and_roles(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    guild = ada.member.guild
    artist = guild.add_role("Artist", permissions=["MANAGE_GUILD"])
    bob = sandbox.visitor("Bob", guild, roles=[artist])
    await bob.use("quota show", user=ada.member, role=artist)
    user, role = bot.used[-1].extras["given"]
    assert (user.name, role.name) == ("Ada", "Artist")
    assert bot.used[-1].permissions.manage_guild
    await ada.use("quota show")
    assert not bot.used[-1].permissions.manage_guild
    sandbox.faults.check()


@pytest.mark.parametrize(
    ("command", "options", "complaint"),
    [
        ("draw", {}, "no command"),
        ("quota", {}, "sub-command"),
        ("quota hide", {}, "sub-command"),
        ("imagine", {}, "required"),
        ("imagine", {"prompt": "x" * 4001}, "1-4000 characters"),
        ("imagine", {"prompt": 7}, "does not take"),
        ("imagine", {"prompt": "x", "count": 5}, "1 to 4"),
        ("imagine", {"prompt": "x", "count": True}, "does not take"),
        ("imagine", {"prompt": "x", "ratio": "9:9"}, "does not offer"),
        ("imagine", {"prompt": "x", "colour": "red"}, "no option"),
        ("restyle", {"image": b"bytes"}, "Upload"),
        ("restyle", {"image": Upload("a.png", b""), "strength": 1.5}, "0.0 to 1.0"),
    ],
)
async def test_a_visitor_cannot_send_what_no_client_would(
    bot: LocalBot, ada: Visitor, command: str, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(CannotSend, match=complaint):
        await ada.use(command, **options)
    assert bot.used == []


async def test_an_ephemeral_message_is_seen_by_one_visitor_only(
    bot: LocalBot, ada: Visitor, sandbox: DiscordSandbox
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        view = Layout("secret", buttons=("Again",))
        await interaction.response.send_message(view=view, ephemeral=True)

    bot.handlers["imagine"] = imagine
    reply = await ada.imagine("a fox")
    assert reply.ephemeral
    assert reply.message is not None
    assert reply.message.recipient is ada.user
    with pytest.raises(CannotSend, match="does not see"):
        await sandbox.visitor("Bob", ada.member.guild).press(reply.message, "Again")


async def test_direct_messages_have_a_user_but_no_server(
    sandbox: DiscordSandbox, bot: LocalBot
) -> None:
    bob = sandbox.visitor("Bob", locale="de")
    await bob.imagine("a fox")
    interaction = bot.used[-1]
    assert interaction.guild_id is None
    assert interaction.locale is discord.Locale.german
    assert interaction.context.dm_channel
    with pytest.raises(LookupError):
        _ = bob.member
    sandbox.faults.check()
