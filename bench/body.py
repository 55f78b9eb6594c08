"""Building and signing a request with a 5.9 MB picture: total time, and the loop's worst gap.

Beside it, in the same run: bare base64 + sha256, the same in a thread, and the official async SDK.
"""

import asyncio
import base64
import hashlib
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import httpx
from tencentcloud.common.common_client_async import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from bot.domain.jobs.limits import MAX_API_BYTES
from bot.providers.tencent.body import Inline, json_body
from bot.providers.tencent.signing import authorization

ROUNDS = 30
_TICK_S = 0.0005


@dataclass(frozen=True)
class Figures:
    """Milliseconds over all rounds."""

    total: float
    gap: float
    worst_gap: float


async def main() -> None:
    picture = os.urandom(MAX_API_BYTES)
    floor = await measure(lambda: _bare(picture))
    print(f"picture {len(picture):,} bytes, {ROUNDS} rounds, {os.cpu_count()} cores; ms\n")
    print(f"{'':36}{'total':>8}{'x bare':>8}{'gap p50':>9}{'gap max':>9}")
    for name, build in (
        ("nothing (this machine's own noise)", lambda: asyncio.sleep(0.02)),
        ("bare base64 + sha256, in the loop", lambda: _bare(picture)),
        ("the same in a thread", lambda: asyncio.to_thread(_hashed, picture)),
        ("official async SDK, build + send", lambda: _official(picture)),
        ("easel: pieces in a thread + sign", lambda: _easel(picture)),
    ):
        figures = await measure(build)
        times = figures.total / floor.total
        print(
            f"{name:36}{figures.total:8.1f}{times:8.2f}{figures.gap:9.2f}{figures.worst_gap:9.2f}"
        )


async def measure(build: Callable[[], Awaitable[object]]) -> Figures:
    """Run a build many times beside a ticking task, and note how long the ticks fell silent."""
    await build()
    totals, gaps = [], []
    for _ in range(ROUNDS):
        ticks: list[float] = []
        ticking = asyncio.create_task(_tick(ticks))
        await asyncio.sleep(0.005)
        started = time.perf_counter()
        await build()
        totals.append(time.perf_counter() - started)
        await asyncio.sleep(0.002)
        ticking.cancel()
        gaps.append(max(later - earlier for earlier, later in pairwise(ticks)) - _TICK_S)
    return Figures(
        statistics.median(totals) * 1000, statistics.median(gaps) * 1000, max(gaps) * 1000
    )


async def _tick(ticks: list[float]) -> None:
    while True:
        ticks.append(time.perf_counter())
        await asyncio.sleep(_TICK_S)


async def _bare(picture: bytes) -> str:
    return _hashed(picture)


def _hashed(picture: bytes) -> str:
    return hashlib.sha256(base64.b64encode(picture)).hexdigest()


async def _easel(picture: bytes) -> str:
    body = await json_body({"InputImage": Inline(picture), "Prompt": "a cat", "LogoAdd": 0})
    return authorization(
        secret_id="AKIDEXAMPLE",  # noqa: S106 - made up
        secret_key="EXAMPLE",  # noqa: S106 - made up
        service="aiart",
        host="127.0.0.1",
        body_sha256=body.sha256,
        timestamp=int(time.time()),
    )


async def _official(picture: bytes) -> None:
    """Let the SDK build and sign; nobody listens, so its sending ends at once."""
    profile = ClientProfile()
    profile.httpProfile = HttpProfile(protocol="http", endpoint="127.0.0.1:9")
    client = CommonClient(
        "aiart", "2022-12-29", Credential("AKIDEXAMPLE", "EXAMPLE"), "ap-singapore", profile
    )
    encoded = base64.b64encode(picture).decode()
    params = {"InputImage": encoded, "Prompt": "a cat", "LogoAdd": 0}
    with suppress(httpx.ConnectError):
        await client.call_and_deserialize("ImageToImage", params)


if __name__ == "__main__":
    asyncio.run(main())
