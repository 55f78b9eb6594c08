"""Runs a bot as a process of its own, so that its stand-ins do not share its event loop."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bot.cli.local_stack import StandIns

_PASSED_ON = ("PATH", "HOME", "LANG")


@asynccontextmanager
async def process(
    stand_ins: StandIns, module: tuple[str, ...], environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m …` until the block ends; ready means: its gateway is."""
    inherited = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        env={**inherited, **environment},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(stand_ins.discord.gateway.wait_ready(), 30)
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await running.wait()
