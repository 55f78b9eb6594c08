"""What /queue shows: pools of the whole account; what is made, waits and got lost in a server."""

import math
from collections.abc import Sequence

from discord import ui

from bot.domain.discord_limits import LAYOUT_CHARS
from bot.domain.jobs.job import Job, JobState
from bot.domain.jobs.operations import LostJob, Overview
from bot.domain.wording.quoting import Markup, coded, quoted, shortened
from bot.domain.wording.sentences import NOBODY_NAMED, Operator, say
from bot.services.queue import PoolState
from cogs.moderating.queueing.buttons import buttons_of, turns
from cogs.moderating.queueing.texts import live_job_text
from cogs.views.fitting import fitting

_LOST_SHOWN = 6  # of each kind
_RUNNING_SHOWN = 8
# Characters: so many are left for what is at work and waits, whatever got lost.
_LIVE_LEAST = 2300
_REASON_SHOWN = 300
_CODE_SHOWN = 50
PAGE = 5  # waiting jobs, each with a row of buttons: a message holds 40 parts


class QueueLayout(ui.LayoutView):
    """Pools of the whole account; what is made, waits and got lost in this server.

    Further pages, counted from 0, have more of what waits and nothing else. A page that is no more
    shows the last one that is.
    """

    def __init__(
        self,
        pools: list[PoolState],
        overview: Overview,
        live: Sequence[Job],
        operator: Operator = NOBODY_NAMED,
        *,
        page: int = 0,
    ) -> None:
        super().__init__(timeout=None)
        waiting = [job for job in live if job.state is JobState.QUEUED]
        pages = max(math.ceil(len(waiting) / PAGE), 1)
        page = min(page, pages - 1)
        shown = waiting[page * PAGE : (page + 1) * PAGE]
        lines = [live_job_text(job) for job in shown]
        title = _waiting(overview, unread=overview.waiting + overview.held - len(waiting))
        above, below = [], []
        if page == 0:
            above = [_paused(overview), _guild_paused(overview, live), _pools(pools)]
            above.append(_unreadable(overview.unreadable))
            room = LAYOUT_CHARS - sum(map(len, [*above, title]))
            below = _lost(overview, operator, room - _LIVE_LEAST)
            room -= sum(map(len, [*below, *lines]))
            above.append(_at_work(live, room))
        container = ui.Container[ui.LayoutView](*_displays([*above, title]))
        for job, line in zip(shown, lines, strict=True):
            container.add_item(ui.TextDisplay(line))
            container.add_item(ui.ActionRow(*buttons_of(job, page)))
        for display in _displays(below):
            container.add_item(display)
        if pages > 1:
            container.add_item(ui.ActionRow(*turns(page, pages)))
        self.add_item(container)


def _displays(texts: Sequence[str]) -> list[ui.TextDisplay[ui.LayoutView]]:
    return [ui.TextDisplay(text) for text in texts if text]


_PAUSED = "**All servers were paused** {since:from now}: {reason}"
_PAUSED_UNSAID = "**All servers were paused** {since:from now}."


def _paused(overview: Overview) -> str:
    pause = overview.pause
    if pause is None:
        return ""
    return say(
        _PAUSED if pause.reason else _PAUSED_UNSAID,
        since=pause.since,
        reason=quoted(pause.reason, _REASON_SHOWN),
    )


_PAUSED_HERE = "**This server’s queue was paused** {since:from now}: {reason}"
_PAUSED_HERE_UNSAID = "**This server’s queue was paused** {since:from now}."
_DRAINING = (
    "**This server’s queue was drained** {since:from now}; still being made: {count}. {reason}"
)
_DRAINED = (
    "**This server’s queue was drained** {since:from now}; nothing of it is being made. {reason}"
)


def _guild_paused(overview: Overview, live: Sequence[Job]) -> str:
    pause = overview.guild_pause
    if pause is None:
        return ""
    count = sum(job.state is JobState.RUNNING for job in live)
    if pause.is_drain:
        sentence = _DRAINING if count else _DRAINED
    else:
        sentence = _PAUSED_HERE if pause.reason else _PAUSED_HERE_UNSAID
    reason = quoted(pause.reason, _REASON_SHOWN)
    return say(sentence, since=pause.since, reason=reason, count=count)


_POOLS = "**Pictures being made now: {pools}**\n-# over all servers"
_POOLS_AND_LOST = (
    "**Pictures being made now: {pools}**\n-# over all servers; {lost} of them may go on at the "
    "service from before a crash"
)


def _pools(pools: list[PoolState]) -> str:
    """Return how many pictures the account makes for all servers together, and how many it can."""
    busy = "{busy} of {limit} ({name})"
    made = [
        say(busy, busy=pool.busy, limit=pool.limit, name=pool.name) for pool in pools if pool.busy
    ]
    lost = sum(pool.lost for pool in pools)
    shown = Markup(", ".join(made)) if made else say("none")
    return say(_POOLS_AND_LOST if lost else _POOLS, pools=shown, lost=lost)


def _at_work(live: Sequence[Job], room: int) -> str:
    running = [live_job_text(job) for job in live if job.state is JobState.RUNNING]
    if not running:
        return ""
    title = say("**Being made for this server**")
    more = max(len(running) - _RUNNING_SHOWN, 0)
    return "\n".join([title, *fitting(running[:_RUNNING_SHOWN], room - len(title), more)])


_WAITING = "**Waiting in this server**: {count}, the oldest was asked for {oldest_at:from now}"
_WAITING_AND_HELD = (
    "**Waiting in this server**: {count}, the oldest was asked for {oldest_at:from now}; "
    "held back: {held}"
)
_HELD = "**Waiting in this server**: none; held back: {held}"
_NONE = "**Waiting in this server**: none"


_MORE = "{title}\n-# and {count} more that are not listed yet"


def _waiting(overview: Overview, unread: int) -> Markup:
    """Return how much waits; `unread` are those that no page shows."""
    title = _waiting_title(overview)
    return say(_MORE, title=title, count=unread) if unread > 0 else title


def _waiting_title(overview: Overview) -> Markup:
    if overview.oldest_at is None:
        return say(_HELD if overview.held else _NONE, held=overview.held)
    sentence = _WAITING_AND_HELD if overview.held else _WAITING
    facts = {"count": overview.waiting, "oldest_at": overview.oldest_at, "held": overview.held}
    return say(sentence, **facts)


def _lost(overview: Overview, operator: Operator, room: int) -> list[str]:
    kinds = (
        (say("**Unknown outcome, last 7 days**"), overview.unknown),
        (say("**Failed, last 7 days**"), overview.failed),
        (say("**Refused by the service’s review, last 7 days**"), overview.refused),
    )
    found = [(title, jobs) for title, jobs in kinds if jobs]
    each = room // max(len(found), 1)
    return [_listed(title, jobs, operator, each) for title, jobs in found]


_UNREADABLE = (
    "**Made and kept, but not readable as they are**\n{jobs}\n"
    "-# /result posts them once Easel can read and label them."
)
_UNREADABLE_AND_MORE = (
    "**Made and kept, but not readable as they are**\n{jobs} and {more} more\n"
    "-# /result posts them once Easel can read and label them."
)


def _unreadable(jobs: Sequence[LostJob]) -> str:
    if not jobs:
        return ""
    shown = Markup(", ".join(coded(job.job_id) for job in jobs[:_LOST_SHOWN]))
    more = len(jobs) - _LOST_SHOWN
    return say(_UNREADABLE_AND_MORE if more > 0 else _UNREADABLE, jobs=shown, more=more)


_IN_LEDGER = "-# and {count} more; {operator} has them all in the ledger"


def _listed(title: str, jobs: Sequence[LostJob], operator: Operator, room: int) -> str:
    lines = [_lost_job(job) for job in jobs[:_LOST_SHOWN]]
    more = len(jobs) - len(lines)

    def rest(count: int) -> str:
        return say(_IN_LEDGER, count=count, operator=operator.called)

    return "\n".join([title, *fitting(lines, room - len(title), more, rest=rest)])


_LOST = "{job_id} {user_id:member} {engine} {finished_at:from now}\n-# {code}, {request}"
_LOST_WITHOUT_CODE = "{job_id} {user_id:member} {engine} {finished_at:from now}\n-# {request}"


def _lost_job(job: LostJob) -> str:
    request = say("no request id")
    if job.request_id:
        request = say("request {request_id}", request_id=_coded(job.request_id))
    return say(
        _LOST if job.error_code else _LOST_WITHOUT_CODE,
        job_id=coded(job.job_id),
        user_id=job.user_id,
        engine=job.engine,
        code=_coded(job.error_code or ""),
        finished_at=job.finished_at,
        request=request,
    )


def _coded(text: str) -> Markup:
    return coded(shortened(text, _CODE_SHOWN))
