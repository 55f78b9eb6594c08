"""/blend: several pictures become one, by the command's options or by its form."""

import io
from typing import Any

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import CannotSend, Upload
from tests.whole.conftest import has_pictures, ledger, photo, until, until_settled

BLENDED = "a collage"


def texts(reply: Reply) -> str:
    """Return all that was said in answer."""
    messages = [*([reply.message] if reply.message else ()), *reply.followups]
    return "\n".join(message.text for message in messages)


def uploads(count: int) -> list[Upload]:
    return [photo((120 + number, 90), name=f"{number}.jpg") for number in range(count)]


def asked(stand_ins: StandIns) -> dict[str, Any]:
    [params] = [c.params for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
    return params


def fields(reply: Reply) -> dict[str, dict[str, Any]]:
    """Return the form's fields by their custom ids."""
    assert reply.modal is not None
    parts = [part["component"] for part in reply.modal["components"]]
    return {part["custom_id"]: part for part in parts}


async def test_four_pictures_and_a_prompt_become_one_picture(app: App, stand_ins: StandIns) -> None:
    one, two, three, four = uploads(4)
    reply = await stand_ins.visitor("Ada").use(
        "blend",
        prompt=BLENDED,
        image1=one,
        image2=two,
        image3=three,
        image4=four,
        ratio="16:9",
        size="2K",
        seed=7,
        spoiler=True,
    )
    message = await reply.until(has_pictures)
    params = asked(stand_ins)
    assert (params["ModelName"], params["ModelVersion"]) == ("GG", "3.0")
    assert len(params["FileInfos"]) == 4
    assert (params["Prompt"], params["Seed"]) == (BLENDED, 7)
    assert params["OutputConfig"]["AspectRatio"] == "16:9"
    assert params["OutputConfig"]["Resolution"] == "2K"
    [attachment] = message.attachments
    assert attachment.filename.startswith("SPOILER_")
    [picture] = await reply.pictures()
    assert Image.open(io.BytesIO(picture)).size == (2731, 1536)
    [row] = await until_settled(app)
    assert (row.command, row.engine, row.state, row.images) == ("blend", "gg-3.0", "done", 1)


async def test_one_picture_is_enough_and_gaps_do_not_matter(app: App, stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").use("blend", prompt=BLENDED, image3=photo())
    await reply.until(has_pictures)
    assert len(asked(stand_ins)["FileInfos"]) == 1
    assert [row.state for row in await until_settled(app)] == ["done"]


async def test_without_a_picture_a_form_takes_as_many_as_the_engine(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend", prompt=BLENDED, ratio="1:1")
    form = fields(opened)
    assert form["prompt"]["value"] == BLENDED
    assert [form[name]["max_values"] for name in ("pictures", "more")] == [10, 4]
    reply = await ada.submit_modal(
        opened, {"pictures": uploads(10), "more": uploads(4), "prompt": "all of them"}
    )
    await reply.until(has_pictures)
    params = asked(stand_ins)
    assert len(params["FileInfos"]) == 14
    assert (params["Prompt"], params["OutputConfig"]["AspectRatio"]) == ("all of them", "1:1")
    [row] = await until_settled(app)
    assert (row.command, row.state) == ("blend", "done")


@pytest.mark.usefixtures("app")
async def test_the_form_asks_for_the_prompt_where_none_was_given(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend", engine="kling-2.1")
    form = fields(opened)
    assert set(form) == {"prompt", "pictures"}
    assert form["pictures"]["max_values"] == 4
    with pytest.raises(CannotSend, match="characters"):
        await ada.submit_modal(opened, {"pictures": uploads(2)})
    reply = await ada.submit_modal(opened, {"pictures": uploads(2), "prompt": BLENDED})
    await reply.until(has_pictures)
    assert asked(stand_ins)["ModelVersion"] == "2.1"


async def test_a_private_blend_of_the_form_is_seen_by_nobody_else(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    opened = await ada.use("blend", prompt=BLENDED, private=True)
    reply = await ada.submit_modal(opened, {"pictures": uploads(1)})
    await reply.until(has_pictures)
    assert reply.ephemeral
    await until_settled(app)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"engine": "anime"}, "no engine “anime”"),
        ({"engine": "kling-3.0"}, "no engine “kling-3.0”"),
        ({"ratio": "1:9"}, "“1:9” for ratio"),
        ({"ratio": "1:8", "engine": "gg-3.0"}, "“1:8” for ratio"),
        ({"size": "8K"}, "“8K” for size"),
    ],
)
async def test_no_form_is_opened_for_what_cannot_come_to_anything(
    app: App, stand_ins: StandIns, options: dict[str, Any], sentence: str
) -> None:
    reply = await stand_ins.visitor("Ada").use("blend", prompt=BLENDED, **options)
    assert reply.modal is None
    assert reply.ephemeral
    assert sentence in texts(reply)
    assert await ledger(app) == []


async def test_more_pictures_than_the_engine_takes_are_refused_by_name_and_number(
    app: App, stand_ins: StandIns
) -> None:
    given = dict(zip(("image1", "image2", "image3", "image4"), uploads(4), strict=True))
    reply = await stand_ins.visitor("Ada").use("blend", prompt=BLENDED, engine="gg-2.5", **given)
    assert reply.ephemeral
    assert "“gg-2.5” takes at most 3 pictures; you handed in 4" in texts(reply)
    assert await ledger(app) == []


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (photo(kind="GIF", name="dance.gif"), "Picture 2 (“dance.gif”): GIF pictures"),
        (Upload("notes.png", b"no picture"), "Picture 2 (“notes.png”): That file is not a picture"),
        (photo((40, 40), name="dot.jpg"), "Picture 2 (“dot.jpg”): The picture is 40 × 40"),
        (Upload("big.png", bytes(26_300_000)), "Picture 2: The file is 25.1 MiB"),
    ],
)
@pytest.mark.parametrize("way", ["options", "form"])
async def test_a_picture_that_does_not_do_is_named(
    app: App, stand_ins: StandIns, bad: Upload, sentence: str, way: str
) -> None:
    ada = stand_ins.visitor("Ada")
    if way == "form":
        opened = await ada.use("blend", prompt=BLENDED)
        reply = await ada.submit_modal(opened, {"pictures": [photo(), bad]})
    else:
        reply = await ada.use("blend", prompt=BLENDED, image1=photo(), image2=bad)
    await until(lambda: sentence in texts(reply))
    assert await ledger(app) == []
    assert stand_ins.tencent.calls == []


@pytest.mark.usefixtures("app")
async def test_pictures_too_large_together_are_made_smaller_to_fit(stand_ins: StandIns) -> None:
    noise = Image.effect_noise((2000, 2000), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=97)
    large = [Upload(f"{number}.jpg", out.getvalue()) for number in range(3)]
    assert sum(len(upload.data) for upload in large) > 9_000_000
    given = dict(zip(("image1", "image2", "image3"), large, strict=True))
    reply = await stand_ins.visitor("Ada").use("blend", prompt=BLENDED, **given)
    await reply.until(has_pictures, timeout=30)
    sent = [file["Base64"]["length"] for file in asked(stand_ins)["FileInfos"]]
    assert len(sent) == 3
    assert sum(sent) * 3 / 4 <= 7_000_000


@pytest.mark.usefixtures("app")
async def test_only_engines_that_take_several_pictures_are_offered(stand_ins: StandIns) -> None:
    choices = await stand_ins.visitor("Ada").type("blend", "engine", "")
    names = [choice["value"] for choice in choices]
    assert names[0] == "gg-3.0"
    assert not {"anime", "kling-3.0", "gg-3.1-lite", "local"} & set(names)
