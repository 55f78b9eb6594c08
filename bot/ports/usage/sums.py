"""The ledger summed up for a report, and the drawing of its chart."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.usage.chart import Chart
from bot.domain.usage.report import MemberUse, Sum

DrawChart = Callable[[Chart], Awaitable[bytes]]
"""Returns a chart as a PNG; raises ChartNotDrawn."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose jobs are summed up: of a server (None: in direct messages), of a member or of all."""

    guild_id: int | None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a member's jobs with an engine came to in a bar, counted from 0."""

    bar: int
    engine: str
    user_id: int
    jobs: int
    used: Sum


class UsageSums(Protocol):
    """Sums over the jobs accepted within `bounds`, of which there is one more than bars.

    Pictures are those that count against quotas: reserved while a job lives, then used.
    """

    async def by_bar_and_engine(
        self, bounds: Sequence[float], whose: Whose
    ) -> dict[tuple[int, str], Sum]:
        """Return the sums by bar, counted from 0, and engine; what is nothing is left out."""

    async def by_bar(self, bounds: Sequence[float], whose: Whose) -> dict[int, Sum]:
        """Return the sums by bar, counted from 0."""

    async def by_member(
        self, bounds: Sequence[float], whose: Whose, limit: int
    ) -> tuple[list[MemberUse], int]:
        """Return those who used most pictures, and how many used any."""

    async def write_table(
        self,
        bounds: Sequence[float],
        whose: Whose,
        write: Callable[[Sequence[TableRow]], None],
    ) -> None:
        """Hand all sums by bar, engine and member to `write`, some at a time, in this order."""
