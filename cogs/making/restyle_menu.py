"""Restyle image in a message's menu: which picture, whose, and the form for what it becomes."""

import asyncio
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.domain.follow_ups.kinds import FollowUp
from bot.domain.jobs.job import Job, JobId, JobState, Options
from bot.domain.members.actor import Actor
from bot.domain.members.errors import NoPictureThere
from bot.domain.members.remixing import Whose
from bot.domain.pictures.errors import LargerThanStated, ShownTooLarge
from bot.domain.wording.sentences import say
from bot.services.follow_ups.results import Results
from bot.services.jobs import Jobs
from bot.services.members.remixing import Remixing
from bot.services.uploads import Upload
from cogs.making.follow_ups.edit import parts_of, preset_names
from cogs.making.follow_ups.request_form import RequestForm
from cogs.making.follow_ups.restyling import Restyling
from cogs.making.submission import check_may_ask, submit
from cogs.views.fetching import read_at_most
from cogs.views.messages import job_of
from cogs.views.permissions import actor_of
from cogs.views.pictures import PictureSelect, ShownPicture, pictures_in

_NAME = "Restyle image"
_COMMAND = "restyle"
_WHICH = "This message has several pictures. Which one is meant?"
_REMEMBERED = 200  # messages with several pictures that somebody is asked about
_LOOK_S = 5.0
_POSTED = frozenset({JobState.DELIVERING, JobState.DONE})
_SOME_WORDS = Options(prompt="a picture")  # engines that want words get them in the form


class RestyleMenu(commands.Cog, name="RestyleMenu"):
    """Opens the form for a picture in a message, if its owner and the server let its reader."""

    def __init__(self, jobs: Jobs, results: Results, remixing: Remixing) -> None:
        self.jobs = jobs
        self.results = results
        self.remixing = remixing
        self._restyling = Restyling(jobs, results)
        # What a menu brings along may be out of the bot's own sight, and so not be fetched again.
        self._seen: dict[str, discord.Message] = {}
        # The library takes menus of no cog's methods by itself: the client asks for these.
        self.menus = (app_commands.ContextMenu(name=_NAME, callback=self.restyle),)

    async def restyle(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        """Restyle a picture of this message."""
        await check_may_ask(interaction, self.jobs)
        origin = await _origin_of(interaction, message)
        job_id = job_of(interaction, origin)
        if job_id is not None:
            await self._of_result(interaction, job_id, None)
            return
        place = f"{message.channel.id}:{message.id}"
        self._seen[place] = message
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        await self._of_message(interaction, message, _poster_of(origin), place)

    async def pick(self, interaction: discord.Interaction[Any], place: str, number: int) -> None:
        """Go on with one of several pictures; `place` and `number` are what the select says."""
        await check_may_ask(interaction, self.jobs)
        if ":" not in place:
            await self._of_result(interaction, JobId(place), number)
            return
        message = self._seen.get(place) or await _message_at(interaction, place)
        origin = await _origin_of(interaction, message)
        await self._of_message(interaction, message, _poster_of(origin), place, number)

    async def _of_message(
        self,
        interaction: discord.Interaction[Any],
        message: discord.Message,
        whose: Whose,
        place: str,
        number: int | None = None,
    ) -> None:
        """Open the form for a picture that somebody posted, or ask which of several it is for."""
        pictures = pictures_in(message)
        if not pictures:
            raise NoPictureThere
        await self.remixing.check(actor_of(interaction), whose)
        if number is None and len(pictures) > 1:
            view = _ask(place, len(pictures))
            await interaction.response.send_message(say(_WHICH), view=view, ephemeral=True)
            return
        chosen = number or 0
        if chosen >= len(pictures):
            raise NoPictureThere  # it was edited away
        form = await self._form_of(actor_of(interaction), pictures[chosen], whose)
        await interaction.response.send_modal(form)

    async def _of_result(
        self, interaction: discord.Interaction[Any], job_id: JobId, number: int | None
    ) -> None:
        """Work on what is kept of a result, whose message shows it with a label."""
        job = await self.remixing.result(job_id, actor_of(interaction))
        if job.state not in _POSTED:
            raise NoPictureThere
        self.results.request(FollowUp.RESTYLE, job)
        if number is None and len(job.outputs) > 1:
            view = _ask(job.id, len(job.outputs))
            await interaction.response.send_message(say(_WHICH), view=view, ephemeral=True)
            return
        form = await self._form_of_result(actor_of(interaction), job, number or 0)
        await interaction.response.send_modal(form)

    async def _form_of_result(self, actor: Actor, job: Job, number: int) -> RequestForm:
        picture = await self.results.picture(job, number)

        async def check(interaction: discord.Interaction[Any]) -> None:
            await self.remixing.result(job.id, actor_of(interaction))

        return await self._restyling.form(actor, job, number, picture, check=check)

    async def _form_of(self, actor: Actor, picture: ShownPicture, whose: Whose) -> RequestForm:
        permit = await self.jobs.gate.permit_soon(actor)
        engine = permit(self.jobs.plan(_COMMAND, None, _SOME_WORDS, [picture.size])).engine

        async def then(
            interaction: discord.Interaction[Any],
            options: Options,
            _: list[discord.Attachment],
        ) -> None:
            # Once more: a form may be open for long.
            await self.remixing.check(actor_of(interaction), whose)
            upload = Upload(picture.size, partial(_fetch, interaction, picture), name=picture.name)
            await submit(
                interaction,
                self.jobs,
                options,
                engine=engine.name,
                command=_COMMAND,
                uploads=[upload],
                spoiler=picture.is_hidden,
                has_defaults=False,
            )

        presets = await preset_names(self.jobs, actor.guild_id)
        parts = parts_of(engine, Options(), has_pictures=True, presets=presets)
        return RequestForm(_NAME, Options(), parts, then)


def _ask(place: str, count: int) -> ui.View:
    return ui.View(timeout=None).add_item(PictureSelect.of(place, count))


def _poster_of(message: discord.Message) -> Whose:
    """Return whose a posted picture is: a webhook's author is nobody that could allow anything."""
    is_person = not message.author.bot and message.webhook_id is None
    return Whose(message.author.id, is_result=False, is_person=is_person)


async def _origin_of(
    interaction: discord.Interaction[Any], message: discord.Message
) -> discord.Message:
    """Return the message that a forwarded one repeats; itself, where that is out of sight.

    Then whoever forwarded it answers for it, as for what they post.
    """
    link = message.reference
    if not message.message_snapshots or link is None or link.message_id is None:
        return message
    channel = interaction.client.get_partial_messageable(link.channel_id)
    try:
        async with asyncio.timeout(_LOOK_S):
            found: discord.Message = await channel.fetch_message(link.message_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        return message
    return found


async def _message_at(interaction: discord.Interaction[Any], place: str) -> discord.Message:
    """Return a message by "channel:message"; raises NoPictureThere where it cannot be seen."""
    channel_id, message_id = map(int, place.split(":"))
    channel = interaction.client.get_partial_messageable(channel_id)
    try:
        async with asyncio.timeout(_LOOK_S):
            found: discord.Message = await channel.fetch_message(message_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise NoPictureThere from error
    return found


async def _fetch(interaction: discord.Interaction[Any], picture: ShownPicture) -> bytes:
    """Read the picture now: its link expires long before a deep queue is through."""
    larger = LargerThanStated if picture.is_stated else ShownTooLarge
    return await read_at_most(
        interaction.client.http, picture.url, picture.size, larger(picture.size)
    )
