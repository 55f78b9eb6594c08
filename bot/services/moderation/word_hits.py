"""Notes for the log channel which words of a server's list were asked with, and by whom."""

import asyncio
from collections import OrderedDict

import structlog

from bot.domain.moderation.log_lines import WordHit
from bot.ports.clock import Clock
from bot.ports.moderation.log_lines import LogLineStore

_log = structlog.get_logger(__name__)

_ONCE_IN_S = 60.0  # a form that is checked twice, or a member who tries over and over, is one line
_REMEMBERED = 1000


class WordHits:
    """Notes beside the refusal, which waits for no database; where that fails it is only logged."""

    def __init__(self, store: LogLineStore, now: Clock) -> None:
        self._store = store
        self._now = now
        self._lately: OrderedDict[tuple[int | None, WordHit], float] = OrderedDict()
        self._notes: set[asyncio.Task[None]] = set()

    def note(self, guild_id: int | None, hit: WordHit) -> None:
        """Note a hit, at most once a minute for the same word of the same member."""
        _log.info("word_not_allowed", guild=guild_id, user=hit.user_id, word=hit.word)
        now = self._now()
        before = self._lately.get((guild_id, hit))
        if guild_id is None or (before is not None and 0 <= now - before < _ONCE_IN_S):
            return
        self._lately[guild_id, hit] = now
        while len(self._lately) > _REMEMBERED:
            self._lately.popitem(last=False)
        task = asyncio.create_task(self._note(guild_id, hit, now))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _note(self, guild_id: int, hit: WordHit, now: float) -> None:
        try:
            await self._store.note_hit(guild_id, hit, now)
        except Exception:  # noqa: BLE001 - the refusal stands, whatever became of its line
            _log.warning("word_hit_not_noted", guild=guild_id, exc_info=True)
