"""Reworded prompts, clear backgrounds, pictures that only show a style: to the API and back."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until_settled

FIXED = """
[engines."gg-3.0"]
settings = { enhance_prompt = "Disabled" }
[engines.og-low]
settings = { output_format = "jpeg" }
"""


def sent(stand_ins: StandIns) -> Sequence[dict[str, Any]]:
    return [c.params for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]


async def test_a_prompt_is_reworded_or_left_as_it_was_asked(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    for count, wish in enumerate(({"improve": True}, {"improve": False}, {}), 1):
        await (await ada.imagine("a cat", engine="gg-3.0", **wish)).until(has_pictures)
        await until_settled(app, count)
    await (await ada.restyle(photo(), prompt="a cat", improve=True)).until(has_pictures)
    assert [params.get("EnhancePrompt") for params in sent(stand_ins)] == [
        "Enabled",
        "Disabled",
        None,
        "Enabled",
    ]


async def test_aiarts_revising_follows_the_wish_and_does_not_go_with_a_seed(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    for count, wish in enumerate((True, False), 1):
        await (await ada.imagine("a cat", engine="hy-3.0", improve=wish)).until(has_pictures)
        await until_settled(app, count)
    calls = [c for c in stand_ins.tencent.calls if c.action == "SubmitTextToImageJob"]
    assert [call.params["Revise"] for call in calls] == [1, 0]
    refused = await ada.imagine("a cat", engine="hy-3.0", improve=True, seed=7)
    assert refused.message is not None
    assert "does not take improve together with seed" in refused.message.text
    assert len(await ledger(app)) == 2


async def test_what_the_operator_fixed_wins_and_a_wish_against_it_is_told(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(FIXED)
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        refused = await ada.imagine("a cat", engine="gg-3.0", improve=True)
        await refused.until(says("about improve is fixed by whoever runs this bot"))
        refused = await ada.imagine("a cat", engine="og-low", background="transparent")
        await refused.until(says("about background is fixed by"))
        assert await ledger(app) == []
        await (await ada.imagine("a cat", engine="gg-3.0", improve=False)).until(has_pictures)
        await (await ada.imagine("a cat", improve=True)).until(has_pictures)
        rows = await until_settled(app, 2)
        assert [row.engine for row in rows] == ["gg-3.0", "gg-3.1"]
        assert [p["EnhancePrompt"] for p in sent(stand_ins)] == ["Disabled", "Enabled"]


async def test_a_transparent_background_reaches_the_member_beside_the_label(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").imagine("a sticker", background="transparent")
    await reply.until(has_pictures)
    [picture] = await reply.pictures()
    with Image.open(io.BytesIO(picture)) as opened:
        alpha = opened.convert("RGBA").getchannel("A")
    assert alpha.getextrema() == (0, 255), "clear outside, the label is opaque"
    assert [row.engine for row in await until_settled(app)] == ["og-low"]
    [params] = sent(stand_ins)
    extras = json.loads(json.loads(params["ExtInfo"])["AdditionalParameters"])
    assert extras == {"background": "transparent"}
    assert params["OutputConfig"]["OutputFormat"] == "png"


@pytest.mark.usefixtures("app")
async def test_only_engines_that_leave_a_background_out_are_suggested_for_it(
    stand_ins: StandIns,
) -> None:
    ada = stand_ins.visitor("Ada")
    engines = await ada.type("imagine", "engine", "", background="transparent")
    assert [each["value"] for each in engines] == ["og-low", "og-medium", "og-high"]
    backgrounds = await ada.type("imagine", "background", "")
    assert [each["value"] for each in backgrounds] == ["transparent"]


@pytest.mark.parametrize("prompt", ["as a fox", None])
@pytest.mark.parametrize("engine", ["gg-3.0", "og-high"])
async def test_a_second_picture_shows_only_the_style(
    app: App, stand_ins: StandIns, engine: str, prompt: str | None
) -> None:
    words = {"prompt": prompt} if prompt else {}
    reply = await stand_ins.visitor("Ada").restyle(
        photo(), style_image=photo((300, 200), name="style.jpg"), engine=engine, **words
    )
    await reply.until(has_pictures)
    await until_settled(app)
    [params] = sent(stand_ins)
    content, style = params["FileInfos"]
    if engine == "gg-3.0":
        assert "keep what it shows" in content["Text"]
        assert "example of the style" in style["Text"]
    else:
        assert "Text" not in content
    told = "Picture 2 is only an example of the style"
    assert (told in params["Prompt"]) is (engine == "og-high" or prompt is None)
    assert params["Prompt"].startswith(prompt or told)


async def test_a_style_picture_goes_to_an_engine_that_takes_one_and_again_keeps_its_role(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), style_image=photo(name="style.jpg"))
    first = await reply.until(has_pictures)
    await until_settled(app)
    await (await ada.press(first, "Again")).until(has_pictures)
    assert [row.engine for row in await until_settled(app, 2)] == ["gg-3.0", "gg-3.0"]
    assert ["Text" in params["FileInfos"][1] for params in sent(stand_ins)] == [True, True]
    refused = await ada.restyle(photo(), style_image=photo(name="style.jpg"), engine="anime")
    assert refused.message is not None
    assert "anime" in refused.message.text
    assert "gg-3.0" in refused.message.text
