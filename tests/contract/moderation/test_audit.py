"""The record of moderators' acts: read newest first, and never changed."""

from bot.domain.moderation.acts import TEXT_CHARS, Act, ActKind
from storage import Storage
from tests.contract.moderation.protection import allowed

GUILD, ELSEWHERE = 1_300_000_000_000_000_010, 1_300_000_000_000_000_011
ADA, BOB, CLEO = (1_300_000_000_000_000_001 + number for number in range(3))


def _act(number: int, *, by: int = ADA, member: int | None = None, guild: int = GUILD) -> Act:
    return Act(guild, by, ActKind.QUOTA_SET, float(number), member=member, after=str(number))


async def test_acts_are_read_newest_first_by_server_and_by_person(storage: Storage) -> None:
    for act in (_act(1), _act(2, by=BOB, member=CLEO), _act(3, guild=ELSEWHERE), _act(4)):
        await storage.audit.record(act)
    written = await storage.audit.latest(GUILD, 10)
    assert [(each.at, each.by, each.member) for each in written] == [
        (4.0, ADA, None),
        (2.0, BOB, CLEO),
        (1.0, ADA, None),
    ]
    assert [each.at for each in await storage.audit.latest(GUILD, 1)] == [4.0]
    assert [each.at for each in await storage.audit.latest(GUILD, 10, user_id=CLEO)] == [2.0]
    assert await storage.audit.latest(ELSEWHERE, 10, user_id=BOB) == []


async def test_no_statement_changes_what_was_written(storage: Storage) -> None:
    await storage.audit.record(_act(1))
    assert await allowed(storage.engine) == set()
    assert [act.at for act in await storage.audit.latest(GUILD, 10)] == [1.0]


async def test_no_text_of_an_act_makes_the_record_grow_by_much(storage: Storage) -> None:
    role = "<@&1300000000000000042>"
    long = ", ".join([role] * 2000)
    act = Act(GUILD, ADA, ActKind.SETTING, 1.0, target=long, before=long, after=long, reason=long)
    await storage.audit.record(act)
    (written,) = await storage.audit.latest(GUILD, 10)
    texts = {written.target, written.before, written.after, written.reason}
    assert {len(text or "") <= TEXT_CHARS for text in texts} == {True}
    assert {(text or "").rstrip("…").rstrip(", ").split(", ")[-1] for text in texts} == {role}
