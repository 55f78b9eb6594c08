"""A chart is drawn by a process that knows nothing of the bot's secrets, and is gone afterwards."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.charts.process import ChartProcess
from bot.domain.usage.chart import Chart, RankedBars, RisingLine, Series, StackedBars
from bot.domain.usage.errors import ChartNotDrawn
from bot.imaging.labels.visible.font import FONT_FILE

BARS = StackedBars(
    "per day", ("11-01", "11-02"), (Series("one", (1.0, 0.0)), Series("$x_2$", (2.0, 3.0)))
)
MEMBERS = RankedBars("members", ("1", "2"), (3.0, 1.0))
MONEY = RisingLine("money", ("11-01", "11-02", "11-03"), (0.0, 1.5), 2.0, "budget 2.00")
BLUE = bytes((0x56, 0xB4, 0xE9))
CHART = Chart("Usage", (BARS, MEMBERS, MONEY))


@pytest.fixture
def charts(tmp_path: Path) -> ChartProcess:
    return ChartProcess(tmp_path, FONT_FILE)


def drawing() -> list[str]:
    """The command lines of this process's children that draw."""
    lists = Path("/proc/self/task").glob("*/children")
    children = [pid for each in lists for pid in each.read_text().split()]
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children]
    return [line for line in lines if "bot.charts.draw" in line]


async def drawn(charts: ChartProcess, chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(await charts.draw(chart))).convert("RGB")


async def test_each_panel_makes_the_chart_higher_and_a_phones_width_stays(
    charts: ChartProcess,
) -> None:
    whole, part = await drawn(charts, CHART), await drawn(charts, replace(CHART, panels=(BARS,)))
    assert whole.width == part.width == 1080
    assert whole.height > part.height > 500


async def test_each_series_is_seen_in_its_own_colour(charts: ChartProcess) -> None:
    picture = await drawn(charts, replace(CHART, panels=(BARS,)))
    seen = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    assert {(0x56, 0xB4, 0xE9), (0xE6, 0x9F, 0x00)} <= seen
    assert (0x00, 0x9E, 0x73) not in seen


async def test_the_longest_names_take_no_width_from_the_bars_and_are_shown_whole(
    charts: ChartProcess,
) -> None:
    days = tuple(f"11-{day:02d}" for day in range(1, 31))
    named = tuple(Series(f"{'Wide engine name ' * 2}: 9,999{n}", (1.0,) * 30) for n in range(6))
    picture = await drawn(charts, Chart("", (StackedBars("", days, named),)))
    data = picture.crop((0, 0, 1080, 500)).tobytes()
    blue = {
        place // 3 % 1080 for place in range(0, len(data), 3) if data[place : place + 3] == BLUE
    }
    assert max(blue) > 900
    edge = picture.crop((1070, 0, 1080, picture.height)).getcolors()
    assert edge is not None
    assert [colour for _, colour in edge] == [(0x1F, 0x23, 0x2B)]


@pytest.mark.parametrize(
    "panel",
    [
        replace(MONEY, values=(), limit=None),
        replace(MONEY, values=(5.0,), limit=0.0),
        replace(MONEY, labels=("11-01",), values=(0.0,), limit=None),
        replace(MEMBERS, labels=("1",), values=(0.0,)),
        replace(BARS, labels=("0",), series=(Series("", (1e9,)),)),
        replace(BARS, series=tuple(Series(f"\\n%{{}} 字 🎨 {n}", (1.0, n)) for n in range(9))),
    ],
)
async def test_odd_numbers_and_names_are_drawn_as_well(
    charts: ChartProcess, panel: StackedBars | RankedBars | RisingLine
) -> None:
    assert (await drawn(charts, Chart("", (panel,)))).width == 1080


async def test_names_are_no_formulas_without_the_font_either(tmp_path: Path) -> None:
    charts = ChartProcess(tmp_path, tmp_path / "no such font")
    odd = replace(BARS, series=(Series(r"$\frac{1$", (1.0, 2.0)),))
    assert (await drawn(charts, Chart("$x_$", (odd,)))).width == 1080


async def test_no_process_is_left_and_none_sees_the_token(
    charts: ChartProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    assert "DISCORD_TOKEN" not in charts.environment()
    await charts.draw(replace(CHART, panels=(MEMBERS,)))
    assert drawing() == []


async def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ChartNotDrawn):
        await ChartProcess(tmp_path, FONT_FILE, longest_s=0.01).draw(CHART)
    assert drawing() == []


async def test_what_cannot_be_drawn_is_one_error(charts: ChartProcess) -> None:
    broken = replace(BARS, series=(Series("short", (1.0,)), Series("long", (1.0, 2.0))))
    with pytest.raises(ChartNotDrawn):
        await charts.draw(Chart("", (broken,)))


async def test_a_machine_that_starts_no_process_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ChartNotDrawn):
        await ChartProcess(tmp_path, FONT_FILE, python=str(tmp_path / "gone")).draw(CHART)
