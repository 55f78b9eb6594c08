"""The rules of an interaction's life: three seconds, one answer, fifteen minutes."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
import discord
import pytest

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import NotAcknowledged, Visitor
from tests.sandbox.discord.conftest import Clock, Layout, LocalBot, Raw, file, picture


async def test_an_ack_after_three_seconds_is_too_late(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, clock: Clock
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        clock.skipped += 3.5
        with pytest.raises(discord.NotFound, match="10062"):
            await interaction.response.defer()

    bot.handlers["imagine"] = imagine
    with pytest.raises(NotAcknowledged, match="imagine"):
        await ada.imagine("a fox")
    assert sandbox.exchanges[-1].response["code"] == 10062
    with pytest.raises(AssertionError, match="late ack"):
        sandbox.faults.check()


async def test_a_second_ack_is_refused_and_recorded(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, raw: Raw
) -> None:
    await ada.imagine("a fox")
    used = bot.used[-1]
    status, body = await raw("POST", f"/interactions/{used.id}/{used.token}/callback", {"type": 5})
    assert (status, body["code"]) == (400, 40060)
    assert "second ack" in sandbox.faults[0]


async def refusals(interaction: discord.Interaction, codes: list[int]) -> None:
    try:
        await interaction.response.defer()
    except discord.HTTPException as error:
        codes.append(error.code)


@pytest.mark.parametrize("how", [{"drop": "after"}, {"takes_effect": True}])
async def test_a_second_ack_is_no_fault_where_the_answer_to_the_first_was_lost(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, how: dict[str, Any]
) -> None:
    refused: list[int] = []

    async def imagine(interaction: discord.Interaction) -> None:
        for _ in range(2):
            with suppress(aiohttp.ClientError):
                await refusals(interaction, refused)

    bot.handlers["imagine"] = imagine
    sandbox.script("POST", "/callback$", **how)
    await ada.imagine("a fox")
    async with asyncio.timeout(10):
        while not refused:
            await asyncio.sleep(0.01)
    assert set(refused) == {40060}
    sandbox.faults.check()


async def test_an_unknown_interaction_cannot_be_answered(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, raw: Raw
) -> None:
    await ada.imagine("a fox")
    token = bot.used[-1].token
    status, body = await raw("POST", f"/interactions/1/{token}/callback", {"type": 5})
    assert (status, body["code"]) == (404, 10062)
    assert "unknown interaction" in sandbox.faults[0]


async def test_a_token_dies_after_fifteen_minutes_but_the_bot_token_still_edits(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, clock: Clock
) -> None:
    reply = await ada.imagine("a fox")
    original = await bot.used[-1].original_response()
    clock.skipped += 901
    with pytest.raises(discord.HTTPException) as dead:
        await original.edit(view=Layout("late"))
    assert (dead.value.status, dead.value.code) == (401, 50027)
    channel = bot.get_channel(original.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = channel.get_partial_message(original.id)
    await message.edit(view=Layout("late", "a.png"), attachments=[file("a.png")])
    assert reply.message is not None
    assert reply.message.text == "late"
    assert not reply.message.loading
    assert await reply.pictures() == [picture()]
    sandbox.faults.check()


async def test_an_ephemeral_reply_stays_out_of_the_channels_reach(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)

    bot.handlers["imagine"] = imagine
    reply = await ada.imagine("a fox")
    assert reply.ephemeral
    original = await bot.used[-1].original_response()
    assert original.flags.ephemeral
    assert original.flags.loading
    channel = bot.get_channel(original.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.NotFound) as unknown:
        await channel.fetch_message(original.id)
    assert unknown.value.code == 10008
    edited = await bot.used[-1].edit_original_response(view=Layout("only you"))
    assert edited.flags.ephemeral
    assert [m async for m in channel.history()] == []
    sandbox.faults.check()


async def test_the_first_followup_fills_the_deferred_message_and_the_next_is_new(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    reply = await ada.imagine("a fox")
    hook = bot.used[-1].followup
    first = await hook.send("one", wait=True)
    second = await hook.send("two", file=file("b.png"), wait=True)
    assert reply.message is not None
    assert (str(first.id), reply.message.text) == (reply.message.id, "one")
    assert [m.text for m in reply.followups] == ["two"]
    assert [a.filename for a in reply.followups[0].attachments] == ["b.png"]
    await second.edit(content="three", attachments=[])
    assert (reply.followups[0].text, reply.followups[0].attachments) == ("three", [])
    assert (await hook.fetch_message(second.id)).content == "three"
    await second.delete()
    assert reply.followups[0].deleted
    sandbox.faults.check()


async def test_a_followup_to_a_deleted_deferred_message_may_be_for_one_alone(
    bot: LocalBot, ada: Visitor
) -> None:
    reply = await ada.imagine("a fox")
    used = bot.used[-1]
    assert not reply.ephemeral
    await used.delete_original_response()
    await used.followup.send("for you", ephemeral=True)
    assert reply.message is not None
    assert (reply.message.text, reply.ephemeral) == ("for you", True)


async def test_a_deleted_original_is_gone(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    reply = await ada.imagine("a fox")
    await bot.used[-1].delete_original_response()
    assert reply.message is None
    with pytest.raises(discord.NotFound) as gone:
        await bot.used[-1].edit_original_response(content="x")
    assert gone.value.code == 10008
    with pytest.raises(LookupError):
        await reply.pictures()
    sandbox.faults.check()


async def test_a_webhook_opens_only_with_an_acknowledged_token(
    bot: LocalBot, ada: Visitor, raw: Raw
) -> None:
    assert bot.user is not None
    hook = f"/webhooks/{bot.user.id}"
    status, body = await raw("POST", f"{hook}/nonsense", {"content": "x"})
    assert (status, body["code"]) == (404, 10015)

    async def imagine(interaction: discord.Interaction) -> None:
        early, body = await raw("POST", f"{hook}/{interaction.token}", {"content": "x"})
        assert (early, body["code"]) == (404, 10015)
        await interaction.response.defer(thinking=True)

    bot.handlers["imagine"] = imagine
    await ada.imagine("a fox")
    token = bot.used[-1].token
    status, body = await raw("POST", f"/webhooks/1/{token}", {"content": "x"})
    assert (status, body["code"]) == (404, 10015)


async def test_permissions_and_limits_of_the_channel_come_with_the_interaction(
    sandbox: DiscordSandbox, bot: LocalBot
) -> None:
    guild = sandbox.world.add_guild("Big", locale="fr", premium_tier=2)
    channel = guild.add_channel("art")
    channel.revoke("ATTACH_FILES")
    ada = sandbox.visitor("Ada", guild, channel, permissions=["ADMINISTRATOR"])
    await ada.imagine("a fox")
    used = bot.used[-1]
    assert not used.app_permissions.attach_files
    assert used.app_permissions.send_messages
    assert used.permissions.administrator
    assert used.filesize_limit == 50 * 1024 * 1024
    assert used.guild_locale is discord.Locale.french
    channel.grant("ATTACH_FILES")
    await ada.imagine("a fox")
    assert bot.used[-1].app_permissions.attach_files


@pytest.mark.parametrize(
    ("body", "breach"),
    [
        ({"type": 7, "data": {"content": "x"}}, "cannot answer"),
        ({"type": 8, "data": {"choices": []}}, "cannot answer"),
        ({"type": 5, "data": {"flags": 64 | 1 << 15}}, "no flag but EPHEMERAL"),
        ({"type": 9, "data": {"custom_id": "m", "title": "x" * 46, "components": []}}, "title"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "2000"),
    ],
)
async def test_a_wrong_callback_is_a_fault_and_no_ack(
    sandbox: DiscordSandbox,
    bot: LocalBot,
    ada: Visitor,
    raw: Raw,
    body: dict[str, object],
    breach: str,
) -> None:
    async def imagine(interaction: discord.Interaction) -> None:
        place = f"/interactions/{interaction.id}/{interaction.token}/callback"
        status, answer = await raw("POST", place, body)
        assert (status, answer["code"]) == (400, 50035)
        await interaction.response.defer()

    bot.handlers["imagine"] = imagine
    await ada.imagine("a fox")
    assert breach in sandbox.faults[0]
    assert len(sandbox.faults) == (2 if "title" in breach else 1)


async def test_bad_suggestions_are_a_fault(sandbox: DiscordSandbox, ada: Visitor, raw: Raw) -> None:
    focused = {"name": "style", "type": 3, "value": "x", "focused": True}
    typed = {"name": "restyle", "type": 1, "options": [focused]}
    interaction = sandbox.interactions.begin(4, ada.user, ada.channel, typed)
    place = f"/interactions/{interaction.id}/{interaction.token}/callback"
    many = [{"name": str(n), "value": str(n)} for n in range(26)]
    wrong = [{"name": "one", "value": 1}]
    for choices in (many, wrong):
        body = {"type": 8, "data": {"choices": choices}}
        assert (await raw("POST", place, body, token=None))[0] == 400
    assert "26 choices" in sandbox.faults[0]
    assert "no value of option type" in sandbox.faults[1]
    assert interaction.choices == []
