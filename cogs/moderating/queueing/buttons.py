"""The buttons under the lines of /queue show, and those that turn its pages."""

import re
from typing import Any, ClassVar, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.jobs.job import HoldKind, Job, JobId
from cogs.moderating.approving.buttons import ApproveButton, DenyButton
from cogs.views.job_buttons import JOB, CancelButton, cog_of

_PAGE = r"(?P<page>\d{1,3})"


class _QueueCog(Protocol):
    async def turn(self, interaction: discord.Interaction[Any], page: int) -> None: ...
    async def hold_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None: ...
    async def release_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None: ...
    async def first_shown(
        self, interaction: discord.Interaction[Any], job_id: JobId, page: int
    ) -> None: ...


def _cog(interaction: discord.Interaction[Any]) -> _QueueCog:
    return cast("_QueueCog", cog_of(interaction, "QueueCommands"))


class _LineButton(ui.DynamicItem[ui.Button[Any]], template=f"easel:line:{JOB}:{_PAGE}"):
    """A button of one job on one page, which is shown anew afterwards."""

    kind: ClassVar[str]
    label: ClassVar[str]

    def __init__(self, job_id: JobId, page: int) -> None:
        custom_id = f"easel:{self.kind}:{job_id}:{page}"
        super().__init__(ui.Button(custom_id=custom_id, label=self.label))
        self.job_id = job_id
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(JobId(match["job"]), int(match["page"]))


class HoldButton(_LineButton, template=f"easel:hold:{JOB}:{_PAGE}"):
    """Holds a waiting job back; works for moderators."""

    kind, label = "hold", "Hold"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hold the job."""
        await _cog(interaction).hold_shown(interaction, self.job_id, self.page)


class ReleaseButton(_LineButton, template=f"easel:release:{JOB}:{_PAGE}"):
    """Lets a held job go; works for moderators."""

    kind, label = "release", "Release"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Release the job."""
        await _cog(interaction).release_shown(interaction, self.job_id, self.page)


class FirstButton(_LineButton, template=f"easel:first:{JOB}:{_PAGE}"):
    """Puts a waiting job before the others of its server; works for moderators."""

    kind, label = "first", "First"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Put the job first."""
        await _cog(interaction).first_shown(interaction, self.job_id, self.page)


class PageButton(ui.DynamicItem[ui.Button[Any]], template=f"easel:queue:{_PAGE}"):
    """Shows another page of what waits; works for moderators."""

    def __init__(self, page: int, label: str = "", *, disabled: bool = False) -> None:
        super().__init__(ui.Button(custom_id=f"easel:queue:{page}", label=label, disabled=disabled))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn to the page."""
        await _cog(interaction).turn(interaction, self.page)


def buttons_of(job: Job, page: int) -> list[ui.Item[ui.LayoutView]]:
    """Return what a moderator can do to a waiting job."""
    if job.held_for is HoldKind.APPROVAL:
        undecided: list[ui.Item[Any]] = [
            ApproveButton(job.id),
            DenyButton(job.id),
            FirstButton(job.id, page),
        ]
        return undecided
    is_held = job.held_for is HoldKind.MODERATOR
    hold = ReleaseButton(job.id, page) if is_held else HoldButton(job.id, page)
    buttons: list[ui.Item[Any]] = [CancelButton(job.id), hold, FirstButton(job.id, page)]
    return buttons


def turns(page: int, pages: int) -> list[ui.Item[ui.LayoutView]]:
    """Return the buttons to the page before and the one after."""
    before = PageButton(max(page - 1, 0), "Earlier", disabled=page == 0)
    after = PageButton(page + 1, "Later", disabled=page + 1 >= pages)
    buttons: list[ui.Item[Any]] = [before, after]
    return buttons
