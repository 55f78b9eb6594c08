"""One suite over every provider, the cloud's against the strict stand-in over real HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from bot.domain.errors import (
    Busy,
    EngineGone,
    InputRefused,
    Moderated,
    OperatorFault,
    OutcomeUnknown,
    ProviderError,
    RequestBug,
    ResultLost,
    ServerFault,
)
from bot.domain.jobs import JobId
from bot.domain.ports import Drawn, LeaseLost, Provider, Work
from bot.providers.aiart import Aiart
from bot.providers.local import Local
from bot.providers.results import Results
from bot.providers.tencent import Credentials, TencentApi
from bot.providers.vod import Vod
from bot.sandbox.tencent.server import DOWNLOAD, TencentSandbox
from tests.providers.work import Notebook, photo, work

APP = 1_500_000_001
ID, KEY = "AKIDexample", "example-key"
PAID = {"aiart": "ImageToImage", "vod": "CreateAigcImageTask"}
ENGINES = {"aiart": "anime", "vod": "gg-3.0", "local": "local"}


class Clock:
    """Real time plus what a test skips."""

    skipped = 0.0

    def __call__(self) -> float:
        return time.time() + self.skipped


class QuickArtist:
    """Makes plain pictures at once; the stand-in's own takes longer than the suite may."""

    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        out = BytesIO()
        Image.new("RGB", size, (seed * 37 % 256, len(prompt) % 256, len(style or ""))).save(
            out, "JPEG"
        )
        return out.getvalue()

    def restyle(
        self,
        picture: bytes,
        *,
        prompt: str,
        strength: float = 0.7,
        style: str | None = None,
        seed: int = 0,
    ) -> bytes:
        with Image.open(BytesIO(picture)) as opened:
            size = opened.size
        return self.paint(f"{prompt}{strength}", size, seed=seed, style=style)


async def quickly(seconds: float) -> None:
    """Sleep as asked, but never for long; the stand-in counts real requests per second."""
    await asyncio.sleep(min(seconds, 0.06))


@dataclass
class House:
    """A provider, the stand-in behind it, and what a test asks of both."""

    name: str
    provider: Provider
    tencent: TencentSandbox
    results: Results

    @property
    def action(self) -> str:
        return PAID[self.name]

    def restyle(self, **options: Any) -> Work:
        return work(ENGINES[self.name], photo(), **options)

    async def draw(self, asked: Work | None = None, journal: Notebook | None = None) -> Drawn:
        return await self.provider.draw(asked or self.restyle(), journal or Notebook())

    async def pictures(self, drawn: Drawn) -> list[bytes]:
        """Return the pictures themselves, fetched where the API only gave addresses."""
        return [*drawn.pictures, *[await self.results.fetch(url) for url in drawn.urls]]

    @property
    def pictures_paid(self) -> int:
        return sum(charge.pictures for charge in self.tencent.charged)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tencent(clock: Clock) -> AsyncIterator[TencentSandbox]:
    async with TencentSandbox(
        secret_id=ID,
        secret_key=KEY,
        vod_sub_app_id=APP,
        seconds_per_picture=0.01,
        now=clock,
        artist=QuickArtist(),
    ) as sandbox:
        yield sandbox
    sandbox.faults.check()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


def build(
    name: str,
    tencent: TencentSandbox,
    http: httpx.AsyncClient,
    clock: Clock,
    *,
    key: str = KEY,
    **options: Any,
) -> Provider:
    """Build a provider as the program does."""
    api = TencentApi(http, Credentials(ID, key), now=clock)
    if name == "aiart":
        return Aiart(api, endpoint=tencent.url, region="ap-singapore", **options)
    if name == "vod":
        return Vod(api, endpoint=tencent.url, sub_app_id=APP, sleep=quickly)
    return Local()


@pytest.fixture(params=["aiart", "vod", "local"])
def house(
    request: pytest.FixtureRequest, tencent: TencentSandbox, http: httpx.AsyncClient, clock: Clock
) -> House:
    provider = build(request.param, tencent, http, clock)
    results = Results(http, endpoints=[tencent.url], sleep=quickly)
    return House(request.param, provider, tencent, results)


cloud = pytest.mark.parametrize("house", ["aiart", "vod"], indirect=True)
only_aiart = pytest.mark.parametrize("house", ["aiart"], indirect=True)
only_vod = pytest.mark.parametrize("house", ["vod"], indirect=True)
several = pytest.mark.parametrize(
    ("house", "engine"), [("vod", "og-low"), ("local", "local")], indirect=["house"]
)


async def test_a_photo_comes_back_as_a_picture(house: House) -> None:
    drawn = await house.draw()
    [picture] = [Image.open(BytesIO(data)) for data in await house.pictures(drawn)]
    picture.load()
    assert picture.format in {"JPEG", "PNG"}
    assert bool(drawn.request_id) == (house.name != "local")
    assert house.pictures_paid == (house.name != "local")


@pytest.mark.parametrize("house", ["vod", "local"], indirect=True)
async def test_words_alone_become_a_picture(house: House) -> None:
    drawn = await house.draw(work(ENGINES[house.name], prompt="une forêt d'érables 🍁"))
    assert len(await house.pictures(drawn)) == 1


@several
async def test_several_pictures_come_when_several_are_wished(house: House, engine: str) -> None:
    drawn = await house.draw(work(engine, count=2))
    assert len(set(await house.pictures(drawn))) == 2


@only_vod
async def test_fewer_pictures_than_asked_are_still_a_result(house: House) -> None:
    house.tencent.script(house.action, pictures=1)
    drawn = await house.draw(work("og-low", count=3))
    assert len(drawn.urls) == house.pictures_paid == 1


async def test_every_option_that_is_offered_is_taken(house: House) -> None:
    takes = house.restyle().engine.takes
    wishes: dict[str, Any] = {"prompt": "x" * takes.prompt_max}
    if takes.negative_max:
        wishes["negative"] = "y" * takes.negative_max
    if takes.styles:
        wishes["style"] = next(iter(takes.styles))
    wishes |= {"strength": 0.5} if takes.strength else {}
    wishes |= {"enhance": True} if takes.enhance else {}
    wishes |= {"faces": takes.faces_max} if takes.faces_max else {}
    wishes |= {"seed": 7} if takes.seed else {}
    for size, ratio in ((None, takes.ratios[0]), (takes.sizes[0], None)):
        asked = house.restyle(size=size, ratio=ratio, **wishes)
        drawn = await house.draw(replace(asked, job_id=JobId(f"job-{size}")))
        assert len(await house.pictures(drawn)) == 1


async def test_nothing_is_asked_for_once_the_lease_is_lost(house: House) -> None:
    with pytest.raises(LeaseLost):
        await house.draw(journal=Notebook(lost=True))
    assert house.tencent.calls == []


async def test_sent_is_written_down_and_a_task_before_it_is_asked_about(house: House) -> None:
    journal = Notebook()
    await house.draw(journal=journal)
    assert journal.written[0] == "sending"
    assert len(journal.written) == (2 if house.name == "vod" else 1)


@cloud
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("OperationDenied.TextIllegalDetected", Moderated),
        ("OperationDenied.ImageIllegalDetected", Moderated),
        ("FailedOperation.GenerateImageFailed", Moderated),
        ("FailedOperation.ImageDecodeFailed", InputRefused),
        ("RequestLimitExceeded.JobNumExceed", Busy),
        ("RequestLimitExceeded", Busy),
        ("InternalError", ServerFault),
        ("FailedOperation.ServerError", ServerFault),
        ("ResourceUnavailable.InArrears", OperatorFault),
        ("AuthFailure.UnauthorizedOperation", OperatorFault),
        ("UnsupportedRegion", EngineGone),
        ("InvalidParameterValue", RequestBug),
        ("NeverHeardOf", RequestBug),
    ],
)
async def test_an_error_before_the_work_is_its_class_and_costs_nothing(
    house: House, code: str, kind: type[ProviderError]
) -> None:
    house.tencent.script(house.action, code=code)
    with pytest.raises(ProviderError) as caught:
        await house.draw()
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert caught.value.request_id == house.tencent.calls[-1].request_id
    assert house.pictures_paid == 0


@cloud
async def test_an_action_that_went_offline_is_an_engine_gone(house: House) -> None:
    house.tencent.gone(house.action)
    with pytest.raises(EngineGone):
        await house.draw()


@cloud
async def test_a_wrong_key_is_the_operators_fault(
    house: House, http: httpx.AsyncClient, clock: Clock
) -> None:
    provider = build(house.name, house.tencent, http, clock, key="another-key")
    with pytest.raises(OperatorFault) as caught:
        await provider.draw(house.restyle(), Notebook())
    assert caught.value.code == "AuthFailure.SignatureFailure"


@cloud
async def test_more_jobs_than_slots_are_busy_or_wait_and_none_is_paid_twice(house: House) -> None:
    house.tencent.seconds_per_picture = 0.5 if house.name == "aiart" else 0.05
    jobs = [replace(house.restyle(), job_id=JobId(f"job-{number}")) for number in range(4)]
    ends = await asyncio.gather(*(house.draw(job) for job in jobs), return_exceptions=True)
    drawn = [end for end in ends if isinstance(end, Drawn)]
    assert len(drawn) == house.pictures_paid == (3 if house.name == "aiart" else 4)
    assert all(isinstance(end, Drawn | Busy) for end in ends)


LOST = [
    {"drop": True},
    {"garbage": b"<html>bad gateway</html>"},
    {"garbage": b""},
    {"garbage": b'{"Response": {"Task', "drop": True},
]


@only_aiart
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_without_an_idempotency_key_is_unknown(
    house: House, when: str, fault: dict[str, Any]
) -> None:
    house.tencent.script(house.action, when=when, **fault)
    with pytest.raises(OutcomeUnknown):
        await house.draw()
    assert house.pictures_paid == (when == "after")


@only_vod
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_before_the_task_was_made_is_repeated(
    house: House, fault: dict[str, Any]
) -> None:
    house.tencent.script(house.action, **fault)
    with pytest.raises(ServerFault):
        await house.draw()
    await house.draw()
    assert house.pictures_paid == 1


@only_vod
@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_after_the_task_was_made_never_pays_twice(
    house: House, fault: dict[str, Any]
) -> None:
    house.tencent.script(house.action, when="after", **fault)
    with pytest.raises(ServerFault):
        await house.draw()
    drawn = await house.draw()
    assert len(drawn.urls) == house.pictures_paid == 1


@only_vod
async def test_a_lost_lease_resumes_polling_without_paying_again(house: House) -> None:
    house.tencent.seconds_per_picture = 0.2
    journal = Notebook()
    first = asyncio.create_task(house.draw(journal=journal))
    await journal.has_task.wait()
    first.cancel()
    task = journal.written[1].removeprefix("accepted ")
    drawn = await house.draw(house.restyle(remote_task=task))
    assert len(drawn.urls) == house.pictures_paid == 1


@only_vod
async def test_replies_about_a_task_that_get_lost_do_no_harm(house: House) -> None:
    for fault in LOST:
        house.tencent.script("DescribeTaskDetail", **fault)
    drawn = await house.draw()
    assert len(drawn.urls) == house.pictures_paid == 1


@only_vod
async def test_a_task_reply_without_its_empty_members_reads_the_same(house: House) -> None:
    house.tencent.sparse = True
    assert len((await house.draw()).urls) == 1


@only_vod
@pytest.mark.parametrize(
    ("task_error", "kind"),
    [
        ((70000, "ContentModerationFailed"), Moderated),
        ((40000, "InvalidParameter.VoilationContent"), Moderated),
        ((60000, "InvalidParameter.MediaFormat"), InputRefused),
    ],
)
async def test_a_failed_task_is_its_class_and_costs_nothing(
    house: House, task_error: tuple[int, str], kind: type[ProviderError]
) -> None:
    house.tencent.script(house.action, task_error=task_error)
    with pytest.raises(kind):
        await house.draw()
    assert house.pictures_paid == 0


@only_vod
@pytest.mark.parametrize("code", ["RequestLimitExceeded", "InternalError"])
async def test_a_task_that_failed_for_a_passing_reason_can_be_tried_again(
    house: House, code: str
) -> None:
    house.tencent.script(house.action, task_error=(70000, code))
    journal = Notebook()
    with pytest.raises((Busy, ServerFault)):
        await house.draw(journal=journal)
    task = journal.written[1].removeprefix("accepted ")
    drawn = await house.draw(house.restyle(remote_task=task))
    assert len(drawn.urls) == house.pictures_paid == 1


@pytest.mark.parametrize(
    ("house", "late_s"), [("aiart", 3500), ("vod", 6 * 86_400)], indirect=["house"]
)
async def test_a_result_waits_as_long_as_the_documents_say(
    house: House, clock: Clock, late_s: float
) -> None:
    drawn = await house.draw()
    clock.skipped += late_s
    assert len(await house.pictures(drawn)) == 1


@pytest.mark.parametrize(
    ("house", "late_s", "kind"),
    [
        ("aiart", 3700, ResultLost),
        ("vod", 8 * 86_400, ServerFault),  # 404 is also said of what a store does not know yet
    ],
    indirect=["house"],
)
async def test_a_result_fetched_too_late_is_not_paid_for_again(
    house: House, clock: Clock, late_s: float, kind: type[ProviderError]
) -> None:
    drawn = await house.draw()
    clock.skipped += late_s
    with pytest.raises(ProviderError) as caught:
        await house.pictures(drawn)
    assert type(caught.value) is kind
    assert caught.value.code == "ResultNotFetched"
    assert house.pictures_paid == 1


@cloud
async def test_a_result_that_cannot_be_fetched_now_can_be_later_for_nothing(house: House) -> None:
    drawn = await house.draw()
    house.tencent.script(DOWNLOAD, code="ServiceUnavailable", times=6)
    with pytest.raises(ServerFault):
        await house.pictures(drawn)
    assert len(await house.pictures(drawn)) == house.pictures_paid == 1


@cloud
async def test_a_result_that_is_no_picture_is_lost_and_not_paid_for_again(house: House) -> None:
    drawn = await house.draw()
    house.tencent.script(DOWNLOAD, garbage=b"<html>bad gateway</html>")
    with pytest.raises(ResultLost) as caught:
        await house.pictures(drawn)
    assert caught.value.code == "ResultNotAPicture"
    assert house.pictures_paid == 1


@only_aiart
async def test_a_result_inside_the_reply_is_as_good_as_a_fetched_one(
    house: House, http: httpx.AsyncClient, clock: Clock
) -> None:
    provider = build(house.name, house.tencent, http, clock, returns="base64")
    inside = await provider.draw(house.restyle(), Notebook())
    pictures = [*inside.pictures, *await house.pictures(await house.draw())]
    sizes = [Image.open(BytesIO(data)).size for data in pictures]
    assert sizes == [(120, 90), (120, 90)]


@cloud
async def test_a_caller_that_leaves_is_let_go_at_once(house: House) -> None:
    house.tencent.seconds_per_picture = 0.4
    leaving = asyncio.create_task(house.draw())
    await asyncio.sleep(0.05)
    left_at = time.monotonic()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    assert leaving.cancelled()
    assert time.monotonic() - left_at < 0.3
