"""One process that reads pictures, `bot.imaging.uploads.fenced`, and the pipes to it."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from bot.domain import errors
from bot.domain.errors import NotPossible
from bot.domain.jobs.limits import PictureLimits
from bot.domain.labels import credentials
from bot.domain.pictures import errors as picture_errors
from bot.domain.pictures.picture import Picture
from bot.domain.provenance.inspection import Inspection
from bot.imaging.frames import HEADER
from bot.imaging.provenance.inspecting import from_answer

log = logging.getLogger(__name__)

_PROGRAM_ROOT = Path(__file__).parents[3]
# What a Python needs to start; no token, key or address of ours is among them.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_MAX_ANSWER_BYTES = 64 * 1024
_LAST_WORDS_BYTES = 4096
_REFUSALS: Mapping[str, type[NotPossible]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (vars(errors) | vars(picture_errors) | vars(credentials)).values()
        if isinstance(kind, type) and issubclass(kind, NotPossible)
    }
)


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one reader may use: MiB of address space, seconds of CPU per picture."""

    memory_mb: int
    cpu_s: int


class Reader:
    """A child process; `jobs` counts the pictures it was given."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if not (process.stdin and process.stdout and process.stderr):
            raise ValueError("a child needs all three pipes")
        self._process = process
        self._to, self._from = process.stdin, process.stdout
        self._last_words = asyncio.create_task(_tail(process.stderr))
        self._closing: asyncio.Task[None] | None = None
        self.pid = process.pid
        self.jobs = 0

    @classmethod
    async def start(cls, limits: ReaderLimits) -> Self:
        """Start a process; raises OSError."""
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = str(_PROGRAM_ROOT)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "bot.imaging.uploads.fenced",
            str(limits.memory_mb),
            str(limits.cpu_s),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent; the child ends with its stdin
        )
        return cls(process)

    async def ready(self) -> None:
        """Return once it has limited itself; raises EOFError or ValueError."""
        await self._receive(0)

    async def fit(self, data: bytes, limits: PictureLimits) -> Picture:
        """Return what `bot.imaging.uploads.fit.fit` makes of it, or raise its NotPossible.

        Anything else that is raised means that the process is to be replaced.
        """
        answer = await self._ask({"fit": asdict(limits)}, data)
        return _picture(answer, await self._receive(limits.max_bytes))

    async def inspect(self, data: bytes) -> Inspection:
        """Return what `bot.imaging.provenance.inspecting` finds, or raise its NotPossible.

        Anything else that is raised means that the process is to be replaced.
        """
        answer = await self._ask({"inspect": {}}, data)
        await self._receive(0)
        return from_answer(answer["inspection"])

    async def _ask(self, task: Mapping[str, Any], data: bytes) -> Mapping[str, Any]:
        self.jobs += 1
        self._send(json.dumps(task).encode())
        self._send(data)
        await self._to.drain()
        answer: Mapping[str, Any] = json.loads(await self._receive(_MAX_ANSWER_BYTES))
        if "refusal" in answer:
            await self._receive(0)
            raise _REFUSALS.get(answer["refusal"], NotPossible)(**answer["facts"])
        return answer

    async def close(self) -> None:
        """Kill the process and wait for its end, which goes on if the caller is cancelled."""
        if self._closing is None:
            died = self._from.at_eof()
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._closing = asyncio.create_task(self._end(died=died))
        await asyncio.shield(self._closing)

    async def _end(self, *, died: bool) -> None:
        self._to.close()
        with contextlib.suppress(OSError):
            await self._to.wait_closed()
        code = await self._process.wait()
        last_words = await self._last_words
        if died:
            log.warning("picture reader %d ended (%d): %s", self.pid, code, last_words)

    def _send(self, frame: bytes) -> None:
        self._to.write(HEADER.pack(len(frame)))
        self._to.write(frame)

    async def _receive(self, at_most: int) -> bytes:
        (length,) = HEADER.unpack(await self._from.readexactly(HEADER.size))
        if length > at_most:
            raise ValueError(f"a frame of {length} bytes, where {at_most} are the most")
        return await self._from.readexactly(length)


def _picture(answer: Mapping[str, Any], fitted: bytes) -> Picture:
    mime, width, height = answer["mime"], answer["width"], answer["height"]
    return Picture(fitted, str(mime), int(width), int(height))


async def _tail(stream: asyncio.StreamReader) -> str:
    kept = b""
    while chunk := await stream.read(_LAST_WORDS_BYTES):
        kept = (kept + chunk)[-_LAST_WORDS_BYTES:]
    return kept.decode("utf-8", "replace").strip()
