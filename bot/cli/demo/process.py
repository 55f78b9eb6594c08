"""Keeps the demo's bot running as a child process: starts it, kills it, says how it is."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bot.sandbox.discord.server import DiscordSandbox
from bot.sandbox.page.stage import BotState

_RESTART_S: Final = 6.0
_STOP_S: Final = 10.0
_LOG_KEPT: Final = 300
_LINE_MOST: Final = 1024 * 1024
_FIELDS: Final = ("timestamp", "level", "event")
_ROOT: Final = Path(__file__).parents[3]


class BotProcess:
    """One bot at a time, among these stand-ins; `log` are its latest lines.

    One that was killed comes back after `restart_s`, one that ended by itself only by `start`.
    """

    def __init__(
        self,
        discord: DiscordSandbox,
        variables: Mapping[str, str],
        folder: Path,
        *,
        restart_s: float = _RESTART_S,
    ) -> None:
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOG_KEPT)
        self._discord = discord
        self._variables = variables
        self._folder = folder
        self._restart_s = restart_s
        self._skipped_s = 0.0
        self._process: asyncio.subprocess.Process | None = None
        self._wanted = asyncio.Event()
        self._spawned = asyncio.Event()
        self._ended = BotState("starting")
        self._said = ""
        self._is_stopping = False

    @asynccontextmanager
    async def kept_running(self) -> AsyncIterator[None]:
        """Start the bot and keep it until the block ends, which stops it."""
        self.start()
        keeping = asyncio.create_task(self._keep())
        try:
            await asyncio.wait({keeping, asyncio.create_task(self._spawned.wait())},
                               return_when=asyncio.FIRST_COMPLETED)  # fmt: skip
            yield
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
            await self._stop()

    @property
    def pid(self) -> int | None:
        """The running process's id."""
        return self._process.pid if self._is_alive() and self._process else None

    def state(self) -> BotState:
        """Tell how the bot is at this moment."""
        if self._is_stopping or not self._is_alive():
            return self._ended
        if self._discord.gateway.ready():
            return BotState("up")
        return BotState("starting", "It is connecting to Discord.")

    def start(self) -> None:
        """Let the bot run, if it does not."""
        if not self._is_alive():
            self._wanted.set()

    async def kill(self) -> bool:
        """End it by SIGKILL, in the middle of whatever it does; False if it is not running."""
        process = self._process
        if process is None or process.returncode is not None:
            return False
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self._tell(BotState("stopped", self._why(-signal.SIGKILL)))
        return True

    def set_clock(self, skipped_s: float) -> None:
        """Let the bot's clock be so many seconds ahead of the real one."""
        self._skipped_s = skipped_s
        if self._is_alive() and self._process and self._process.stdin:
            self._process.stdin.write(f"{skipped_s}\n".encode())

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _keep(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            self._process = await self._spawn()
            self._spawned.set()
            self._tell(BotState("starting", "It is starting."))
            await self._read(self._process)
            code = await self._process.wait()
            # Discord notices a dead client; without this the next one would seem ready at once.
            await self._discord.gateway.disconnect(resumable=False)
            self._tell(BotState("stopped", self._why(code)))
            if code == -signal.SIGKILL:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wanted.wait(), self._restart_s)
                self._wanted.set()

    async def _spawn(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli.demo.bot",
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), **self._variables},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=_LINE_MOST,
            start_new_session=True,  # Ctrl-C is for the demo, which stops it in order
        )  # fmt: skip
        self._said = ""
        if process.stdin:
            process.stdin.write(f"{self._skipped_s}\n".encode())
        return process

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        while process.stderr:
            try:
                line = await process.stderr.readline()
            except ValueError:  # longer than any line that is worth being shown
                continue
            if not line:
                return
            self._note(line.decode(errors="replace").rstrip())
            self._discord.world.announce("log line", None)

    def _note(self, line: str) -> None:
        try:
            fields = json.loads(line)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            self._said = line.strip() or self._said
            fields = {"event": line, "level": "error"}
        known = {name: fields.pop(name, "") for name in _FIELDS}
        at = known.pop("timestamp")
        self.log.append({"at": at, **known, "fields": fields})

    def _why(self, code: int) -> str:
        if code == -signal.SIGKILL:
            return f"It was killed with SIGKILL, and comes back in {self._restart_s:.0f} seconds."
        said = self._said or f"exit code {code}"
        return f"It ended by itself: {said}"

    def _tell(self, state: BotState) -> None:
        self._ended = state
        self._discord.world.announce("bot state", state)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._is_stopping = True
        self._tell(BotState("stopping", "The demo ends once the bot has ended its work."))
        reading = asyncio.create_task(self._read(process))
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            reading.cancel()
            await asyncio.wait({reading})
