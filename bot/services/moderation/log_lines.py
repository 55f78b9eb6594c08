"""Brings lines to log channels: a few in one message, each once, and none for ever."""

import asyncio
import secrets
from dataclasses import replace

import structlog

from bot.domain.moderation.log_lines import KEPT_S, REACHED_S, LogBatch, Taken
from bot.domain.moderation.owner_notices import OwnerNotice
from bot.ports.clock import Clock
from bot.ports.moderation.log_lines import EditLines, LogLineStore, PostLines
from bot.services.moderation.owner_notices import OwnerNotices

_log = structlog.get_logger(__name__)

_LOOK_S = 10.0  # so busy channels get one message in so long
_HELD_S = 60.0
_REST_S = 300.0  # of a channel that takes no lines: refusals count towards a ban
MOST = 8  # lines of a message


class LogLines:
    """Posts what waits; one process at a time does so, of however many there are.

    Lines are forgotten once they are posted, so a crash in between repeats one message at the most.
    """

    def __init__(
        self,
        *,
        store: LogLineStore,
        post: PostLines,
        edit: EditLines,
        owners: OwnerNotices,
        now: Clock,
        look_s: float = _LOOK_S,
    ) -> None:
        self._store = store
        self._post = post
        self._edit = edit
        self._owners = owners
        self._now = now
        self._look_s = look_s
        self._name = secrets.token_hex(8)
        self._resting: dict[int, float] = {}

    async def run(self) -> None:
        """Look until cancelled; faults are only logged."""
        while True:
            await asyncio.sleep(self._look_s)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - whatever it is, nothing else stops for it
                _log.warning("log_lines_not_posted", exc_info=True)

    async def look(self) -> None:
        """Post the oldest lines of every server that has some, one message for each."""
        now = self._now()
        if not await self._hold():
            return
        dropped = await self._store.drop_older(now - KEPT_S)
        if dropped:
            _log.warning("log_lines_dropped", count=dropped)
        for batch in await self._store.waiting(MOST):
            if batch.channel_id is None:
                await self._store.drop(batch.numbers)
                continue
            if self._resting.get(batch.channel_id, 0.0) > now:
                continue
            if not await self._hold():  # the posts before took so long that another one is at it
                return
            try:
                await self._bring(batch, batch.channel_id)
            except Exception:  # noqa: BLE001 - no line of one server keeps those of others
                _log.warning("log_lines_not_posted", guild=batch.guild_id, exc_info=True)
        await self._show_anew()

    async def _show_anew(self) -> None:
        """Edit messages that tell of what was deleted or erased, as long as they can be reached."""
        await self._store.forget_posted(self._now() - REACHED_S)
        for batch in await self._store.stale(MOST):
            if await self._hold() and await self._edit(batch) is not Taken.LATER:
                await self._store.shown_anew(batch)

    async def _hold(self) -> bool:
        now = self._now()
        return await self._store.hold(self._name, now, now + _HELD_S)

    async def _bring(self, batch: LogBatch, channel_id: int) -> None:
        """Post lines; of those that Discord refuses together each by itself, and none for ever."""
        told = await self._post(batch)
        if told.taken is Taken.REFUSED and len(batch.lines) > 1:
            for line in batch.lines:
                await self._bring(replace(batch, lines=(line,)), channel_id)
            return
        if told.taken is Taken.REFUSED:
            _log.warning("log_line_refused", guild=batch.guild_id, line=batch.numbers[0])
            await self._store.drop(batch.numbers)
        if told.taken is Taken.NOW:
            if told.message_id is None:
                await self._store.drop(batch.numbers)
            else:
                await self._store.keep_posted(batch, told.message_id)
            await self._owners.mended(batch.guild_id, OwnerNotice.LOG_CLOSED)
        elif told.taken is Taken.CLOSED:
            self._resting[channel_id] = self._now() + _REST_S
            await self._owners.tell_once(batch.guild_id, OwnerNotice.LOG_CLOSED, channel_id)
