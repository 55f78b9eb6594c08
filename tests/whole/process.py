"""The program as a process of its own, which no scene leaves behind, however that ends."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.cli.local_stack import StandIns

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 60.0  # a start takes a second, or many of them on a busy machine
_WITH_SECONDS = """
import json, sys
from bot.__main__ import main
from bot.worker.loop import Worker
Worker.__init__.__kwdefaults__ |= json.loads(sys.argv.pop(1))
main()
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}


@asynccontextmanager
async def running(
    *command: str, folder: Path, variables: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a command until the block ends; if it still runs then, it is killed with its children."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment(variables),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def end_of(process: asyncio.subprocess.Process, within_s: float = TIMEOUT_S) -> Ended:
    """Read what a process says until it ends by itself."""
    out, err = await asyncio.wait_for(process.communicate(), within_s)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def started(
    folder: Path, variables: Mapping[str, str], *arguments: str, **worker: float
) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """Run the program for a block; `worker` are seconds that its worker takes, not its own."""
    program = ("-c", _WITH_SECONDS, json.dumps(worker)) if worker else ("-m", "bot")
    return running(sys.executable, *program, *arguments, folder=folder, variables=variables)


async def easel(folder: Path, variables: Mapping[str, str], *arguments: str) -> Ended:
    """Run the program to its own end."""
    async with started(folder, variables, *arguments) as process:
        return await end_of(process)


@asynccontextmanager
async def bot(
    stand_ins: StandIns, folder: Path, how: signal.Signals = signal.SIGTERM, **worker: float
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `easel run` until the block ends, then end it the given way and wait for it."""
    async with started(folder, stand_ins.variables(folder), "run", **worker) as process:
        reading = asyncio.create_task(process.communicate())
        try:
            await stand_ins.discord.gateway.wait_ready(TIMEOUT_S)
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(how)
            await asyncio.wait_for(reading, TIMEOUT_S)


async def calls_of(stand_ins: StandIns, action: str, count: int = 1) -> None:
    async with asyncio.timeout(15):
        while sum(call.action == action for call in stand_ins.tencent.calls) < count:
            await asyncio.sleep(0.01)
