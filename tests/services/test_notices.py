"""A notice that a stop cuts short is not lost, and a fault in one keeps nobody from the next."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.quotas.allowances import Allowance, LimitWindow, Use
from bot.domain.quotas.limit_kinds import LimitKind
from bot.services.notices import Notices
from storage import Storage, migrate_storage, open_storage
from tests.contract.orders import LIMITS, NOW, order

GUILD = order().destination.guild_id or 0
BUDGET = LimitWindow(LimitKind.BUDGET_IMAGES, 5, "month", NOW - 100, NOW + 1000)
MONEY = LimitWindow(LimitKind.BUDGET_USD, 0.4, "month", NOW - 100, NOW + 1000)
ACCOUNT = LimitWindow(LimitKind.ACCOUNT_USD, 0.4, "month", NOW - 100, NOW + 1000)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{tmp_path / 'easel.db'}"
    await migrate_storage(url)
    async with open_storage(url, tmp_path) as opened:
        await opened.quotas.keep_setting(GUILD, "log_channel", "77")
        yield opened


async def warned(
    storage: Storage, number: int, count: int = 1, *bounds: LimitWindow
) -> tuple[Use, ...]:
    asked = order(number, count=count)
    allowance = Allowance(bounds or (BUDGET, ACCOUNT))
    return (await storage.jobs.accept(asked, LIMITS, NOW, allowance)).warnings


async def test_a_notice_cut_short_by_a_stop_comes_with_the_next_request(storage: Storage) -> None:
    began = asyncio.Event()

    async def hang(*_: object) -> bool:
        began.set()
        await asyncio.Event().wait()
        return True

    notices = Notices(store=storage.quotas, post=hang, write=hang)
    both = await warned(storage, 1, count=4)
    assert [use.bound for use in both] == [BUDGET, ACCOUNT]
    telling = asyncio.create_task(notices.tell_of(both, GUILD))
    await began.wait()
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    assert [use.bound for use in await warned(storage, 2)] == [BUDGET, ACCOUNT]


async def test_a_notice_that_hangs_is_given_up_and_comes_with_the_next_request(
    storage: Storage,
) -> None:
    written: list[str] = []

    async def hang(*_: object) -> bool:
        await asyncio.Event().wait()
        return True

    async def write(text: str) -> bool:
        written.append(text)
        return True

    notices = Notices(store=storage.quotas, post=hang, write=write, patience_s=0.2)
    await notices.tell_of(await warned(storage, 1, count=4), GUILD)
    assert len(written) == 1
    assert await warned(storage, 2) == (Use(BUDGET, 5),)


async def test_all_notices_of_a_request_share_one_time_and_the_operators_waits_for_no_server(
    storage: Storage,
) -> None:
    tried: list[str] = []

    async def hang(*to: object) -> bool:
        tried.append("letter" if len(to) == 1 else "post")
        await asyncio.Event().wait()
        return True

    notices = Notices(store=storage.quotas, post=hang, write=hang, patience_s=0.2)
    three = await warned(storage, 1, 4, BUDGET, MONEY, ACCOUNT)
    assert [use.bound for use in three] == [BUDGET, MONEY, ACCOUNT]
    await notices.tell_of(three, GUILD)
    assert sorted(tried) == ["letter", "post"], "the second post would have had a time of its own"
    again = await warned(storage, 2, 1, BUDGET, MONEY, ACCOUNT)
    assert [use.bound for use in again] == [BUDGET, MONEY, ACCOUNT]


async def test_a_fault_in_one_notice_neither_raises_nor_holds_up_the_next(
    storage: Storage,
) -> None:
    written: list[str] = []

    async def break_down(channel_id: int, _: str) -> bool:
        raise RuntimeError(channel_id)

    async def write(text: str) -> bool:
        written.append(text)
        return True

    notices = Notices(store=storage.quotas, post=break_down, write=write)
    await notices.tell_of(await warned(storage, 1, count=4), GUILD)
    assert len(written) == 1
    assert await warned(storage, 2) == (Use(BUDGET, 5),)
