"""What the operator is told of packages: once over all processes, and of a new one again."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.chat.posting.notices import package_notice
from bot.domain.quotas.packages import Package, PackageEnd, PackageUse
from bot.services.packages import Packages
from storage import Storage, open_storage
from tests.contract.orders import NOW, accept, order
from tests.contract.queue.test_ends import finish

FAR, SOON = date(2028, 3, 1), date(2027, 1, 25)  # NOW is the 15th of January 2027
LOW, EXPIRING = PackageEnd.LOW, PackageEnd.EXPIRING


class DirectMessages:
    """What was told; `fails` makes the next so many tries fail."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.fails = 0

    async def write(self, use: PackageUse, ending: PackageEnd) -> bool:
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            return False
        self.told.append(package_notice(use, ending))
        return True

    def looking_at(self, storage: Storage, now: Callable[[], float] = lambda: NOW) -> Packages:
        return Packages(store=storage.packages, write=self.write, now=now)


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
    storage: Storage, url: str, tmp_path: Path
) -> None:
    listed = [Package("aiart", 5, SOON), Package("vod", 50, FAR)]
    await storage.packages.keep(listed)
    direct_messages = DirectMessages()
    async with open_storage(url, tmp_path) as other:
        for _ in range(2):
            looks = (
                direct_messages.looking_at(each).look() for each in (storage, other, storage, other)
            )
            await asyncio.gather(*looks)
            await other.packages.keep(listed)  # as a start does
        assert len(direct_messages.told) == 1
        assert "expires <t:" in direct_messages.told[0]
        await accept(storage, order(count=4))
        await finish(storage)
        await asyncio.gather(
            *(direct_messages.looking_at(each).look() for each in (storage, other))
        )
        assert len(direct_messages.told) == 2
        assert "1 of 5 pictures left" in direct_messages.told[1]


@pytest.mark.parametrize("bought", [[Package("aiart", 25, FAR)], [Package("aiart", 5, FAR)] * 2])
async def test_a_new_package_is_told_of_anew(storage: Storage, bought: list[Package]) -> None:
    direct_messages = DirectMessages()
    await storage.packages.keep([Package("aiart", 5, FAR)])
    for number in range(1, 5):
        await accept(storage, order(number))
        await finish(storage)
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1
    await storage.packages.keep(bought)
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1, "there is enough again, or the old one was told of"
    for number in range(5, 26):
        await accept(storage, order(number))
        await finish(storage)
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 2


async def test_what_could_not_be_told_is_told_later_and_a_failed_note_harms_no_newer_one(
    storage: Storage,
) -> None:
    direct_messages = DirectMessages()
    direct_messages.fails = 1
    await storage.packages.keep([Package("aiart", 5, SOON)])
    await direct_messages.looking_at(storage).look()
    assert direct_messages.told == []
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1
    [old] = await storage.packages.uses()
    await storage.packages.keep([Package("aiart", 6, SOON)])
    await direct_messages.looking_at(storage).look()
    await storage.packages.forget(old, EXPIRING)
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 2


async def test_a_stop_while_it_is_noted_lets_the_next_start_tell(storage: Storage) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    direct_messages = DirectMessages()
    task = asyncio.create_task(direct_messages.looking_at(storage).run())
    event.listen(storage.engine.sync_engine, "commit", lambda _: task.cancel(), once=True)
    await asyncio.gather(task, return_exceptions=True)
    assert direct_messages.told == []
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1


async def test_a_stop_while_it_is_noted_takes_back_no_note_of_another_process(
    storage: Storage,
) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    direct_messages = DirectMessages()
    await direct_messages.looking_at(storage).look()
    task = asyncio.create_task(direct_messages.looking_at(storage).run())
    event.listen(storage.engine.sync_engine, "commit", lambda _: task.cancel(), once=True)
    await asyncio.gather(task, return_exceptions=True)
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1


async def test_a_stop_while_it_is_told_lets_the_next_start_tell(storage: Storage) -> None:
    await storage.packages.keep([Package("aiart", 5, SOON)])
    asked = asyncio.Event()

    async def hang(*_: object) -> bool:
        asked.set()
        await asyncio.Event().wait()
        return True

    looking = Packages(store=storage.packages, write=hang, now=lambda: NOW)
    task = asyncio.create_task(looking.run())
    await asked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    direct_messages = DirectMessages()
    await direct_messages.looking_at(storage).look()
    assert len(direct_messages.told) == 1
