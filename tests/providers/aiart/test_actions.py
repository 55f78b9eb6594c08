"""What the synchronous actions are sent for each wish, and what their replies become."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.jobs.reasons.result_errors import ResultLost
from bot.domain.provider_errors import RequestBug
from bot.ports.provider import Drawn, Journal, Work
from bot.providers.aiart.actions import ACTIONS
from bot.providers.aiart.provider import Aiart
from bot.providers.tencent.call import TencentApi
from tests.providers.attempt import Attempt
from tests.providers.told_server import Server, said
from tests.providers.work import photo, shipped, work

PHOTO = base64.b64encode(photo()).decode()
NO_RESULTS = ("", None, 7, ["x"])


def aiart(api: TencentApi, server: Server) -> Aiart:
    return Aiart(api, endpoint=server.url, region="ap-singapore")


def fixed(asked: Work, **settings: str) -> Work:
    return replace(asked, engine=replace(asked.engine, settings=settings))


async def sent(api: TencentApi, server: Server, journal: Journal, asked: Work) -> dict[str, Any]:
    server.tell(asked.engine.action, said(ResultImage="https://x/y"))
    await aiart(api, server).draw(asked, journal)
    params: dict[str, Any] = server.seen[-1][1]
    return params


async def test_every_wish_becomes_its_parameter(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    asked = work(
        "anime",
        photo(),
        prompt=" a cat ",
        negative="dogs",
        style="203",
        strength=0.65,
        size="768x1024",
        enhance=True,
        faces=3,
    )
    assert await sent(api, server, journal, asked) == {
        "InputImage": PHOTO,
        "Prompt": "a cat",
        "NegativePrompt": "dogs",
        "Styles": ["203"],
        "ResultConfig": {"Resolution": "768:1024"},
        "Strength": 0.65,
        "EnhanceImage": 1,
        "RestoreFace": 3,
        "LogoAdd": 0,
        "RspImgType": "url",
    }


async def test_what_was_not_wished_is_left_to_the_api(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    params = await sent(api, server, journal, work("anime", photo(), prompt=""))
    assert params == {"InputImage": PHOTO, "LogoAdd": 0, "RspImgType": "url"}


@pytest.mark.parametrize(
    ("options", "resolution"),
    [
        ({"ratio": "1:1"}, "768:768"),
        ({"ratio": "3:4"}, "768:1024"),
        ({"ratio": "4:3"}, "1024:768"),
        ({"size": "origin"}, "origin"),
        ({"size": "origin", "ratio": "1:1"}, "origin"),
    ],
)
async def test_a_ratio_or_a_size_becomes_the_resolution(
    api: TencentApi, server: Server, options: dict[str, str], resolution: str, journal: Journal
) -> None:
    params = await sent(api, server, journal, work("anime", photo(), **options))
    assert params["ResultConfig"] == {"Resolution": resolution}


@pytest.mark.parametrize(
    ("settings", "logo"),
    [
        ({"mark": "on"}, None),
        ({"mark": "on", "logo": "https://x.example/a.png"}, {"LogoUrl": "https://x.example/a.png"}),
        (
            {"mark": "on", "logo": "iVBORw0KGgo=", "logo_rect": "8, 16, 80, 48"},
            {
                "LogoImage": "iVBORw0KGgo=",
                "LogoRect": {"X": 8, "Y": 16, "Width": 80, "Height": 48},
            },
        ),
    ],
)
async def test_tencents_own_mark_can_be_fixed_by_the_operator(
    api: TencentApi,
    server: Server,
    settings: dict[str, str],
    logo: dict[str, Any] | None,
    journal: Journal,
) -> None:
    params = await sent(api, server, journal, fixed(work("anime", photo()), **settings))
    assert (params["LogoAdd"], params.get("LogoParam")) == (1, logo)


async def test_without_the_mark_its_logo_is_not_sent(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    params = await sent(
        api, server, journal, fixed(work("anime", photo()), logo="https://x.example/a.png")
    )
    assert params == {"InputImage": PHOTO, "Prompt": "a cat", "LogoAdd": 0, "RspImgType": "url"}


async def test_a_result_by_url_is_an_address_that_is_not_yet_fetched(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    address = f"{server.url}/result.jpg"
    server.tell("ImageToImage", said(ResultImage=address))
    drawn = await aiart(api, server).draw(work("anime", photo()), journal)
    assert drawn == Drawn(urls=(address,), request_id="req-1")
    assert server.paths() == ["ImageToImage"]


async def test_a_result_in_the_reply_is_decoded(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    server.tell("ImageToImage", said(ResultImage=PHOTO))
    asked = fixed(work("anime", photo()), returns="base64")
    drawn = await aiart(api, server).draw(asked, journal)
    assert drawn == Drawn((photo(),), "req-1")
    assert server.seen[-1][1]["RspImgType"] == "base64"


@pytest.mark.parametrize(
    ("image", "data"),
    [
        (f"data:image/jpeg;base64,{PHOTO}", photo()),
        ("\r\n".join(PHOTO[at : at + 76] for at in range(0, len(PHOTO), 76)), photo()),
        ("bm8gcGljdHVyZQ==", b"no picture"),
        ("not base64!", b"not base64!"),
        ("\ud800", b"?"),
    ],
    ids=["address", "lines", "something else", "no base64", "half a letter"],
)
async def test_whatever_a_reply_holds_is_paid_and_handed_on(
    api: TencentApi, server: Server, image: str, data: bytes, journal: Journal
) -> None:
    server.tell("ImageToImage", said(ResultImage=image))
    asked = fixed(work("anime", photo()), returns="base64")
    assert await aiart(api, server).draw(asked, journal) == Drawn((data,), "req-1")


@pytest.mark.parametrize(
    ("returns", "image", "code"),
    [
        *[(returns, none, "NoResult") for returns in ("base64", "url") for none in NO_RESULTS],
    ],
    ids=str,
)
async def test_a_success_without_a_picture_is_a_lost_result(
    api: TencentApi, server: Server, returns: str, image: object, code: str, journal: Journal
) -> None:
    server.tell("ImageToImage", said(ResultImage=image))
    with pytest.raises(ResultLost) as caught:
        await aiart(api, server).draw(fixed(work("anime", photo()), returns=returns), journal)
    assert (caught.value.api_code, caught.value.request_id) == (code, "req-1")


async def test_an_action_without_a_row_is_our_bug_and_is_not_sent(
    api: TencentApi, server: Server, attempt: Attempt
) -> None:
    with pytest.raises(RequestBug):
        await aiart(api, server).draw(work("gg-3.0"), attempt.journal)
    assert (await attempt.written(), server.seen) == ((False, None), [])


def test_the_shipped_engines_name_actions_that_have_a_row() -> None:
    named = {engine.action for engine in shipped().values() if engine.provider == "aiart"}
    assert named == set(ACTIONS)


MARKS = {"LogoAdd": 0, "RspImgType": "url"}


@pytest.mark.parametrize(
    ("asked", "params"),
    [
        (
            work("hy-1.0", negative="dogs", style="103", ratio="9:16"),
            {
                "Prompt": "a cat",
                "NegativePrompt": "dogs",
                "Styles": ["103"],
                "ResultConfig": {"Resolution": "720:1280"},
                **MARKS,
            },
        ),
        (
            work("lite", negative="dogs", size="2560x1440", seed=7),
            {
                "Prompt": "a cat",
                "NegativePrompt": "dogs",
                "Resolution": "2560:1440",
                "Seed": 7,
                **MARKS,
            },
        ),
        (
            work("rapid", style="16", ratio="16:9", seed=0),
            {
                "Prompt": "a cat",
                "Style": "16",
                "Resolution": "1024:576",
                "Seed": 4_294_967_295,
                **MARKS,
            },
        ),
        (
            work("rapid", photo(), prompt="in winter"),
            {"Prompt": "in winter", "Image": {"Base64": PHOTO}, **MARKS},
        ),
        (work("refine", photo(), prompt=""), {"InputImage": PHOTO, "RspImgType": "url"}),
        (
            work("outpaint", photo(), prompt="", ratio="16:9"),
            {"Ratio": "16:9", "InputImage": PHOTO, **MARKS},
        ),
        (work("sketch", photo()), {"Prompt": "a cat", "InputImage": PHOTO, **MARKS}),
        (
            work("avatar", photo(), prompt="", subject="pet", filter=False),
            {"Type": "pet", "Filter": 0, "InputImage": PHOTO, **MARKS},
        ),
        (
            work("avatar", photo(), prompt="", style="flower", filter=True),
            {"Style": "flower", "Filter": 1, "InputImage": PHOTO, **MARKS},
        ),
    ],
    ids=lambda value: value.engine.name if isinstance(value, Work) else "",
)
async def test_every_synchronous_action_has_its_own_parameters(
    api: TencentApi, server: Server, asked: Work, params: dict[str, Any], journal: Journal
) -> None:
    assert await sent(api, server, journal, asked) == params


async def test_an_engine_with_its_own_address_and_region_is_called_there(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    asked = work("lite")
    mine = replace(asked, engine=replace(asked.engine, endpoint=server.url, region="ap-shanghai"))
    server.tell("TextToImageLite", said(ResultImage="https://x/y"))
    elsewhere = Aiart(api, endpoint="https://aiart.intl.tencentcloudapi.com", region="ap-singapore")
    await elsewhere.draw(mine, journal)
    assert server.headers[-1]["X-TC-Region"] == "ap-shanghai"


async def test_the_shipped_mainland_engines_name_the_mainlands_region(
    api: TencentApi, server: Server, journal: Journal
) -> None:
    for name, region in (("anime", "ap-singapore"), ("lite", "ap-guangzhou")):
        await sent(api, server, journal, work(name, *([photo()] if name == "anime" else [])))
        assert server.headers[-1]["X-TC-Region"] == region
