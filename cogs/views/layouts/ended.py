"""A job that ended without a picture, and a request that became no job: what happened, what now."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from discord import ui

from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.reasons.causes import Remedy, remedies_for
from cogs.views.job_buttons import (
    AgainButton,
    AskButton,
    EditButton,
    EngineButton,
    PictureButton,
)
from cogs.views.layouts.card import ENDED, add_row, card, prompt_quote, with_prompt
from cogs.views.layouts.texts import ended_text, footer

_BUTTONS: Mapping[Remedy, Callable[[JobId], ui.Item[Any]]] = MappingProxyType(
    {
        Remedy.TRY_AGAIN: partial(AgainButton, label="Try again"),
        Remedy.OTHER_WORDS: EditButton,
        Remedy.OTHER_PICTURE: PictureButton,
        Remedy.OTHER_ENGINE: EngineButton,
        Remedy.ASK_MODERATOR: AskButton,
    }
)
# Of older rows nobody knows more; what a review refused would be refused again.
_BY_STATE: Mapping[JobState, tuple[Remedy, ...]] = MappingProxyType(
    {
        JobState.FAILED: (Remedy.TRY_AGAIN,),
        JobState.REFUSED: (Remedy.ASK_MODERATOR,),
        JobState.CANCELLED: (Remedy.TRY_AGAIN,),
        JobState.EXPIRED: (Remedy.TRY_AGAIN,),
        JobState.UNKNOWN: (Remedy.TRY_AGAIN,),
    }
)


class EndedLayout(ui.LayoutView):
    """The job ended without a picture: why, whether it cost anything, and what helps."""

    def __init__(self, job: Job) -> None:
        super().__init__(timeout=None)
        shown = card(ENDED, ended_text(job), prompt_quote(job), footer(job))
        offered = [_BUTTONS[each](job.id) for each in _remedies(job)]
        add_row(shown, with_prompt(job, *offered))
        self.add_item(shown)


def _remedies(job: Job) -> tuple[Remedy, ...]:
    order, state = job.order, job.state
    if not order.options.prompt and not order.inputs:  # erased, or forgotten: nothing to make anew
        return ()
    if job.cause is None:
        remedies = _BY_STATE.get(state, ())
    else:
        remedies = remedies_for(
            job.cause, has_words=bool(order.options.prompt), has_picture=bool(order.inputs)
        )
    if order.destination.guild_id is None:  # no server, no moderators
        return tuple(each for each in remedies if each is not Remedy.ASK_MODERATOR)
    return remedies


class RefusalLayout(ui.LayoutView):
    """A request that became no job: one sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(timeout=None)
        self.add_item(card(ENDED, sentence))
