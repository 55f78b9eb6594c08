"""A picture goes in, a labelled picture comes back."""

import io
import json

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.imaging.labels.xmp import read_marks
from bot.sandbox.discord.world.forms import Upload
from tests.imaging import corpus
from tests.whole.conftest import Clock, Run, cat, has_pictures, ledger, photo, says, until_settled


async def test_a_photo_goes_in_and_a_labelled_picture_comes_back(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(cat(), prompt="as a watercolour", style="watercolor", strength=0.6)
    message = await reply.until(has_pictures)

    [row] = await until_settled(app)
    assert "AI-modified" in message.text
    assert "Tencent image style transfer" in message.text
    assert row.job_id in message.text
    assert ada.user.mention in message.text
    assert message.mentions == []
    [attachment] = message.attachments
    assert attachment.description == (
        "Picture, AI-modified. It was made from a given picture for the prompt “as a watercolour”."
    )

    [data] = await reply.pictures()
    marks = read_marks(data)
    assert marks.digital_source_type is not None
    assert marks.digital_source_type.endswith("/compositeWithTrainedAlgorithmicMedia")
    assert marks.aigc is not None
    assert (marks.aigc["Label"], marks.aigc["ProduceID"]) == ("1", row.job_id)

    assert (row.state, row.images, row.refunded) == ("done", 1, False)
    assert row.cost_usd == pytest.approx(0.08)
    assert row.request_id == stand_ins.tencent.charged[0].request_id


@pytest.mark.usefixtures("app")
async def test_what_is_asked_reaches_the_api(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(
        photo(),
        prompt="ein Gemälde 画",
        negative="text",
        style="104",
        strength=0.5,
        size="768x1024",
        enhance=True,
        faces=2,
    )
    await reply.until(has_pictures)
    [call] = stand_ins.tencent.calls
    asked = {name: call.params[name] for name in call.params if name != "InputImage"}
    assert asked == {
        "Prompt": "ein Gemälde 画",
        "NegativePrompt": "text",
        "Styles": ["104"],
        "Strength": 0.5,
        "ResultConfig": {"Resolution": "768:1024"},
        "EnhanceImage": 1,
        "RestoreFace": 2,
        "LogoAdd": 0,
        "RspImgType": "url",
    }
    [data] = await reply.pictures()
    assert Image.open(io.BytesIO(data)).size == (768, 1024)


async def test_imagine_runs_through_vod_with_the_job_as_its_session(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.imagine("a harbour at dawn", ratio="16:9")
    message = await reply.until(has_pictures)
    [row] = await until_settled(app)
    assert "VOD GG 3.0" in message.text
    assert [charge.session_id for charge in stand_ins.tencent.charged] == [row.job_id]
    marks = read_marks((await reply.pictures())[0])
    assert marks.digital_source_type is not None
    assert marks.digital_source_type.endswith("/trainedAlgorithmicMedia")


@pytest.mark.usefixtures("app")
async def test_a_reference_picture_goes_to_vod_too(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.restyle(photo(), prompt="as a stamp", engine="gg-3.0")
    await reply.until(has_pictures)
    created = [c for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
    assert [info["Type"] for info in created[0].params["FileInfos"]] == ["Base64"]


async def test_without_keys_the_bot_paints_by_itself_and_says_so(
    run: Run, stand_ins: StandIns
) -> None:
    async with run(TENCENTCLOUD_SECRET_ID="", TENCENTCLOUD_SECRET_KEY="") as app:
        ada = stand_ins.visitor("Ada")
        imagined = await ada.imagine("a red boat", count=2)
        restyled = await ada.restyle(photo(), prompt="ink")
        message = await imagined.until(has_pictures)
        await restyled.until(has_pictures)
        assert len(message.attachments) == 2
        assert "no AI model" in message.text
        rows = await until_settled(app, count=2)
    assert sorted((row.engine, row.images, row.cost_usd) for row in rows) == [
        ("local", 1, 0.0),
        ("local", 2, 0.0),
    ]
    assert stand_ins.tencent.calls == []


@pytest.mark.usefixtures("app")
async def test_a_private_result_is_seen_by_its_member_alone(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").restyle(photo(), private=True)
    message = await reply.until(has_pictures)
    assert message.ephemeral


@pytest.mark.usefixtures("app")
async def test_a_spoiler_stays_hidden(stand_ins: StandIns) -> None:
    reply = await stand_ins.visitor("Ada").restyle(photo(), spoiler=True)
    message = await reply.until(has_pictures)
    assert message.attachments[0].filename.startswith("SPOILER_")


@pytest.mark.usefixtures("app")
async def test_a_prompt_neither_pings_nor_breaks_the_layout(stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    prompt = "@everyone <@1> **bold** `code` \n# head " + "x" * 3000
    reply = await ada.imagine(prompt)
    message = await reply.until(has_pictures)
    assert not message.mention_everyone
    assert message.mentions == []
    assert len(message.text) < 4000


async def test_location_and_camera_are_not_sent_on(app: App, stand_ins: StandIns) -> None:
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    exif[0x0112] = 6  # turned
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "JPEG", exif=exif)
    upload = photo()
    upload = type(upload)("photo.jpg", out.getvalue())
    reply = await stand_ins.visitor("Ada").restyle(upload)
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    kept = await app.storage.blobs.get(f"{row.job_id}/in/0")
    opened = Image.open(io.BytesIO(kept))
    assert opened.size == (200, 300)
    assert dict(opened.getexif()) == {}


async def test_a_phones_heic_goes_on_as_a_jpeg(app: App, stand_ins: StandIns) -> None:
    heic = Upload("IMG_0001.HEIC", corpus.phone_heic(), content_type="image/heic")
    reply = await stand_ins.visitor("Ada").restyle(heic, prompt="as a watercolour")
    await reply.until(has_pictures)
    [row] = await until_settled(app)
    with Image.open(io.BytesIO(await app.storage.blobs.get(f"{row.job_id}/in/0"))) as sent:
        assert (sent.format, sent.size) == ("JPEG", (700, 525))


async def test_commands_are_synced_when_they_changed_and_only_then(
    run: Run, stand_ins: StandIns
) -> None:
    for _ in range(2):
        async with run():
            pass
    puts = [e for e in stand_ins.discord.exchanges if e.call.method == "PUT"]
    assert len(puts) == 1
    assert {command["name"] for command in json.loads(json.dumps(puts[0].response))} >= {
        "imagine",
        "restyle",
    }


async def test_styles_engines_and_sizes_are_suggested_from_memory(
    app: App, stand_ins: StandIns
) -> None:
    ada = stand_ins.visitor("Ada")

    async def suggested(command: str, option: str, text: str, **filled: object) -> list[str]:
        return [c["value"] for c in await ada.type(command, option, text, **filled)]

    assert await suggested("restyle", "style", "water") == ["Watercolor"]
    assert "768x1024" in await suggested("restyle", "size", "")
    assert "anime" in await suggested("restyle", "engine", "")
    assert "anime" not in await suggested("imagine", "engine", "")
    assert "16:9" in await suggested("imagine", "ratio", "", engine="gg-3.0")
    assert await ledger(app) == []


async def test_the_wait_is_shown_first(app: App, stand_ins: StandIns, clock: Clock) -> None:
    await app.storage.operations.pause("", clock())
    reply = await stand_ins.visitor("Ada").restyle(photo())
    message = await reply.until(says("Queued"))
    assert "position 1" in message.text
    await app.storage.operations.resume()
    app.worker.ring()
    await reply.until(has_pictures)
