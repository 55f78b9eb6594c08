"""One process that puts a mark into pictures, and the pipes to it; it is killed when time is up."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bot.imaging.frames import HEADER

_PROGRAM_ROOT = Path(__file__).parents[3]
# What a Python and its packages need; no token, key or address of ours is among them.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_MAX_ANSWER_BYTES = 64 * 1024


class MarkFailed(Exception):
    """Nothing came of it, and why."""


class Process:
    """A child that has loaded one mark; it answers one thread at a time."""

    def __init__(self, name: str, start_s: float) -> None:
        """Start it and wait until the mark is loaded; raises MarkFailed."""
        self._is_broken = False
        environment = {each: os.environ[each] for each in _PASSED_ON if each in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join((str(_PROGRAM_ROOT), *filter(None, sys.path)))
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", "bot.imaging.watermarks.marking", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent; the child ends with its stdin
        )
        try:
            with self._within(start_s):
                self._answer()
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return not self._is_broken and self._process.poll() is None

    def marked(self, said: dict[str, object], pixels: bytes, budget_s: float) -> bytes:
        """Return the marked pixels; raises MarkFailed."""
        with self._within(budget_s):
            self._send(json.dumps(said).encode())
            self._send(pixels)
            self._answer()
            marked = self._receive(len(pixels))
        if len(marked) != len(pixels):
            raise MarkFailed("it sent other pixels than it was given")
        return marked

    def close(self) -> None:
        """Kill it, and wait for its end."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    @contextlib.contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kill the process when the time is up, which ends whatever is waited for."""
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.start()
        try:
            yield
        except (OSError, EOFError, ValueError) as error:
            self._is_broken = True  # its end may not be known yet
            why = f"it took over {seconds:g} s" if is_late.is_set() else f"it ended ({error!r})"
            raise MarkFailed(why) from error
        finally:
            timer.cancel()

    def _answer(self) -> None:
        answer: Any = json.loads(self._receive(_MAX_ANSWER_BYTES))
        if answer.get("fault"):
            raise MarkFailed(str(answer["fault"]))

    def _send(self, frame: bytes) -> None:
        pipe = self._pipe(self._process.stdin)
        pipe.write(HEADER.pack(len(frame)))
        pipe.write(frame)
        pipe.flush()

    def _receive(self, at_most: int) -> bytes:
        pipe = self._pipe(self._process.stdout)
        (length,) = HEADER.unpack(_whole(pipe, HEADER.size))
        if length > at_most:
            raise ValueError(f"a frame of {length} bytes, where {at_most} are the most")
        return _whole(pipe, length)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise EOFError
        return pipe


def _whole(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) != length:
        raise EOFError
    return data
