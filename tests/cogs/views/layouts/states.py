"""Every state that a job's message and moderators' lists can be in, each with its layout."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from discord import ui

from bot.domain.engines.plans import Default
from bot.domain.follow_ups.kinds import FollowUp, Offers
from bot.domain.jobs.endings import (
    Ending,
    cancelled_sent,
    cancelled_unsent,
    denied,
    expired,
    failed,
    late,
)
from bot.domain.jobs.job import HoldKind, Job, JobState, Options
from bot.domain.jobs.line import Standing, held
from bot.domain.jobs.operations import GuildPause, Overview
from bot.domain.jobs.reasons.causes import cause_of
from bot.domain.jobs.reasons.denial import Denial, DenyReason
from bot.domain.jobs.reasons.reason import Reason
from bot.domain.jobs.reasons.result_errors import ResultLost, ResultUnreadable
from bot.domain.members.defaults import Defaults
from bot.domain.moderation.approvals import Approval, AskedFor
from bot.domain.pictures.picture import Attachments, Picture
from bot.domain.provider_errors import (
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    RequestBug,
    ServerFault,
)
from bot.services.queue import PoolState
from cogs.moderating.approving.layout import ApprovalLayout, SettledLayout
from cogs.moderating.queueing.layout import QueueLayout
from cogs.views.layouts.default_texts import passed_over_text
from cogs.views.layouts.defaults import DefaultsLayout
from cogs.views.layouts.ended import EndedLayout, RefusalLayout
from cogs.views.layouts.result import ResultLayout, result_files
from cogs.views.layouts.waiting import WaitingLayout
from tests.contract.orders import NOW, order

SYSTEM = "Tencent VOD HY 3.0"
QUOTA = "Uses 1 of your 20 pictures today; 12 are left."
PASSED_OVER = (
    Default("engine", "gg-3.0"),
    Default("style", "Water_colour_"),
    Default("ratio", "16:9"),
    Default("negative", "people"),
)
LONG = "a lighthouse at the end of the world, " * 12
PICTURE = Picture(b"bytes", "image/png", 1024, 768)


def job(state: JobState, options: Options | None = None, **row: Any) -> Job:
    """A job with its prompt, made in 23 seconds where it was."""
    asked = options or Options(prompt="a quiet lake")
    inputs = row.pop("inputs", ("given",))
    command = row.pop("command", "restyle")
    wanted = replace(order(options=asked), inputs=inputs, command=command)
    return Job(wanted, state, created_at=NOW, **row)


def waiting(standing: Standing, state: JobState = JobState.QUEUED, **row: Any) -> ui.LayoutView:
    return WaitingLayout(job(state, **row), standing)


def result(*pictures: Picture, of: Attachments | None = None, **row: Any) -> ResultLayout:
    shown = job(JobState.DONE, started_at=NOW + 4, drawn_at=NOW + 27, **row)
    posted = of or Attachments(pictures)
    offers = Offers(len(posted.pictures), can_edit=True, kinds=tuple(FollowUp))
    return ResultLayout(shown, SYSTEM, result_files(shown, posted), posted, offers)


def refused(what: str, *, or_upload: bool = False) -> Ending:
    return failed(job(JobState.RUNNING), Moderated("X", what=what, or_upload=or_upload))


ENDINGS: Mapping[str, Ending] = {
    "prompt refused": refused("prompt"),
    "picture refused": refused("picture"),
    "either refused": refused("prompt", or_upload=True),
    "result refused": refused("result"),
    "result or picture refused": refused("result", or_upload=True),
    **{
        cause_of(error): failed(job(JobState.RUNNING), error)
        for error in (
            InputRefused("InvalidParameter.Odd"),
            ServerFault("InternalError"),
            OperatorFault("AuthFailure"),
            EngineGone("UnsupportedOperation"),
            RequestBug("MissingParameter"),
            OutcomeUnknown("Lost"),
            ResultLost(),
            ResultUnreadable(),
        )
    },
    "expired": expired(6 * 3600),
    "not approved": denied(Denial(DenyReason.RULES, "No lakes.")),
    "not approved without words": denied(Denial(DenyReason.OTHER)),
    "not approved in time": late(job(JobState.QUEUED, held_for=HoldKind.APPROVAL), NOW),
    "cancelled": cancelled_unsent(),
    "cancelled by a moderator": cancelled_unsent(by_asker=False),
    "cancelled at work": cancelled_sent(job(JobState.RUNNING, cancelled_by=None), None),
    "cancelled at work by a moderator": cancelled_sent(job(JobState.RUNNING, cancelled_by=9), None),
}


def ended(ending: Ending) -> ui.LayoutView:
    code, why, cause = ending.error_code, ending.reason, ending.cause
    return EndedLayout(job(ending.state, error_code=code, reason=why, cause=cause))


def new_job(state: JobState = JobState.QUEUED, *, private: bool = False) -> Job:
    """What a newcomer asks for, with a picture that is too large to be shown."""
    asked = job(state, Options("a quiet lake", negative="boats", style="ink"))
    to = replace(asked.order.destination, private=private)
    return replace(asked, order=replace(asked.order, destination=to))


APPROVAL = Approval(order().id, 1, NOW)


def decided(*, is_approved: bool) -> Approval:
    return replace(APPROVAL, decided_at=NOW, decided_by=9, is_approved=is_approved)


def queue(page: int) -> QueueLayout:
    """One picture at work; seven wait, of which moderators hold one and have put one first."""
    waits = [Job(order(number), JobState.QUEUED, created_at=NOW + number) for number in range(2, 7)]
    held_back = Job(order(7), JobState.QUEUED, NOW + 7, held_at=NOW, held_for=HoldKind.MODERATOR)
    first = Job(order(8, priority=1), JobState.QUEUED, created_at=NOW + 8)
    running = Job(order(1), JobState.RUNNING, created_at=NOW, started_at=NOW + 1)
    overview = Overview({}, 6, NOW + 2, None, (), held=1, guild_pause=GuildPause("Why.", NOW))
    live = [running, first, held_back, *waits]
    return QueueLayout([PoolState("aiart", 3, 1, 0)], overview, live, page=page)


STATES: Mapping[str, Callable[[], ui.LayoutView]] = {
    "waiting/queued": lambda: waiting(Standing(2, 10, 25, note=QUOTA)),
    "waiting/queued-long-prompt": lambda: waiting(Standing(2, 10, 25), options=Options(LONG)),
    "waiting/paused": lambda: waiting(
        Standing(
            0,
            10,
            25,
            is_timeless=True,
            note=f"Paused by Ada: no job starts now. New card.\n{QUOTA}",
        )
    ),
    "waiting/held": lambda: waiting(held(HoldKind.MODERATOR, QUOTA), held_for=HoldKind.MODERATOR),
    "waiting/running": lambda: waiting(Standing(0, 5, 20, is_running=True), JobState.RUNNING),
    "waiting/running-progress-of-the-api": lambda: waiting(
        Standing(0, 5, 20, is_running=True, percent=60, note=QUOTA), JobState.RUNNING
    ),
    "waiting/running-progress-estimated": lambda: waiting(
        Standing(0, 5, 20, is_running=True, percent=60, is_estimate=True, note=QUOTA),
        JobState.RUNNING,
    ),
    "waiting/being-cancelled": lambda: waiting(
        Standing(0, 5, 20, is_running=True), JobState.RUNNING, cancel_at=NOW
    ),
    "result/of-words": lambda: result(PICTURE, inputs=(), command="imagine"),
    "result/of-a-picture": lambda: result(PICTURE),
    "result/of-a-picture-without-words": lambda: result(
        PICTURE, options=Options(), command="tool refine"
    ),
    "result/of-three-pictures": lambda: result(PICTURE, inputs=("a", "b", "c"), command="blend"),
    "result/four-pictures-with-a-seed": lambda: result(
        *[PICTURE] * 4, options=Options("a quiet lake", seed=42, count=4), inputs=()
    ),
    "result/long-prompt": lambda: result(PICTURE, options=Options(LONG), inputs=()),
    "result/made-smaller": lambda: result(of=Attachments((PICTURE,), is_shrunk=True)),
    "result/one-unreadable": lambda: result(
        of=Attachments((PICTURE, replace(PICTURE, width=640)), unread=1)
    ),
    **{
        f"ended/{cause.replace(' ', '-')}": partial(ended, ending)
        for cause, ending in ENDINGS.items()
    },
    "ended/older-row": lambda: EndedLayout(
        job(JobState.UNKNOWN, reason=Reason("ToldEarlier", {"text": "It was lost."}))
    ),
    "waiting/for-approval": lambda: waiting(held(HoldKind.APPROVAL), held_for=HoldKind.APPROVAL),
    "approval/asked": lambda: ApprovalLayout(AskedFor(APPROVAL, new_job()), []),
    "approval/asked-privately": lambda: ApprovalLayout(
        AskedFor(APPROVAL, new_job(private=True)), []
    ),
    "approval/approved": lambda: SettledLayout(decided(is_approved=True), new_job()),
    "approval/denied": lambda: SettledLayout(
        decided(is_approved=False),
        replace(new_job(), reason=denied(Denial(DenyReason.RULES, "No lakes.")).reason),
    ),
    "approval/approved-privately": lambda: SettledLayout(
        decided(is_approved=True), new_job(private=True)
    ),
    "approval/expired": lambda: SettledLayout(APPROVAL, new_job(JobState.EXPIRED)),
    "queue/first-page": lambda: queue(page=0),
    "queue/last-page": lambda: queue(page=1),
    "queue/drained": lambda: QueueLayout(
        [],
        Overview({}, 0, None, None, (), guild_pause=GuildPause("We move.", NOW, is_drain=True)),
        [],
    ),
    "defaults/none": lambda: DefaultsLayout(Defaults(), ""),
    "defaults/one": lambda: DefaultsLayout(Defaults(ratio="16:9"), ""),
    "defaults/all": lambda: DefaultsLayout(
        Defaults("gg-3.0", "Watercolour", "16:9", "*people*, text"), "Tencent VOD GG 3.0"
    ),
    "waiting/defaults-passed-over": lambda: waiting(
        Standing(2, 10, 25, note=f"{passed_over_text(PASSED_OVER)}\n{QUOTA}")
    ),
    "refusal": lambda: RefusalLayout("That is not possible."),
}
