"""Fits untrusted pictures in warm child processes that may do little and are soon replaced."""

import asyncio
import contextlib
import json
import logging
import os
import struct
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from bot.domain import errors, picture_errors
from bot.domain.errors import NotPossible
from bot.domain.fairness import Lane
from bot.domain.limits import PictureLimits
from bot.domain.picture_errors import PictureTooDemanding
from bot.domain.pictures import Picture
from bot.imaging.gate import Gate

log = logging.getLogger(__name__)

_PROGRAM_ROOT = Path(__file__).parents[2]
# What a Python needs to start; no token, key or address of ours is among them.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_START_S = 30.0
_RETRY_S = 1.0
_HEADER = struct.Struct(">I")
_MAX_ANSWER_BYTES = 64 * 1024
_LAST_WORDS_BYTES = 4096
_REFUSALS: Mapping[str, type[NotPossible]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (vars(errors) | vars(picture_errors)).values()
        if isinstance(kind, type) and issubclass(kind, NotPossible)
    }
)


@dataclass(frozen=True, slots=True)
class FenceLimits:
    """What one child may use: MiB of address space, seconds of CPU per picture."""

    memory_mb: int
    cpu_s: int


class Fence:
    """Fits pictures in `workers` child processes, callers in fair order.

    `memory_mb` bounds a child's address space (MiB), `cpu_s` the CPU seconds and `wall_s` the
    seconds of one picture; a child is replaced after `jobs_per_child` pictures.
    """

    def __init__(
        self,
        workers: int = 1,
        memory_mb: int = 600,
        cpu_s: int = 20,
        wall_s: float = 15.0,
        jobs_per_child: int = 200,
    ) -> None:
        self._workers = workers
        self._limits = FenceLimits(memory_mb, cpu_s)
        self._wall_s = wall_s
        self._jobs_per_child = jobs_per_child
        self._shut = False
        self._gate = Gate(workers)
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()
        self._replacing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._workers):
                self._idle.append(await self._start())
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The children that run now."""
        return tuple(child.pid for child in self._children)

    async def fit(self, data: bytes, limits: PictureLimits, lane: Lane) -> Picture:
        """Return `data` as `bot.imaging.fit.fit` makes it; `lane` is whose turn it takes.

        Raises the NotPossible that says what is wrong with the picture; PictureTooDemanding when
        it took too much memory or time, or killed the child; RuntimeError once the fence is shut.
        """
        await self._gate.enter(lane, len(data))
        child = self._idle.pop()
        sound = False
        try:
            async with asyncio.timeout(self._wall_s):
                picture = await child.fit(data, limits)
            sound = True
        except NotPossible:
            sound = True
            raise
        except Exception as error:  # time ran out, the pipe broke, or the child talks nonsense
            log.warning("picture reader %d is replaced: %r", child.pid, error)
            raise PictureTooDemanding from error
        finally:
            self._give_back(child, len(data), sound=sound)
        return picture

    def _give_back(self, child: "_Child", size: int, *, sound: bool) -> None:
        if self._shut:
            return
        if sound and child.jobs < self._jobs_per_child:
            self._idle.append(child)
            self._gate.leave(size)
            return
        # The place at the gate is kept until there is a child again.
        task = asyncio.create_task(self._replace(child, size))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _start(self) -> "_Child":
        child = await _Child.start(self._limits)
        self._children.add(child)
        try:
            async with asyncio.timeout(_START_S):
                await child.ready()
        except BaseException:
            await self._end(child)
            raise
        return child

    async def _end(self, child: "_Child") -> None:
        await child.close()
        self._children.discard(child)

    async def _replace(self, child: "_Child", size: int) -> None:
        await self._end(child)
        while True:
            try:
                self._idle.append(await self._start())
            except (OSError, EOFError, ValueError):
                log.exception("no new picture reader could be started")
                await asyncio.sleep(_RETRY_S)
            else:
                self._gate.leave(size)
                return

    async def _close(self) -> None:
        self._shut = True
        self._gate.shut(RuntimeError("the fence is shut"))
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await asyncio.gather(*(self._end(child) for child in tuple(self._children)))


class _Child:
    """One process of `bot.imaging.fenced` and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if not (process.stdin and process.stdout and process.stderr):
            raise ValueError("a child needs all three pipes")
        self._process = process
        self._to, self._from = process.stdin, process.stdout
        self._last_words = asyncio.create_task(_tail(process.stderr))
        self.pid = process.pid
        self.jobs = 0

    @classmethod
    async def start(cls, limits: FenceLimits) -> Self:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = str(_PROGRAM_ROOT)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "bot.imaging.fenced",
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
        await self._receive(0)

    async def fit(self, data: bytes, limits: PictureLimits) -> Picture:
        self.jobs += 1
        self._send(json.dumps(asdict(limits)).encode())
        self._send(data)
        await self._to.drain()
        answer = json.loads(await self._receive(_MAX_ANSWER_BYTES))
        fitted = await self._receive(limits.max_bytes)
        return _picture(answer, fitted)

    async def close(self) -> None:
        died = self._from.at_eof()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._to.close()
        with contextlib.suppress(OSError):
            await self._to.wait_closed()
        code = await self._process.wait()
        last_words = await self._last_words
        if died:
            log.warning("picture reader %d ended (%d): %s", self.pid, code, last_words)

    def _send(self, frame: bytes) -> None:
        self._to.write(_HEADER.pack(len(frame)))
        self._to.write(frame)

    async def _receive(self, at_most: int) -> bytes:
        (length,) = _HEADER.unpack(await self._from.readexactly(_HEADER.size))
        if length > at_most:
            raise ValueError(f"a frame of {length} bytes, where {at_most} are the most")
        return await self._from.readexactly(length)


def _picture(answer: Mapping[str, Any], fitted: bytes) -> Picture:
    refusal = answer.get("refusal")
    if refusal is not None:
        raise _REFUSALS.get(refusal, NotPossible)(**answer["facts"])
    return Picture(fitted, "image/jpeg", int(answer["width"]), int(answer["height"]))


async def _tail(stream: asyncio.StreamReader) -> str:
    kept = b""
    while chunk := await stream.read(_LAST_WORDS_BYTES):
        kept = (kept + chunk)[-_LAST_WORDS_BYTES:]
    return kept.decode("utf-8", "replace").strip()
