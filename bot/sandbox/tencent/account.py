"""One cloud account as its owner sees it: slots, tasks, the bill, and what its client did wrong."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bot.sandbox.tencent.results import Results
from bot.sandbox.tencent.script import NOTHING, Script
from bot.sandbox.tencent.slots import Slots

_BY_INPUT = ("Kling", "Vidu")  # models whose specifications tell words alone from references
T = TypeVar("T")


class Artist(Protocol):
    """Who makes the pictures; both methods give JPEG bytes and may run in any thread."""

    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        """Paint a prompt at (width, height) pixels."""

    def restyle(
        self,
        picture: bytes,
        *,
        prompt: str,
        strength: float = 0.7,
        style: str | None = None,
        seed: int = 0,
    ) -> bytes:
        """Repaint a picture; `strength` in (0, 1], smaller stays closer to the input."""


@dataclass(frozen=True)
class Charge:
    """A line of the bill: `at` is unix seconds, `pictures` how many were made.

    `model` is VOD's specification of them, empty for other services.
    """

    action: str
    request_id: str
    session_id: str | None
    pictures: int
    at: float
    model: str = ""


@dataclass
class Quota:
    """The account's own cap on VOD pictures: so many from unix seconds `since` on."""

    limit: int
    since: float

    def used(self, charges: "list[Charge]") -> int:
        """Count the pictures made since."""
        return sum(one.pictures for one in charges if one.model and one.at >= self.since)


class Faults(list[str]):
    """Sentences about what the client did wrong."""

    def check(self) -> None:
        """Raise AssertionError that names every fault, if there is one."""
        if self:
            raise AssertionError("The client is at fault:\n" + "\n".join(self))


@dataclass(frozen=True)
class Request:
    """An accepted call on its way to its handler."""

    action: str
    id: str
    params: dict[str, Any]
    script: Script = NOTHING


@dataclass
class Account:
    """Everything that handlers of actions share."""

    artist: Artist
    now: Callable[[], float]
    slots: dict[str, Slots]
    results: Results
    sub_app_id: int
    seconds_per_picture: float
    sparse: bool = False
    charged: list[Charge] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    files: dict[str, bytes] = field(default_factory=dict)  # FileId: a permanently stored picture
    sessions: dict[str, float] = field(default_factory=dict)  # SessionId: accepted at
    templates: dict[int, Any] = field(default_factory=dict)  # of image processing, by Definition
    image_quota: Quota | None = None
    quota_lag: int = 0  # so many looks at the quota still show it as it was before a change
    past_quotas: list[Quota | None] = field(default_factory=list)  # what those looks will show
    tasks: dict[str, Any] = field(default_factory=dict)  # task id: the task of its service
    _background: set[asyncio.Task[Any]] = field(default_factory=set)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._released.set()

    def hold(self) -> None:
        """Keep whatever is in work there until `release`."""
        self._released.clear()

    def release(self) -> None:
        """Let what is in work be finished in its time."""
        self._released.set()

    async def released(self) -> None:
        """Wait while things are held."""
        await self._released.wait()

    async def at_once(self, pool: str, request: Request, make: Callable[[], T]) -> T:
        """Make one picture in a slot that is free now, and charge it.

        Raises Refusal RequestLimitExceeded.JobNumExceed when no slot is free.
        """
        self.slots[pool].take()
        try:
            made = await self.timed(1, make)
        finally:
            self.slots[pool].free()
        self.charge(request, 1)
        return made

    async def timed(self, pictures: int, make: Callable[[], T]) -> T:
        """Make `pictures` in a thread, for no less than the time they are said to take."""
        made, _ = await asyncio.gather(asyncio.to_thread(make), self.pass_time(pictures))
        return made

    async def pass_time(self, pictures: int = 1) -> None:
        """Let the time pass that so many pictures are said to take."""
        await asyncio.sleep(self.seconds_per_picture * pictures)
        await self.released()

    def charge(self, request: Request, pictures: int) -> None:
        """Put pictures on the bill."""
        session = request.params.get("SessionId") or None
        model = specification(request.params)
        self.charged.append(
            Charge(request.action, request.id, session, pictures, self.now(), model)
        )

    def background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run work that outlives its request and ends with the stand-in."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def close(self) -> None:
        """Stop whatever is still in work."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)


def specification(params: dict[str, Any]) -> str:
    """Give how VOD's bill names what a task makes, e.g. "Hunyuan3.0_1K" or "ViduQ2_T2i_1080P"."""
    model, version = params.get("ModelName", ""), params.get("ModelVersion", "")
    parts = [model + version[:1].upper() + version[1:]]
    if model in _BY_INPUT:
        parts.append("Refer2i" if params.get("FileInfos") else "T2i")
    size = params.get("OutputConfig", {}).get("Resolution", "") if model else ""
    return "_".join([*parts, size.upper()] if size else parts)
