"""Counts what became of every job: by the bot's database, the bill, and what stands in the chat."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobState, job_id_of

_JOB_IN_NAME: Final = re.compile(r"easel-([0-9a-z]{13})-\d+\.")
_AT_WORK: Final = (JobState.RUNNING, JobState.DELIVERING)


@dataclass(frozen=True, slots=True)
class JobRow:
    """What the counting needs of a job; times are unix seconds."""

    id: str
    state: str
    command: str
    pool: str
    guild_id: int | None
    user_id: int
    prompt: str | None
    created_at: float
    sent_at: float | None
    told_at: float | None
    deleted_at: float | None
    request_id: str | None


def count(rows: Sequence[JobRow], stand_ins: StandIns, waiting: set[str]) -> dict[str, Any]:
    """Count jobs by what became of them; `waiting` interactions show one that is not over.

    A job is lost if it ended without its picture in the chat and nobody deleted that, or if a
    message still says that it waits and the database does not know it or has ended it.
    """
    posts = _posts(stand_ins)
    ended = [row for row in rows if row.told_at is not None]
    kept = [row for row in ended if row.deleted_at is None]
    unposted = {row.id for row in kept if row.state == JobState.DONE and not posts[row.id]}
    open_ids = {row.id for row in rows if row.told_at is None}
    stranded = {job_id_of(int(interaction)) for interaction in waiting} - open_ids
    return {
        "accepted": len(rows),
        "ended": len(ended),
        "at_work": sum(row.state in _AT_WORK and row.told_at is None for row in rows),
        "waiting": sum(row.state == JobState.QUEUED for row in rows),
        "lost": len(unposted | stranded),
        "posted_twice": sum(number > 1 for number in posts.values()),
        "paid_twice": _paid_twice(rows, stand_ins),
    }


def _posts(stand_ins: StandIns) -> Counter[str]:
    """Count the messages that show a job's pictures, in every channel and direct message."""
    world = stand_ins.discord.world
    posts: Counter[str] = Counter()
    for channel in world.channels.values():
        for message in world.messages(channel):
            names = (attachment.filename for attachment in message.attachments)
            found = {match[1] for match in map(_JOB_IN_NAME.search, names) if match}
            posts.update(found if message.author.bot else ())
    return posts


def _paid_twice(rows: Sequence[JobRow], stand_ins: StandIns) -> int:
    """Count the lines of the bill that no job explains: each may have one.

    VOD's lines name their job. Of the others one is a job's by the request it remembers; what is
    left over is compared by prompt with the jobs that were sent and remember no line of the bill.
    """
    charged = stand_ins.tencent.charged
    sessions = Counter(each.session_id for each in charged if each.session_id)
    twice = sum(number - 1 for number in sessions.values())
    known = {row.request_id for row in rows if row.request_id}
    others = [each for each in charged if not each.session_id]
    prompts = {call.request_id: call.params.get("Prompt") or "" for call in stand_ins.tencent.calls}
    unexplained = Counter(
        prompts[each.request_id] for each in others if each.request_id not in known
    )
    billed = {each.request_id for each in charged}
    free = Counter(
        row.prompt or ""
        for row in rows
        if row.sent_at is not None and row.pool != "vod" and row.request_id not in billed
    )
    return twice + sum((unexplained - free).values())
