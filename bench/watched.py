"""Runs a bot's module and writes down how long each turn of its event loop took.

`python -m bench.watched FILE MODULE [ARGUMENT …]`; at its end FILE gets the longest turns since the
last SIGUSR1 as JSON. CPU time is what a turn itself needed, wall time also what the machine gave to
others meanwhile.
"""

import asyncio
import heapq
import json
import runpy
import signal
import sys
import time
from pathlib import Path
from typing import Any

_KEPT = 20


class Turns:
    """The longest turns so far, and how many there were."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget what was seen so far, such as the start."""
        self.count = 0
        self.cpu_s: list[float] = []
        self.wall_s: list[float] = []

    def watch(self) -> None:
        """Time every callback that any event loop of this process runs from now on."""
        run = asyncio.Handle._run  # noqa: SLF001 - there is no public place to stand in

        def timed(handle: asyncio.Handle) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return run(handle)
            finally:
                self._note(time.perf_counter() - wall, time.thread_time() - cpu)

        # That is no assignment a type checker likes, and nothing else runs before every callback.
        asyncio.Handle._run = timed  # type: ignore[method-assign] # noqa: SLF001

    def _note(self, wall_s: float, cpu_s: float) -> None:
        self.count += 1
        for kept, seconds in ((self.wall_s, wall_s), (self.cpu_s, cpu_s)):
            (heapq.heappush if len(kept) < _KEPT else heapq.heappushpop)(kept, seconds)

    def write(self, file: Path) -> None:
        """Write what was seen, longest first, in seconds."""
        longest = {"cpu_s": sorted(self.cpu_s, reverse=True), "wall_s": sorted(self.wall_s)[::-1]}
        file.write_text(json.dumps({"turns": self.count} | longest))


def main() -> None:
    """Run the module as `python -m` would."""
    file, module, *arguments = sys.argv[1:]
    turns = Turns()
    turns.watch()
    signal.signal(signal.SIGUSR1, lambda *_: turns.begin())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # for a bot that has none of its own
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        turns.write(Path(file))


if __name__ == "__main__":
    main()
