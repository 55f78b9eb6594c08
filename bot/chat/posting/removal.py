"""Takes the messages of a deleted result away; one that is gone already is no fault."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import discord
import structlog

from bot.chat.posting.routes import RouteBroken, Routes, translate_discord_errors
from bot.domain.jobs.job import Job, JobState
from bot.ports.clock import Clock
from bot.ports.delivery import Place

_log = structlog.get_logger(__name__)

_UNKNOWN_MESSAGE = 10008  # JSON error code (Discord docs, 2026-08)


class Removal:
    """Deletes by the interaction's token while that is good, else as the message's author."""

    def __init__(self, client: discord.Client, routes: Routes, *, now: Clock) -> None:
        self._client = client
        self._routes = routes
        self._now = now

    async def remove(self, job: Job, shown: Collection[Place] = ()) -> bool:
        """Delete all messages known of a job; False where one stays. Raises Undeliverable."""
        to = job.order.destination
        is_all_gone = to.message_id is None or await self._delete_reply(job, to.message_id)
        for place in {*self._posts(job), *shown}:
            is_all_gone &= await self._delete(*place)
        if job.state is JobState.DELIVERING and job.deliveries and job.posted_message_id is None:
            await self._delete_unnoted(job)
        return is_all_gone

    def _posts(self, job: Job) -> list[Place]:
        if job.posted_channel_id is None or job.posted_message_id is None:
            return []
        return [(job.posted_channel_id, job.posted_message_id)]

    async def _delete_reply(self, job: Job, message_id: int) -> bool:
        to = job.order.destination
        if to.is_token_good(self._now()):
            webhook = discord.Webhook.partial(to.application_id, to.token, client=self._client)
            with suppress(RouteBroken):
                async with translate_discord_errors():
                    with _gone_is_fine():
                        await webhook.delete_message(message_id)
                return True
        # What only its member sees has no other way to it.
        return not to.private and await self._delete(to.channel_id, message_id)

    async def _delete(self, channel_id: int, message_id: int) -> bool:
        channel = self._client.get_partial_messageable(channel_id)
        try:
            async with translate_discord_errors():
                with _gone_is_fine():
                    await channel.get_partial_message(message_id).delete()
        except RouteBroken as broken:
            _log.info("message_not_deleted", message=message_id, why=str(broken))
            return False
        return True

    async def _delete_unnoted(self, job: Job) -> None:
        """Delete what an earlier try has posted and died before it could note it."""
        to = job.order.destination
        if to.private:
            return
        channel = self._client.get_partial_messageable(to.channel_id, guild_id=to.guild_id)
        with suppress(RouteBroken):
            async with translate_discord_errors():
                found = await self._routes.find(channel, job)
            if found is not None:
                await self._delete(to.channel_id, found)


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except discord.NotFound as error:
        if error.code != _UNKNOWN_MESSAGE:
            raise
