"""A message of a log channel: its lines, and what moderators may do about results among them."""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.domain.discord_limits import CHOICE_CHARS
from bot.domain.jobs.job import Job, JobId
from bot.domain.moderation.log_lines import LogLine
from bot.domain.wording.quoting import Markup, coded, quoted, shortened
from bot.domain.wording.sentences import say
from cogs.views.job_buttons import JOB, JobButton, cog_of
from cogs.views.job_texts import link_to, words_of
from cogs.views.moderating.act_texts import act_text

_PROMPT_SHOWN = 120  # characters; quoted at most twice as many, and eight lines fit a message
_ACT_SHOWN = 60
_WORD_SHOWN = 100

_MADE = "{who:member} made {job} with {engine} for {cost:.2f} USD: {prompt}{link}"
_MADE_DELETED = "{who:member} made {job} with {engine} for {cost:.2f} USD, deleted: {prompt}"
_MADE_PRIVATE = "{who:member} made a private picture with {engine} for {cost:.2f} USD."
_WORD = "{who:member} asked with “{word}”, which is on the word list; nothing was made."
_WHICH = "Delete a result…"


class _DeleteCog(Protocol):
    async def ask_elsewhere(self, interaction: discord.Interaction[Any], job_id: JobId) -> None: ...


class _BlockCog(Protocol):
    async def ask(self, interaction: discord.Interaction[Any], user_id: int | None) -> None: ...


class LogDeleteButton(JobButton, template=f"easel:log-delete:{JOB}"):
    """Asks whether the result that the one line tells of shall be deleted; for moderators."""

    kind, label = "log-delete", "Delete"

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask."""
        await _cog(interaction).ask_elsewhere(interaction, self.job_id)


class LogDeleteSelect(ui.DynamicItem[ui.Select[Any]], template="easel:log-delete-one"):
    """The same where a message tells of several results."""

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> Self:
        """Return the select with a choice for each result."""
        options = [
            discord.SelectOption(
                label=shortened(words_of(job), CHOICE_CHARS), value=job.id, description=job.id
            )
            for job in jobs
        ]
        custom_id = "easel:log-delete-one"
        return cls(ui.Select(custom_id=custom_id, placeholder=_WHICH, options=options))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], __: re.Match[str], /
    ) -> Self:
        """Take the select up again, also after a restart."""
        return cls(cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask."""
        await _cog(interaction).ask_elsewhere(interaction, JobId(self.item.values[0]))


class LogBlockButton(
    ui.DynamicItem[ui.Button[Any]], template=r"easel:log-block:(?P<user>\d{1,20})"
):
    """Opens the form that blocks a member: filled in with one, or 0 for whoever is chosen there."""

    def __init__(self, user_id: int) -> None:
        label = "Block" if user_id else "Block a member"
        super().__init__(ui.Button(custom_id=f"easel:log-block:{user_id}", label=label))
        self.user_id = user_id

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew from its id, also after a restart."""
        return cls(int(match["user"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        cog = cast("_BlockCog", cog_of(interaction, "BlockCommands"))
        await cog.ask(interaction, self.user_id or None)


class LogLayout(ui.LayoutView):
    """The lines, and under them what may be deleted and who may be blocked."""

    def __init__(self, lines: Sequence[LogLine]) -> None:
        super().__init__(timeout=None)
        for line in lines:
            self.add_item(ui.TextDisplay(_text(line)))
        jobs = [line.job for line in lines if line.job is not None and _is_there(line.job)]
        buttons: list[ui.Item[Any]] = [LogDeleteButton(job.id) for job in jobs]
        if len(jobs) > 1:
            self.add_item(ui.ActionRow(LogDeleteSelect.of(jobs)))
            buttons = []
        members = {user_id for line in lines if (user_id := _member(line)) is not None}
        if members:
            buttons.append(LogBlockButton(members.pop() if len(members) == 1 else 0))
        if buttons:
            self.add_item(ui.ActionRow(*buttons))


def _is_there(job: Job) -> bool:
    return job.deleted_at is None and not job.order.destination.private


def _member(line: LogLine) -> int | None:
    """Return who asked for what a line tells of; of an act nobody did."""
    if line.hit is not None:
        return line.hit.user_id
    return None if line.job is None else line.job.order.destination.user_id


def _text(line: LogLine) -> Markup:
    if line.act is not None:
        return act_text(line.act, _ACT_SHOWN)
    if line.hit is not None:
        return say(_WORD, who=line.hit.user_id, word=quoted(line.hit.word, _WORD_SHOWN))
    job = cast("Job", line.job)
    said = _MADE if job.deleted_at is None else _MADE_DELETED
    return say(
        _MADE_PRIVATE if job.order.destination.private else said,
        who=job.order.destination.user_id,
        job=coded(job.id),
        engine=job.order.engine,
        cost=line.cost_usd,
        prompt=quoted(job.order.options.prompt or f"/{job.order.command}", _PROMPT_SHOWN),
        link=Markup(link_to(job)),
    )


def _cog(interaction: discord.Interaction[Any]) -> _DeleteCog:
    return cast("_DeleteCog", cog_of(interaction, "Delete"))
