"""A server that removes the bot: what waits ends refunded, what was set goes after a month."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.world.world import Guild
from bot.services.moderation.departures import Departures
from tests.whole.conftest import Clock, Run, ledger, says, until, until_settled
from tests.whole.moderating.moderator import moderator

DAY_S = 86400.0


def departures(app: App) -> Departures:
    [found] = [each for each in app.beside if isinstance(each, Departures)]
    return found


async def timezone_of(app: App, guild: Guild) -> str:
    return (await app.storage.guild_settings.settings(int(guild.id))).timezone


async def waiting(app: App, stand_ins: StandIns) -> None:
    """Settings and a quota; nobody starts what Ada asks for."""
    mo = moderator(stand_ins)
    await mo.use("settings timezone", timezone="Europe/Berlin")
    await mo.use("quota set", images=5, period="day")
    await app.storage.operations.pause("", 0.0)
    await (await stand_ins.visitor("Ada").imagine("a cat")).until(says("Queued"))


def states(rows: Sequence[object]) -> list[object]:
    return [(row.state, row.images, row.refunded) for row in rows]  # type: ignore[attr-defined] # rows of the ledger


async def test_what_waits_ends_refunded_and_settings_stay_for_a_month(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await waiting(app, stand_ins)
    # Only then is it the event that is heard, and not the ready session that looks.
    await until(app.client.is_ready)
    await departures(app).look()
    stand_ins.discord.leave(stand_ins.guild)
    await until_settled(app)
    assert states(await ledger(app)) == [("cancelled", 0, True)]
    assert not stand_ins.tencent.calls
    clock.skipped += 29 * DAY_S
    await departures(app).forget()
    assert await timezone_of(app, stand_ins.guild) == "Europe/Berlin"
    clock.skipped += 2 * DAY_S
    await departures(app).forget()
    assert await timezone_of(app, stand_ins.guild) == "UTC"
    assert (await app.storage.quotas.policy(int(stand_ins.guild.id))).rules == ()
    assert len(await ledger(app)) == 1
    assert await app.storage.audit.latest(int(stand_ins.guild.id), 5)


async def test_a_server_that_takes_the_bot_in_again_keeps_what_it_had_set(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    await waiting(app, stand_ins)
    guild = stand_ins.guild
    stand_ins.discord.leave(guild)
    await until_settled(app)
    stand_ins.discord.world.guilds[guild.id] = guild
    stand_ins.discord.world.announce("guild created", guild)
    store = app.storage.departures
    async with asyncio.timeout(30):
        while int(guild.id) not in await store.known():
            await asyncio.sleep(0.02)
    clock.skipped += 40 * DAY_S
    await departures(app).forget()
    assert await timezone_of(app, guild) == "Europe/Berlin"


async def test_a_removal_that_nobody_heard_is_found_at_the_next_start(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with run() as app:
        await waiting(app, stand_ins)
    stand_ins.discord.leave(stand_ins.guild)
    async with run() as app:
        await until_settled(app)
        assert states(await ledger(app)) == [("cancelled", 0, True)]
    with closing(sqlite3.connect(tmp_path / "easel.db")) as database:
        assert len(database.execute("SELECT * FROM departed_guilds").fetchall()) == 1


async def test_a_server_that_is_only_away_for_a_while_loses_nothing(
    app: App, stand_ins: StandIns
) -> None:
    await waiting(app, stand_ins)
    guild = stand_ins.guild
    away = {"id": guild.id, "unavailable": True}
    stand_ins.discord.gateway.dispatch("GUILD_DELETE", away, guild.id)
    await until(lambda: app.client.get_guild(int(guild.id)).unavailable)  # type: ignore[union-attr] # it stays known
    await app.storage.operations.resume()
    app.worker.ring()
    await until_settled(app)
    assert [row.state for row in await ledger(app)] == ["done"]
