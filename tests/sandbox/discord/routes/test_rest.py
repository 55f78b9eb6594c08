"""The front desk: tokens, unknown routes, scripted failures, and the rules of a command sync."""

from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.discord.visitor import Visitor
from bot.sandbox.discord.world.permissions import Permissions
from bot.sandbox.discord.world.world import Channel
from tests.sandbox.discord.conftest import Clock, LocalBot, Raw


async def test_the_real_library_logs_in_and_syncs_without_a_fault(
    sandbox: DiscordSandbox, bot: LocalBot
) -> None:
    assert bot.user is not None
    assert bot.application_id == bot.user.id
    stored = {c.name: c.id for c in await bot.tree.fetch_commands()}
    assert stored.keys() == {"imagine", "restyle", "quota", "form", "Show quota", "Restyle image"}
    again = {c.name: c.id for c in await bot.tree.sync()}
    assert again == stored
    assert [e.status for e in sandbox.exchanges] == [200] * len(sandbox.exchanges)
    sandbox.faults.check()


async def test_commands_of_one_server_are_seen_only_there(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    guild = ada.member.guild
    here = discord.Object(int(guild.id))

    async def special(interaction: discord.Interaction) -> None:
        await interaction.response.defer()

    command = discord.app_commands.Command(name="special", description="x", callback=special)
    bot.tree.add_command(command, guild=here)
    (synced,) = await bot.tree.sync(guild=here)
    assert synced.guild_id == here.id
    await ada.use("special")
    assert "special" not in [c["name"] for c in sandbox.commands.all(None)]
    sandbox.faults.check()


async def test_servers_members_users_and_channels_can_be_fetched(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    fetched = await bot.fetch_guild(int(ada.member.guild.id), with_counts=False)
    assert fetched.name == "Studio"
    assert (await fetched.fetch_member(int(ada.user.id))).name == "Ada"
    assert (await bot.fetch_user(int(ada.user.id))).name == "Ada"
    place = await bot.fetch_channel(int(ada.channel.id))
    assert isinstance(place, discord.TextChannel)
    await place.typing()
    for unknown in (bot.fetch_guild(1), bot.fetch_user(1), fetched.fetch_member(1)):
        with pytest.raises(discord.NotFound):
            await unknown
    with pytest.raises(discord.NotFound):
        await bot.fetch_channel(1)
    sandbox.faults.check()


async def test_an_unknown_route_is_a_fault(sandbox: DiscordSandbox, raw: Raw) -> None:
    assert (await raw("GET", "/nowhere"))[0] == 404
    assert (await raw("DELETE", "/users/@me"))[0] == 404
    assert sandbox.faults == ["unknown route: GET /nowhere", "unknown route: DELETE /users/@me"]
    sandbox.exchanges.clear()


async def test_a_missing_or_wrong_token_is_a_fault(
    sandbox: DiscordSandbox, raw: Raw, channel: Channel
) -> None:
    for token in (None, "wrong"):
        status, body = await raw("GET", f"/channels/{channel.id}", token=token)
        assert (status, body["code"]) == (401, 0)
    assert [f.split(":")[0] for f in sandbox.faults] == ["no bot token", "a wrong bot token"]


async def test_broken_json_is_refused(sandbox: DiscordSandbox, raw: Raw, channel: Channel) -> None:
    place = f"/channels/{channel.id}/messages"
    json = {"data": "{", "headers": None}
    headers = {"Authorization": "Bot sandbox-token", "Content-Type": "application/json"}
    async with sandbox.http.post(sandbox.api + place, data=json["data"], headers=headers) as got:
        assert (got.status, (await got.json())["code"]) == (400, 50109)
    assert (await raw("POST", place))[1]["code"] == 50109


async def test_the_content_type_carries_no_charset(sandbox: DiscordSandbox) -> None:
    headers = {"Authorization": "Bot sandbox-token"}
    async with sandbox.http.get(f"{sandbox.api}/users/@me", headers=headers) as response:
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["X-RateLimit-Remaining"] == "49"


async def test_a_scripted_429_is_waited_out(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await ada.imagine("a fox")
    body = {"message": "slow down", "retry_after": 0.15, "global": False}
    sandbox.script("PATCH", "@original", status=429, body=body)
    await bot.used[-1].edit_original_response(content="x")
    assert "Retrying in 0.15 seconds" in caplog.text
    tries = [e.status for e in sandbox.exchanges if e.call.method == "PATCH"]
    assert tries == [429, 200]
    sandbox.faults.check()


async def test_a_scripted_500_happens_as_often_as_asked(sandbox: DiscordSandbox, raw: Raw) -> None:
    sandbox.script("GET", "^/users/@me$", status=503, times=2, headers={"X-Why": "test"})
    assert [(await raw("GET", "/users/@me"))[0] for _ in range(3)] == [503, 503, 200]


async def test_a_scripted_error_shows_in_the_library(
    sandbox: DiscordSandbox, bot: LocalBot, ada: Visitor
) -> None:
    await ada.imagine("a fox")
    sandbox.script("PATCH", "@original", status=403, body={"code": 50001, "message": "no"})
    with pytest.raises(discord.Forbidden, match="50001"):
        await bot.used[-1].edit_original_response(content="x")


@pytest.mark.parametrize(("drop", "posted"), [("before", 0), ("after", 1), (True, 0)])
async def test_a_dropped_connection_loses_the_work_or_only_the_answer(
    sandbox: DiscordSandbox, raw: Raw, channel: Channel, drop: Any, posted: int
) -> None:
    place = f"/channels/{channel.id}/messages"
    sandbox.script("POST", place, drop=drop)
    with pytest.raises(aiohttp.ClientConnectionError):
        await raw("POST", place, {"content": "x"})
    assert len(sandbox.world.messages(channel)) == posted
    assert sandbox.exchanges[-1].status == 0


async def test_a_failure_may_be_answered_though_the_work_was_done(
    sandbox: DiscordSandbox, raw: Raw, channel: Channel
) -> None:
    place = f"/channels/{channel.id}/messages"
    sandbox.script("POST", place, takes_effect=True)
    assert (await raw("POST", place, {"content": "x"}))[0] == 500
    assert [message.content for message in sandbox.world.messages(channel)] == ["x"]


def command(name: str = "draw", **more: Any) -> dict[str, Any]:
    return {"type": 1, "name": name, "description": "x", **more}


def option(name: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "x", **more}


CHOICES = [{"name": str(n), "value": str(n)} for n in range(26)]
LONG = [{"name": "x" * 100, "value": "y" * 100}] * 25
WORDY = [{"name": "x", "value": "x", "name_localizations": {"de": "x" * 100}}] * 25
BREACHES: dict[str, tuple[list[dict[str, Any]], str]] = {
    "101 commands": ([command(f"c{n}") for n in range(101)], "at most 100"),
    "16 menus": ([{"type": 3, "name": f"Menu {n}"} for n in range(16)], "at most 15"),
    "one name twice": ([command(), command()], "one name"),
    "capital letters": ([command("Draw")], "lower case"),
    "a space": ([command("draw it")], "lower case"),
    "a long name": ([command("x" * 33)], "lower case"),
    "a long menu name": ([{"type": 3, "name": "x" * 33}], "1-32"),
    "no description": ([command(description="")], "description"),
    "a long description": ([command(description="x" * 101)], "description"),
    "26 options": ([command(options=[option(f"o{n}") for n in range(26)])], "at most 25"),
    "26 choices": ([command(options=[option(choices=CHOICES)])], "at most 25"),
    "a long choice": (
        [command(options=[option(choices=[{"name": "x" * 101, "value": "x"}])])],
        "1-100",
    ),
    "a late required option": (
        [command(options=[option("a"), option("b", required=True)])],
        "must come first",
    ),
    "capital letters in one language": (
        [command(name_localizations={"de": "Zeichne"})],
        "'Zeichne'",
    ),
    "a long description in one language": (
        [command(description_localizations={"de": "x" * 101})],
        "description",
    ),
    "a long menu name in one language": (
        [{"type": 3, "name": "x", "name_localizations": {"de": "x" * 33}}],
        "1-32",
    ),
    "too heavy in one language": (
        [command(options=[option(f"o{n}", choices=WORDY) for n in range(4)])],
        "8000",
    ),
    "too heavy": ([command(options=[option(f"o{n}", choices=LONG) for n in range(2)])], "8000"),
}


@pytest.mark.parametrize("name", BREACHES)
async def test_a_sync_beyond_the_rules_is_refused_and_recorded(
    sandbox: DiscordSandbox, raw: Raw, name: str
) -> None:
    commands, breach = BREACHES[name]
    place = f"/applications/{sandbox.world.bot.id}/commands"
    status, body = await raw("PUT", place, commands)
    assert (status, body["code"]) == (400, 50035)
    assert any(breach in fault for fault in sandbox.faults)
    assert sandbox.commands.all(None) == []


async def test_a_sync_for_another_application_or_server_is_refused(
    sandbox: DiscordSandbox, raw: Raw
) -> None:
    assert (await raw("PUT", "/applications/1/commands", []))[0] == 403
    place = f"/applications/{sandbox.world.bot.id}/guilds/1/commands"
    assert (await raw("PUT", place, []))[1]["code"] == 50001


async def test_others_can_add_routes_and_hear_every_change(clock: Clock) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="page")

    def extra(app: web.Application) -> None:
        app.router.add_get("/page", page)

    async with DiscordSandbox(now=clock, extra_routes=extra) as sandbox:
        assert await sandbox.download(f"{sandbox.origin}/page") == b"page"
        with sandbox.world.listen() as news:
            channel = sandbox.world.add_guild("Studio").add_channel("pictures")
            message = sandbox.visitor("Ada", channel.guild, channel).say("hello")
            sandbox.world.delete(message)
        kinds = [news.get_nowait().kind for _ in range(news.qsize())]
    assert kinds == [
        "guild created",
        "channel created",
        "message created",
        "message deleted",
    ]


async def test_a_taken_port_is_an_error_that_leaves_nothing_open(clock: Clock) -> None:
    async with DiscordSandbox(now=clock) as first:
        port = int(first.origin.rsplit(":", 1)[1])
        with pytest.raises(OSError, match=str(port)):
            await DiscordSandbox(now=clock, port=port).__aenter__()
    async with DiscordSandbox(now=clock, port=port) as second:
        assert second.origin == first.origin


def test_ids_are_unique_increasing_and_tell_their_time(clock: Clock) -> None:
    sandbox = DiscordSandbox(now=clock)
    ids = [int(sandbox.world.snowflake()) for _ in range(1000)]
    assert ids == sorted(set(ids))
    told = discord.utils.snowflake_time(ids[0]).timestamp()
    assert told == pytest.approx(clock(), abs=1)


def test_an_administrator_may_do_everything(clock: Clock) -> None:
    guild = DiscordSandbox(now=clock).world.add_guild("Studio")
    plain = guild.add_member("Ada")
    boss = guild.add_member("Bob", roles=[guild.add_role("Boss", permissions=8)])
    assert not plain.permissions & Permissions.MANAGE_GUILD
    assert boss.permissions & Permissions.MANAGE_GUILD
    assert guild.member("Bob") is boss
