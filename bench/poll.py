"""Sixty VOD tasks at once: the rate of their creation, and what waiting for polls adds to each."""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.figures import quantile, table
from bench.stamp import Stamp, photo
from bot.domain.engines.engine import Engine
from bot.domain.jobs.job import Options, job_id_of
from bot.ports.provider import Work
from bot.providers.tencent.call import Credentials, TencentApi
from bot.providers.vod.provider import Vod
from bot.sandbox.tencent.gate import Call
from bot.sandbox.tencent.server import TencentSandbox
from bot.settings.config import read_settings
from storage import open_storage

_TASKS = 60
_PROCESSES = 2
_SECONDS = (13.0, 19.0)  # two recorded tasks (reports, 2026-08)
_ID, _KEY, _APP = "AKIDexample", "example-key", 1_500_000_001
_CREATES, _DETAIL = ("CreateAigcImageTask", "ProcessImageAsync"), "DescribeTaskDetail"
_ROUNDS = (
    ("nothing known yet", "gg-2.5"),
    ("times learned", "gg-2.5"),
    ("ProcessImageAsync", "upscale"),
)


class _Journal:
    """Writes nothing down: what is measured are the calls."""

    async def sending(self) -> None:
        """Go on."""

    async def accepted(self, task_id: str) -> None:
        """Go on."""

    def progress(self, percent: int) -> None:
        """Show nothing of it."""


@dataclass(frozen=True)
class _Seen:
    """One task: its own seconds, and the seconds from its end until its end was seen."""

    own_s: float
    added_s: float

    @property
    def share(self) -> float:
        return self.added_s / self.own_s


async def main() -> None:
    """Run a round with nothing known of the engine, one after it, and one of enlargements."""
    stand_in = TencentSandbox(
        secret_id=_ID,
        secret_key=_KEY,
        vod_sub_app_id=_APP,
        vod_concurrency=_TASKS,
        artist=Stamp(photo((256, 256))),
    )
    rates, rounds = [], []
    async with stand_in as tencent, _vods(tencent) as vods, _changing_seconds(tencent):
        for number, (name, engine) in enumerate(_ROUNDS):
            tencent.calls.clear()
            seen = await _round(tencent, vods, number, engine)
            rates.append((name, *_rates(tencent.calls)))
            rounds.append((name, *_added(seen)))
    title = f"poll: {_TASKS} VOD tasks at once by {_PROCESSES} processes, 20 requests/s"
    header = (
        "round",
        "most created in a second",
        "refused",
        "most reads in a second",
        "reads/task",
    )
    print(table(title, header, rates))
    print()
    title = f"poll: what is added to tasks of {_SECONDS[0]:.0f}-{_SECONDS[1]:.0f} s"
    header = ("round", "own s", "added s", "added %, mean", "p95", "worst", "allowed")
    print(table(title, header, rounds))


@asynccontextmanager
async def _vods(tencent: TencentSandbox) -> AsyncIterator[list[Vod]]:
    """Yield a provider per process; what they share is the database."""
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder}/easel.db"
        storage = await opened.enter_async_context(open_storage(url, folder))
        vods = []
        for _ in range(_PROCESSES):
            client = await opened.enter_async_context(httpx.AsyncClient())
            api = TencentApi(client, Credentials(_ID, _KEY), now=time.time)
            vods.append(
                Vod(api, endpoint=tencent.url, sub_app_id=_APP, rate_limits=storage.rate_limits)
            )
        yield vods


@asynccontextmanager
async def _changing_seconds(tencent: TencentSandbox) -> AsyncIterator[None]:
    """Give every task a time of its own; each starts as soon as it is created."""
    dice = random.Random(20)  # noqa: S311 - a scenario, not a secret

    async def change() -> None:
        while True:
            tencent.seconds_per_picture = dice.uniform(*_SECONDS)
            await asyncio.sleep(0.005)

    changing = asyncio.create_task(change())
    try:
        yield
    finally:
        changing.cancel()
        with suppress(asyncio.CancelledError):
            await changing


async def _round(tencent: TencentSandbox, vods: list[Vod], number: int, engine: str) -> list[_Seen]:
    works = list(_works(number, engine))
    return await asyncio.gather(
        *(_one(tencent, vods[place % len(vods)], work) for place, work in enumerate(works))
    )


def _works(number: int, name: str) -> Iterator[Work]:
    engine = _engine(name)
    pictures = (photo((256, 256)),) if engine.action else ()
    for place in range(_TASKS):
        job_id = job_id_of(1_000 * (number + 1) + place)
        options = Options() if engine.action else Options(prompt="a cat", seed=place)
        yield Work(job_id, engine, options, pictures, priority=0)


def _engine(name: str) -> Engine:
    engines = read_settings({}, folder=Path(__file__).parent).engines
    return next(engine for engine in engines if engine.name == name)


async def _one(tencent: TencentSandbox, vod: Vod, work: Work) -> _Seen:
    await vod.draw(work, _Journal())
    seen_at = time.time()
    tasks = tencent.account.tasks.values()
    task = next(task for task in tasks if task.params["SessionId"] == work.job_id)
    return _Seen(task.finished - task.created, seen_at - task.finished)


def _rates(calls: list[Call]) -> tuple[object, ...]:
    creates = [call.at for call in calls if call.action in _CREATES]
    reads = [call.at for call in calls if call.action == _DETAIL]
    refused = sum(call.error_code == "RequestLimitExceeded" for call in calls)
    return _most(creates), refused, _most(reads), f"{len(reads) / _TASKS:.1f}"


def _most(times: list[float]) -> int:
    """Return the most that fall into any second."""
    return max(sum(start <= at < start + 1 for at in times) for start in times)


def _added(seen: list[_Seen]) -> tuple[str, ...]:
    shares = [each.share for each in seen]
    figures = (statistics.mean(shares), quantile(shares, 0.95), max(shares))
    own, added = (
        statistics.mean(values)
        for values in zip(*((each.own_s, each.added_s) for each in seen), strict=True)
    )
    return (f"{own:.1f}", f"{added:.2f}", *(f"{100 * share:.1f} %" for share in figures), "10 %")


if __name__ == "__main__":
    asyncio.run(main())
