"""Who is next where many wait for the same thing: fair by guild, and in it by member.

Start-time fair queueing: whoever has had the least is next, and who comes new starts at the clock,
the virtual time of the latest turn, so that nobody saves up turns by staying away.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lane:
    """Whose turn it is: a member in a guild, or in a channel that stands for one outside of any."""

    guild_or_channel: int
    user_id: int


Allowed = Callable[[Lane], bool]


class VirtualTimes:
    """What everybody has had so far; `times` maps (guild, user) to virtual time, user 0: all."""

    def __init__(
        self, times: Mapping[tuple[int, int], float] | None = None, clock: float = 0.0
    ) -> None:
        self._times = dict(times or {})
        self._clock = clock

    def of(self, guild_or_channel: int, user_id: int = 0) -> float:
        """Return the virtual time of a guild, or of a member in it; 0 for one that had nothing."""
        return self._times.get((guild_or_channel, user_id), 0.0)

    def charge(self, lane: Lane, cost: float) -> None:
        """Note a turn."""
        start = max(self.of(lane.guild_or_channel), self._clock)
        for user_id in (0, lane.user_id):
            had = max(self.of(lane.guild_or_channel, user_id), self._clock)
            self._times[lane.guild_or_channel, user_id] = had + cost
        self._clock = start


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    number: int
    item: T
    cost: float


class FairLine(Generic[T]):
    """A line in memory; each turn costs something, such as bytes."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[int, deque[_Entry[T]]]] = {}
        self._times = VirtualTimes()
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def push(self, lane: Lane, item: T, cost: float) -> None:
        """Add somebody behind whoever waits in the same lane."""
        self._count += 1
        members = self._waiting.setdefault(lane.guild_or_channel, {})
        members.setdefault(lane.user_id, deque()).append(_Entry(self._count, item, cost))

    def first(self, allowed: Allowed | None = None) -> T:
        """Return who is next of those allowed; raises LookupError when none of them waits."""
        lane = self._next_lane(allowed)
        return self._waiting[lane.guild_or_channel][lane.user_id][0].item

    def pop(self, allowed: Allowed | None = None) -> T:
        """Take who is next out of the line; see `first`."""
        lane = self._next_lane(allowed)
        entry = self._waiting[lane.guild_or_channel][lane.user_id].popleft()
        self._times.charge(lane, entry.cost)
        self._tidy(lane)
        return entry.item

    def discard(self, lane: Lane, item: T) -> None:
        """Let somebody leave the line; who is not in it is no error."""
        queue = self._waiting.get(lane.guild_or_channel, {}).get(lane.user_id, deque())
        for entry in queue:
            if entry.item is item:
                queue.remove(entry)
                self._tidy(lane)
                return

    def _next_lane(self, allowed: Allowed | None) -> Lane:
        since = {
            Lane(guild, user_id): queue[0].number
            for guild, members in self._waiting.items()
            for user_id, queue in members.items()
            if allowed is None or allowed(Lane(guild, user_id))
        }
        if not since:
            raise LookupError("nobody waits")
        guilds: dict[int, int] = {}
        for lane, number in since.items():
            guilds[lane.guild_or_channel] = min(number, guilds.get(lane.guild_or_channel, number))
        first = min(guilds, key=lambda guild: (self._times.of(guild), guilds[guild]))
        ranks = {
            lane: (self._times.of(first, lane.user_id), number)
            for lane, number in since.items()
            if lane.guild_or_channel == first
        }
        return min(ranks, key=ranks.__getitem__)

    def _tidy(self, lane: Lane) -> None:
        members = self._waiting[lane.guild_or_channel]
        if not members[lane.user_id]:
            del members[lane.user_id]
        if not members:
            del self._waiting[lane.guild_or_channel]
