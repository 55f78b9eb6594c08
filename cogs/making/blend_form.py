"""The form of /blend: the prompt, and as many files as the engine takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import ui

from bot.domain.discord_limits import TEXT_INPUT_CHARS, TOKEN_LIFE_S, UPLOADED_FILES
from bot.domain.engines.choosing import Choice
from bot.domain.jobs.job import Options
from bot.services.jobs import Jobs
from cogs.making.submission import submit


@dataclass(frozen=True, slots=True)
class BlendRequest:
    """What the command's options said."""

    options: Options
    engine: str | None
    spoiler: bool
    private: bool


class BlendForm(ui.Modal, title="Blend pictures"):
    """Its submission becomes the job, of the first of the engines that takes all of it."""

    def __init__(self, jobs: Jobs, request: BlendRequest, choices: Sequence[Choice]) -> None:
        super().__init__(timeout=TOKEN_LIFE_S)
        self._jobs = jobs
        self._request = request
        capabilities = [choice.engine.capabilities for choice in choices]
        self._prompt: ui.TextInput[Any] = ui.TextInput(
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            default=request.options.prompt or None,
            required=all(each.prompt_required for each in capabilities),
            max_length=min(max(each.prompt_max for each in capabilities), TEXT_INPUT_CHARS),
        )
        most = max(each.references for each in capabilities)
        first, more = min(most, UPLOADED_FILES), min(most - UPLOADED_FILES, UPLOADED_FILES)
        self._pictures = [_upload("pictures", 1, first)]
        self.add_item(ui.Label(text="Prompt", component=self._prompt))
        self.add_item(ui.Label(text=f"Pictures, up to {first}", component=self._pictures[0]))
        if more > 0:
            self._pictures.append(_upload("more", 0, more))
            self.add_item(ui.Label(text=f"{more} more", component=self._pictures[1]))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Submit the job with what was handed in."""
        request = self._request
        await submit(
            interaction,
            self._jobs,
            replace(request.options, prompt=self._prompt.value),
            engine=request.engine,
            command="blend",
            uploads=[file for upload in self._pictures for file in upload.values],
            spoiler=request.spoiler,
            private=request.private,
        )


def _upload(custom_id: str, least: int, most: int) -> ui.FileUpload[Any]:
    return ui.FileUpload(custom_id=custom_id, required=least > 0, min_values=least, max_values=most)
