"""The finished pictures: one gallery, the label in words, what made them and how, and what next."""

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.discord_limits import ALT_TEXT_CHARS
from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.job import Job
from bot.domain.pictures.picture import Attachments
from cogs.views.follow_ups import rows_under
from cogs.views.layouts.card import DONE, card, prompt_quote, with_prompt
from cogs.views.layouts.texts import alt_text, details_text, footer, made_by_text, notes_of


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
        shown = card(
            DONE,
            _gallery(job, files),
            made_by_text(attachments.label, system),
            prompt_quote(job),
            *notes_of(attachments),
            details_text(job, attachments.pictures),
            footer(job),
        )
        for row in rows_under(job.id, offers, with_prompt(job)):
            shown.add_item(row)
        self.add_item(shown)


def result_files(job: Job, attachments: Attachments) -> list[discord.File]:
    """Return the pictures as uploads with alt text; a File can be sent once only."""
    pictures = attachments.pictures
    return [
        discord.File(
            io.BytesIO(picture.data),
            filename=f"easel-{job.id}-{number}.{picture.extension}",
            description=alt_text(job, attachments, number, ALT_TEXT_CHARS),
            spoiler=job.order.destination.spoiler,
        )
        for number, picture in enumerate(pictures, start=1)
    ]


def _gallery(job: Job, files: Sequence[discord.File]) -> ui.MediaGallery[ui.LayoutView]:
    """Return all pictures in one gallery, which Discord's clients lay out themselves."""
    spoiler = job.order.destination.spoiler
    return ui.MediaGallery(
        *(
            discord.MediaGalleryItem(file, description=file.description, spoiler=spoiler)
            for file in files
        )
    )
