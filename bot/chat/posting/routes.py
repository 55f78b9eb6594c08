"""The routes of the delivery ladder: one way each to show a message, and what its failure means."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import aiohttp
import discord
from discord import ui

from bot.chat.faults import is_final
from bot.domain.discord_limits import FILE_BYTES
from bot.domain.errors import Undeliverable
from bot.domain.jobs.job import Destination, Job, JobState
from bot.domain.pictures.picture import Attachments
from bot.ports.clock import Clock
from bot.ports.delivery import PostStore
from bot.ports.pictures import AttachmentMaker
from cogs.views.layouts.result import result_files
from cogs.views.layouts.texts import footer

# On edits too: without it Discord reads an edited text with its own, pinging defaults.
NO_PINGS = discord.AllowedMentions.none()
_ENTITY_TOO_LARGE = 40005  # JSON error code (Discord docs, 2026-08)
_CANNOT_REPLY = 160002  # without Read Message History (Discord docs, 2026-08)
_CLOCKS_DIFFER_S = 60.0
_SEARCHED = 500  # messages, five requests


T = TypeVar("T")


class RouteBroken(Exception):
    """This route cannot work for this message, now or later: take the next."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be shown; it is made anew for each route, because a file is read only once."""

    job: Job
    build: Callable[[Sequence[discord.File], Attachments], ui.LayoutView]
    attachments: AttachmentMaker | None = None

    @property
    def to(self) -> Destination:
        """Where it should go."""
        return self.job.order.destination

    async def parts(self, max_bytes: int) -> tuple[ui.LayoutView, list[discord.File]]:
        """Return layout and uploads, no file larger than `max_bytes`."""
        attachments = await self.attachments(max_bytes) if self.attachments else Attachments(())
        files = result_files(self.job, attachments)
        return self.build(files, attachments), files


class Routes:
    """Each method shows a message in one way; raises RouteBroken or Undeliverable."""

    def __init__(self, client: discord.Client, posts: PostStore, *, now: Clock) -> None:
        self._client = client
        self._posts = posts
        self._now = now

    async def edit_posted(self, message: Message) -> None:
        """Edit the new message that an earlier try has posted."""
        job = message.job
        if job.posted_channel_id is None or job.posted_message_id is None:
            raise RouteBroken("nothing was posted yet")
        await self._edit(message, job.posted_channel_id, job.posted_message_id)

    async def edit_by_token(self, message: Message) -> None:
        """Edit the deferred reply through its interaction: needs no permission, for 15 minutes."""
        to, message_id = message.to, message.to.message_id
        if message_id is None or not to.is_token_good(self._now()):
            raise RouteBroken("the interaction token is no longer good")
        webhook = discord.Webhook.partial(to.application_id, to.token, client=self._client)

        async def edit(max_bytes: int) -> None:
            view, files = await message.parts(max_bytes)
            await webhook.edit_message(
                message_id, view=view, attachments=files, allowed_mentions=NO_PINGS
            )

        await self._fitting(edit, to.filesize_limit)

    async def edit_by_bot(self, message: Message) -> None:
        """Edit the same message as its author."""
        if message.to.message_id is None:
            raise RouteBroken("the reply's id is not known")
        await self._edit(message, message.to.channel_id, message.to.message_id)

    async def reply_in_channel(self, message: Message) -> None:
        """Post a new message that refers to the old one and pings who asked."""
        to = message.to
        channel = self._client.get_partial_messageable(to.channel_id, guild_id=to.guild_id)
        asker = discord.Object(to.user_id)
        ping = discord.AllowedMentions(
            everyone=False, roles=False, users=[asker], replied_user=False
        )
        await self._post(message, channel, to.channel_id, to.filesize_limit, ping)

    async def direct_message(self, message: Message) -> None:
        """Write to the asker."""
        async with translate_discord_errors():
            channel = await self._client.create_dm(discord.Object(message.to.user_id))
        limit = min(message.to.filesize_limit, FILE_BYTES)
        await self._post(message, channel, channel.id, limit, NO_PINGS)

    async def _edit(self, message: Message, channel_id: int, message_id: int) -> None:
        channel = self._client.get_partial_messageable(channel_id, guild_id=message.to.guild_id)

        async def edit(max_bytes: int) -> None:
            view, files = await message.parts(max_bytes)
            await channel.get_partial_message(message_id).edit(
                view=view, attachments=files, allowed_mentions=NO_PINGS
            )

        await self._fitting(edit, message.to.filesize_limit)

    async def _post(
        self,
        message: Message,
        channel: discord.abc.Messageable,
        channel_id: int,
        limit: int,
        pings: discord.AllowedMentions,
    ) -> None:
        # Only a try that is not the first can have posted already: a crash or a lost answer.
        async with translate_discord_errors():
            found = await self.find(channel, message.job) if message.job.deliveries else None
        if found is None:
            found = await self._fitting(
                lambda max_bytes: self._send(message, channel, max_bytes, pings), limit
            )
        await self._posts.record_posted(message.job.id, channel_id, found)

    async def find(self, channel: discord.abc.Messageable, job: Job) -> int | None:
        """Search the channel for what an earlier try has posted."""
        me = self._client.user
        async for found in _around_the_tries(channel, job):
            is_ours = found.author == me and found.id != job.order.destination.message_id
            if is_ours and _shows_end_of(job, found):
                return found.id
        return None

    async def _send(
        self,
        message: Message,
        channel: discord.abc.Messageable,
        max_bytes: int,
        pings: discord.AllowedMentions,
    ) -> int:
        view, files = await message.parts(max_bytes)
        job, to = message.job, message.to
        is_there = isinstance(channel, discord.PartialMessageable) and to.message_id is not None
        reference = discord.MessageReference(
            message_id=to.message_id or 0,
            channel_id=to.channel_id,
            guild_id=to.guild_id,
            fail_if_not_exists=False,
        )
        try:
            sent = await channel.send(
                view=view,
                files=files,
                nonce=job.id,
                allowed_mentions=pings,
                reference=reference if is_there else None,  # type: ignore[arg-type] # None is taken
            )
        except discord.HTTPException as error:
            if error.code != _CANNOT_REPLY:
                raise
            view, files = await message.parts(max_bytes)
            sent = await channel.send(view=view, files=files, nonce=job.id, allowed_mentions=pings)
        return sent.id

    async def _fitting(self, show: Callable[[int], Awaitable[T]], limit: int) -> T:
        """Show within the limit, or within the least one where the server's has shrunk since."""
        async with translate_discord_errors():
            try:
                return await show(limit)
            except discord.HTTPException as error:
                if error.code != _ENTITY_TOO_LARGE or limit <= FILE_BYTES:
                    raise
                return await show(FILE_BYTES)


async def _around_the_tries(
    channel: discord.abc.Messageable, job: Job
) -> AsyncIterator[discord.Message]:
    """Yield the messages that an earlier try's is among: ten requests, however busy the channel.

    The first try comes as soon as there is something to show, so its post is among the earliest
    since then; the pauses between tries are short, so the last one's is among the latest. Only
    a try long after the first, followed by a long stop of the bot, can be missed.
    """
    began = job.drawn_at or job.finished_at or job.created_at
    since = datetime.fromtimestamp(began - _CLOCKS_DIFFER_S, UTC)
    seen = 0
    async for message in channel.history(limit=_SEARCHED, after=since, oldest_first=True):
        seen += 1
        yield message
    if seen == _SEARCHED:
        async for message in channel.history(limit=_SEARCHED, after=since, oldest_first=False):
            yield message


def _shows_end_of(job: Job, message: discord.Message) -> bool:
    """Tell by what no member can bring about: a prompt may quote a job's id."""
    if job.state is JobState.DELIVERING:
        start = f"easel-{job.id}-"
        names = (attachment.filename for attachment in message.attachments)
        return any(name.removeprefix("SPOILER_").startswith(start) for name in names)
    return any(
        isinstance(child, discord.TextDisplay) and child.content == footer(job)
        for component in message.components
        for child in getattr(component, "children", [])
    )


@asynccontextmanager
async def translate_discord_errors() -> AsyncIterator[None]:
    """Sort Discord's faults: passing ones end the climb for now, final ones break the route."""
    try:
        yield
    except discord.HTTPException as error:
        if not is_final(error):
            raise Undeliverable from error
        raise RouteBroken(f"{error.status} {error.code}") from error
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Undeliverable from error
