"""What /usage shows: a chart and its numbers, and for moderators members, money and a table."""

import io
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import discord
from discord import ui

from bot.domain.discord_limits import ALT_TEXT_CHARS
from bot.domain.usage.chart import Chart, Panel, RankedBars, RisingLine, Series, StackedBars
from bot.domain.usage.errors import ChartNotDrawn
from bot.domain.usage.report import EngineUse, MemberUse, Span, Spending, UsageReport
from bot.domain.wording.quoting import Markup, shortened
from bot.domain.wording.sentences import say

_CHART_NAME = "usage.png"
_NAME_SHOWN = 28  # characters of an engine's in the chart

_OWN = MappingProxyType(
    {
        Span.DAY: "Your pictures of the last 24 hours: {images}",
        Span.WEEK: "Your pictures of the last 7 days: {images}",
        Span.MONTH: "Your pictures of the last 30 days: {images}",
    }
)
_ALL = MappingProxyType(
    {
        Span.DAY: "This server’s pictures of the last 24 hours: {images}",
        Span.WEEK: "This server’s pictures of the last 7 days: {images}",
        Span.MONTH: "This server’s pictures of the last 30 days: {images}",
    }
)
_PER_BAR = MappingProxyType(
    {
        Span.DAY: "Pictures per hour, by engine",
        Span.WEEK: "Pictures per day, by engine",
        Span.MONTH: "Pictures per day, by engine",
    }
)


class UsageLayout(ui.LayoutView):
    """The numbers in words, the chart, who used most, the month's money, and the table."""

    def __init__(
        self,
        report: UsageReport,
        chart: discord.File | None,
        table: discord.File | None,
        *,
        is_server: bool,
    ) -> None:
        super().__init__(timeout=None)
        box: ui.Container[UsageLayout] = ui.Container()
        box.add_item(ui.TextDisplay(say("**{title}**", title=_title(report, is_server=is_server))))
        if chart is not None:
            box.add_item(ui.MediaGallery(discord.MediaGalleryItem(chart)))
        elif report.images:
            box.add_item(ui.TextDisplay(ChartNotDrawn().in_chat()))
        for text in (_members(report), _money(report.spending), _note(is_server=is_server)):
            if text:
                box.add_item(ui.TextDisplay(text))
        if table is not None:
            box.add_item(ui.File(table))
        self.add_item(box)


def chart_of(
    report: UsageReport, title_of: Callable[[str], str], *, is_server: bool
) -> Chart | None:
    """Return the chart of a report, None where there is nothing to draw."""
    if not report.images:
        return None
    series = tuple(
        Series(_named(use, title_of), tuple(map(float, use.images))) for use in report.engines
    )
    panels: list[Panel] = [StackedBars(say(_PER_BAR[report.span]), report.bars.labels, series)]
    if report.members:
        numbers = tuple(str(number + 1) for number in range(len(report.members)))
        used = tuple(float(member.used.images) for member in report.members)
        panels.append(RankedBars(say("Pictures per member, as listed below"), numbers, used))
    spending = report.spending
    if spending is not None and (spending.budget_usd is not None or any(spending.usd)):
        panels.append(_rising(spending))
    return Chart(_title(report, is_server=is_server), tuple(panels))


def chart_file(chart: Chart, picture: bytes) -> discord.File:
    """Return a drawn chart as an upload, with its numbers as alt text."""
    alt = shortened(_alt_text(chart), ALT_TEXT_CHARS)
    return discord.File(io.BytesIO(picture), filename=_CHART_NAME, description=alt)


def table_file(report: UsageReport, table: Path) -> discord.File:
    """Return a server's sums as a CSV upload, which is read from the disk as it is sent."""
    return discord.File(table, filename=f"usage-{report.span.value}.csv")


def _title(report: UsageReport, *, is_server: bool) -> Markup:
    return say((_ALL if is_server else _OWN)[report.span], images=report.images)


def _named(use: EngineUse, title_of: Callable[[str], str]) -> str:
    name = shortened(title_of(use.name), _NAME_SHOWN) if use.name else say("all others")
    return say("{engine}: {images}", engine=Markup(name), images=sum(use.images))


def _rising(spending: Spending) -> RisingLine:
    budget = spending.budget_usd
    label = say("budget {usd:.2f}", usd=budget) if budget is not None else ""
    title = say("Money this month, in US dollars")
    return RisingLine(title, spending.days, spending.usd, budget, label)


_MOST_IN_A_BAR = "Most at once: {images} at {label}."
_ALT_MEMBERS = "Pictures per member, most first: {numbers}."
_ALT_MONEY = "Money this month: {usd:.2f} US dollars."
_ALT_MONEY_OF = "Money this month: {usd:.2f} of {budget:.2f} US dollars."


def _alt_text(chart: Chart) -> str:
    """Return a chart's numbers in words."""
    return " ".join([f"{chart.title}.", *(_in_words(panel) for panel in chart.panels)])


def _in_words(panel: Panel) -> str:
    if isinstance(panel, StackedBars):
        each = Markup("; ".join(series.name for series in panel.series))
        sums = [sum(values) for values in zip(*(s.values for s in panel.series), strict=True)]
        most = max(range(len(sums)), key=lambda place: sums[place])
        engines = say("{title}: {each}.", title=Markup(panel.title), each=each)
        label = Markup(panel.labels[most])
        return f"{engines} {say(_MOST_IN_A_BAR, images=f'{sums[most]:.0f}', label=label)}"
    if isinstance(panel, RankedBars):
        return say(_ALT_MEMBERS, numbers=Markup(", ".join(f"{v:.0f}" for v in panel.values)))
    usd = panel.values[-1] if panel.values else 0.0
    if panel.limit is None:
        return say(_ALT_MONEY, usd=usd)
    return say(_ALT_MONEY_OF, usd=usd, budget=panel.limit)


_MEMBER = "{number}. {user_id:member}: {images} pictures, {usd:.2f} USD"
_MEMBER_OF_ONE = "{number}. {user_id:member}: 1 picture, {usd:.2f} USD"
_MORE_MEMBERS = "-# and {count} more, all of them in the table"


def _members(report: UsageReport) -> Markup:
    lines = [_member(number, member) for number, member in enumerate(report.members, 1)]
    if report.more_members:
        lines.append(say(_MORE_MEMBERS, count=report.more_members))
    return Markup("\n".join(lines))


def _member(number: int, member: MemberUse) -> Markup:
    used = member.used
    return say(
        _MEMBER_OF_ONE if used.images == 1 else _MEMBER,
        number=number,
        user_id=member.user_id,
        images=used.images,
        usd=used.usd + used.assumed_usd,
    )


_SPENT = "Money this month: {usd:.2f} USD; there is no budget."
_SPENT_OF = "Money this month: {usd:.2f} of {budget:.2f} USD, {percent:.0f} % of the budget."
_ASSUMED = "-# {usd:.2f} USD of it are assumed, for engines whose price nobody has set."


def _money(spending: Spending | None) -> Markup:
    if spending is None:
        return Markup()
    usd, budget = spending.usd[-1] if spending.usd else 0.0, spending.budget_usd
    line = say(_SPENT, usd=usd)
    if budget is not None:
        percent = 100 * usd / budget if budget else 100.0
        line = say(_SPENT_OF, usd=usd, budget=budget, percent=percent)
    if spending.assumed_usd < 0.005:  # noqa: PLR2004 - half of the cent that would be shown
        return line
    return Markup("\n".join((line, say(_ASSUMED, usd=spending.assumed_usd))))


_COUNTS = "-# Pictures that were refunded do not count; those being made do."
_COUNTS_IN_SERVER = (
    "-# Pictures that were refunded do not count; those being made do. Days are those of the "
    "server’s time zone."
)


def _note(*, is_server: bool) -> Markup:
    return say(_COUNTS_IN_SERVER if is_server else _COUNTS)
