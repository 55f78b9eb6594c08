"""Puts an installed mark into pictures before their label; one that fails is done without.

A mark is somebody else's code: it works in a process of its own, because a thread that takes too
long cannot be ended, and gets neither the bot's secrets nor more than its budget of a job's time.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog
from PIL import Image

from bot.domain.operator_errors import SettingsError
from bot.imaging.watermarks.installed import SETTING, found
from bot.imaging.watermarks.process import MarkFailed, Process

_log = structlog.get_logger(__name__)

BUDGET_S = 5.0  # of one picture's time, once it is its turn and again while it waits for that
_START_S = 30.0
_IN_A_ROW = 3
_REST_S = 300.0


class Watermark:
    """A mark by the name of its entry point; asked from several threads, it works in one process.

    After three failures in a row it is left in peace for five minutes, so that a mark that hangs
    does not hold up each picture.
    """

    def __init__(
        self,
        name: str,
        *,
        budget_s: float = BUDGET_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._budget_s = budget_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._failures = 0
        self._rests_until = float("-inf")

    def __enter__(self) -> Self:
        """Load the mark; raises SettingsError where it is not installed or cannot be loaded."""
        found(self._name)
        try:
            self._process = Process(self._name, _START_S)
        except MarkFailed as error:
            raise SettingsError(
                f"{SETTING}: the mark cannot be loaded ({error}); mend its package, or leave it "
                "empty"
            ) from None
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            self._rests_until = float("inf")
            self._end()

    def put(self, picture: Image.Image, job_id: str) -> None:
        """Mark an RGB or RGBA picture in place, or leave it as it is and log why."""
        if self._monotonic() < self._rests_until:
            return
        try:
            self.tried(picture, job_id)
        except MarkFailed as error:
            _log.error("picture_not_marked", job=job_id, mark=self._name, reason=str(error))

    def tried(self, picture: Image.Image, job_id: str) -> None:
        """Mark it in place; raises MarkFailed."""
        said: dict[str, object] = {"mode": picture.mode, "size": picture.size, "job_id": job_id}
        if not self._lock.acquire(timeout=self._budget_s):
            raise MarkFailed(f"other pictures took over {self._budget_s:g} s")
        try:
            marked = self._marked(said, picture.tobytes())
        finally:
            self._lock.release()
        picture.frombytes(marked)

    def _marked(self, said: dict[str, object], pixels: bytes) -> bytes:
        try:
            if self._process is None or not self._process.is_alive:
                self._end()
                self._process = Process(self._name, self._budget_s)
            marked = self._process.marked(said, pixels, self._budget_s)
        except MarkFailed:
            self._failures += 1
            if self._failures >= _IN_A_ROW:
                self._failures, self._rests_until = 0, self._monotonic() + _REST_S
            raise
        self._failures = 0
        return marked

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None
