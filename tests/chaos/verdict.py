"""Judges what the kills left behind: the database, the bill, and what stands in the chat."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.cli.local_stack import StandIns
from bot.domain.jobs.job import JobState, job_id_of
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.world import Message
from storage import Storage, open_storage
from storage.database.tables import jobs, ledger
from tests.contract.orders import LIVE

_JOB_IN_NAME = re.compile(r"easel-([0-9a-z]{13})-\d+\.")
_UNENDED = ("**Queued**", "**Being made**", "**Being cancelled**")
_PAID = {JobState.DONE, JobState.UNKNOWN}  # and what was cancelled at work


@dataclass
class Verdict:
    """Ids of jobs by what is wrong with them; all empty is the good end."""

    accepted: int
    ends: Counter[str]
    cancelled_at_work: int
    delivered_late: int  # by another process than the one that first claimed it
    lost: list[str] = field(default_factory=list)
    posted_twice: list[str] = field(default_factory=list)
    paid_twice: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.posted_twice or self.paid_twice or self.unbalanced)


async def open_jobs(storage: Storage) -> int:
    """Count the jobs that have not reached their visible end."""
    async with storage.engine.connect() as conn:
        is_open = jobs.c.told_at.is_(None)
        return await conn.scalar(select(func.count()).select_from(jobs).where(is_open)) or 0


async def judge(stand_ins: StandIns, folder: Path, replies: Iterable[Reply]) -> Verdict:
    """Hold the promises of the README against what happened."""
    url = stand_ins.variables(folder)["DATABASE_URL"]
    async with open_storage(url, folder, readonly=True) as storage:
        rows = await _rows(storage)
    charges = _charges(stand_ins, {row.prompt: row.id for row in rows})
    ends = Counter(row.state for row in rows)
    late = sum(row.state == JobState.DONE and row.attempt > 1 for row in rows)
    verdict = Verdict(len(rows), ends, sum(map(_is_cancelled_at_work, rows)), late)
    posts = _posts(stand_ins)
    seen = {job_id_of(int(reply.interaction.id)): reply for reply in replies}
    for row in rows:
        if not _has_visible_end(row, posts, seen.get(row.id)):
            verdict.lost.append(row.id)
        if posts[row.id] > 1:
            verdict.posted_twice.append(row.id)
        if charges[row.id] > 1:
            verdict.paid_twice.append(row.id)
        if not _is_balanced(row, charges[row.id]):
            verdict.unbalanced.append(row.id)
    verdict.unbalanced += charges.keys() - {row.id for row in rows}
    return verdict


async def _rows(storage: Storage) -> list[Any]:
    """Return jobs with their ledger rows; one without the other would be missing here."""
    settled = [ledger.c[name].label(f"ledger_{name}") for name in ("state", "images", "reserved")]
    both = select(jobs, *settled).join_from(
        jobs, ledger, jobs.c.id == ledger.c.job_id, full=True, isouter=True
    )
    async with storage.engine.connect() as conn:
        return list(await conn.execute(both))


def _charges(stand_ins: StandIns, job_of: dict[str, str]) -> Counter[str]:
    """Count the bill's lines per job; a call names its job by the prompt, which is unique."""
    prompts = {
        call.request_id: str(call.params.get("Prompt", "")) for call in stand_ins.tencent.calls
    }
    return Counter(
        job_of.get(prompts[charge.request_id], f"no job: {prompts[charge.request_id]}")
        for charge in stand_ins.tencent.charged
    )


def _posts(stand_ins: StandIns) -> Counter[str]:
    """Count the messages that show a job's pictures, in every channel and direct message."""
    world = stand_ins.discord.world
    posts: Counter[str] = Counter()
    for channel in world.channels.values():
        for message in world.messages(channel):
            posts.update(_jobs_shown(message))
    return posts


def _jobs_shown(message: Message) -> set[str]:
    names = (attachment.filename for attachment in message.attachments)
    return {match[1] for match in map(_JOB_IN_NAME.search, names) if match}


def _has_visible_end(row: Any, posts: Counter[str], reply: Reply | None) -> bool:
    if row.state in LIVE or row.told_at is None:
        return False
    if row.state == JobState.DONE:
        return posts[row.id] > 0
    # The member's own view: neither "thinking" nor at work any more.
    message = reply.message if reply else None
    if message is None or message.loading:
        return False
    return not any(words in message.text for words in _UNENDED)


def _is_balanced(row: Any, charges: int) -> bool:
    """Reserved = settled + refunded, by the same end, and nothing paid for without a trace."""
    is_done = row.state == JobState.DONE
    used = len(row.outputs) if is_done else 0
    if _is_cancelled_at_work(row):
        used = row.ledger_reserved
    is_paid = JobState(row.state) in _PAID or _is_cancelled_at_work(row)
    is_traced = is_paid if charges else not is_done
    return (row.ledger_state, row.ledger_images) == (row.state, used) and is_traced


def _is_cancelled_at_work(row: Any) -> bool:
    return row.state == JobState.CANCELLED and row.cancel_at is not None
