"""What a job's message says in each of its states: one whole sentence each, or one plain fact."""

from collections.abc import Sequence

from bot.domain.errors import EaselError
from bot.domain.jobs.job import HoldKind, Job, JobState
from bot.domain.jobs.line import Standing
from bot.domain.jobs.reasons.causes import Cause
from bot.domain.pictures.picture import Attachments, Picture
from bot.domain.provider_errors import ProviderError
from bot.domain.wording.durations import exactly
from bot.domain.wording.quoting import Markup, coded, in_one_line, shortened
from bot.domain.wording.sentences import say

_MINUTES_FROM_S = 90  # below, a wait is told in seconds
_BETWEEN = " · "  # of facts that stand side by side

_TITLES = {
    JobState.QUEUED: "Queued",
    JobState.RUNNING: "Being made",
    JobState.DELIVERING: "Being posted",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
    JobState.REFUSED: "Refused",
    JobState.CANCELLED: "Cancelled",
    JobState.EXPIRED: "Expired",
    JobState.UNKNOWN: "Lost",
}
_HELD_TITLES = {
    HoldKind.MODERATOR: "Held by the moderators",
    HoldKind.APPROVAL: "Waiting for approval",
}
_BEING_CANCELLED = "Being cancelled"
_NOT_POSTED = "Not posted"
_NOT_APPROVED = "Not approved"
_DELETED = "Deleted"

_QUEUED = "**Queued** · position {place} · about {span}"
_QUEUED_TIMELESS = "**Queued** · position {place}"
_HELD = {
    HoldKind.MODERATOR: (
        "**Held by the moderators** · it starts once they release it, and keeps its place until "
        "then"
    ),
    HoldKind.APPROVAL: (
        "**Waiting for approval** · a moderator looks at it first; until then nothing is sent"
    ),
}
_MAKING = "**Being made** · about {span}"
_FAR = "{percent} % done  {bar}"
_FAR_ESTIMATED = "About {percent} % done, estimated  {bar}"
_BAR = ("█", "░")  # every font has them
_BAR_PARTS = 10
_CANCELLING = "**Being cancelled** · the service finishes its work first"

_MADE_BY = "**{label}** · {system}"
_SIZE = "{width} × {height} pixels"
_SIZES = "{count} pictures of {width} × {height} pixels"
_COUNT = "{count} pictures"
_MADE_IN = "made in {time}"
_SEED = "seed {seed}"
_SHRUNK = "-# Made smaller to fit Discord’s limit."
_UNREAD_ONE = (
    "-# The service made a picture more that cannot be read and so not be labelled; it is kept, "
    "and /result posts all once Easel can read it."
)
_UNREAD = (
    "-# The service made {count} pictures more that cannot be read and so not be labelled; they "
    "are kept, and /result posts all once Easel can read them."
)
_FOOTER = "-# /{command} for {asker:member} · {engine} · {job}"

_ENDED = "**{title}** · {reason}"

_ALT = "Picture, {label}."
_ALT_EACH = "Picture {number} of {count}, {label}."
_OF_WORDS = "It was made for the prompt “{prompt}”."
_OF_PICTURE = "It was made from a given picture by /{command}."
_OF_PICTURE_AND_WORDS = "It was made from a given picture for the prompt “{prompt}”."
_OF_PICTURES_AND_WORDS = "It was made from {pictures} given pictures for the prompt “{prompt}”."


def title_of(job: Job) -> str:
    """Return how far a job has come, in the words that its message and /jobs begin with."""
    if job.cancel_at is not None and job.state in (JobState.QUEUED, JobState.RUNNING):
        return _BEING_CANCELLED
    if job.deleted_at is not None:
        return _DELETED
    if job.cause is Cause.DENIED:
        return _NOT_APPROVED
    if job.is_kept_unread:
        return _NOT_POSTED
    if job.held_for is not None:
        return _HELD_TITLES[job.held_for]
    return _TITLES[job.state]


def standing_text(job: Job, standing: Standing) -> Markup:
    """Return where a job stands: its place or how far it is, and about how long it takes."""
    if job.cancel_at is not None:
        return say(_CANCELLING)
    if standing.held_for is not None:
        return say(_HELD[standing.held_for])
    span = span_text(standing.low_s, standing.high_s)
    if standing.is_running:
        return say(_MAKING, span=span)
    place = standing.ahead + 1
    if standing.is_timeless:
        return say(_QUEUED_TIMELESS, place=place)
    return say(_QUEUED, place=place, span=span)


def progress_text(job: Job, standing: Standing) -> Markup:
    """Return how far a job at work is, first in words and then as a bar; "" where nobody knows."""
    if standing.percent is None or job.cancel_at is not None:
        return Markup()
    full = round(standing.percent * _BAR_PARTS / 100)
    done, left = _BAR
    bar = coded(done * full + left * (_BAR_PARTS - full))
    return say(_FAR_ESTIMATED if standing.is_estimate else _FAR, percent=standing.percent, bar=bar)


def span_text(low_s: float, high_s: float) -> str:
    """Return a range of seconds, e.g. "10–25 s" or "2–5 min"; a sentence says that it is about."""
    unit, size = ("s", 5) if high_s < _MINUTES_FROM_S else ("min", 60)
    step = 5 if unit == "s" else 1
    low, high = (max(round(seconds / size), 1) * step for seconds in (low_s, high_s))
    return f"{high} {unit}" if low == high else f"{low}–{high} {unit}"


def ended_text(job: Job) -> Markup:
    """Return how a job ended without a picture, and why."""
    return say(_ENDED, title=title_of(job), reason=why_ended(job))


def why_ended(job: Job) -> EaselError:
    """Return what ended a job without a picture; of an erased one, that there is none."""
    return ProviderError() if job.reason is None else job.reason.error


def made_by_text(label: str, system: str) -> Markup:
    """Return the label in words, and what made the pictures."""
    return say(_MADE_BY, label=label, system=system)


def details_text(job: Job, pictures: Sequence[Picture]) -> str:
    """Return in small print what was posted: its size, the time it took, the seed it was given."""
    facts = [_size_text(pictures)]
    if job.started_at is not None and job.drawn_at is not None:
        facts.append(say(_MADE_IN, time=exactly(job.drawn_at - job.started_at)))
    if job.order.options.seed is not None:
        facts.append(say(_SEED, seed=job.order.options.seed))
    return f"-# {_BETWEEN.join(facts)}"


def _size_text(pictures: Sequence[Picture]) -> Markup:
    first, *more = pictures
    if not more:
        return say(_SIZE, width=first.width, height=first.height)
    if any((each.width, each.height) != (first.width, first.height) for each in more):
        return say(_COUNT, count=len(pictures))
    return say(_SIZES, count=len(pictures), width=first.width, height=first.height)


def notes_of(attachments: Attachments) -> list[Markup]:
    """Return in small print what is not as it came, or not there."""
    notes = [say(_SHRUNK)] if attachments.is_shrunk else []
    if attachments.unread:
        unread = _UNREAD_ONE if attachments.unread == 1 else _UNREAD
        notes.append(say(unread, count=attachments.unread))
    return notes


def footer(job: Job) -> Markup:
    """Return the small print under every message about a job; no other line reads like it."""
    order = job.order
    asker = order.destination.user_id
    return say(_FOOTER, command=order.command, asker=asker, engine=order.engine, job=job.id)


def alt_text(job: Job, attachments: Attachments, number: int, most: int) -> str:
    """Return for who cannot see it what a picture was asked for as, in at most `most` characters.

    `number` counts the attachments from 1. What it came out as, nobody has looked at.
    """
    order, count, label = job.order, len(attachments.pictures), attachments.label
    which = say(_ALT if count == 1 else _ALT_EACH, label=label, number=number, count=count)
    pictures, command = len(order.inputs), Markup(order.command)
    prompt = in_one_line(order.options.prompt)
    sentence = _origin(pictures, has_words=bool(prompt))
    room = most - len(f"{which} {sentence}")
    prompt = Markup(shortened(prompt, room))
    return f"{which} {say(sentence, prompt=prompt, pictures=pictures, command=command)}"


def _origin(pictures: int, *, has_words: bool) -> str:
    if not has_words:
        return _OF_PICTURE
    if not pictures:
        return _OF_WORDS
    return _OF_PICTURE_AND_WORDS if pictures == 1 else _OF_PICTURES_AND_WORDS
