"""/audit as a moderator reads it: each kind of act, a person who is gone, acts that are long."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.moderation.acts import NO_END, ActKind, WrittenAct
from bot.services.moderation.audit import PAGE, AuditLook, AuditPage
from cogs.moderating.acts.audit_layout import AuditLayout
from cogs.views.moderating.act_texts import act_text
from tests.cogs.views.layouts.drawing import drawn

FOLDER = Path(__file__).parent / "snapshots"
NOW = 1_800_000_000.0
ADA, MO, JOB = 1_300_000_000_000_000_001, 1_300_000_000_000_000_009, "0ahj5c1bq4zcw"


def act(kind: ActKind, **row: object) -> WrittenAct:
    known = {"number": 7, "guild_id": 1, "by": MO, "kind": kind, "at": NOW} | row
    return WrittenAct(**known)  # type: ignore[arg-type] # as a row gives them


OF_QUOTAS = (
    act(ActKind.QUOTA_SET, member=ADA, target="member:day", after="5"),
    act(ActKind.QUOTA_SET, target="role:42:week", before="-1", after="0"),
    act(ActKind.QUOTA_CLEARED, target="everyone:month", before="1"),
    act(ActKind.QUOTA_GRANTED, member=ADA, after="3", reason="won the *contest*"),
    act(ActKind.QUOTA_GRANTED, member=ADA, after="-3", reason="oops"),
)
_OF_JOB = ("job", "result", "approved", "denied")
OF_JOBS = (
    *(act(kind, member=ADA, target=JOB) for kind in ActKind if kind.value.startswith(_OF_JOB)),
    act(ActKind.DENIED, member=ADA, target=JOB, after="person", reason="*Not* him."),
    act(ActKind.DENIED, member=ADA, target=JOB, reason="of an older version – as it was written"),
)
OF_SERVERS = (
    act(ActKind.SETTING, target="log_channel", before="<#17>", after="<#18>"),
    act(ActKind.SETTING, target="moderator", after="<@&19>"),
    act(ActKind.PRESET_SET, target="watercolour"),
    act(ActKind.PRESET_REMOVED, target="watercolour"),
    act(ActKind.QUEUE_PAUSED, reason="@everyone reads this"),
    act(ActKind.QUEUE_RESUMED),
    act(ActKind.QUEUE_DRAINED),
)
OF_PEOPLE = (
    act(ActKind.BLOCKED, member=ADA, after="2027-01-15 12:00 UTC", reason="spam"),
    act(ActKind.BLOCKED, target="role:42", after=NO_END),
    act(ActKind.UNBLOCKED, member=None, is_about_member=True),
    act(ActKind.WORDS_ADDED, after="blood*, gore"),
    act(ActKind.WORDS_REMOVED, by=None, before="blood*"),
    act(ActKind.WORDS_ADDED, target="1998", after="blood*, gore, …"),
    act(ActKind.WORDS_REMOVED, target="2000", before="blood*, gore, …"),
)


def page(*acts: WrittenAct, number: int = 0, has_older: bool = False, user: int = 0) -> AuditLayout:
    look = AuditLook(100, user_id=user, up_to=77, page=number)
    return AuditLayout(AuditPage(look, acts, has_older))


PAGES: Mapping[str, AuditLayout] = {
    "quotas": page(*OF_QUOTAS),
    "jobs": page(*OF_JOBS),
    "servers": page(*OF_SERVERS, has_older=True),
    "people": page(*OF_PEOPLE, number=3, user=ADA),
    "nothing": page(),
}


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_looks_as_its_reviewer_last_saw_it(
    name: str, request: pytest.FixtureRequest
) -> None:
    file, shown = FOLDER / f"{name}.txt", drawn(PAGES[name])
    if request.config.getoption("--update-snapshots"):
        file.write_text(shown, "utf-8")
    assert shown == file.read_text("utf-8")


def test_each_kind_of_act_has_its_sentence_on_some_page() -> None:
    shown = {each.kind for each in (*OF_QUOTAS, *OF_JOBS, *OF_SERVERS, *OF_PEOPLE)}
    assert shown == set(ActKind)


@pytest.mark.parametrize("letter", ["w", "*", "<#12>"])
async def test_a_full_page_of_the_longest_acts_still_fits_a_message(letter: str) -> None:
    long = letter * (1000 // len(letter))
    acts = [
        act(ActKind.SETTING, target=long, before=long, after=long, reason=long) for _ in range(PAGE)
    ]
    assert page(*acts).content_length() <= LAYOUT_CHARS


def test_a_text_of_an_act_does_nothing_but_name_channels_and_roles() -> None:
    text = act_text(act(ActKind.SETTING, target="<#1> <@&2> <@3> @here [x](http://a.b)"), 500)
    assert "<#1> <@&2> \\<\\@3\\> \\@here \\[x\\]" in text
