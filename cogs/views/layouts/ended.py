"""A job that ended without a picture, and a request that became no job: what happened, what now."""

from typing import Any

from discord import ui

from bot.domain.jobs.job import Job, JobState
from cogs.views.job_buttons import AgainButton, AskButton
from cogs.views.layouts.card import ENDED, add_row, card, prompt_quote, with_prompt
from cogs.views.layouts.texts import ended_text, footer

# Not what a review refused: the same request would be refused again.
_WORTH_ANOTHER_TRY = frozenset(
    {JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED, JobState.UNKNOWN}
)


class EndedLayout(ui.LayoutView):
    """The job ended without a picture: why, and what became of the quota."""

    def __init__(self, job: Job) -> None:
        super().__init__(timeout=None)
        shown = card(ENDED, ended_text(job), prompt_quote(job), footer(job))
        add_row(shown, with_prompt(job, *_buttons(job)))
        self.add_item(shown)


def _buttons(job: Job) -> list[ui.Item[Any]]:
    """Return what may help now; there are no moderators to ask in direct messages."""
    if job.state in _WORTH_ANOTHER_TRY:
        return [AgainButton(job.id, label="Try again")]
    is_in_server = job.order.destination.guild_id is not None
    return [AskButton(job.id)] if job.state is JobState.REFUSED and is_in_server else []


class RefusalLayout(ui.LayoutView):
    """A request that became no job: one sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(timeout=None)
        self.add_item(card(ENDED, sentence))
