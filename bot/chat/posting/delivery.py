"""The delivery ladder: how a job's messages reach people, route by route.

edit by interaction token → edit the same message by bot token → reply in the channel → direct
message. A private result never takes the two routes in the middle. Each route may be repeated.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from weakref import WeakValueDictionary

import discord
import structlog

from bot.chat.posting.removal import Removal
from bot.chat.posting.routes import Message, RouteBroken, Routes
from bot.domain.errors import Undeliverable, Unreachable
from bot.domain.follow_ups.kinds import Offers
from bot.domain.jobs.job import Job, JobId, JobState
from bot.domain.jobs.line import Standing
from bot.domain.pictures.picture import Picture
from bot.ports.clock import Clock
from bot.ports.delivery import Place, PostStore
from bot.ports.pictures import AttachmentMaker
from cogs.views.layouts.ended import EndedLayout
from cogs.views.layouts.result import ResultLayout
from cogs.views.layouts.waiting import WaitingLayout

_log = structlog.get_logger(__name__)

_REMEMBERED = 2000  # jobs whose end or cancel was shown; more than can be in the air at once

Route = Callable[[Message], Awaitable[None]]

OffersOf = Callable[[Job, Sequence[Picture]], Offers]
"""Tells what a job's result offers to be made of it."""


class Delivery:
    """Edits and posts a job's messages over REST; needs no gateway."""

    def __init__(
        self, client: discord.Client, *, posts: PostStore, offers: OffersOf, now: Clock
    ) -> None:
        self._routes = Routes(client, posts, now=now)
        self._removal = Removal(client, self._routes, now=now)
        # One writer per message: a late "queued" must not overwrite a quick result.
        self._writers: WeakValueDictionary[JobId, asyncio.Lock] = WeakValueDictionary()
        self._shown: dict[JobId, Standing] = {}
        self._ending: dict[JobId, None] = {}
        self._cancelling: dict[JobId, None] = {}
        self._offers = offers
        self._now = now

    async def announce(self, job: Job, standing: Standing, *, at_any_time: bool = False) -> None:
        """Show in the deferred reply that the job waits; Discord's faults are only logged."""
        message = Message(job, lambda *_: WaitingLayout(job, standing))
        routes: list[Route] = [self._routes.edit_by_token]
        if job.cancel_at is not None:
            # Whoever read the job earlier comes late.
            _remember(self._cancelling, job.id)
        if job.cancel_at is not None or at_any_time:  # said once, so also when the token is over
            routes = self._routes_of(job, edits_only=True)
        async with self._writer(job.id):
            is_late = job.cancel_at is None and job.id in self._cancelling
            if is_late or job.id in self._ending:
                return
            self._shown[job.id] = standing
            try:
                await _climb(message, routes)
            except Undeliverable as error:
                _log.info("waiting_not_shown", job=job.id, reason=repr(error.__cause__ or error))
                if not isinstance(error, Unreachable):
                    del self._shown[job.id]  # or "thinking…" stays until there is other news

    def shown(self, job_id: JobId) -> Standing | None:
        """Return what a waiting message says, as far as this process wrote it."""
        return self._shown.get(job_id)

    async def refresh(self, job: Job, standing: Standing) -> None:
        """Show a waiting job's new standing, unless somebody writes its message right now."""
        lock = self._writers.get(job.id)
        if lock is not None and lock.locked():
            return
        if job.order.destination.is_token_good(self._now()):
            await self.announce(job, standing)

    async def post(self, job: Job, system: str, attachments: AttachmentMaker) -> None:
        """Post the labelled pictures; raises Undeliverable, Unreachable, or what makes them."""
        message = Message(
            job,
            lambda files, made: ResultLayout(
                job, system, files, made, self._offers(job, made.pictures)
            ),
            attachments,
        )
        await self._show_end(message, self._routes_of(job))

    async def tell(self, job: Job) -> None:
        """Show how the job ended without a picture; raises Undeliverable or Unreachable."""
        # An asker who cancelled was answered: only what still says "queued" is put right.
        is_answered = job.state is JobState.CANCELLED and not job.is_cancelled_by_moderator
        routes = self._routes_of(job, edits_only=is_answered)
        await self._show_end(Message(job, lambda *_: EndedLayout(job)), routes)

    async def remove(self, job: Job, shown: Collection[Place] = ()) -> bool:
        """Take a deleted job's messages away; a post that is on its way comes first."""
        async with self._writer(job.id):
            return await self._removal.remove(job, shown)

    def _routes_of(self, job: Job, *, edits_only: bool = False) -> list[Route]:
        """Return the ladder of a job, or those of its routes that make no new message."""
        routes = self._routes
        if job.order.destination.is_nowhere:
            return []
        if job.posted_message_id is not None:
            return [routes.edit_posted]
        edits: list[Route] = [routes.edit_by_token]
        if not job.order.destination.private:
            edits.append(routes.edit_by_bot)
        if edits_only:
            return edits
        if job.order.destination.private:
            return [*edits, routes.direct_message]
        return [*edits, routes.reply_in_channel, routes.direct_message]

    def _writer(self, job_id: JobId) -> AbstractAsyncContextManager[None]:
        lock = self._writers.get(job_id)
        if lock is None:
            self._writers[job_id] = lock = asyncio.Lock()
        return lock

    async def _show_end(self, message: Message, routes: list[Route]) -> None:
        self._shown.pop(message.job.id, None)
        _remember(self._ending, message.job.id)
        async with self._writer(message.job.id):
            await _climb(message, routes)


def _remember(latest: dict[JobId, None], job_id: JobId) -> None:
    latest[job_id] = None
    while len(latest) > _REMEMBERED:
        del latest[next(iter(latest))]


async def _climb(message: Message, routes: list[Route]) -> None:
    job = message.job
    for route in routes:
        try:
            await route(message)
        except RouteBroken as broken:
            _log.info("route_broken", job=job.id, route=route.__name__, why=str(broken))
        else:
            return
    raise Unreachable
