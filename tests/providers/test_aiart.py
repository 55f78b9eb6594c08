"""What ImageToImage is sent for each wish, and what its replies become."""

import base64
from typing import Any

import pytest

from bot.domain.errors import RequestBug, ResultLost
from bot.domain.ports import Drawn, Work
from bot.providers.aiart import ACTIONS, Aiart
from bot.providers.tencent import TencentApi
from tests.providers.told_server import Server, said
from tests.providers.work import Notebook, photo, shipped, work

PHOTO = base64.b64encode(photo()).decode()
NO_RESULTS = ("", None, 7, ["x"])


def aiart(api: TencentApi, server: Server, **options: Any) -> Aiart:
    return Aiart(api, endpoint=server.url, region="ap-singapore", **options)


async def sent(api: TencentApi, server: Server, asked: Work, **options: Any) -> dict[str, Any]:
    server.tell("ImageToImage", said(ResultImage="https://x/y"))
    await aiart(api, server, **options).draw(asked, Notebook())
    params: dict[str, Any] = server.seen[-1][1]
    return params


async def test_every_wish_becomes_its_parameter(api: TencentApi, server: Server) -> None:
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
    assert await sent(api, server, asked) == {
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


async def test_what_was_not_wished_is_left_to_the_api(api: TencentApi, server: Server) -> None:
    params = await sent(api, server, work("anime", photo(), prompt=""))
    assert params == {"InputImage": PHOTO, "LogoAdd": 0, "RspImgType": "url"}


@pytest.mark.parametrize(
    ("wishes", "resolution"),
    [
        ({"ratio": "1:1"}, "768:768"),
        ({"ratio": "3:4"}, "768:1024"),
        ({"ratio": "4:3"}, "1024:768"),
        ({"size": "origin"}, "origin"),
        ({"size": "origin", "ratio": "1:1"}, "origin"),
    ],
)
async def test_a_ratio_or_a_size_becomes_the_resolution(
    api: TencentApi, server: Server, wishes: dict[str, str], resolution: str
) -> None:
    params = await sent(api, server, work("anime", photo(), **wishes))
    assert params["ResultConfig"] == {"Resolution": resolution}


async def test_tencents_own_mark_can_be_asked_for(api: TencentApi, server: Server) -> None:
    logo = {"LogoUrl": "https://example.com/logo.png"}
    params = await sent(api, server, work("anime", photo()), mark=True, logo=logo)
    assert (params["LogoAdd"], params["LogoParam"]) == (1, logo)


async def test_a_result_by_url_is_an_address_that_is_not_yet_fetched(
    api: TencentApi, server: Server
) -> None:
    address = f"{server.url}/result.jpg"
    server.tell("ImageToImage", said(ResultImage=address))
    drawn = await aiart(api, server).draw(work("anime", photo()), Notebook())
    assert drawn == Drawn(urls=(address,), request_id="req-1")
    assert server.paths() == ["ImageToImage"]


async def test_a_result_in_the_reply_is_decoded(api: TencentApi, server: Server) -> None:
    server.tell("ImageToImage", said(ResultImage=PHOTO))
    drawn = await aiart(api, server, returns="base64").draw(work("anime", photo()), Notebook())
    assert drawn == Drawn((photo(),), "req-1")
    assert server.seen[-1][1]["RspImgType"] == "base64"


@pytest.mark.parametrize(
    ("returns", "image", "code"),
    [
        ("base64", "not base64!", "ResultNotAPicture"),
        ("base64", "bm8gcGljdHVyZQ==", "ResultNotAPicture"),
        *[(returns, none, "NoResult") for returns in ("base64", "url") for none in NO_RESULTS],
    ],
    ids=str,
)
async def test_a_success_without_a_picture_is_a_lost_result(
    api: TencentApi, server: Server, returns: str, image: object, code: str
) -> None:
    server.tell("ImageToImage", said(ResultImage=image))
    with pytest.raises(ResultLost) as caught:
        await aiart(api, server, returns=returns).draw(work("anime", photo()), Notebook())
    assert (caught.value.api_code, caught.value.request_id) == (code, "req-1")


async def test_an_action_without_a_row_is_our_bug_and_is_not_sent(
    api: TencentApi, server: Server
) -> None:
    journal = Notebook()
    with pytest.raises(RequestBug):
        await aiart(api, server).draw(work("gg-3.0"), journal)
    assert (journal.written, server.seen) == ([], [])


def test_the_shipped_engines_name_actions_that_have_a_row() -> None:
    named = {engine.action for engine in shipped().values() if engine.provider == "aiart"}
    assert named <= set(ACTIONS)
