"""Reads untrusted pictures in warm child processes that may do little and are soon replaced."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.domain.errors import NotPossible
from bot.domain.jobs.fairness import Lane
from bot.domain.jobs.limits import PictureLimits
from bot.domain.pictures.errors import PictureTooDemanding
from bot.domain.pictures.picture import Picture
from bot.domain.provenance.inspection import Inspection
from bot.imaging.uploads.reader import Reader, ReaderLimits
from bot.turns.fair_semaphore import FairSemaphore

log = logging.getLogger(__name__)

_START_S = 30.0
_RETRY_S = 1.0
_BEHIND_S = 60.0  # how long whoever killed a reader waits behind everybody else
_SHUT = "the fence is shut"

_Answer = TypeVar("_Answer")


class Fence:
    """Fits pictures in up to `workers` child processes, callers in fair order.

    `warm` of them always run; more are started when these are busy, and end after `idle_s`. A
    member has one at a time, so nobody's files hold all of them. `memory_mb` bounds a child's
    address space (MiB), `cpu_s` the CPU seconds and `wall_s` the seconds of one picture; a child is
    replaced after `jobs_per_child` pictures.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        warm: int = 1,
        memory_mb: int = 600,
        cpu_s: int = 6,
        wall_s: float = 20.0,
        jobs_per_child: int = 200,
        idle_s: float = 60.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = ReaderLimits(memory_mb, cpu_s)
        self._warm = warm
        self._wall_s = wall_s
        self._jobs_per_child = jobs_per_child
        self._idle_s = idle_s
        self._shut = False
        self._semaphore = FairSemaphore(workers, per_member=1, now=now)
        self._idle: list[Reader] = []
        self._leaving: dict[Reader, asyncio.TimerHandle] = {}
        self._readers: set[Reader] = set()
        self._ending: set[Reader] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            self._idle += [await self._start() for _ in range(self._warm)]
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
        return tuple(reader.pid for reader in self._readers)

    async def fit(self, data: bytes, limits: PictureLimits, lane: Lane) -> Picture:
        """Return `data` as `bot.imaging.uploads.fit.fit` makes it; `lane` is whose turn it takes.

        Raises the NotPossible that says what is wrong with the picture; PictureTooDemanding when
        it took too much memory or time, or killed the child; RuntimeError once the fence is shut.
        """
        return await self._asked(data, lane, lambda reader: reader.fit(data, limits))

    async def inspect(self, data: bytes, lane: Lane) -> Inspection:
        """Return what the file says of itself, and its fingerprint.

        Raises as `fit` does.
        """
        return await self._asked(data, lane, lambda reader: reader.inspect(data))

    async def _asked(
        self, data: bytes, lane: Lane, ask: Callable[[Reader], Awaitable[_Answer]]
    ) -> _Answer:
        """Return a reader's answer, in the lane's turn."""
        await self._semaphore.enter(lane, len(data))
        try:
            reader = await self._take()
        except BaseException:
            self._semaphore.leave(lane, len(data))
            raise
        sound = False
        try:
            async with asyncio.timeout(self._wall_s):
                answer = await ask(reader)
            sound = True
        except NotPossible:
            sound = True
            raise
        except Exception as error:  # time ran out, the pipe broke, or the child talks nonsense
            log.warning("picture reader %d is replaced: %r", reader.pid, error)
            self._semaphore.put_behind(lane, _BEHIND_S)
            raise PictureTooDemanding from error
        finally:
            self._give_back(reader, lane, len(data), sound=sound)
        return answer

    async def _take(self) -> Reader:
        if not self._idle:
            return await self._start_at_last()
        reader = self._idle.pop()
        if reader in self._leaving:
            self._leaving.pop(reader).cancel()
        return reader

    def _give_back(self, reader: Reader, lane: Lane, size: int, *, sound: bool) -> None:
        if self._shut:
            return
        if not sound or reader.jobs >= self._jobs_per_child:
            # The place at the gate is kept until there is room for another child.
            self._spawn(self._replace(reader, lane, size))
            return
        self._idle.append(reader)
        self._leaving[reader] = asyncio.get_running_loop().call_later(
            self._idle_s, self._dismiss, reader
        )
        self._semaphore.leave(lane, size)

    def _dismiss(self, reader: Reader) -> None:
        """End a reader that nobody needed, unless it is one of those kept warm."""
        del self._leaving[reader]
        if len(self._readers - self._ending) > self._warm:
            self._idle.remove(reader)
            self._ending.add(reader)
            self._spawn(self._end(reader))

    async def _replace(self, reader: Reader, lane: Lane, size: int) -> None:
        await self._end(reader)
        if len(self._readers - self._ending) < self._warm:
            self._idle.append(await self._start_at_last())
        self._semaphore.leave(lane, size)

    async def _start_at_last(self) -> Reader:
        while not self._shut:
            try:
                return await self._start()
            except (OSError, EOFError, ValueError):
                if not self._shut:
                    log.exception("no new picture reader could be started")
                    await asyncio.sleep(_RETRY_S)
        raise RuntimeError(_SHUT)

    async def _start(self) -> Reader:
        reader = await Reader.start(self._limits)
        self._readers.add(reader)
        if self._shut:  # while the process was started
            await self._end(reader)
            raise RuntimeError(_SHUT)
        try:
            async with asyncio.timeout(_START_S):
                await reader.ready()
        except BaseException:
            await self._end(reader)
            raise
        return reader

    async def _end(self, reader: Reader) -> None:
        self._ending.add(reader)
        await reader.close()
        self._readers.discard(reader)
        self._ending.discard(reader)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self) -> None:
        self._shut = True
        self._semaphore.shut(RuntimeError(_SHUT))
        for timer in self._leaving.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._end(reader) for reader in tuple(self._readers)))
