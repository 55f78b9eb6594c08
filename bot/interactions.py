"""The interactions at work, so that a stop can wait for them and lets no more in."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

import discord
import structlog

from bot.domain.errors import Restarting

_log = structlog.get_logger(__name__)

_GRACE_S = 17.0  # of the 20 s of a stop (contract): telling, the log-out and the rest take theirs
_TELL_S = 2.0  # a Discord that does not answer holds no stop

Task = asyncio.Task[Any]
Interaction = discord.Interaction[Any]


class Interactions:
    """Knows the task that serves each interaction; `tell` says that a stop cut one short."""

    def __init__(self, tell: Callable[[Interaction], Awaitable[None]]) -> None:
        self._tell = tell
        self._at_work: dict[Task, Interaction] = {}
        self._refused: set[Task] = set()
        self._is_stopping = False

    def begin(self, interaction: Interaction) -> None:
        """Note that the current task serves an interaction, until it ends.

        Raises Restarting from the stop on; the task is waited for all the same.
        """
        task = cast("Task", asyncio.current_task())
        task.add_done_callback(self._ended)
        if self._is_stopping:
            self._refused.add(task)
            raise Restarting
        self._at_work[task] = interaction

    async def end(self) -> None:
        """Let in no more, and let what is at work finish for a while.

        What still runs then is cancelled, which lets its transaction end whole, and told so.
        """
        self._is_stopping = True
        await _ends_of(self._at_work, _GRACE_S)
        async with asyncio.TaskGroup() as group:
            group.create_task(_ends_of(self._refused, _TELL_S))
            for task, interaction in self._at_work.items():
                group.create_task(self._cut_short(task, interaction))

    async def drop(self) -> None:
        """Cancel whatever is left, and wait for its end; nobody is told any more."""
        self._is_stopping = True
        left = {*self._at_work, *self._refused}
        for task in left:
            task.cancel()
        await _ends_of(left)

    async def _cut_short(self, task: Task, interaction: Interaction) -> None:
        task.cancel()
        await _ends_of({task})
        if not task.cancelled():
            return  # it ended by itself after all
        try:
            async with asyncio.timeout(_TELL_S):
                await self._tell(interaction)
        except Exception as error:  # noqa: BLE001 - the others are told, and the stop goes on
            _log.warning("cut_short_not_told", exc_info=error)

    def _ended(self, task: Task) -> None:
        self._at_work.pop(task, None)
        self._refused.discard(task)


async def _ends_of(tasks: Collection[Task], timeout_s: float | None = None) -> None:
    # Not gather: it would cancel them when the time is over, and raise their errors.
    if tasks:
        await asyncio.wait(tuple(tasks), timeout=timeout_s)
