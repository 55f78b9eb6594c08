"""The interactions: as Discord sent them, acknowledged in time, waited for by a stop."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Any, cast

import discord
import structlog
from discord.channel import PartialMessageable

from bot.chat.gateway import GatewayState
from bot.chat.responses import Response
from bot.domain.errors import NotAcknowledged, Restarting

_log = structlog.get_logger(__name__)

# Of the three that Discord waits: the rest is for an answer that is lost and made again.
_ACKNOWLEDGE_AFTER_S = 1.0
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
        self._timers: dict[Task, asyncio.TimerHandle] = {}
        self._acknowledging: set[Task] = set()
        self._is_stopping = False

    def begin(self, interaction: Interaction) -> None:
        """Note that the current task serves an interaction, until it ends.

        Where the task takes its time before its first answer, whatever it waits for, the
        interaction is acknowledged for it. Raises Restarting from the stop on; the task is waited
        for all the same.
        """
        task = cast("Task", asyncio.current_task())
        task.add_done_callback(self._ended)
        if self._is_stopping:
            self._refused.add(task)
            raise Restarting
        self._at_work[task] = interaction
        later = asyncio.get_running_loop().call_later
        self._timers[task] = later(_ACKNOWLEDGE_AFTER_S, self._acknowledge, interaction)

    @property
    def is_idle(self) -> bool:
        """Whether no interaction is at work."""
        return not self._at_work

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
        left = {*self._at_work, *self._refused, *self._acknowledging}
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

    def _acknowledge(self, interaction: Interaction) -> None:
        task = asyncio.create_task(_acknowledged(interaction), name="acknowledge")
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    def _ended(self, task: Task) -> None:
        self._refused.discard(task)
        interaction, timer = self._at_work.pop(task, None), self._timers.pop(task, None)
        if timer is not None:
            timer.cancel()
        if interaction is None or self._is_stopping:
            return
        if interaction.type is discord.InteractionType.autocomplete:
            # The library only logs what goes wrong in suggestions; then there are none.
            self._acknowledge(interaction)


async def _acknowledged(interaction: Interaction) -> None:
    try:
        await cast("Response", interaction.response).acknowledge()
    except (NotAcknowledged, discord.HTTPException) as error:
        _log.warning("not_acknowledged_in_time", reason=str(error))


async def _ends_of(tasks: Collection[Task], timeout_s: float | None = None) -> None:
    # Not gather: it would cancel them when the time is over, and raise their errors.
    if tasks:
        await asyncio.wait(tuple(tasks), timeout=timeout_s)


class Received(discord.Interaction[Any]):
    """The library's interaction with what it leaves out of the event."""

    def _from_data(self, data: Any) -> None:
        try:
            super()._from_data(data)
        except (LookupError, TypeError, ValueError):
            # An interaction tells only a part of a channel; the library insists on more of some.
            told: Any = {key: part for key, part in data.items() if key != "channel"}
            super()._from_data(told)
        channel_id = data.get("channel_id")
        if self.channel is None and channel_id is not None:
            # Of a kind that the library cannot read: its id is all that is needed.
            self.channel = PartialMessageable(self._state, int(channel_id), self.guild_id)  # type: ignore[assignment] # it has what is read of a channel
            if self.message is not None:
                self.message.channel = self.channel  # type: ignore[assignment] # the same
        self._cs_response = Response(self)  # where the library keeps what it would make


class Connection(GatewayState):
    """The reader of events, which makes interactions of our own class."""

    def parse_interaction_create(self, data: Any) -> None:
        """Hand an interaction to whoever serves it, as the library does."""
        interaction, inner = Received(data=data, state=self), data.get("data") or {}
        kind = interaction.type
        if kind in (
            discord.InteractionType.application_command,
            discord.InteractionType.autocomplete,
        ):
            if self._command_tree:
                self._command_tree._from_interaction(interaction)  # noqa: SLF001 - as the library does
        elif kind is discord.InteractionType.component:
            dispatch = self._view_store.dispatch_view
            dispatch(inner["component_type"], inner["custom_id"], interaction)
        elif kind is discord.InteractionType.modal_submit:
            resolved = inner.get("resolved", {})
            dispatch_modal = self._view_store.dispatch_modal
            dispatch_modal(inner["custom_id"], interaction, inner["components"], resolved)
        self.dispatch("interaction", interaction)
