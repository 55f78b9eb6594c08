"""How many pictures the ledger says were made, on both databases."""

from dataclasses import replace

from bot.domain.jobs.endings import done, failed
from bot.domain.jobs.job import Job, Lease
from bot.domain.jobs.limits import RunLimits
from bot.domain.provider_errors import Moderated, OutcomeUnknown, ServerFault
from bot.domain.quotas.reconciling import EngineUsage
from storage import Storage
from tests.contract.orders import NOW, accept, claimed, order

WIDE = RunLimits(pools={"vod": 20}, per_guild=20, per_user=20, queued_per_user=50)


async def started(storage: Storage, number: int, now: float = NOW) -> tuple[Job, Lease]:
    await accept(storage, replace(order(number, pool="vod", count=3), engine="gg-3.0"), now=now)
    return await claimed(storage, pool="vod", limits=WIDE, now=now + 1)


async def test_pictures_are_certain_possible_or_none_by_how_a_job_stands(storage: Storage) -> None:
    job, lease = await started(storage, 1)
    await storage.jobs.end(lease, done(job, 2), NOW + 2)
    for number, error in ((2, OutcomeUnknown()), (3, Moderated(what="result")), (4, ServerFault())):
        job, lease = await started(storage, number)
        await storage.jobs.end(lease, failed(job, error), NOW + 2)
    await started(storage, 5)
    await accept(storage, replace(order(6, pool="vod"), engine="gg-3.0"))
    await accept(storage, order(7))
    [used] = await storage.usage.by_engine(["vod"], NOW - 10)
    assert used == EngineUsage("gg-3.0", certain=2, unsure=9, cost_usd=used.cost_usd)
    assert used.cost_usd > 0


async def test_a_job_that_began_before_the_span_may_be_in_it(storage: Storage) -> None:
    early, early_lease = await started(storage, 1, now=NOW - 100)
    await storage.jobs.end(early_lease, done(early, 3), NOW + 50)
    before, before_lease = await started(storage, 2, now=NOW - 100)
    await storage.jobs.end(before_lease, done(before, 3), NOW - 50)
    [used] = await storage.usage.by_engine(["vod"], NOW)
    assert (used.certain, used.unsure) == (0, 3)
    assert await storage.usage.by_engine(["aiart"], NOW) == []
