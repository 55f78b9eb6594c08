"""The bot as the demo's child: its clock is set by lines on stdin, and it ends when they end."""

import asyncio
import os
import sys
import threading
import time

from bot import app as bot_app
from bot.cli.stopping import stop_on_signals
from bot.domain.errors import EaselError
from bot.domain.operator_errors import told
from bot.settings.config import read_settings
from bot.watch.logs import set_up_logs

_FAILED = 1


class MovedClock:
    """The real time and what was skipped of it, in seconds; stdin says how much, a line each."""

    def __init__(self) -> None:
        self.skipped_s = 0.0

    def __call__(self) -> float:
        """Return the unix time in seconds."""
        return time.time() + self.skipped_s

    def follow_stdin(self) -> None:
        """Take the first line now and the others as they come; at their end, end the process.

        Whoever held the other end is gone then, and the stand-ins with it: there is nothing left
        to be put in order.
        """
        self._take(sys.stdin.readline())
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        for line in sys.stdin:
            self._take(line)
        os._exit(_FAILED)

    def _take(self, line: str) -> None:
        self.skipped_s = float(line or 0)


def main() -> int:
    """Run the bot on the variables of its environment; returns the exit code."""
    clock = MovedClock()
    clock.follow_stdin()
    settings = read_settings()
    set_up_logs("json", settings.secrets)
    try:
        asyncio.run(_run(clock))
    except EaselError as error:
        sys.stderr.write(f"{told(error)}\n")
        return _FAILED
    return 0


async def _run(clock: MovedClock) -> None:
    async with stop_on_signals() as stop:
        await bot_app.run(read_settings(), stop, now=clock, reread=read_settings)


if __name__ == "__main__":
    sys.exit(main())
