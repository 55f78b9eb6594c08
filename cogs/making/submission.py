"""From a slash command to a submitted job: plan, defer, submit with its uploads."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import aiohttp
import discord
import structlog
from discord.http import HTTPClient

from bot.domain.discord_limits import TOKEN_LIFE_S
from bot.domain.engines.plans import Plan
from bot.domain.jobs.job import OWN_UPLOADS, Destination, Lineage, Options, job_id_of
from bot.domain.members.wishes import Wish
from bot.domain.pictures.errors import LargerThanStated
from bot.domain.wording.durations import in_words
from bot.domain.wording.sentences import say
from bot.services.jobs import Jobs
from bot.services.uploads import Upload
from cogs.making.showing import ask_to_show
from cogs.views.fetching import read_at_most
from cogs.views.hosting import ASKS_FOR_JOB
from cogs.views.permissions import actor_of, asking_of, check_can_post

_log = structlog.get_logger(__name__)


async def submit(
    interaction: discord.Interaction[Any],
    jobs: Jobs,
    options: Options,
    *,
    engine: str | None,
    command: str | None = None,
    uploads: Sequence[discord.Attachment | Upload] = (),
    lineage: Lineage = OWN_UPLOADS,
    has_defaults: bool = True,
    spoiler: bool = False,
    private: bool = False,
) -> None:
    """Hand the command to the service; what memory can refuse is refused before the defer.

    `command` is the job's where the interaction is a button's or a modal's. `has_defaults`: what is
    left out is as its member set it; a form that showed the options has none.
    """
    if command is None:
        command = interaction.command.qualified_name if interaction.command else ""
    wish = Wish(command, engine, options, pictures=len(uploads))
    sizes = [upload.size for upload in uploads]

    async def go_on(asked: discord.Interaction[Any], *, is_told: bool) -> None:
        at_best = await jobs.plan_at_best(wish, asked.guild_id, sizes)
        to = await _take(asked, jobs, at_best, spoiler=spoiler, private=private)
        plan = await jobs.plan_wish(wish, to, actor_of(asked), sizes, has_defaults=has_defaults)
        plan = replace(plan, lineage=lineage)
        await _hand_over(asked, jobs, plan, to, uploads, is_told=is_told)

    await _told_first(interaction, jobs, go_on, private=private)


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

    async def go_on(asked: discord.Interaction[Any], *, is_told: bool) -> None:
        to = await _take(asked, jobs, plan, spoiler=spoiler, private=private)
        await _hand_over(asked, jobs, plan, to, uploads, is_told=is_told)

    await _told_first(interaction, jobs, go_on, private=private)


class _GoOn(Protocol):
    async def __call__(self, asked: discord.Interaction[Any], *, is_told: bool) -> None: ...


async def _told_first(
    interaction: discord.Interaction[Any], jobs: Jobs, go_on: _GoOn, *, private: bool
) -> None:
    """Go on, unless moderators would see what is private: then only after a yes to that."""
    asking = asking_of(interaction, private=private)
    if not private or not await jobs.gate.shows_moderators(asking):
        await go_on(interaction, is_told=False)
        return
    await ask_to_show(interaction, partial(go_on, is_told=True))


async def _take(
    interaction: discord.Interaction[Any], jobs: Jobs, plan: Plan, *, spoiler: bool, private: bool
) -> Destination:
    """Defer the answer, into whose message the result comes, unless the gate refuses."""
    if not private:
        check_can_post(interaction)
    await check_may_ask(interaction, jobs, plan, private=private)
    interaction.extras[ASKS_FOR_JOB] = True
    reply = await interaction.response.defer(ephemeral=private, thinking=True)
    message_id = reply.message_id if reply else None
    return destination_of(interaction, message_id, spoiler=spoiler, private=private)


async def _hand_over(
    interaction: discord.Interaction[Any],
    jobs: Jobs,
    plan: Plan,
    to: Destination,
    uploads: Sequence[discord.Attachment | Upload],
    *,
    is_told: bool,
) -> None:
    job_id = job_id_of(interaction.id)
    asking = asking_of(interaction, private=to.private, is_told=is_told)
    admission = await jobs.admit(job_id, plan, to, asking)
    await jobs.submit(job_id, admission, [_unread(interaction, upload) for upload in uploads])
    if any(isinstance(upload, discord.Attachment) for upload in uploads):
        await _tell_of_uploads(interaction, jobs, admission.plan)


async def check_may_ask(
    interaction: discord.Interaction[Any], jobs: Jobs, *plans: Plan, private: bool = False
) -> None:
    """Refuse before a form is filled in what would be refused afterwards, too."""
    await jobs.gate.check_early(asking_of(interaction, private=private), *plans)


_OF_UPLOADS = (
    "The first time only: your picture was sent to Tencent Cloud, whose image service works on it, "
    "without its metadata, such as where it was taken. Easel keeps it and the result for {span}, "
    "and deletes them then."
)


async def _tell_of_uploads(interaction: discord.Interaction[Any], jobs: Jobs, plan: Plan) -> None:
    """Tell a member once, to themselves alone, where pictures go; the job goes on in any case."""
    firsts = jobs.first_uploads
    if not await firsts.is_first(plan, interaction.user.id):
        return
    try:
        # Where the job's message could not be shown yet, Discord would put this into its place.
        if (await interaction.original_response()).flags.loading:
            await firsts.was_not_told(interaction.user.id)
            return
        text = say(_OF_UPLOADS, span=in_words(firsts.kept_s))
        await interaction.followup.send(text, ephemeral=True)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        _log.warning("first_upload_untold", user=interaction.user.id, reason=repr(error))
        await firsts.was_not_told(interaction.user.id)


def _unread(interaction: discord.Interaction[Any], upload: discord.Attachment | Upload) -> Upload:
    if isinstance(upload, Upload):
        return upload
    read = partial(_fetch, interaction.client.http, upload)
    return Upload(upload.size, read, name=upload.filename)


async def _fetch(http: HTTPClient, upload: discord.Attachment) -> bytes:
    """Read the upload now: its link expires long before a deep queue is through."""
    # Room is kept for the size that was stated, and for no byte more.
    return await read_at_most(http, upload.url, upload.size, LargerThanStated(upload.size))


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
