"""A notice that a stop cuts short is not lost, and a fault in one keeps nobody from the next."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import App, open_app
from bot.chat.posting.log_channels import LogChannels
from bot.chat.posting.operator import OperatorMessages
from bot.chat.session import log_in
from bot.cli.local_stack import StandIns
from bot.domain.guilds.settings import GuildSettings
from bot.domain.quotas.allowances import Allowance, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.sandbox.discord.world.world import Channel
from bot.services.notices import Notices
from bot.settings.config import read_settings
from bot.watch.logs import Mask
from tests.contract.orders import LIMITS, NOW, order
from tests.whole.conftest import Clock, direct_messages, until
from tests.whole.moderating.log_channel import posted, tries_in

pytestmark = pytest.mark.usefixtures("no_lines")

GUILD = order().destination.guild_id or 0
BUDGET = LimitWindow(LimitKind.BUDGET_IMAGES, 5, "month", NOW - 100, NOW + 1000)
MONEY = LimitWindow(LimitKind.BUDGET_USD, 0.4, "month", NOW - 100, NOW + 1000)
ACCOUNT = LimitWindow(LimitKind.ACCOUNT_USD, 0.4, "month", NOW - 100, NOW + 1000)
TO_OPERATOR = r"/users/@me/channels$"


@pytest.fixture
def log(stand_ins: StandIns) -> Channel:
    return stand_ins.guild.add_channel("log")


@pytest.fixture
async def app(
    stand_ins: StandIns, migrated: Path, clock: Clock, log: Channel
) -> AsyncIterator[App]:
    """The bot logged in, and nobody at work on its jobs."""
    folder = migrated.parent
    variables = stand_ins.variables(folder)
    async with open_app(read_settings(variables, folder=folder), now=clock) as opened:
        await log_in(opened.client, variables["DISCORD_TOKEN"], now=clock)
        kept = GuildSettings(log_channel_id=int(log.id))
        await opened.storage.guild_settings.change(GUILD, lambda _: kept, by=1, now=0.0)
        with capture_logs():
            yield opened


@pytest.fixture
def notices(app: App) -> Notices:
    """Notices on their real ways, with a shorter time limit than the program's."""
    return Notices(
        settings=app.storage.guild_settings,
        warnings=app.storage.warnings,
        post=LogChannels(app.client).post_budget,
        write=OperatorMessages(app.client, Mask([])).write_budget,
        timeout_s=1.0,
    )


def posts_to(log: Channel) -> str:
    return rf"/channels/{log.id}/messages$"


def direct_messages_tried(stand_ins: StandIns) -> int:
    paths = [exchange.call.path for exchange in stand_ins.discord.exchanges]
    return paths.count("/users/@me/channels")


async def warned(app: App, number: int, count: int = 1, *windows: LimitWindow) -> tuple[Use, ...]:
    asked = order(number, count=count)
    allowance = Allowance(windows or (BUDGET, ACCOUNT))
    return (await app.storage.jobs.accept(asked, LIMITS, NOW, allowance)).warnings


async def test_a_notice_cut_short_by_a_stop_comes_with_the_next_request(
    app: App, stand_ins: StandIns, notices: Notices, log: Channel
) -> None:
    for path in (posts_to(log), TO_OPERATOR):
        stand_ins.discord.script("POST", path, hangs=True)
    both = await warned(app, 1, count=4)
    assert [use.window for use in both] == [BUDGET, ACCOUNT]
    telling = asyncio.create_task(notices.tell_of(both, GUILD))
    await until(lambda: tries_in(log, stand_ins) > 0)
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    again = await warned(app, 2)
    assert [use.window for use in again] == [BUDGET, ACCOUNT]
    await notices.tell_of(again, GUILD)
    assert (len(posted(log)), len(direct_messages(stand_ins))) == (1, 1)


async def test_a_notice_that_hangs_is_given_up_and_comes_with_the_next_request(
    app: App, stand_ins: StandIns, notices: Notices, log: Channel
) -> None:
    stand_ins.discord.script("POST", posts_to(log), hangs=True)
    await notices.tell_of(await warned(app, 1, count=4), GUILD)
    assert (posted(log), len(direct_messages(stand_ins))) == ([], 1)
    assert await warned(app, 2) == (Use(BUDGET, 5),)


async def test_all_notices_of_a_request_share_one_time_and_the_operators_waits_for_no_server(
    app: App, stand_ins: StandIns, notices: Notices, log: Channel
) -> None:
    for path in (posts_to(log), TO_OPERATOR):
        stand_ins.discord.script("POST", path, hangs=True, times=2)
    three = await warned(app, 1, 4, BUDGET, MONEY, ACCOUNT)
    assert [use.window for use in three] == [BUDGET, MONEY, ACCOUNT]
    await notices.tell_of(three, GUILD)
    assert tries_in(log, stand_ins) == 1, "the second post would have had a time of its own"
    assert direct_messages_tried(stand_ins) == 1
    again = await warned(app, 2, 1, BUDGET, MONEY, ACCOUNT)
    assert [use.window for use in again] == [BUDGET, MONEY, ACCOUNT]
    stand_ins.discord.recover()


async def test_a_fault_in_one_notice_neither_raises_nor_holds_up_the_next(
    app: App, stand_ins: StandIns, notices: Notices, log: Channel
) -> None:
    odd = {"id": "no number"}
    stand_ins.discord.script("POST", posts_to(log), status=200, body=odd)
    await notices.tell_of(await warned(app, 1, 4, BUDGET, MONEY, ACCOUNT), GUILD)
    assert (len(posted(log)), len(direct_messages(stand_ins))) == (1, 1)
    assert [use.window for use in await warned(app, 2, 1, BUDGET, MONEY, ACCOUNT)] == [BUDGET]
