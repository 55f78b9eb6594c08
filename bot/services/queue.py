"""The queue as operators and moderators may ask about it: what runs, waits, rests, got lost."""

from dataclasses import dataclass

from bot.domain.limits import RunLimits
from bot.domain.operations import OperationsStore, Overview, PoolUse
from bot.domain.ports import Clock

_REASON_SHOWN = 300  # characters; a message's texts share 4,000 (Discord docs, 2026-08)


@dataclass(frozen=True, slots=True)
class PoolState:
    """A pool's concurrency and how much of it is taken, `lost` of it by calls nobody waits for."""

    name: str
    limit: int
    busy: int
    lost: int


class Queue:
    """Looks at the queue; changes nothing."""

    def __init__(self, *, store: OperationsStore, limits: RunLimits, now: Clock) -> None:
        self._store = store
        self._limits = limits
        self._now = now

    async def look(self, guild_id: int | None = None) -> tuple[list[PoolState], Overview]:
        """Return every pool of the account, and what waits and got lost in a server."""
        overview = await self._store.overview(self._now(), guild_id)
        idle = PoolUse(busy=0, lost=0)
        pools = [
            PoolState(name, limit, use.busy, use.lost)
            for name, limit in self._limits.pools.items()
            for use in [overview.pools.get(name, idle)]
        ]
        return pools, overview

    async def pause_note(self) -> str:
        """Return for members why no job starts, "" while jobs do."""
        pause = await self._store.paused()
        if pause is None:
            return ""
        return f"Paused by the operator: no job starts now. {pause.reason[:_REASON_SHOWN]}".rstrip()
