"""What can be made of a result, under its message: two rows, and a question which picture."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.errors import ButtonOutdated
from bot.domain.follow_ups.kinds import FollowUp, Offers
from bot.domain.jobs.job import JobId
from cogs.views.job_buttons import JOB, AgainButton, EditButton, UpscaleButton, cog_of

DELETE = "delete"
_KIND = f"(?P<kind>{'|'.join(FollowUp)})"
_MORE = "More…"
_WHICH = "Which picture?"
_PICTURE = "Picture {number}"

# A choice and what it comes to, each a whole text.
_CHOICES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        FollowUp.UPSCALE: ("Upscale", "The same picture, larger and sharper"),
        FollowUp.VARY_LITTLE: ("Vary a little", "The same picture with other details"),
        FollowUp.VARY_LOT: ("Vary a lot", "The same subject in another picture"),
        FollowUp.EXTEND_LEFT: ("Extend to the left", "Continues it beyond its left edge"),
        FollowUp.EXTEND_RIGHT: ("Extend to the right", "Continues it beyond its right edge"),
        FollowUp.EXTEND_UP: ("Extend upwards", "Continues it above"),
        FollowUp.EXTEND_DOWN: ("Extend downwards", "Continues it below"),
        FollowUp.EXTEND_AROUND: ("Extend all round", "As if seen from further away"),
        FollowUp.SQUARE: ("Make square", "Continues it until both sides are alike"),
        FollowUp.RESTYLE: ("Restyle this", "Opens a form: what it should become"),
        FollowUp.CUTOUT: ("Cut out", "The subject alone, without its background"),
        DELETE: ("Delete", "Asks first; it cannot be brought back"),
    }
)


class _FollowUpsCog(Protocol):
    async def begin(
        self, interaction: discord.Interaction[Any], job_id: JobId, kind: FollowUp
    ) -> None: ...
    async def work_on(
        self, interaction: discord.Interaction[Any], job_id: JobId, kind: FollowUp, number: int
    ) -> None: ...


class _DeleteCog(Protocol):
    async def ask(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class MoreSelect(ui.DynamicItem[ui.Select[Any]], template=f"easel:more:{JOB}"):
    """All else that can be made of a result, in words."""

    def __init__(self, job_id: JobId, select: ui.Select[Any]) -> None:
        super().__init__(select)
        self.job_id = job_id

    @classmethod
    def of(cls, job_id: JobId, offers: Offers) -> Self:
        """Return the select with what is offered beside the buttons."""
        chosen = [*(kind for kind in offers.kinds if kind is not FollowUp.UPSCALE), DELETE]
        options = [
            discord.SelectOption(value=each, label=_CHOICES[each][0], description=_CHOICES[each][1])
            for each in chosen
        ]
        custom_id = f"easel:more:{job_id}"
        return cls(job_id, ui.Select(custom_id=custom_id, placeholder=_MORE, options=options))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take the select up again, also after a restart."""
        return cls(JobId(match["job"]), cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what was chosen."""
        chosen = self.item.values[0]
        if chosen == DELETE:
            await cast("_DeleteCog", cog_of(interaction, "Delete")).ask(interaction, self.job_id)
            return
        if chosen not in _CHOICES:
            raise ButtonOutdated  # an earlier version offered it
        cog = cast("_FollowUpsCog", cog_of(interaction, "FollowUps"))
        await cog.begin(interaction, self.job_id, FollowUp(chosen))


class WhichSelect(ui.DynamicItem[ui.Select[Any]], template=f"easel:which:{JOB}:{_KIND}"):
    """Asks which of a result's pictures a follow-up is for."""

    def __init__(self, job_id: JobId, kind: FollowUp, select: ui.Select[Any]) -> None:
        super().__init__(select)
        self.job_id = job_id
        self.kind = kind

    @classmethod
    def of(cls, job_id: JobId, kind: FollowUp, count: int) -> Self:
        """Return the select with so many pictures."""
        options = [
            discord.SelectOption(value=str(number), label=_PICTURE.format(number=number + 1))
            for number in range(count)
        ]
        custom_id = f"easel:which:{job_id}:{kind}"
        return cls(
            job_id, kind, ui.Select(custom_id=custom_id, placeholder=_WHICH, options=options)
        )

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take the select up again, also after a restart."""
        return cls(JobId(match["job"]), FollowUp(match["kind"]), cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Make the follow-up of the picture that was chosen."""
        cog = cast("_FollowUpsCog", cog_of(interaction, "FollowUps"))
        await cog.work_on(interaction, self.job_id, self.kind, int(self.item.values[0]))


def name_of(kind: FollowUp) -> str:
    """Return what a follow-up is called where it is chosen."""
    return _CHOICES[kind][0]


def rows_under(
    job_id: JobId, offers: Offers, more: Sequence[ui.Item[Any]] = ()
) -> Iterator[ui.ActionRow[Any]]:
    """Yield the rows of a result's message: the buttons with `more`, and the select."""
    buttons: list[ui.Item[Any]] = [AgainButton(job_id)]
    if offers.can_edit:
        buttons.append(EditButton(job_id))
    if FollowUp.UPSCALE in offers.kinds:
        buttons.append(UpscaleButton(job_id))
    yield ui.ActionRow(*buttons, *more)
    yield ui.ActionRow(MoreSelect.of(job_id, offers))
