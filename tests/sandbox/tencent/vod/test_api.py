"""VOD's picture tasks at the stand-in: the queue, de-duplication, the bill, and the replies."""

import asyncio

import pytest

from tests.sandbox.tencent.peer import (
    APP,
    INLINE,
    Clock,
    PlainArtist,
    call,
    code_of,
    encoded,
    files,
    finished,
    get,
    image_task,
    made,
    model,
    opened,
    output,
    picture,
    sandbox,
    until,
)

BAD = "InvalidParameter"
CREATE = "CreateAigcImageTask"
ASK = "DescribeTaskDetail"


async def test_another_application_is_refused_without_blame() -> None:
    async with sandbox(vod_sub_app_id=7) as tencent:
        assert await code_of(tencent, CREATE, image_task()) == "InvalidParameterValue.SubAppId"
        assert await code_of(tencent, CREATE, image_task(SubAppId=7)) is None
        tencent.faults.check()


async def test_a_session_is_refused_again_for_three_days() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        params = image_task(SessionId="job-1")
        assert await code_of(tencent, CREATE, params) is None
        clock.at += 3 * 86_400 - 1
        assert await code_of(tencent, CREATE, params) == "InvalidParameterValue.SessionId"
        clock.at += 1
        assert await code_of(tencent, CREATE, params) is None
        tencent.faults.check()


@pytest.mark.parametrize("session", [{}, {"SessionId": ""}])
async def test_without_a_session_nothing_is_taken_for_a_copy(session: dict[str, str]) -> None:
    async with sandbox() as tencent:
        for _ in range(2):
            assert await code_of(tencent, CREATE, image_task(**session)) is None


async def test_a_refused_request_does_not_use_its_session_up() -> None:
    async with sandbox() as tencent:
        tencent.script(CREATE, code="InternalError")
        params = image_task(SessionId="job-1")
        assert await code_of(tencent, CREATE, params) == "InternalError"
        assert await code_of(tencent, CREATE, params) is None


async def test_tasks_wait_for_the_slot_and_start_by_priority() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist) as tencent:
        ids = {}
        for name, priority in (("first", 0), ("second", 0), ("third", 0), ("urgent", 5)):
            reply = await call(tencent, CREATE, image_task(Prompt=name, TasksPriority=priority))
            ids[name] = reply["TaskId"]
        await until(lambda: artist.asked)
        seen = [
            await call(tencent, ASK, {"SubAppId": APP, "TaskId": identity})
            for identity in ids.values()
        ]
        assert [one["Status"] for one in seen] == ["PROCESSING", *["WAITING"] * 3]
        assert {one["AigcImageTask"]["Status"] for one in seen} == {"PROCESSING"}
        assert seen[1]["BeginProcessTime"] is None
        artist.go.set()
        await finished(tencent, ids["third"])
        assert [one["prompt"] for one in artist.asked] == ["first", "urgent", "second", "third"]
        assert (tencent.peak["vod"], tencent.running["vod"]) == (1, 0)
        assert tencent.refused_busy == 0


async def test_the_bill_names_request_session_and_pictures() -> None:
    async with sandbox() as tencent:
        options = model("Kling", "2.1", SessionId="job-1", **output(OutputImageCount=3))
        reply = await made(tencent, image_task(**options))
        assert len(files(reply)) == 3
        charge = tencent.charged[0]
        assert charge.request_id == tencent.calls[0].request_id
        assert (charge.action, charge.session_id, charge.pictures) == (CREATE, "job-1", 3)


async def test_a_count_has_no_effect_on_other_models() -> None:
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**output(OutputImageCount=3)))
        assert len(files(reply)) == 1


async def test_a_task_may_make_fewer_pictures_than_asked() -> None:
    async with sandbox() as tencent:
        tencent.script(CREATE, pictures=1)
        options = model("Kling", "2.1", **output(OutputImageCount=3))
        reply = await made(tencent, image_task(**options))
        assert (len(files(reply)), tencent.charged[0].pictures) == (1, 1)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize(
    "error", [(70000, "RequestLimitExceeded"), (40000, "InvalidParameter.VoilationContent")]
)
async def test_a_failed_task_is_finished_with_an_error_and_free(
    sparse: bool,  # noqa: FBT001 - a parametrized case
    error: tuple[int, str],
) -> None:
    async with sandbox() as tencent:
        tencent.sparse = sparse
        tencent.script(CREATE, task_error=error, message="No.")
        reply = await made(tencent, image_task())
        detail = reply["AigcImageTask"]
        assert (reply["Status"], detail["Status"]) == ("FINISH", "FINISH")
        assert (detail["ErrCode"], detail["ErrCodeExt"], detail["Message"]) == (*error, "No.")
        assert detail.get("Output") is None
        assert not tencent.charged
        assert (await made(tencent, image_task()))["AigcImageTask"].get("ErrCode", 0) == 0


async def test_the_full_reply_names_what_is_empty() -> None:
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(SessionContext="ctx"))
    detail = reply["AigcImageTask"]
    assert reply["TaskType"] == "AigcImageTask"
    assert reply["CreateTime"] == reply["FinishTime"] == "2026-09-21T14:13:20Z"
    assert (reply["ProcedureTask"], detail["Input"]["Seed"]) == (None, None)
    assert (detail["ErrCode"], detail["ErrCodeExt"], detail["Message"]) == (0, "", "")
    assert (detail["Progress"], detail["SessionContext"]) == (100, "ctx")
    stored = files(reply)[0]
    assert (stored["FileType"], stored["FileId"], stored["MetaData"]) == ("", "", None)
    assert (stored["StorageMode"], stored["ExpireTime"]) == ("Temporary", "2026-09-28T14:13:20Z")


async def test_the_sparse_reply_leaves_out_what_is_empty() -> None:
    async with sandbox() as tencent:
        tencent.sparse = True
        assert tencent.sparse
        reply = await made(tencent, image_task())
    detail = reply["AigcImageTask"]
    assert not {"ErrCode", "ErrCodeExt", "Message", "SessionId"} & set(detail)
    assert "ProcedureTask" not in reply
    assert set(detail["Input"]) == {"ModelName", "ModelVersion", "Prompt"}
    assert set(files(reply)[0]) == {"StorageMode", "ClassId", "ExpireTime", "FileUrl"}


async def test_a_temporary_file_is_there_for_seven_days() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        url = files(await made(tencent, image_task()))[0]["FileUrl"]
        assert url.startswith(f"{tencent.url}/vod/")
        clock.at += 7 * 86_400
        fetched = await get(url)
        assert (fetched.status_code, opened(fetched.content).format) == (200, "PNG")
        clock.at += 1
        assert (await get(url)).status_code == 404


async def test_a_permanent_file_can_be_handed_in_again() -> None:
    async with sandbox() as tencent:
        first = files(await made(tencent, image_task(**output(StorageMode="Permanent"))))[0]
        size = len((await get(first["FileUrl"])).content)
        assert (first["ExpireTime"], first["MetaData"]["Size"]) == (None, size)
        again = [{"Type": "File", "FileId": first["FileId"]}]
        assert (await made(tencent, image_task(FileInfos=again)))["AigcImageTask"]["ErrCode"] == 0


async def test_the_output_format_is_the_one_asked_for() -> None:
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**output(OutputFormat="jpeg")))
        assert opened((await get(files(reply)[0]["FileUrl"])).content).format == "JPEG"


@pytest.mark.parametrize(("wish", "marked"), [({}, 0), ({"LogoAdd": "Enabled"}, 1)])
async def test_the_mark_is_drawn_only_where_it_is_asked_for(
    wish: dict[str, str], marked: int
) -> None:
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**output(**wish)))
        result = opened((await get(files(reply)[0]["FileUrl"])).content).convert("L")
    corner = result.crop((600, 960, 1024, 1024)).getextrema()
    assert (corner == (0, 255)) is bool(marked)
    low, high = result.crop((0, 0, 500, 900)).getextrema()
    assert int(high) - int(low) < 8


async def test_a_reference_without_a_shape_asked_for_gives_its_own() -> None:
    wide = [{"Type": "Base64", "Base64": encoded(picture((200, 50)))}]
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(FileInfos=wide))
        assert opened((await get(files(reply)[0]["FileUrl"])).content).size == (2048, 512)


async def test_a_reference_url_is_fetched_when_the_task_is_worked_on() -> None:
    async with sandbox() as tencent:
        source = files(await made(tencent, image_task()))[0]["FileUrl"]
        good = await made(tencent, image_task(FileInfos=[{"Type": "Url", "Url": source}]))
        assert good["AigcImageTask"]["ErrCode"] == 0
        away = [{"Type": "Url", "Url": "https://cdn.example.com/a.png"}]
        bad = (await made(tencent, image_task(FileInfos=away)))["AigcImageTask"]
        assert (bad["Status"], bad["ErrCode"], bad["ErrCodeExt"]) == (
            "FINISH",
            60000,
            "ResourceNotFound",
        )
        assert len(tencent.charged) == 2
        tencent.faults.check()


async def test_a_task_can_be_asked_about_for_three_days() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        identity = (await call(tencent, CREATE, image_task()))["TaskId"]
        await finished(tencent, identity)
        clock.at += 3 * 86_400
        assert await code_of(tencent, ASK, {"SubAppId": APP, "TaskId": identity}) is None
        clock.at += 1
        old = await code_of(tencent, ASK, {"SubAppId": APP, "TaskId": identity})
        assert old == "ResourceNotFound"


async def test_calls_show_references_by_digest() -> None:
    async with sandbox() as tencent:
        await call(tencent, CREATE, image_task(FileInfos=[INLINE]))
    shown = tencent.calls[0].params["FileInfos"][0]
    assert shown["Type"] == "Base64"
    assert shown["Base64"]["length"] == len(INLINE["Base64"])


class BrokenArtist(PlainArtist):
    def paint(
        self, prompt: str, size: tuple[int, int], *, seed: int, style: str | None = None
    ) -> bytes:
        raise ArithmeticError(prompt, size, seed, style)


async def test_a_task_whose_artist_breaks_fails_and_frees_its_slot() -> None:
    async with sandbox(artist=BrokenArtist()) as tencent:
        for _ in range(2):
            detail = (await made(tencent, image_task()))["AigcImageTask"]
            assert (detail["ErrCode"], detail["ErrCodeExt"]) == (70000, "InternalError")
        assert (tencent.running["vod"], len(tencent.charged)) == (0, 0)


async def test_two_slots_work_side_by_side() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist, vod_concurrency=2) as tencent:
        replies = await asyncio.gather(*(call(tencent, CREATE, image_task()) for _ in range(3)))
        await until(lambda: len(artist.asked) == 2)
        assert tencent.running["vod"] == 2
        artist.go.set()
        for reply in replies:
            await finished(tencent, reply["TaskId"])
        assert tencent.peak["vod"] == 2
