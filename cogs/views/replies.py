"""How a job looks in the chat: waiting, ended, done, as Components V2 layouts."""

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.discord_limits import ALT_TEXT_CHARS
from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.job import Job, JobState
from bot.domain.jobs.line import Standing
from bot.domain.pictures.picture import Attachments, Picture
from bot.domain.wording.mentions import member
from bot.domain.wording.quoting import in_one_line, quoted, shortened
from cogs.views.follow_ups import rows_under
from cogs.views.job_buttons import AgainButton, CancelButton

_PROMPT_SHOWN = 600  # characters, of all that a message's texts share
_MINUTES_FROM_S = 90  # below, a wait is told in seconds
_WAITING = discord.Colour(0x5B6EE1)
_DONE = discord.Colour(0x3BA776)
_ENDED = discord.Colour(0xC8553D)


class WaitingLayout(ui.LayoutView):
    """The job is accepted and waits, or is at work: place, a range of time, and Cancel."""

    def __init__(self, job: Job, standing: Standing) -> None:
        super().__init__(timeout=None)
        note = f"-# {standing.note}" if standing.note else ""
        card = _card(_WAITING, _progress(job, standing), _quote(job), note, footer(job))
        if job.cancel_at is None:
            card.add_item(ui.ActionRow(CancelButton(job.id)))
        self.add_item(card)


class EndedLayout(ui.LayoutView):
    """The job ended without a picture: why, and what became of the quota."""

    def __init__(self, job: Job) -> None:
        super().__init__(timeout=None)
        reason = quoted(job.error_text or "The picture could not be made.")
        text = f"**{title_of(job)}** · {reason}"
        card = _card(_ENDED, text, _quote(job), footer(job))
        if job.state in _WORTH_ANOTHER_TRY:
            card.add_item(ui.ActionRow(AgainButton(job.id, label="Try again")))
        self.add_item(card)


class RefusalLayout(ui.LayoutView):
    """A request that became no job: one sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(timeout=None)
        self.add_item(_card(_ENDED, sentence))


class ResultLayout(ui.LayoutView):
    """The finished pictures with the label, who asked, the engine and the job id."""

    def __init__(
        self,
        job: Job,
        system: str,
        files: Sequence[discord.File],
        attachments: Attachments,
        offers: Offers,
    ) -> None:
        super().__init__(timeout=None)
        gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(
            *(
                discord.MediaGalleryItem(
                    file, description=file.description, spoiler=job.order.destination.spoiler
                )
                for file in files
            )
        )
        made_by = f"**AI-generated** · {quoted(system)}"
        card = _card(_DONE, gallery, made_by, _quote(job), *_notes(attachments), footer(job))
        for row in rows_under(job.id, offers):
            card.add_item(row)
        self.add_item(card)


# Not what a review refused: the same request would be refused again.
_WORTH_ANOTHER_TRY = frozenset(
    {JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.UNKNOWN}
)
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


def title_of(job: Job) -> str:
    """Return how far a job has come, in the words that its message and /jobs begin with."""
    if job.cancel_at is not None and job.state in (JobState.QUEUED, JobState.RUNNING):
        return "Being cancelled"
    if job.is_kept_unread:
        return "Not posted"
    return _TITLES[job.state]


def result_files(job: Job, pictures: Sequence[Picture]) -> list[discord.File]:
    """Return the pictures as uploads with alt text; a File can be sent once only."""
    return [
        discord.File(
            io.BytesIO(picture.data),
            filename=f"easel-{job.id}-{number}.{picture.extension}",
            description=_alt_text(job),
            spoiler=job.order.destination.spoiler,
        )
        for number, picture in enumerate(pictures, start=1)
    ]


def _card(
    colour: discord.Colour, *parts: str | ui.MediaGallery[ui.LayoutView]
) -> ui.Container[ui.LayoutView]:
    items: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(part) if isinstance(part, str) else part for part in parts if part
    ]
    return ui.Container(*items, accent_colour=colour)


def _notes(attachments: Attachments) -> list[str]:
    shrunk = "-# Made smaller to fit Discord’s limit." if attachments.is_shrunk else ""
    if not attachments.unread:
        return [shrunk]
    them = "a picture" if attachments.unread == 1 else f"{attachments.unread} pictures"
    it = "it is" if attachments.unread == 1 else "they are"
    unread = (
        f"-# The service made {them} more that cannot be read and so not be labelled; {it} kept, "
        "and /result posts all once Easel can read them."
    )
    return [shrunk, unread]


def _quote(job: Job) -> str:
    prompt = quoted(job.order.options.prompt, _PROMPT_SHOWN)
    return f"> {prompt}" if prompt else ""


def footer(job: Job) -> str:
    """Return the small print under every message about a job; no other line reads like it."""
    order = job.order
    asker, engine = member(order.destination.user_id), quoted(order.engine)
    return f"-# /{order.command} for {asker} · {engine} · {job.id}"


def _alt_text(job: Job) -> str:
    prompt = in_one_line(job.order.options.prompt) or f"an upload, after /{job.order.command}"
    return shortened(f"AI-generated image: {prompt}", ALT_TEXT_CHARS)


def _progress(job: Job, standing: Standing) -> str:
    if job.cancel_at is not None:
        return f"**{title_of(job)}** · the service finishes its work first"
    time = span_text(standing.low_s, standing.high_s)
    if standing.is_running:
        return f"**Being made** · {time}"
    place = f"**Queued** · position {standing.ahead + 1}"
    return place if standing.is_timeless else f"{place} · {time}"


def span_text(low_s: float, high_s: float) -> str:
    """Return a range of seconds in words, e.g. "about 10–25 s" or "about 2–5 min"."""
    unit, size = ("s", 5) if high_s < _MINUTES_FROM_S else ("min", 60)
    step = 5 if unit == "s" else 1
    low, high = (max(round(seconds / size), 1) * step for seconds in (low_s, high_s))
    return f"about {high} {unit}" if low == high else f"about {low}–{high} {unit}"
