"""aiart's ImageToImage at the stand-in: the pictures that come back, their URLs, the slots."""

import asyncio
import base64
from typing import Any

import pytest
from PIL import Image, ImageChops

from bot.painting.paint import LOCAL_STYLES
from bot.sandbox.tencent.aiart.styles import RESTYLED as STYLES
from tests.sandbox.tencent.peer import (
    Clock,
    PlainArtist,
    call,
    code_of,
    encoded,
    files,
    get,
    image_task,
    image_to_image,
    made,
    opened,
    picture,
    sandbox,
    until,
)


async def test_every_published_style_reaches_the_artist() -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        for style in STYLES:
            await call(tencent, "ImageToImage", image_to_image(Styles=[style]))
    assert [asked["style"] for asked in artist.asked] == list(STYLES.values())
    assert len(STYLES) == 21
    assert set(STYLES.values()) <= set(LOCAL_STYLES)


async def test_the_options_reach_the_artist() -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        await call(tencent, "ImageToImage", image_to_image(Strength=0.25, Prompt="雪"))
    assert (artist.asked[0]["strength"], artist.asked[0]["prompt"]) == (0.25, "雪")


async def test_the_default_artist_is_the_one_the_bot_ships() -> None:
    async with sandbox(artist=None) as tencent:
        params = image_to_image(InputImage=encoded(picture((90, 60))), LogoAdd=0)
        reply = await call(tencent, "ImageToImage", params)
        painted = await made(tencent, image_task())
        result = opened((await get(files(painted)[0]["FileUrl"])).content)
    assert opened(base64.b64decode(reply["ResultImage"])).size == (90, 60)
    assert len(result.convert("RGB").getcolors(1024 * 1024) or []) > 100
    assert result.size == (1024, 1024)


async def test_a_request_without_options_has_the_documented_defaults() -> None:
    artist = PlainArtist()
    async with sandbox(artist=artist) as tencent:
        await call(tencent, "ImageToImage", {"InputImage": encoded(picture())})
    assert (artist.asked[0]["style"], artist.asked[0]["prompt"]) == (STYLES["201"], "")


@pytest.mark.parametrize(
    ("given", "asked", "size"),
    [
        ((640, 480), "origin", (640, 480)),
        ((4000, 1000), "origin", (2000, 500)),
        ((640, 480), "768:768", (768, 768)),
        ((640, 480), "768:1024", (768, 1024)),
        ((480, 640), "1024:768", (1024, 768)),
    ],
)
async def test_the_result_has_the_resolution_that_was_asked_for(
    given: tuple[int, int], asked: str, size: tuple[int, int]
) -> None:
    async with sandbox() as tencent:
        params = {
            "InputImage": encoded(picture(given)),
            "ResultConfig": {"Resolution": asked},
        }
        reply = await call(tencent, "ImageToImage", params)
    result = opened(base64.b64decode(reply["ResultImage"]))
    assert (result.size, result.format) == (size, "JPEG")


async def test_a_photo_taken_lying_comes_back_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn right to view
    lying = encoded(picture((320, 240), kind="JPEG", exif=exif))
    async with sandbox() as tencent:
        reply = await call(tencent, "ImageToImage", image_to_image(InputImage=lying))
    assert opened(base64.b64decode(reply["ResultImage"])).size == (240, 320)


async def result(**change: Any) -> Image.Image:
    async with sandbox() as tencent:
        params = image_to_image(InputImage=encoded(picture((480, 480))), **change)
        reply = await call(tencent, "ImageToImage", params)
    return opened(base64.b64decode(reply["ResultImage"])).convert("L")


def marked_box(picture: Image.Image) -> tuple[int, int, int, int] | None:
    difference = ImageChops.difference(picture, Image.new("L", picture.size, 128))
    return difference.point(lambda value: 255 if value > 60 else 0).getbbox()


@pytest.mark.parametrize("change", [{}, {"LogoAdd": 1}, {"LogoAdd": 7}, {"LogoParam": {}}])
async def test_the_mark_stands_bottom_right_unless_it_is_refused(change: dict[str, Any]) -> None:
    box = marked_box(await result(**change))
    assert box is not None
    assert box[0] > 240
    assert box[1] > 400


async def test_no_mark_is_drawn_where_none_is_wanted() -> None:
    assert marked_box(await result(LogoAdd=0)) is None


async def test_an_own_logo_is_stretched_to_its_place() -> None:
    logo = encoded(picture((4, 4), colour="black"))
    rect = {"X": 8, "Y": 16, "Width": 80, "Height": 48}
    box = marked_box(await result(LogoParam={"LogoImage": logo, "LogoRect": rect}))
    assert box == (8, 16, 88, 64)


async def test_a_location_in_a_picture_is_a_fault_though_the_call_succeeds() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    async with sandbox() as tencent:
        located = encoded(picture(kind="JPEG", exif=exif))
        assert await code_of(tencent, "ImageToImage", image_to_image(InputImage=located)) is None
        with pytest.raises(AssertionError, match="location sent on"):
            tencent.faults.check()


async def test_other_metadata_is_no_fault() -> None:
    exif = Image.Exif()
    exif[0x0131] = "Easel"  # Software
    async with sandbox() as tencent:
        plain = encoded(picture(kind="JPEG", exif=exif))
        await call(tencent, "ImageToImage", image_to_image(InputImage=plain))
        tencent.faults.check()


async def test_a_result_url_lives_one_hour() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        reply = await call(tencent, "ImageToImage", image_to_image(RspImgType="url"))
        url = reply["ResultImage"]
        start, end = url.split("q-sign-time=")[1].split("&")[0].split(";")
        assert int(end) - int(start) == 3600
        clock.at += 3600
        fetched = await get(url)
        assert (fetched.status_code, fetched.headers["Content-Type"]) == (200, "image/jpeg")
        assert opened(fetched.content).size == (64, 64)
        clock.at += 1
        assert (await get(url)).status_code == 403


async def test_a_result_url_cannot_be_stretched_or_guessed() -> None:
    clock = Clock()
    async with sandbox(now=clock) as tencent:
        reply = await call(tencent, "ImageToImage", image_to_image(RspImgType="url"))
        url = reply["ResultImage"]
        assert (await get(url.split("?")[0])).status_code == 403
        assert (
            await get(url.replace(f";{int(clock.at) + 3600}", ";9999999999"))
        ).status_code == 403
        assert (await get(f"{tencent.url}/aiart/0.jpg")).status_code == 404


async def test_an_input_url_prevails_and_is_read_from_loopback_only() -> None:
    async with sandbox() as tencent:
        first = await call(
            tencent,
            "ImageToImage",
            image_to_image(RspImgType="url", ResultConfig={"Resolution": "768:1024"}),
        )
        again = await call(tencent, "ImageToImage", image_to_image(InputUrl=first["ResultImage"]))
        assert opened(base64.b64decode(again["ResultImage"])).size == (768, 1024)
        away = await call(tencent, "ImageToImage", {"InputUrl": "http://192.0.2.1/a.png"})
        lost = await call(tencent, "ImageToImage", {"InputUrl": f"{tencent.url}/aiart/none.jpg"})
        codes = {away["Error"]["Code"], lost["Error"]["Code"]}
        assert codes == {"FailedOperation.ImageDownloadError"}
        assert away["Error"]["Message"] == "The stand-in reaches nothing but loopback."
        tencent.faults.check()


async def test_calls_show_parameters_with_a_digest_in_place_of_pictures() -> None:
    async with sandbox() as tencent:
        await call(tencent, "ImageToImage", image_to_image(Strength=0.5))
    seen = tencent.calls[0]
    assert (seen.action, seen.service, seen.error_code) == ("ImageToImage", "aiart", None)
    assert (seen.params["Prompt"], seen.params["Strength"]) == ("a fox", 0.5)
    assert seen.params["InputImage"]["length"] == len(encoded(picture()))
    assert len(seen.params["InputImage"]["sha256"]) == 64


async def test_work_over_the_quota_is_refused_until_a_slot_is_free() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist, aiart_concurrency=2) as tencent:
        held = [
            asyncio.create_task(code_of(tencent, "ImageToImage", image_to_image()))
            for _ in range(2)
        ]
        await until(lambda: tencent.running["aiart"] == 2)
        busy = await code_of(tencent, "ImageToImage", image_to_image())
        assert (busy, tencent.refused_busy) == ("RequestLimitExceeded.JobNumExceed", 1)
        artist.go.set()
        assert await asyncio.gather(*held) == [None, None]
        assert await code_of(tencent, "ImageToImage", image_to_image()) is None
        assert (tencent.peak["aiart"], tencent.running["aiart"]) == (2, 0)
        assert len(tencent.charged) == 3
        tencent.faults.check()


async def test_a_client_that_hangs_up_keeps_its_slot_and_pays() -> None:
    artist = PlainArtist()
    artist.go.clear()
    async with sandbox(artist=artist, aiart_concurrency=1) as tencent:
        caller = asyncio.create_task(call(tencent, "ImageToImage", image_to_image()))
        await until(lambda: tencent.running["aiart"] == 1)
        caller.cancel()
        await asyncio.wait([caller])
        busy = await code_of(tencent, "ImageToImage", image_to_image())
        assert busy == "RequestLimitExceeded.JobNumExceed"
        assert not tencent.charged
        artist.go.set()
        await until(lambda: tencent.charged)
        assert tencent.charged[0].request_id == tencent.calls[0].request_id
        assert await code_of(tencent, "ImageToImage", image_to_image()) is None


async def test_a_picture_holds_its_slot_for_as_long_as_it_is_said_to_take() -> None:
    async with sandbox(seconds_per_picture=5.0) as tencent:
        tencent.seconds_per_picture = 0.05
        start = asyncio.get_running_loop().time()
        await call(tencent, "ImageToImage", image_to_image())
        took = asyncio.get_running_loop().time() - start
    assert 0.05 <= took < 5


async def test_held_pictures_keep_their_slots_until_they_are_released() -> None:
    async with sandbox(aiart_concurrency=1) as tencent:
        tencent.hold()
        for count in (0, 1):
            held = asyncio.create_task(code_of(tencent, "ImageToImage", image_to_image()))
            await until(lambda: tencent.running["aiart"] == 1)
            await asyncio.sleep(0.1)
            assert (tencent.running["aiart"], len(tencent.charged)) == (1, count)
            tencent.release()
            tencent.hold()  # for what comes next; what was at work is let go
            assert await held is None
        tencent.faults.check()
