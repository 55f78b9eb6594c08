"""What VOD's tasks paint at the stand-in where ExtInfo asks for something out of the ordinary."""

import json
from typing import Any

import pytest

from tests.sandbox.tencent.peer import (
    encoded,
    files,
    get,
    image_task,
    made,
    model,
    opened,
    picture,
    sandbox,
)


def extra(**parameters: Any) -> str:
    return json.dumps({"AdditionalParameters": json.dumps(parameters)})


async def test_a_picture_is_expanded_around_what_was_there() -> None:
    red = {"Type": "Base64", "Base64": encoded(picture((60, 40), colour="red"))}
    wider = extra(left_expansion_ratio=0.5, right_expansion_ratio=1)
    scene = model("Kling", "scene", SceneType="image_expand", FileInfos=[red])
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**scene, ExtInfo=wider))
        result = opened((await get(files(reply)[0]["FileUrl"])).content)
        assert result.size == (150, 40)
        assert result.convert("RGB").getpixel((60, 20)) == (255, 0, 0)


async def test_a_background_may_be_transparent() -> None:
    clear = extra(background="transparent")
    async with sandbox() as tencent:
        reply = await made(tencent, image_task(**model("OG", "image2_low"), ExtInfo=clear))
        result = opened((await get(files(reply)[0]["FileUrl"])).content)
        assert result.mode == "RGBA"
        assert result.getpixel((0, 0))[3] < 10


@pytest.mark.parametrize(("prompt", "count"), [("a fox, output 3 images", 3), ("a fox", 1)])
async def test_some_models_are_told_in_the_prompt_how_many_pictures(
    prompt: str, count: int
) -> None:
    info = extra(sequential_image_generation="auto")
    async with sandbox() as tencent:
        asked = image_task(**model("SI", "4.5"), Prompt=prompt, ExtInfo=info)
        assert len(files(await made(tencent, asked))) == count
        assert tencent.charged[0].pictures == count
