"""/usage over a long ledger, beside the process that draws: time, longest turn, memory."""

import asyncio
import json
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.figures import table
from bench.memory import megabytes
from bench.processes import process
from bot.charts.process import ChartProcess
from bot.cli.local_stack import open_stand_ins
from bot.domain.usage.chart import Chart, RankedBars, RisingLine, Series, StackedBars
from bot.imaging.labels.visible.font import FONT_FILE
from bot.sandbox.discord.visitor import Visitor
from storage import open_storage
from storage.database.tables import ledger

_ROWS = 100_000
_MEMBERS = 500
_ENGINES = ("anime", "rapid", "hy-1.0", "gg-3.0", "refine", "avatar", "local", "outpaint")
_SPAN_S = 29 * 86400
_RUNS = 7


async def main() -> None:
    """Measure, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        alone = await _alone(Path(folder))
        async with open_stand_ins() as stand_ins:
            variables = stand_ins.variables(Path(folder))
            await _fill(variables["DATABASE_URL"], Path(folder), int(stand_ins.guild.id))
            seen = Path(folder) / "turns.json"
            watched = ("bench.watched", str(seen), "bot", "run")
            async with process(stand_ins, watched, variables) as bot:
                stand_ins.guild.add_member("Mo", permissions=["MANAGE_GUILD"])
                mo = stand_ins.visitor("Mo")
                own, _ = await _timed(mo, scope="me", period="month")
                idle = megabytes(bot.pid, "VmRSS")
                await _timed(mo, scope="server", period="day")  # what the first loads stays
                before = megabytes(bot.pid, "VmRSS")
                bot.send_signal(signal.SIGUSR1)
                took = [await _timed(mo, scope="server", period="month") for _ in range(_RUNS)]
                await asyncio.sleep(2.0)
                more = megabytes(bot.pid, "VmRSS") - before
            longest = json.loads(seen.read_text())
    rows = [
        ("drawing alone, in its process", _shown(alone), "", "", "", ""),
        ("/usage of one's own", f"{own:.2f}", "", "", "", ""),
        (
            "/usage of the server",
            _shown([seconds for seconds, _ in took]),
            f"{took[-1][1] / 1000:.0f}",
            f"{longest['cpu_s'][0] * 1000:.0f}",
            f"{before - idle:+.1f}",
            f"{more:+.1f}",
        ),
    ]
    title = f"usage: {_ROWS:,} rows of {_MEMBERS} members in 30 days"
    memory = ("MB with a first small chart", f"MB more after {_RUNS} charts")
    heads = ("what", "median s", "table kB", "longest turn, CPU ms", *memory)
    print(table(title, heads, rows))


async def _fill(url: str, folder: Path, guild_id: int) -> None:
    async with open_storage(url, folder) as storage, storage.engine.begin() as conn:
        await conn.execute(insert(ledger), list(_rows(guild_id)))


async def _timed(who: Visitor, **options: Any) -> tuple[float, int]:
    """Return the seconds from the command to its answer, and the bytes of its last file."""
    begun = time.perf_counter()
    reply = await who.use("usage", **options)
    message = await reply.until(lambda shown: bool(shown.text), timeout=60)
    seconds = time.perf_counter() - begun
    return seconds, len(message.attachments[-1].data) if message.attachments else 0


async def _alone(folder: Path) -> list[float]:
    charts, took = ChartProcess(folder / "charts", FONT_FILE), []
    for _ in range(_RUNS):
        begun = time.perf_counter()
        await charts.draw(_chart())
        took.append(time.perf_counter() - begun)
    return took


def _chart() -> Chart:
    days = tuple(str(day) for day in range(30))
    values = tuple(float(day) for day in range(30))
    series = tuple(Series(name, values) for name in _ENGINES[:6])
    ranked = RankedBars("members", tuple("12345678"), values[:8])
    line = RisingLine("money", days, values[:20], 40.0, "budget")
    return Chart("usage", (StackedBars("pictures", days, series), ranked, line))


def _rows(guild_id: int) -> Iterator[dict[str, Any]]:
    chance, now = random.Random(4), time.time()  # noqa: S311 - the same rows each time
    for number in range(_ROWS):
        at = now - chance.random() * _SPAN_S
        yield {
            "job_id": f"{number:013d}",
            "guild_id": guild_id,
            "channel_id": 1,
            "user_id": 10**18 + chance.randrange(_MEMBERS),
            "command": "imagine",
            "engine": chance.choice(_ENGINES),
            "pool": "aiart",
            "state": "done",
            "reserved": 1,
            "images": 1,
            "cost_usd": 0.08,
            "refunded": False,
            "created_at": at,
            "started_at": at,
            "finished_at": at + 1,
        }


def _shown(took: list[float]) -> str:
    return f"{statistics.median(took):.2f}"
