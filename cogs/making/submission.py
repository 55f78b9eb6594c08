"""From a slash command to a submitted job: plan, defer, submit with its uploads."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.engines.plans import Plan
from bot.domain.errors import DownloadFailed
from bot.domain.jobs.job import Destination, Options, job_id_of
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.views.hosting import ASKS_FOR_JOB
from cogs.views.permissions import check_can_post, role_ids_of

_FETCH_S = 60.0  # of one upload: whoever waits for its place waits no longer


async def submit(
    interaction: discord.Interaction[Any],
    jobs: Jobs,
    options: Options,
    *,
    engine: str | None,
    command: str | None = None,
    uploads: Sequence[discord.Attachment | Upload] = (),
    spoiler: bool = False,
    private: bool = False,
) -> None:
    """Hand the command to the service; what memory can refuse is refused before the defer.

    `command` is the job's where the interaction is a button's or a modal's.
    """
    if command is None:
        command = interaction.command.qualified_name if interaction.command else ""
    plan = jobs.plan(command, engine, options, [upload.size for upload in uploads])
    await submit_plan(interaction, jobs, plan, uploads=uploads, spoiler=spoiler, private=private)


async def submit_plan(
    interaction: discord.Interaction[Any],
    jobs: Jobs,
    plan: Plan,
    *,
    uploads: Sequence[discord.Attachment | Upload] = (),
    spoiler: bool = False,
    private: bool = False,
) -> None:
    """Hand over what was planned already; `uploads` are as many as it was planned with."""
    if not private:
        check_can_post(interaction)
    interaction.extras[ASKS_FOR_JOB] = True
    reply = await interaction.response.defer(ephemeral=private, thinking=True)
    message_id = reply.message_id if reply else None
    destination = destination_of(interaction, message_id, spoiler=spoiler, private=private)
    job_id = job_id_of(interaction.id)
    allowance = await jobs.admit(job_id, plan, destination, role_ids_of(interaction.user))
    files = [_unread(upload) for upload in uploads]
    await jobs.submit(job_id, plan, destination, files, allowance)


def _unread(upload: discord.Attachment | Upload) -> Upload:
    if isinstance(upload, Upload):
        return upload
    return Upload(upload.size, partial(_fetch, upload), name=upload.filename)


async def _fetch(upload: discord.Attachment) -> bytes:
    """Read the upload now: its link expires long before a deep queue is through."""
    try:
        async with asyncio.timeout(_FETCH_S):
            return await upload.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise DownloadFailed from error


def destination_of(
    interaction: discord.Interaction[Any], message_id: int | None, *, spoiler: bool, private: bool
) -> Destination:
    """Return where what an interaction asks for goes: into its message, where that is known."""
    return Destination(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
        application_id=interaction.application_id,
        message_id=message_id,
        token=interaction.token,
        token_expires_at=interaction.created_at.timestamp() + TOKEN_LIFE_S,
        filesize_limit=interaction.filesize_limit,
        locale=str(interaction.locale),
        spoiler=spoiler,
        private=private,
    )
