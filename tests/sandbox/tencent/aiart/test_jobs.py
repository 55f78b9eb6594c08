"""aiart's jobs at the stand-in: submitted, asked about, done or failed, in slots of their own."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.tencent.aiart.api import CONCURRENCY
from bot.sandbox.tencent.server import TencentSandbox
from tests.sandbox.tencent.peer import (
    PlainArtist,
    call,
    code_of,
    encoded,
    get,
    image_to_image,
    opened,
    picture,
    sandbox,
    until,
)

SUBMIT, QUERY = "SubmitTextToImageJob", "QueryTextToImageJob"
PRO, QUERY_PRO = "SubmitTextToImageProJob", "QueryTextToImageProJob"
VALUE = "InvalidParameterValue.ParameterValueError"
TOO_LONG = "InvalidParameterValue.TextLengthExceed"
UNKNOWN = "UnknownParameter"
TYPE = "InvalidParameter"


async def submitted(tencent: TencentSandbox, action: str = SUBMIT, **params: Any) -> str:
    reply = await call(tencent, action, {"Prompt": "a fox", **params})
    job: str = reply["JobId"]
    return job


async def finished(tencent: TencentSandbox, job: str, query: str = QUERY) -> dict[str, Any]:
    kept = tencent.account.tasks[job]
    await until(lambda: kept.status in ("4", "5"))
    return await call(tencent, query, {"JobId": job})


async def size_of(reply: dict[str, Any]) -> tuple[int, int]:
    [url] = reply["ResultImage"]
    return opened((await get(url)).content).size


async def test_a_job_waits_for_nobody_and_shows_where_it_stands() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist) as tencent:
        job = await submitted(tencent)
        await until(lambda: artist.asked)
        going = await call(tencent, QUERY, {"JobId": job})
        assert (going["JobStatusCode"], going["ResultImage"]) == ("2", None)
        assert tencent.charged == []
        artist.go.set()
        done = await finished(tencent, job)
        assert (done["JobStatusCode"], done["JobErrorCode"], done["JobErrorMsg"]) == ("5", "", "")
        assert done["ResultDetails"] == ["Success"]
        assert await size_of(done) == (1024, 1024)
        assert [(charge.action, charge.pictures) for charge in tencent.charged] == [(SUBMIT, 1)]
        tencent.faults.check()


@pytest.mark.parametrize(
    ("action", "query", "params", "size"),
    [
        (SUBMIT, QUERY, {"Resolution": "512:2048"}, (512, 2048)),
        (SUBMIT, QUERY, {"Images": [encoded(picture())] * 3}, (1024, 1024)),
        (SUBMIT, QUERY, {"Images": [encoded(picture())], "Resolution": "1152:768"}, (1216, 832)),
        (PRO, QUERY_PRO, {"Resolution": "1280:768"}, (1280, 768)),
        (PRO, QUERY_PRO, {"Style": "riman", "Engine": "engine2"}, (1024, 1024)),
    ],
)
async def test_the_result_has_the_size_asked_for_or_the_nearest_of_the_list(
    action: str, query: str, params: dict[str, Any], size: tuple[int, int]
) -> None:
    async with sandbox() as tencent:
        done = await finished(tencent, await submitted(tencent, action, **params), query)
        assert await size_of(done) == size
        tencent.faults.check()


async def test_the_prompt_is_revised_unless_that_is_switched_off_and_then_a_seed_counts() -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        for params in ({"Seed": 7}, {"Seed": 7, "Revise": 0}):
            done = await finished(tencent, await submitted(tencent, **params))
            assert done["RevisedPrompt"] == [artist.asked[-1]["prompt"]]
    assert artist.asked[0]["prompt"].startswith("a fox, ")
    assert artist.asked[0]["seed"] != 7
    assert (artist.asked[1]["prompt"], artist.asked[1]["seed"]) == ("a fox", 7)


async def test_a_failure_can_be_scripted_and_is_told_inside_the_reply() -> None:
    async with sandbox() as tencent:
        code = "OperationDenied.ImageIllegalDetected"
        tencent.script(SUBMIT, task_error=(0, code), message="It failed the review.")
        failed = await finished(tencent, await submitted(tencent))
        assert failed["JobStatusCode"] == "4"
        assert (failed["JobErrorCode"], failed["JobErrorMsg"]) == (code, "It failed the review.")
        assert (failed["ResultImage"], tencent.charged) == (None, [])


async def test_a_job_can_end_well_without_a_picture() -> None:
    async with sandbox() as tencent:
        tencent.script(SUBMIT, pictures=0)
        done = await finished(tencent, await submitted(tencent))
        assert (done["JobStatusCode"], done["ResultImage"], tencent.charged) == ("5", [], [])


async def test_a_sparse_reply_leaves_out_what_is_empty() -> None:
    async with sandbox() as tencent:
        tencent.sparse = True
        done = await finished(tencent, await submitted(tencent))
        assert "JobErrorCode" not in done
        assert done["JobStatusCode"] == "5"


async def test_a_job_is_known_to_its_own_query_alone() -> None:
    async with sandbox() as tencent:
        job = await submitted(tencent)
        missing = "FailedOperation.JobNotExist"
        assert await code_of(tencent, QUERY_PRO, {"JobId": job}) == missing
        assert await code_of(tencent, QUERY, {"JobId": "another"}) == missing
        tencent.faults.check()


async def test_every_api_has_slots_of_its_own() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist) as tencent:
        await submitted(tencent)
        await submitted(tencent, PRO)
        busy = "RequestLimitExceeded.JobNumExceed"
        assert await code_of(tencent, SUBMIT, {"Prompt": "a fox"}) == busy
        assert await code_of(tencent, PRO, {"Prompt": "a fox"}) == busy
        lite = asyncio.create_task(code_of(tencent, "TextToImageLite", {"Prompt": "a fox"}))
        await until(lambda: tencent.running["aiart-lite"] == 1)
        held = [
            asyncio.create_task(code_of(tencent, "ImageToImage", image_to_image()))
            for _ in range(3)
        ]
        await until(lambda: tencent.running["aiart"] == 3)
        artist.go.set()
        assert await asyncio.gather(lite, *held) == [None] * 4
        await until(lambda: not any(tencent.running.values()))
        assert {pool for pool, peak in tencent.peak.items() if peak} == {
            *("aiart", "aiart-lite", "aiart-job", "aiart-pro")
        }
        assert {pool: slots.limit for pool, slots in tencent.account.slots.items()} == {
            **CONCURRENCY,
            "vod": 1,
        }


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    *((action, {"Promt": "a"}, UNKNOWN) for action in (SUBMIT, PRO)),
    *((action, {"Prompt": 7}, TYPE) for action in (SUBMIT, PRO)),
    *((action, {"Revise": 2}, VALUE) for action in (SUBMIT, PRO)),
    *((action, {"RspImgType": "url"}, UNKNOWN) for action in (SUBMIT, PRO)),
    *((action, {"NegativePrompt": "a"}, UNKNOWN) for action in (SUBMIT, PRO)),
    (SUBMIT, {"Prompt": "狐" * 8193}, TOO_LONG),
    (SUBMIT, {"Images": [encoded(picture())] * 4}, VALUE),
    (SUBMIT, {"Images": encoded(picture())}, TYPE),
    (SUBMIT, {"Images": ["none"]}, "FailedOperation.ImageDecodeFailed"),
    (SUBMIT, {"Images": [""]}, "InvalidParameterValue.ImageEmpty"),
    (SUBMIT, {"Images": ["A" * 6_000_000]}, "FailedOperation.ImageSizeExceed"),
    (SUBMIT, {"Images": [encoded(picture((50, 300)))]}, VALUE),
    (SUBMIT, {"Resolution": "2048:513"}, VALUE),
    (SUBMIT, {"Resolution": "511:1024"}, VALUE),
    (SUBMIT, {"Resolution": "2049:512"}, VALUE),
    (SUBMIT, {"Resolution": "1024x1024"}, VALUE),
    (SUBMIT, {"Seed": 0}, VALUE),
    (SUBMIT, {"Seed": 2**32}, VALUE),
    (SUBMIT, {"Style": "riman"}, UNKNOWN),
    (PRO, {"Prompt": "狐" * 101}, TOO_LONG),
    (PRO, {"Style": "anime"}, VALUE),
    (PRO, {"Resolution": "1080:1920"}, VALUE),
    (PRO, {"Engine": "engine3"}, VALUE),
    (PRO, {"LogoParam": {}}, UNKNOWN),
    (PRO, {"Seed": 1}, UNKNOWN),
]


@pytest.mark.parametrize(("action", "change", "code"), REFUSED)
async def test_what_a_job_does_not_take_is_refused_and_a_fault(
    action: str, change: dict[str, Any], code: str
) -> None:
    async with sandbox() as tencent:
        assert await code_of(tencent, action, {"Prompt": "a fox", **change}) == code
        assert (len(tencent.faults), tencent.running["aiart-job"]) == (1, 0)


async def test_pictures_of_a_job_may_come_by_url() -> None:
    async with sandbox() as tencent:
        done = await finished(tencent, await submitted(tencent))
        again = await submitted(tencent, Images=[done["ResultImage"][0], encoded(picture())])
        assert (await finished(tencent, again))["JobStatusCode"] == "5"


async def test_calls_show_a_digest_in_place_of_a_jobs_pictures() -> None:
    async with sandbox() as tencent:
        await submitted(tencent, Images=[encoded(picture())])
        assert tencent.calls[0].params["Images"][0]["length"] == len(encoded(picture()))


@pytest.mark.parametrize(("action", "most"), [(SUBMIT, 20), (QUERY, 20), (QUERY_PRO, 20)])
async def test_a_published_rate_is_kept(action: str, most: int) -> None:
    async with sandbox() as tencent:
        params = {"Prompt": "a fox"} if action == SUBMIT else {"JobId": "none"}
        codes = await asyncio.gather(*[code_of(tencent, action, params) for _ in range(most + 5)])
    assert codes.count("RequestLimitExceeded") == 5
