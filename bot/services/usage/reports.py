"""What was used in a server or by a member, for the chart, its words and its table."""

import csv
from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from bot.domain.engines.catalogue import Catalogue
from bot.domain.jobs.fairness import Lane
from bot.domain.usage.chart import Chart
from bot.domain.usage.errors import ChartNotDrawn
from bot.domain.usage.report import (
    MEMBERS_SHOWN,
    Bars,
    Span,
    UsageReport,
    bars_of,
    days_of_month,
    engines_in,
    spending_in,
)
from bot.ports.accounts import GuildSettingsStore
from bot.ports.clock import Clock
from bot.ports.usage.sums import DrawChart, TableRow, UsageSums, Whose
from bot.turns.fair_semaphore import FairSemaphore

_TABLE_COLUMNS = ("begins", "engine", "user_id", "jobs", "pictures", "usd", "assumed_usd")


class UsageReports:
    """Sums up, and draws one chart at a time, in fair turns."""

    def __init__(
        self,
        *,
        sums: UsageSums,
        settings: GuildSettingsStore,
        catalogue: Catalogue,
        draw: DrawChart,
        now: Clock,
    ) -> None:
        self._sums = sums
        self._settings = settings
        self._catalogue = catalogue
        self._draw = draw
        self._now = now
        self._turns = FairSemaphore(1, now=now)

    async def of_member(self, guild_id: int | None, user_id: int, span: Span) -> UsageReport:
        """Return what a member used in a server, or in direct messages."""
        bars = bars_of(span, self._now(), await self._zone(guild_id))
        return await self._report(span, bars, Whose(guild_id, user_id))

    async def of_guild(self, guild_id: int, span: Span, table: Path) -> UsageReport:
        """Return what a server used, with its members and its money; writes all of it as CSV."""
        now, settings = self._now(), await self._settings.settings(guild_id)
        bars, whose = bars_of(span, now, settings.zone), Whose(guild_id)
        report = await self._report(span, bars, whose)
        members, count = await self._sums.by_member(bars.bounds, whose, MEMBERS_SHOWN)
        days = days_of_month(now, settings.zone)
        spent = await self._sums.by_bar(days.bounds, whose)
        await self._write_table(bars, whose, table)
        return UsageReport(
            span,
            bars,
            report.engines,
            members=tuple(members),
            more_members=count - len(members),
            spending=spending_in(spent, days, now, settings.budget_usd),
        )

    async def drawn(self, chart: Chart, lane: Lane) -> bytes | None:
        """Return a chart as a PNG, None where that failed; `lane` is whose turn it takes."""
        await self._turns.enter(lane, 0)
        try:
            return await self._draw(chart)
        except ChartNotDrawn:
            return None
        finally:
            self._turns.leave(lane, 0)

    def title_of(self, engine: str) -> str:
        """Return an engine's readable name, its plain one where it is known no more."""
        known = self._catalogue.get(engine)
        return known.title if known else engine

    async def _report(self, span: Span, bars: Bars, whose: Whose) -> UsageReport:
        sums = await self._sums.by_bar_and_engine(bars.bounds, whose)
        return UsageReport(span, bars, engines_in(sums, len(bars.labels)))

    async def _zone(self, guild_id: int | None) -> tzinfo:
        if guild_id is None:
            return UTC
        return (await self._settings.settings(guild_id)).zone

    async def _write_table(self, bars: Bars, whose: Whose, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(_TABLE_COLUMNS)

            def write(rows: Sequence[TableRow]) -> None:
                writer.writerows(
                    (
                        bars.labels[row.bar],
                        row.engine,
                        row.user_id,
                        row.jobs,
                        row.used.images,
                        round(row.used.usd, 6),
                        round(row.used.assumed_usd, 6),
                    )
                    for row in rows
                )

            await self._sums.write_table(bars.bounds, whose, write)
