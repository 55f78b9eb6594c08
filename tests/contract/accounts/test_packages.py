"""What the operator is told of packages: once over all processes, and of a new one again."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import discord
import pytest
from discord.http import Route
from sqlalchemy import event

from bot.chat.client import redirect
from bot.chat.posting.operator import OperatorMessages
from bot.domain.quotas.packages import Package, PackageEnd
from bot.sandbox.discord.server import DiscordSandbox
from bot.services.packages import Packages
from storage import Storage, open_storage
from tests.contract.orders import NOW, accept, finish, order

FAR, SOON = date(2028, 3, 1), date(2027, 1, 25)  # NOW is the 15th of January 2027
MESSAGES = r"/channels/\d+/messages$"


@dataclass(frozen=True)
class Operator:
    """Who reads what the bot's own part for it writes, in a local Discord."""

    discord: DiscordSandbox
    messages: OperatorMessages

    @property
    def told(self) -> list[str]:
        world = self.discord.world
        return [message.content for message in world.direct_messages(world.owner)]

    def looking_at(self, storage: Storage) -> Packages:
        write = self.messages.write_package
        return Packages(store=storage.packages, write=write, now=lambda: NOW)


@pytest.fixture
def _usual_address() -> Iterator[None]:
    usual = Route.BASE
    yield
    Route.BASE = usual


@pytest.fixture
async def operator(_usual_address: None) -> AsyncIterator[Operator]:
    client = discord.Client(intents=discord.Intents.none())
    async with DiscordSandbox(token="a-token") as local, client:
        redirect(local.api)
        await client.login("a-token")
        yield Operator(local, OperatorMessages(client, mask=str))
        local.faults.check()


async def test_uses_are_those_of_the_list_earliest_expiry_first(storage: Storage) -> None:
    await storage.packages.keep([Package("vod", 9, FAR), Package("aiart", 3, SOON)])
    await storage.packages.keep([Package("aiart", 2, FAR), Package("aiart", 3, SOON)])
    await accept(storage, order(count=2))
    await finish(storage)
    uses = await storage.packages.uses()
    assert [(use.name, use.used, use.left) for use in uses] == [
        ("aiart until 2027-01-25", 2, 1),
        ("aiart until 2028-03-01", 0, 2),
    ]


async def test_each_end_is_told_once_over_all_processes_and_starts(
    storage: Storage, url: str, tmp_path: Path, operator: Operator
) -> None:
    listed = [Package("aiart", 5, SOON), Package("vod", 50, FAR)]
    await storage.packages.keep(listed)
    async with open_storage(url, tmp_path) as other:
        for _ in range(2):
            looks = (operator.looking_at(each).look() for each in (storage, other, storage, other))
            await asyncio.gather(*looks)
            await other.packages.keep(listed)  # as a start does
        assert len(operator.told) == 1
        assert "expires <t:" in operator.told[0]
        await accept(storage, order(count=4))
        await finish(storage)
        await asyncio.gather(*(operator.looking_at(each).look() for each in (storage, other)))
        assert len(operator.told) == 2
        assert "1 of 5 left" in operator.told[1]


@pytest.mark.parametrize("bought", [[Package("aiart", 25, FAR)], [Package("aiart", 5, FAR)] * 2])
async def test_a_new_package_is_told_of_anew(
    storage: Storage, bought: list[Package], operator: Operator
) -> None:
    await storage.packages.keep([Package("aiart", 5, FAR)])
    for number in range(1, 5):
        await accept(storage, order(number))
        await finish(storage)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1
    await storage.packages.keep(bought)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1, "there is enough again, or the old one was told of"
    for number in range(5, 26):
        await accept(storage, order(number))
        await finish(storage)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 2


async def test_what_could_not_be_told_is_told_later_and_a_failed_note_harms_no_newer_one(
    storage: Storage, operator: Operator
) -> None:
    operator.discord.script("POST", MESSAGES, drop=True)
    await storage.packages.keep([Package("aiart", 5, SOON)])
    await operator.looking_at(storage).look()
    assert operator.told == []
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1
    [old] = await storage.packages.uses()
    await storage.packages.keep([Package("aiart", 6, SOON)])
    await operator.looking_at(storage).look()
    await storage.packages.forget(old, PackageEnd.EXPIRING)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 2


async def test_a_stop_while_it_is_noted_lets_the_next_start_tell(
    storage: Storage, operator: Operator
) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    task = asyncio.create_task(operator.looking_at(storage).run())
    event.listen(storage.engine.sync_engine, "commit", lambda _: task.cancel(), once=True)
    await asyncio.gather(task, return_exceptions=True)
    assert operator.told == []
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1


async def test_a_stop_while_it_is_noted_takes_back_no_note_of_another_process(
    storage: Storage, operator: Operator
) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    await operator.looking_at(storage).look()
    task = asyncio.create_task(operator.looking_at(storage).run())
    event.listen(storage.engine.sync_engine, "commit", lambda _: task.cancel(), once=True)
    await asyncio.gather(task, return_exceptions=True)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1


async def test_a_stop_while_it_is_told_lets_the_next_start_tell(
    storage: Storage, operator: Operator
) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    operator.discord.script("POST", MESSAGES, hangs=True)
    task = asyncio.create_task(operator.looking_at(storage).run())
    async with asyncio.timeout(30):
        while not operator.discord.exchanges or operator.discord.exchanges[-1].status:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await operator.looking_at(storage).look()
    assert len(operator.told) == 1
