"""/tool through the whole bot: a picture goes in, the wished kind of picture comes back."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns, open_stand_ins
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import Upload
from tests.whole.conftest import Run, has_pictures, ledger, photo, says, until_settled


async def opened(reply: Reply) -> Image.Image:
    await reply.until(has_pictures)
    [data] = await reply.pictures()
    return Image.open(io.BytesIO(data))


def sent(stand_ins: StandIns) -> dict[str, Any]:
    """What the last call asked for besides its picture."""
    params = stand_ins.tencent.calls[-1].params
    hidden = ("InputImage", "LogoAdd", "RspImgType")
    return {name: value for name, value in params.items() if name not in hidden}


def sketch() -> Upload:
    drawing = Image.new("L", (400, 300), "white")
    drawing.paste("black", (100, 140, 300, 146))
    out = io.BytesIO()
    drawing.save(out, "PNG")
    return Upload("sketch.png", out.getvalue())


async def test_refine_makes_a_picture_larger(app: App, stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use("tool refine", image=photo((320, 240)))
    assert (await opened(reply)).size == (2048, 1536)
    [row] = await until_settled(app)
    assert (row.command, row.engine, row.state) == ("tool refine", "refine", "done")
    assert reply.message is not None
    assert "Tencent image refiner" in reply.message.text
    assert "AI-modified" in reply.message.text
    assert sent(stand_ins) == {}


@pytest.mark.usefixtures("app")
async def test_the_alt_text_of_a_picture_without_a_prompt_tells_how_it_came_about(
    stand_ins: StandIns,
) -> None:
    reply = await stand_ins.visitor("Ada").use("tool refine", image=photo())
    [attachment] = (await reply.until(has_pictures)).attachments
    assert attachment.description == (
        "Picture, AI-modified. It was made from a given picture by /tool refine."
    )


@pytest.mark.usefixtures("app")
async def test_outpaint_continues_a_picture_to_the_ratio(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use(
        "tool outpaint", image=photo((320, 240)), ratio="16:9"
    )
    assert (await opened(reply)).size == (427, 240)
    assert sent(stand_ins) == {"Ratio": "16:9"}


@pytest.mark.parametrize(("side", "size"), [("left", (480, 240)), ("around", (480, 360))])
async def test_outpaint_continues_a_picture_at_a_side(
    app: App, stand_ins: StandIns, side: str, size: tuple[int, int]
) -> None:
    ada = stand_ins.visitor("Ada")
    suggested = await ada.type("tool outpaint", "extend", "")
    assert [each["value"] for each in suggested] == ["left", "right", "up", "down", "around"]
    reply = await ada.use("tool outpaint", image=photo((320, 240)), extend=side)
    assert (await opened(reply)).size == size
    [row] = await until_settled(app)
    assert row.engine == "kling-expand"


@pytest.mark.usefixtures("app")
async def test_outpaint_wants_a_ratio_or_a_side_and_not_both(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    neither = await ada.use("tool outpaint", image=photo())
    await neither.until(says("ratio"))
    both = await ada.use("tool outpaint", image=photo(), ratio="16:9", extend="up")
    await both.until(says("does not take ratio together with extend"))


async def test_a_picture_that_has_the_ratio_already_is_refused_before_anything_is_paid(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").use(
        "tool outpaint", image=photo((321, 240)), ratio="4:3"
    )
    message = await reply.until(says("already"))
    assert "The picture is 4:3 already (321 × 240 pixels)" in message.text
    assert (await ledger(app), stand_ins.tencent.calls) == ([], [])


@pytest.mark.usefixtures("app")
async def test_a_ratio_the_engine_does_not_make_is_refused_with_those_it_does(
    stand_ins: StandIns,
) -> None:
    reply = await stand_ins.visitor("Ada").use("tool outpaint", image=photo(), ratio="5:4")
    message = await reply.until(says("5:4"))
    assert "1:1, 4:3, 3:4, 16:9, 9:16" in message.text
    assert message.ephemeral


@pytest.mark.usefixtures("app")
async def test_sketch_paints_what_the_prompt_says_along_the_lines(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use("tool sketch", image=sketch(), prompt="a boat")
    picture = (await opened(reply)).convert("L")
    assert picture.size == (1024, 1024)
    assert picture.getpixel((512, 494)) < 40  # type: ignore[operator] # on the drawn line
    assert sent(stand_ins) == {"Prompt": "a boat"}


@pytest.mark.usefixtures("app")
async def test_a_prompt_too_long_for_the_sketch_engine_is_refused_by_its_limit(
    stand_ins: StandIns,
) -> None:
    reply = await stand_ins.visitor("Ada").use("tool sketch", image=sketch(), prompt="x" * 201)
    await reply.until(says("takes at most 200"))
    assert stand_ins.tencent.calls == []


@pytest.mark.usefixtures("app")
async def test_avatar_makes_a_square_portrait(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use(
        "tool avatar", image=photo((640, 520)), subject="pet", filter=True
    )
    picture = await opened(reply)
    assert picture.width == picture.height
    assert sent(stand_ins) == {"Type": "pet", "Filter": 1}


async def test_a_photo_below_the_filter_is_refused_and_told_how_to_go_on(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.use("tool avatar", image=photo((300, 300)), style="Flower")
    message = await reply.until(says("at least 500 pixels"))
    assert "Set filter to False" in message.text
    assert (await ledger(app), stand_ins.tencent.calls) == ([], [])
    again = await ada.use("tool avatar", image=photo((300, 300)), style="Flower", filter=False)
    assert (await opened(again)).size == (300, 300)
    assert sent(stand_ins) == {"Style": "flower", "Filter": 0}


@pytest.mark.usefixtures("app")
async def test_a_style_for_people_is_not_offered_to_pets(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use(
        "tool avatar", image=photo(), subject="pet", style="Flower"
    )
    await reply.until(says("does not take style together with subject “pet”"))
    assert stand_ins.tencent.calls == []


async def test_a_photo_that_the_avatars_filter_refuses_is_not_called_our_fault(
    app: App, stand_ins: StandIns
) -> None:
    code = "InvalidParameterValue.ParameterValueError"
    stand_ins.tencent.script("GenerateAvatar", code=code)
    reply = await stand_ins.visitor("Ada").use("tool avatar", image=photo((640, 520)))
    await reply.until(says("could not use this prompt or picture"))
    [row] = await until_settled(app)
    assert (row.state, row.cost_usd, row.error_code) == ("failed", 0.0, code)


@pytest.mark.usefixtures("app")
async def test_each_tool_suggests_what_its_engine_takes(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")

    async def suggested(command: str, option: str, **filled: object) -> list[str]:
        return [choice["value"] for choice in await ada.type(command, option, "", **filled)]

    assert await suggested("tool refine", "engine") == ["refine"]
    assert await suggested("tool sketch", "engine") == ["sketch"]
    assert "outpaint" in await suggested("tool outpaint", "engine")
    ratios = await suggested("tool outpaint", "ratio", engine="outpaint")
    assert ratios == ["1:1", "4:3", "3:4", "16:9", "9:16"]
    assert await suggested("tool avatar", "subject") == ["person", "pet"]
    assert await suggested("tool avatar", "style") == ["Flower", "Water"]
    assert await suggested("tool avatar", "style", subject="person") == ["Flower", "Water"]
    assert await suggested("tool avatar", "style", subject="pet") == []


async def test_a_tool_that_this_site_of_the_cloud_does_not_have_says_so(
    run: Run, stand_ins: StandIns
) -> None:
    async with run(EASEL_AIART_ENDPOINT="https://aiart.intl.tencentcloudapi.com") as app:
        assert app.catalogue.why_off("refine") == (
            "the cloud's international site does not offer it"
        )
        reply = await stand_ins.visitor("Ada").use("tool refine", image=photo())
        await reply.until(says("No engine for /tool refine is available"))


async def test_a_job_of_the_newest_model_goes_through_the_whole_bot(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").imagine(
        "a harbour at dawn", engine="hy-3.0", ratio="3:4", seed=7
    )
    assert (await opened(reply)).size == (768, 1024)
    [row] = await until_settled(app)
    submits = [call for call in stand_ins.tencent.calls if call.action == "SubmitTextToImageJob"]
    assert [call.params for call in submits] == [
        {
            "Prompt": "a harbour at dawn",
            "Resolution": "768:1024",
            "Seed": 7,
            "Revise": 0,
            "LogoAdd": 0,
        }
    ]
    assert row.state == "done"
    assert stand_ins.tencent.charged[0].request_id == submits[0].request_id


async def test_what_the_operator_fixed_in_the_file_reaches_the_api(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text(
        '[engines."hy-3.0"]\nprovider = "aiart"\naction = "SubmitTextToImageJob"\n'
        'pool = "aiart-job"\nregion = "ap-guangzhou"\nsettings = { revise = "off" }\n'
    )
    async with run() as app:
        await (await stand_ins.visitor("Ada").imagine("a harbour", engine="hy-3.0")).settled()
        await until_settled(app)
    assert stand_ins.tencent.calls[0].params["Revise"] == 0


async def test_an_engine_may_live_at_another_site_than_the_others(
    run: Run, tmp_path: Path, stand_ins: StandIns
) -> None:
    async with open_stand_ins() as mainland:
        (tmp_path / "easel.toml").write_text(
            '[engines.refine]\nprovider = "aiart"\naction = "RefineImage"\npool = "aiart-refine"\n'
            f'endpoint = "{mainland.tencent.url}"\nregion = "ap-guangzhou"\n'
        )
        async with run():
            ada = stand_ins.visitor("Ada")
            assert (await opened(await ada.use("tool refine", image=photo()))).width == 2048
            await (await ada.restyle(photo())).settled()
        assert [call.action for call in mainland.tencent.calls] == ["RefineImage"]
    assert [call.action for call in stand_ins.tencent.calls] == ["ImageToImage"]
