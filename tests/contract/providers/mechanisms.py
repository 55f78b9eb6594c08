"""The providers of the suite: each mechanism built as the program does, before the stand-in."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.ports.provider import Drawn, Provider, Work
from bot.providers.aiart.provider import Aiart
from bot.providers.local import Local
from bot.providers.tencent.call import Credentials, TencentApi
from bot.providers.tencent.results import Results
from bot.providers.vod.provider import Vod
from bot.sandbox.tencent.server import TencentSandbox
from tests.providers.attempt import Attempt
from tests.providers.work import photo, work

APP = 1_500_000_001
ID, KEY = "AKIDexample", "example-key"


@dataclass(frozen=True)
class Mechanism:
    """One way to get a picture: its provider, an engine, the paid action and the one that asks.

    `is_safe`: sending again pays nothing twice. `slots`: pictures at once, None where the rest
    waits at the API.
    """

    name: str
    provider: str
    engine: str
    paid: str = ""
    asks: str = ""
    is_safe: bool = False
    slots: int | None = None

    def __str__(self) -> str:
        return self.name


AT_ONCE = Mechanism("at once", "aiart", "anime", "ImageToImage", slots=3)
BY_JOB = Mechanism(
    "by job",
    "aiart",
    "hy-3.0",
    "SubmitTextToImageJob",
    "QueryTextToImageJob",
    slots=1,
)
BY_TASK = Mechanism(
    "by task", "vod", "gg-3.0", "CreateAigcImageTask", "DescribeTaskDetail", is_safe=True
)
BY_TEMPLATE = Mechanism(
    "by template", "vod", "upscale", "ProcessImageAsync", "DescribeTaskDetail", is_safe=True
)
OFFLINE = Mechanism("offline", "local", "local", is_safe=True)
CLOUD = (AT_ONCE, BY_JOB, BY_TASK, BY_TEMPLATE)
POLLED = (BY_JOB, BY_TASK, BY_TEMPLATE)


class Clock:
    """Real time plus what a test skips."""

    skipped = 0.0

    def __call__(self) -> float:
        return time.time() + self.skipped


class Impatient(httpx.AsyncHTTPTransport):
    """The usual transport with a tenth of a second for a read or a write."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        short = {"read": 0.1, "write": 0.1}
        request.extensions["timeout"] = {**request.extensions["timeout"], **short}
        return await super().handle_async_request(request)


async def quickly(seconds: float) -> None:
    """Sleep as asked, but never for long; the stand-in counts real requests per second."""
    await asyncio.sleep(min(seconds, 0.06))


@dataclass
class Harness:
    """A mechanism, the stand-in behind it, a job at work, and what a test asks of them."""

    mechanism: Mechanism
    tencent: TencentSandbox
    http: httpx.AsyncClient
    clock: Clock
    attempt: Attempt
    provider: Provider = field(init=False)

    def __post_init__(self) -> None:
        self.provider = self.built(self.tencent.url)

    def built(self, endpoint: str, *, key: str = KEY, off_s: float = 0.0) -> Provider:
        """Build the provider as the program does; its clock is ahead by `off_s`."""
        api = TencentApi(self.http, Credentials(ID, key), now=lambda: self.clock() + off_s)
        if self.mechanism.provider == "aiart":
            return Aiart(api, endpoint=endpoint, region="ap-singapore", sleep=quickly)
        if self.mechanism.provider == "vod":
            return Vod(api, endpoint=endpoint, sub_app_id=APP, sleep=quickly)
        return Local()

    def restyle(self, **options: Any) -> Work:
        return work(self.mechanism.engine, photo(), **options)

    @property
    def paid_calls(self) -> int:
        return sum(call.action == self.mechanism.paid for call in self.tencent.calls)

    async def draw(self, asked: Work | None = None) -> Drawn:
        return await self.provider.draw(asked or self.restyle(), self.attempt.journal)

    async def pictures(self, drawn: Drawn) -> list[bytes]:
        """Return the pictures themselves, fetched where the API only gave addresses."""
        results = Results(self.http, endpoints=[self.tencent.url], sleep=quickly)
        return [*drawn.pictures, *[await results.fetch(url) for url in drawn.urls]]

    @property
    def pictures_paid(self) -> int:
        return sum(charge.pictures for charge in self.tencent.charged)
