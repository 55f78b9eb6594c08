"""The question whether a newcomer's request may be made, and what came of it."""

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.discord_limits import FILE_BYTES
from bot.domain.jobs.errors import how_far
from bot.domain.jobs.job import Job
from bot.domain.moderation.approvals import Approval, AskedFor
from bot.domain.wording.quoting import Markup, coded, quoted
from bot.domain.wording.sentences import say
from cogs.moderating.approving.buttons import ApproveButton, DenyButton
from cogs.views.job_texts import link_to
from cogs.views.layouts.texts import why_ended

_PROMPT_SHOWN = 1500  # characters; quoted they are at most twice as many
_NEGATIVE_SHOWN = 300
_REQUEST_BYTES = 20 * 1024 * 1024  # of all pictures together; Discord takes a little more

_ASKED = (
    "**{member:member} is new here and asks for a picture.** Nothing is sent to the "
    "service before you say yes; without an answer the request ends {until:from now}."
)
_ASKED_PRIVATELY = (
    "**{member:member} is new here and asks for a picture that only they are to see.** Nothing "
    "is sent to the service before you say yes; without an answer the request ends "
    "{until:from now}. What is shown here goes when it is decided."
)
_FACTS = "-# /{command} · {engine} · {job}{link}"
_PROMPT = "The prompt: ||{prompt}||"
_STYLE = "The style: {style}"
_NEGATIVE = "What should not be in it: ||{negative}||"
_LEFT_OUT = "-# Pictures that are not shown, because they are gone or too large: {count}."
_APPROVED = (
    "**Approved by {by:member}** {at:from now}: the picture of {member:member} waits for its turn."
)
_DENIED = "**Denied by {by:member}** {at:from now}. {member:member} reads: “{why}”"
_ENDED = "**Nothing to decide any more**: the picture of {member:member} waits no longer, {how}."


class ApprovalLayout(ui.LayoutView):
    """The question with its prompt, pictures and buttons."""

    def __init__(self, asked: AskedFor, files: Sequence[discord.File]) -> None:
        super().__init__(timeout=None)
        job, until = asked.job, asked.approval.until
        to = job.order.destination
        first = _ASKED_PRIVATELY if to.private else _ASKED
        card = ui.Container[ui.LayoutView](
            ui.TextDisplay(say(first, member=to.user_id, until=until))
        )
        for text in _words(job):
            card.add_item(ui.TextDisplay(text))
        if files:
            items = [discord.MediaGalleryItem(file, spoiler=True) for file in files]
            card.add_item(ui.MediaGallery(*items))
        left_out = len(job.order.inputs) - len(files)
        if left_out > 0:
            card.add_item(ui.TextDisplay(say(_LEFT_OUT, count=left_out)))
        card.add_item(ui.TextDisplay(_facts(job)))
        card.add_item(ui.ActionRow(ApproveButton(job.id), DenyButton(job.id)))
        self.add_item(card)


class SettledLayout(ui.LayoutView):
    """What came of it; a private request's words are gone, and so are all pictures."""

    def __init__(self, approval: Approval, job: Job) -> None:
        super().__init__(timeout=None)
        card = ui.Container[ui.LayoutView](ui.TextDisplay(_outcome(approval, job)))
        for text in () if job.order.destination.private else _words(job):
            card.add_item(ui.TextDisplay(text))
        card.add_item(ui.TextDisplay(_facts(job)))
        self.add_item(card)


def files_of(asked: AskedFor) -> list[discord.File]:
    """Return the pictures as uploads, as many as a message takes; each behind a spoiler."""
    files, left = [], _REQUEST_BYTES
    for number, data in enumerate(asked.pictures, start=1):
        left -= len(data)
        if len(data) > FILE_BYTES or left < 0:
            break
        name = f"asked-{asked.job.id}-{number}.{_extension(data)}"
        files.append(discord.File(io.BytesIO(data), filename=name, spoiler=True))
    return files


def _extension(data: bytes) -> str:
    """Return that of one of the three formats that fitted uploads are kept in."""
    if data.startswith(b"\x89PNG"):
        return "png"
    return "webp" if data.startswith(b"RIFF") else "jpg"


def _words(job: Job) -> list[Markup]:
    options = job.order.options
    prompt = quoted(options.prompt, _PROMPT_SHOWN)
    negative = quoted(options.negative or "", _NEGATIVE_SHOWN)
    style = quoted(options.style or "", _NEGATIVE_SHOWN)
    texts = [say(_PROMPT, prompt=prompt)] if prompt else []
    texts += [say(_STYLE, style=style)] if style else []
    return texts + ([say(_NEGATIVE, negative=negative)] if negative else [])


def _facts(job: Job) -> Markup:
    order = job.order
    link = Markup(link_to(job))
    return say(_FACTS, command=order.command, engine=order.engine, job=coded(job.id), link=link)


def _outcome(approval: Approval, job: Job) -> Markup:
    member, at, by = job.order.destination.user_id, approval.decided_at, approval.decided_by
    if by is None:
        return say(_ENDED, member=member, how=how_far(job))
    if approval.is_approved:
        return say(_APPROVED, by=by, at=at, member=member)
    return say(_DENIED, by=by, at=at, member=member, why=why_ended(job))
