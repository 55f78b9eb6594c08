"""A job that waits or is at work: its place, a range of time, and Cancel."""

from discord import ui

from bot.domain.jobs.job import Job
from bot.domain.jobs.line import Standing
from cogs.views.job_buttons import CancelButton
from cogs.views.layouts.card import WAITING, add_row, card, prompt_quote, small_print, with_prompt
from cogs.views.layouts.texts import footer, progress_text, standing_text


class WaitingLayout(ui.LayoutView):
    """The job is accepted and waits, or is at work."""

    def __init__(self, job: Job, standing: Standing) -> None:
        super().__init__(timeout=None)
        shown = card(
            WAITING,
            standing_text(job, standing),
            progress_text(job, standing),
            prompt_quote(job),
            small_print(standing.note),
            footer(job),
        )
        cancel = [CancelButton(job.id)] if job.cancel_at is None else []
        add_row(shown, with_prompt(job, *cancel))
        self.add_item(shown)
