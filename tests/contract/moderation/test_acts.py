"""What moderators change is changed and written down together, or neither."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.domain.jobs.job import Cancel
from bot.domain.moderation.acts import Act, ActKind, WrittenAct
from bot.domain.quotas.quota import Grant, Period, Policy, Rule, Scope
from storage import Storage
from tests.contract.orders import NOW, accept, claimed, finish, order

ASKER = order().destination.user_id
GUILD = order().destination.guild_id or 0
MO = ASKER + 90
ROLE = ASKER + 91
JOB = order().id

EVERYONE = Rule(Scope.EVERYONE, 0, Period.DAY, 5)
OWN = Rule(Scope.MEMBER, ASKER, Period.WEEK, -1)
ROLES = Rule(Scope.ROLE, ROLE, Period.MONTH, 0)


async def acts(storage: Storage) -> list[WrittenAct]:
    """What is written down, the oldest first."""
    return list(reversed(await storage.audit.latest(GUILD, 100)))


def brief(act: WrittenAct) -> tuple[ActKind, int | None, str | None, str | None, str | None]:
    return act.kind, act.member, act.target, act.before, act.after


async def test_rules_are_written_down_with_what_was_set_before(storage: Storage) -> None:
    store = storage.quotas
    for rule in (EVERYONE, OWN, ROLES, Rule(Scope.EVERYONE, 0, Period.DAY, 7)):
        await store.set_rule(GUILD, rule, MO, NOW)
    await store.clear_rules(GUILD, (Scope.EVERYONE, 0), None, by=MO, now=NOW + 1)
    await store.clear_rules(GUILD, (Scope.EVERYONE, 0), None, by=MO, now=NOW + 2)
    written = await acts(storage)
    assert [brief(act) for act in written] == [
        (ActKind.QUOTA_SET, None, "everyone:day", None, "5"),
        (ActKind.QUOTA_SET, ASKER, "member:week", None, "-1"),
        (ActKind.QUOTA_SET, None, f"role:{ROLE}:month", None, "0"),
        (ActKind.QUOTA_SET, None, "everyone:day", "5", "7"),
        (ActKind.QUOTA_CLEARED, None, "everyone:day", "7", None),
    ]
    assert {act.by for act in written} == {MO}
    assert [act.at for act in written] == [NOW, NOW, NOW, NOW, NOW + 1]


async def test_grants_are_written_down_as_what_they_came_to_and_why(storage: Storage) -> None:
    for images, reason in ((3, "won"), (-9, f"<@{ASKER}> gave <@!{MO}> them"), (-1, "nothing")):
        grant = Grant(ASKER, images, reason, granted_by=MO)
        await storage.quotas.add_grant(GUILD, grant, NOW)
    written = await acts(storage)
    assert [(act.member, act.after, act.reason) for act in written] == [
        (ASKER, "3", "won"),
        (ASKER, "-3", "@… gave @… them"),  # nothing erases a person from a text
    ]


async def test_what_moderators_do_to_jobs_is_written_down_and_what_members_do_is_not(
    storage: Storage,
) -> None:
    jobs = storage.jobs
    await accept(storage, *(order(number) for number in range(1, 5)))
    running, _ = await claimed(storage)
    assert running.id == JOB
    assert await storage.operations.put_first(order(3).id, MO, NOW)
    assert await storage.operations.put_first(order(3).id, MO, NOW)  # it was first already
    assert await jobs.cancel(order(2).id, ASKER, NOW, if_sent=False) is Cancel.ENDED
    assert await jobs.cancel(order(4).id, MO, NOW, if_sent=False) is Cancel.ENDED
    assert await jobs.cancel(order(4).id, MO, NOW, if_sent=False) is Cancel.TOO_LATE
    written = await acts(storage)
    assert [brief(act)[:3] for act in written] == [
        (ActKind.JOB_FIRST, ASKER, order(3).id),
        (ActKind.JOB_CANCELLED, ASKER, order(4).id),
    ]


async def test_a_cancel_of_a_job_at_work_is_written_down_once_it_is_meant(storage: Storage) -> None:
    await accept(storage, order())
    _, lease = await claimed(storage)
    assert await storage.jobs.record_sent(lease, NOW + 1)
    assert await storage.jobs.cancel(JOB, MO, NOW, if_sent=False) is Cancel.PAID
    assert await acts(storage) == []
    assert await storage.jobs.cancel(JOB, MO, NOW, if_sent=True) is Cancel.MARKED
    assert await storage.jobs.cancel(JOB, MO, NOW, if_sent=True) is Cancel.MARKED
    assert [act.kind for act in await acts(storage)] == [ActKind.JOB_CANCELLED]


async def test_a_deleted_result_of_somebody_else_is_written_down(storage: Storage) -> None:
    await accept(storage, order(1), order(2))
    await finish(storage)
    await finish(storage)
    assert await storage.jobs.mark_deleted(order(1).id, ASKER, NOW)
    assert await storage.jobs.mark_deleted(order(2).id, MO, NOW)
    assert not await storage.jobs.mark_deleted(order(2).id, MO, NOW)
    assert [brief(act)[:3] for act in await acts(storage)] == [
        (ActKind.RESULT_DELETED, ASKER, order(2).id)
    ]


async def test_nobody_moderates_direct_messages(storage: Storage) -> None:
    await accept(storage, order(guild=None))
    await storage.jobs.cancel(JOB, MO, NOW, if_sent=False)
    async with storage.engine.connect() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM audit")) == 0


async def _set(storage: Storage) -> None:
    await storage.quotas.set_rule(GUILD, ROLES, MO, NOW)


async def _clear(storage: Storage) -> None:
    await storage.quotas.clear_rules(GUILD, (Scope.EVERYONE, 0), None, by=MO, now=NOW)


async def _grant(storage: Storage) -> None:
    await storage.quotas.add_grant(GUILD, Grant(ASKER, 3, "won", granted_by=MO), NOW)


async def _first(storage: Storage) -> None:
    await storage.operations.put_first(order(2).id, MO, NOW)


async def _cancel(storage: Storage) -> None:
    await storage.jobs.cancel(JOB, MO, NOW, if_sent=False)


async def _delete(storage: Storage) -> None:
    await storage.jobs.mark_deleted(order(3).id, MO, NOW)


CHANGES: Mapping[str, Callable[[Storage], Awaitable[None]]] = {
    "quota set": _set,
    "quota clear": _clear,
    "quota grant": _grant,
    "queue first": _first,
    "cancel": _cancel,
    "delete": _delete,
}


@pytest.mark.parametrize("what", CHANGES)
async def test_what_cannot_be_written_down_is_not_done(storage: Storage, what: str) -> None:
    await accept(storage, order(3))
    await finish(storage)
    await accept(storage, order(1), order(2))
    await storage.quotas.set_rule(GUILD, EVERYONE, MO, NOW)
    before = await _state(storage)
    async with without_a_record(storage):
        with pytest.raises(DBAPIError):
            await CHANGES[what](storage)
    assert await _state(storage) == before
    await CHANGES[what](storage)
    assert await _state(storage) != before


async def _state(storage: Storage) -> tuple[Policy, int, object, object, object]:
    grants = await storage.quotas.open_grants(GUILD)
    found = [await storage.jobs.find(order(number).id) for number in (1, 2, 3)]
    jobs = [(job.state, job.order.priority, job.deleted_at) for job in found if job]
    return await storage.quotas.policy(GUILD), len(grants), *jobs


@asynccontextmanager
async def without_a_record(storage: Storage) -> AsyncIterator[None]:
    """Take the audit's table away, so that whatever writes into it fails."""
    await _rename(storage, "audit", "audit_away")
    try:
        yield
    finally:
        await _rename(storage, "audit_away", "audit")


async def _rename(storage: Storage, was: str, is_now: str) -> None:
    async with storage.engine.begin() as conn:
        await conn.execute(text(f"ALTER TABLE {was} RENAME TO {is_now}"))


async def test_an_act_names_its_writer_and_nobody_else(storage: Storage) -> None:
    texts = dict.fromkeys(("target", "before", "after", "reason"), f"<@{ASKER}> in <#{ROLE}>")
    await storage.audit.record(Act(GUILD, MO, ActKind.SETTING, NOW, **texts))
    [act] = await acts(storage)
    assert {act.target, act.before, act.after, act.reason} == {f"@… in <#{ROLE}>"}


async def test_pages_stay_as_they_were_when_the_look_began(storage: Storage) -> None:
    for number in range(5):
        await storage.audit.record(Act(GUILD, MO, ActKind.SETTING, float(number)))
    newest = (await storage.audit.latest(GUILD, 1))[0].number
    await storage.audit.record(Act(GUILD, MO, ActKind.SETTING, 9.0))
    page = await storage.audit.latest(GUILD, 2, up_to=newest, skip=2)
    assert [act.at for act in page] == [2.0, 1.0]
