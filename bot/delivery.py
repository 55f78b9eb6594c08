"""The delivery ladder: how a job's messages reach people, rung by rung.

edit by interaction token → edit the same message by bot token → reply in the channel → direct
message. A private result never takes the two rungs in the middle. Each rung may be repeated.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import discord
import structlog
from discord import ui

from bot.domain.errors import Undeliverable
from bot.domain.jobs import Destination, Job, JobId
from bot.domain.pictures import Picture
from bot.domain.ports import Clock
from cogs.replies import EndedLayout, ResultLayout, WaitingLayout, result_files

_log = structlog.get_logger(__name__)

_TOKEN_MARGIN_S = 30.0  # an upload may take this long; after the token's end it is a 401
_SEARCHED_MESSAGES = 50
# On edits too: without it Discord reads an edited text with its own, pinging defaults.
_NO_PINGS = discord.AllowedMentions.none()
_FIRST_SERVER_ERROR = 500
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class _Message:
    """What is to be shown; files are made anew for each rung, because each is read only once."""

    job: Job
    build: Callable[[Sequence[discord.File]], ui.LayoutView]
    pictures: Sequence[Picture] = field(default=())

    def parts(self) -> tuple[ui.LayoutView, list[discord.File]]:
        files = result_files(self.job, self.pictures)
        return self.build(files), files

    @property
    def to(self) -> Destination:
        return self.job.order.destination


class _RungBroken(Exception):
    """This rung cannot work for this message, now or later: take the next."""


class Delivery:
    """Edits and posts a job's messages over REST; needs no gateway."""

    def __init__(self, client: discord.Client, *, now: Clock) -> None:
        self._client = client
        self._now = now
        # One writer per message: a late "queued" must not overwrite a quick result.
        self._writers: WeakValueDictionary[JobId, asyncio.Lock] = WeakValueDictionary()

    async def announce(self, job: Job, ahead: int, wait_s: float) -> None:
        """Show in the deferred reply that the job waits; Discord's faults are only logged."""
        message = _Message(job, lambda _: WaitingLayout(job, ahead, wait_s))
        async with self._writer(job.id):
            try:
                await self._edit_by_token(message)
            except (_RungBroken, Undeliverable) as error:
                _log.warning("announcement_failed", job=job.id, reason=repr(error.__cause__))

    async def post(self, job: Job, system: str, pictures: Sequence[Picture]) -> None:
        """Post the labelled pictures; raises Undeliverable when no rung works for now."""
        message = _Message(job, lambda files: ResultLayout(job, system, files), pictures)
        async with self._writer(job.id):
            await self._climb(message)

    async def tell(self, job: Job) -> None:
        """Show how the job ended without a picture; raises Undeliverable."""
        async with self._writer(job.id):
            await self._climb(_Message(job, lambda _: EndedLayout(job)))

    def _writer(self, job_id: JobId) -> AbstractAsyncContextManager[None]:
        lock = self._writers.get(job_id)
        if lock is None:
            self._writers[job_id] = lock = asyncio.Lock()
        return lock

    async def _climb(self, message: _Message) -> None:
        rungs: list[Callable[[_Message], Awaitable[None]]] = [self._edit_by_token]
        if not message.to.private:
            rungs += [self._edit_by_bot, self._reply_in_channel]
        for rung in (*rungs, self._direct_message):
            try:
                await rung(message)
            except _RungBroken as broken:
                _log.info("rung_broken", job=message.job.id, rung=rung.__name__, why=str(broken))
            else:
                return
        raise Undeliverable

    async def _edit_by_token(self, message: _Message) -> None:
        to = message.to
        if to.message_id is None or self._now() > to.token_expires_at - _TOKEN_MARGIN_S:
            raise _RungBroken("the interaction token is no longer good")
        webhook = discord.Webhook.partial(to.application_id, to.token, client=self._client)
        view, files = message.parts()
        async with _judged():
            await webhook.edit_message(
                to.message_id, view=view, attachments=files, allowed_mentions=_NO_PINGS
            )

    async def _edit_by_bot(self, message: _Message) -> None:
        to = message.to
        if to.message_id is None:
            raise _RungBroken("the reply's id is not known")
        channel = self._client.get_partial_messageable(to.channel_id, guild_id=to.guild_id)
        view, files = message.parts()
        async with _judged():
            await channel.get_partial_message(to.message_id).edit(
                view=view, attachments=files, allowed_mentions=_NO_PINGS
            )

    async def _reply_in_channel(self, message: _Message) -> None:
        to = message.to
        channel = self._client.get_partial_messageable(to.channel_id, guild_id=to.guild_id)
        async with _judged():
            if await self._is_posted(channel, message.job.id):
                return
            await self._send(channel, message, mention=True)

    async def _direct_message(self, message: _Message) -> None:
        async with _judged():
            user = await self._client.create_dm(discord.Object(message.to.user_id))
            if await self._is_posted(user, message.job.id):
                return
            await self._send(user, message, mention=False)

    async def _is_posted(self, channel: discord.abc.Messageable, job_id: JobId) -> bool:
        """Search our own latest messages: after a crash the post may be there already."""
        me = self._client.user
        async for found in channel.history(limit=_SEARCHED_MESSAGES):
            if found.author == me and any(job_id in name for name in _texts_and_names(found)):
                return True
        return False

    async def _send(
        self, channel: discord.abc.Messageable, message: _Message, *, mention: bool
    ) -> None:
        view, files = message.parts()
        allowed = _NO_PINGS
        if mention:
            asker = discord.Object(message.to.user_id)
            allowed = discord.AllowedMentions(everyone=False, roles=False, users=[asker])
        await channel.send(view=view, files=files, nonce=message.job.id, allowed_mentions=allowed)


def _texts_and_names(message: discord.Message) -> list[str]:
    texts = [attachment.filename for attachment in message.attachments]
    for component in message.components:
        texts += [
            child.content
            for child in getattr(component, "children", [])
            if isinstance(child, discord.TextDisplay)
        ]
    return texts


@asynccontextmanager
async def _judged() -> AsyncIterator[None]:
    """Sort Discord's faults: passing ones end the climb for now, final ones break the rung."""
    try:
        yield
    except discord.HTTPException as error:
        if error.status >= _FIRST_SERVER_ERROR or error.status == _TOO_MANY:
            raise Undeliverable from error
        raise _RungBroken(f"{error.status} {error.code}") from error
    except (discord.DiscordException, OSError, TimeoutError) as error:
        raise Undeliverable from error
