"""What moderators read of single jobs in the queue, and of what they did to them."""

from bot.domain.jobs.job import HoldKind, Job, JobId, JobState
from bot.domain.jobs.operations import GuildPause
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say
from cogs.views.job_texts import link_to, words_of

_WORDS_SHOWN = 40

_FIRST = "{job_id} of {user_id:member} is first in this server’s line now."
_HELD = (
    "{job_id} of {user_id:member} is held now: it keeps its place, its time to wait stands still, "
    "and it starts once a moderator releases it. Its message says so."
)
_RELEASED = "{job_id} of {user_id:member} waits on now, in its place."

_PAUSED = (
    "No picture of this server starts from now on; what is being made is finished, and what is "
    "asked for waits. `/queue resume` goes on. Members who wait read it: {reason}"
)
_PAUSED_UNSAID = (
    "No picture of this server starts from now on; what is being made is finished, and what is "
    "asked for waits. `/queue resume` goes on. Members who wait read it."
)
_DRAINED = (
    "Nothing new is taken in this server from now on, and nothing starts; what is being made is "
    "finished, and what waits stays in its place until `/queue resume`. Members read it: {reason}"
)
_DRAINED_UNSAID = (
    "Nothing new is taken in this server from now on, and nothing starts; what is being made is "
    "finished, and what waits stays in its place until `/queue resume`. Members read it."
)
_RESUMED = "Pictures of this server start again, and new ones may be asked for."

_JOB = "{job_id} {user_id:member} {engine} {since:from now} · {words}{link}"
_JOB_PUT_FIRST = "{job_id} {user_id:member} {engine} {since:from now}, put first · {words}{link}"
_JOB_HELD = "{job_id} {user_id:member} {engine} {since:from now}, **held** · {words}{link}"
_JOB_UNAPPROVED = (
    "{job_id} {user_id:member} {engine} {since:from now}, **waits for approval** · {words}{link}"
)
_OF_HELD = {HoldKind.MODERATOR: _JOB_HELD, HoldKind.APPROVAL: _JOB_UNAPPROVED}


def first_text(job_id: JobId, user_id: int) -> Markup:
    """Return that a job was put first."""
    return say(_FIRST, job_id=coded(job_id), user_id=user_id)


def held_text(job: Job) -> Markup:
    """Return that a job is held now."""
    return say(_HELD, job_id=coded(job.id), user_id=job.order.destination.user_id)


def released_text(job: Job) -> Markup:
    """Return that a job was let go."""
    return say(_RELEASED, job_id=coded(job.id), user_id=job.order.destination.user_id)


def pause_text(pause: GuildPause) -> Markup:
    """Return what a pause or drain means, and the reason that members read."""
    if pause.is_drain:
        sentence = _DRAINED if pause.reason else _DRAINED_UNSAID
    else:
        sentence = _PAUSED if pause.reason else _PAUSED_UNSAID
    return say(sentence, reason=quoted(pause.reason))


def resumed_text() -> Markup:
    """Return that a server goes on."""
    return say(_RESUMED)


def words_for_moderators(job: Job) -> str:
    """Return what moderators may read of a job; a private one keeps its prompt."""
    if job.order.destination.private:
        return f"/{job.order.command}, private"
    return words_of(job)


def live_job_text(job: Job) -> Markup:
    """Return a line of a job that waits or is made: who, what, with what, how long, where."""
    return say(
        _sentence_of(job),
        job_id=coded(job.id),
        user_id=job.order.destination.user_id,
        engine=job.order.engine,
        since=job.started_at or job.created_at,
        words=quoted(words_for_moderators(job), _WORDS_SHOWN),
        link=Markup(link_to(job)),
    )


def _sentence_of(job: Job) -> str:
    if job.held_for is not None:
        return _OF_HELD[job.held_for]
    is_put_first = job.order.priority > 0 and job.state is JobState.QUEUED
    return _JOB_PUT_FIRST if is_put_first else _JOB
