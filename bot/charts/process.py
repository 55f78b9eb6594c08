"""Runs the process that draws a chart, started when one is asked for and gone afterwards."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import structlog

from bot.domain.usage.chart import Chart
from bot.domain.usage.errors import ChartNotDrawn

_log = structlog.get_logger(__name__)

_REPORTED_BYTES = 2_000  # of what it said last, for the log


class ChartProcess:
    """Draws a chart; `folder` keeps what each process would find out anew, `font` is a file."""

    def __init__(
        self, folder: Path, font: Path, *, longest_s: float = 20.0, python: str = sys.executable
    ) -> None:
        self._folder = folder
        self._font = font
        self._longest_s = longest_s
        self._python = python

    async def draw(self, chart: Chart) -> bytes:
        """Return a chart as a PNG; raises ChartNotDrawn."""
        panels = [{"kind": type(panel).__name__} | asdict(panel) for panel in chart.panels]
        asked = {"font": str(self._font), "chart": {"title": chart.title, "panels": panels}}
        return await self._drawn(json.dumps(asked).encode())

    async def _drawn(self, asked: bytes) -> bytes:
        process = await self._started()
        try:
            async with asyncio.timeout(self._longest_s):
                picture, said = await process.communicate(asked)
        except TimeoutError as error:
            _log.warning("chart_not_drawn", reason=f"took over {self._longest_s:.0f} s")
            raise ChartNotDrawn from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode or not picture:
            reason = said[-_REPORTED_BYTES:].decode(errors="replace")
            _log.warning("chart_not_drawn", code=process.returncode, reason=reason)
            raise ChartNotDrawn
        return picture

    async def _started(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (self._python, "-m", "bot.charts.draw")
        try:
            return await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, env=self.environment()
            )
        except OSError as error:  # no memory or no process left
            _log.warning("chart_not_drawn", reason=str(error))
            raise ChartNotDrawn from error

    def environment(self) -> dict[str, str]:
        """Return what the process needs to run, and nothing of the bot's: no token, no key."""
        kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH")
        found = {name: os.environ[name] for name in kept if name in os.environ}
        return found | {"MPLCONFIGDIR": str(self._folder), "MPLBACKEND": "Agg"}
