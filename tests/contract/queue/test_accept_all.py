"""Several jobs accepted at once: all of them or none, once, and none starts before it is shown."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.errors import TooManyWaiting
from bot.domain.jobs.job import JobState, Options, Order
from bot.domain.permutations.errors import PleaseConfirmAgain, RequestGone
from bot.domain.permutations.request import LIFE_S, PendingRequest
from bot.domain.quotas.allowances import Allowance, LimitWindow
from bot.domain.quotas.errors import QuotaSpent
from bot.domain.quotas.limit_kinds import LimitKind
from bot.domain.quotas.quota import Grant
from bot.ports.queue import Accepted
from storage import Storage
from tests.contract.orders import LEASE_S, LIMITS, NOW, order
from tests.contract.recount import check_lanes, check_totals, look

REQUEST = PendingRequest(
    id="0000000000abc",
    user_id=order().destination.user_id,
    command="imagine",
    engine="anime",
    options=Options(count=1, ratio="1:1"),
    prompts=("a red cat", "a blue cat"),
    expires_at=NOW + LIFE_S,
    private=True,
)
FEW = Allowance((LimitWindow(LimitKind.EVERYONE, 3, "day", NOW - 100, NOW + 100),))


def batch(first: int = 1, size: int = 3) -> list[Order]:
    """Orders whose messages nobody knows yet."""
    to = replace(order().destination, message_id=None)
    return [replace(order(number), destination=to) for number in range(first, first + size)]


async def accept_all(
    storage: Storage, orders: list[Order], allowance: Allowance = FEW, now: float = NOW
) -> tuple[Accepted, ...]:
    return await storage.jobs.accept_all(
        REQUEST.id, orders, LIMITS, now, allowance, ready_at=now + 20
    )


async def recounted(storage: Storage) -> None:
    seen = await look(storage)
    check_lanes(seen)
    check_totals(seen)


async def rows(storage: Storage) -> list[str]:
    return sorted(job.id for job in await storage.jobs.of_member(REQUEST.user_id, 50))


async def test_a_request_is_found_as_it_was_kept_until_it_expires(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    assert await storage.pending_requests.find(REQUEST.id, NOW) == REQUEST
    assert await storage.pending_requests.find(REQUEST.id, NOW + LIFE_S) is None
    assert await storage.pending_requests.find("0000000000abd", NOW) is None
    assert await storage.pending_requests.give_up(REQUEST.id)
    assert await storage.pending_requests.find(REQUEST.id, NOW) is None


async def test_a_request_is_given_up_or_accepted_and_never_both(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    await accept_all(storage, batch())
    assert await storage.pending_requests.give_up(REQUEST.id) is False


async def test_what_has_expired_is_forgotten_with_the_next_request(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    later = replace(REQUEST, id="0000000000abd", expires_at=REQUEST.expires_at + LIFE_S + 1)
    await storage.pending_requests.keep(later)
    assert await storage.pending_requests.find(REQUEST.id, NOW) is None
    assert await storage.pending_requests.find(later.id, NOW) == later


async def test_all_are_accepted_at_once_and_counted(storage: Storage) -> None:
    await storage.jobs.accept(order(7, user=2), LIMITS, NOW - 1)
    await storage.pending_requests.keep(REQUEST)
    accepted = await accept_all(storage, batch())
    assert [each.is_new for each in accepted] == [True] * 3
    assert [each.ahead for each in accepted] == [1, 2, 3]
    assert await rows(storage) == [each.id for each in batch()]
    with pytest.raises(QuotaSpent):
        await storage.jobs.accept(order(9), LIMITS, NOW, FEW)
    await recounted(storage)


async def test_one_picture_too_many_and_none_is_accepted(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    with pytest.raises(QuotaSpent):
        await accept_all(storage, batch(size=4))
    assert await rows(storage) == []
    assert await storage.pending_requests.find(REQUEST.id, NOW) == REQUEST
    await accept_all(storage, batch(size=3))


async def test_more_than_a_member_may_have_waiting_are_all_refused(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    limits = replace(LIMITS, queued_per_user=3)
    await storage.jobs.accept(order(50), limits, NOW)
    with pytest.raises(TooManyWaiting, match="1 wait already; 3 is"):
        await storage.jobs.accept_all(
            REQUEST.id, batch(), limits, NOW, Allowance(), ready_at=NOW + 20
        )
    assert len(await rows(storage)) == 1


async def test_granted_pictures_are_taken_for_those_beyond_the_quota(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    to = order().destination
    await storage.quotas.add_grant(to.guild_id or 0, Grant(to.user_id, 2, "won", 9), NOW)
    await accept_all(storage, batch(size=5))
    with pytest.raises(QuotaSpent):
        await storage.jobs.accept(order(9), LIMITS, NOW, FEW)
    await recounted(storage)


async def test_two_presses_at_once_accept_it_once(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    presses = [accept_all(storage, batch(10 * press, 2), Allowance()) for press in (1, 2)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(answer, RequestGone) for answer in answers) == 1
    assert len(await rows(storage)) == 2


async def test_a_repeat_after_a_lost_answer_finds_the_same_jobs(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    await accept_all(storage, batch())
    again = await accept_all(storage, batch())
    assert [each.is_new for each in again] == [False] * 3
    assert len(await rows(storage)) == 3


async def test_a_yes_that_comes_too_late_accepts_nothing(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    with pytest.raises(RequestGone):
        await accept_all(storage, batch(), now=NOW + LIFE_S)
    assert await rows(storage) == []


async def test_an_id_that_another_job_has_refuses_them_all(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    await storage.jobs.accept(order(2), LIMITS, NOW)
    with pytest.raises(PleaseConfirmAgain):
        await accept_all(storage, batch(1, 2), Allowance())
    assert await rows(storage) == [order(2).id]
    assert await storage.pending_requests.find(REQUEST.id, NOW) == REQUEST


async def test_no_job_starts_before_its_message_is_known(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    orders = batch(size=2)
    await accept_all(storage, orders)
    assert await storage.jobs.claim_next("aiart", "w", LIMITS, NOW, LEASE_S) is None
    assert await storage.jobs.show_in(orders[1].id, 777)
    claimed = await storage.jobs.claim_next("aiart", "w", LIMITS, NOW + 1, LEASE_S)
    assert claimed is not None
    assert claimed.id == orders[1].id
    assert claimed.order.destination.message_id == 777
    assert not await storage.jobs.show_in(orders[1].id, 778)


async def test_a_job_that_nobody_showed_starts_all_the_same_after_a_while(storage: Storage) -> None:
    await storage.pending_requests.keep(REQUEST)
    await accept_all(storage, batch(size=1))
    claimed = await storage.jobs.claim_next("aiart", "w", LIMITS, NOW + 21, LEASE_S)
    assert claimed is not None
    assert claimed.state is JobState.RUNNING
    assert claimed.order.destination.message_id is None
    assert not await storage.jobs.show_in(claimed.id, 777)
