"""/tool upscale, repair and cutout through the whole bot: by templates, resumed, paid once."""

import io

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.imaging.labels.xmp import read_marks
from bot.sandbox.discord.visitor import Reply
from bot.sandbox.discord.world.forms import Upload
from bot.worker.loop import Worker
from tests.sandbox.tencent.peer import until
from tests.whole.conftest import Run, has_pictures, photo, says, until_settled

TEMPLATE, PROCESS = "CreateProcessImageAsyncTemplate", "ProcessImageAsync"
pytestmark = pytest.mark.usefixtures("quick_beats")


async def posted(reply: Reply) -> bytes:
    await reply.until(has_pictures)
    [data] = await reply.pictures()
    return data


def called(stand_ins: StandIns, action: str) -> int:
    return sum(call.action == action for call in stand_ins.tencent.calls)


@pytest.mark.parametrize(
    ("size", "wanted"), [(None, (640, 480)), ("2x", (640, 480)), ("4x", (1280, 960))]
)
async def test_upscale_enlarges_a_picture(
    app: App, stand_ins: StandIns, size: str | None, wanted: tuple[int, int]
) -> None:
    given = {} if size is None else {"size": size}
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=photo((320, 240)), **given)
    assert Image.open(io.BytesIO(await posted(reply))).size == wanted
    [row] = await until_settled(app)
    assert (row.command, row.engine, row.state) == ("tool upscale", "upscale", "done")
    [charge] = stand_ins.tencent.charged
    assert (charge.action, charge.pictures) == (PROCESS, 1)


async def test_upscale_reaches_a_long_side(app: App, stand_ins: StandIns) -> None:
    picture = photo((320, 240))
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=picture, size="4096")
    data = await posted(reply)
    assert max(Image.open(io.BytesIO(data)).size) == 4096
    await until_settled(app)


@pytest.mark.parametrize(("size", "sentence"), [("2x", "goes up to 4096"), (None, "already")])
async def test_what_cannot_be_enlarged_is_refused_before_anything_is_sent(
    app: App, stand_ins: StandIns, size: str | None, sentence: str
) -> None:
    given = {} if size is None else {"size": size}
    side = 4096 if size is None else 2100
    image = photo((side, 100))
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=image, **given)
    await reply.until(says(sentence))
    assert stand_ins.tencent.calls == []
    assert await app.storage.usage.rows(0.0) == []


@pytest.mark.parametrize("repair", [None, "noise", "faces", "low light", "all"])
async def test_repair_mends_a_photo(app: App, stand_ins: StandIns, repair: str | None) -> None:
    given = {} if repair is None else {"repair": repair}
    reply = await stand_ins.visitor("Ada").use("tool repair", image=photo(), **given)
    assert Image.open(io.BytesIO(await posted(reply))).size == (320, 240)
    await until_settled(app)
    [template] = stand_ins.tencent.account.templates.values()
    assert template.name.startswith(f"easel-repair-{(repair or 'all').replace(' ', '-')}-")


async def test_a_cut_out_stays_transparent_with_its_label_and_marks(
    app: App, stand_ins: StandIns
) -> None:
    reply = await stand_ins.visitor("Ada").use("tool cutout", image=photo())
    data = await posted(reply)
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    corners = [(20, 12), (300, 12), (20, 228), (300, 228)]
    seen = [corner for corner in corners if picture.getpixel(corner)[3] > 100]
    assert len(seen) == 1, "the label is seen where the rest is not"
    assert read_marks(data)
    await until_settled(app)


async def test_a_template_is_made_once_and_found_again_after_a_restart(
    run: Run, stand_ins: StandIns
) -> None:
    for count in (1, 2):
        async with run() as app:
            visitor = stand_ins.visitor(f"Ada{count}")
            await posted(await visitor.use("tool upscale", image=photo()))
            await posted(await visitor.use("tool upscale", image=photo()))
            await until_settled(app, 2 * count)
    assert called(stand_ins, TEMPLATE) == 1
    assert len(stand_ins.tencent.account.templates) == 1
    assert len(stand_ins.tencent.charged) == 4


@pytest.mark.parametrize("fault", [{"drop": True}, {"code": "InternalError"}])
async def test_a_lost_answer_to_a_new_task_is_found_again_and_paid_once(
    app: App, stand_ins: StandIns, fault: dict[str, object]
) -> None:
    stand_ins.tencent.script(PROCESS, when="after", **fault)
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=photo())
    await posted(reply)
    [row] = await until_settled(app)
    assert row.state == "done"
    assert len(stand_ins.tencent.charged) == 1


async def test_a_lost_answer_to_a_new_template_makes_no_second_one(
    app: App, stand_ins: StandIns
) -> None:
    stand_ins.tencent.script(TEMPLATE, when="after", drop=True)
    await posted(await stand_ins.visitor("Ada").use("tool upscale", image=photo()))
    await until_settled(app)
    assert len(stand_ins.tencent.account.templates) == 1


async def test_a_template_that_somebody_deleted_is_made_again(
    app: App, stand_ins: StandIns
) -> None:
    visitor = stand_ins.visitor("Ada")
    await posted(await visitor.use("tool upscale", image=photo()))
    stand_ins.tencent.account.templates.clear()
    await posted(await visitor.use("tool upscale", image=photo()))
    rows = await until_settled(app, 2)
    assert [row.state for row in rows] == ["done", "done"]


async def test_with_fifty_templates_the_operator_reads_what_to_do(
    app: App, stand_ins: StandIns
) -> None:
    await posted(await stand_ins.visitor("Ada").use("tool cutout", image=photo()))
    account = stand_ins.tencent.account
    [one] = account.templates.values()
    account.templates |= {40_000 + number: one for number in range(49)}
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=photo())
    await reply.until(says("not available"))
    rows = await until_settled(app, 2)
    assert {row.error_code for row in rows} == {None, "LimitExceeded.TooMuchTemplate"}
    assert called(stand_ins, PROCESS) == 1


async def test_a_task_at_work_survives_a_restart_and_is_paid_once(
    run: Run, stand_ins: StandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = Worker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "grace_s", 0.0)
    stand_ins.tencent.hold()
    async with run():
        reply = await stand_ins.visitor("Ada").use("tool upscale", image=photo())
        await until(lambda: called(stand_ins, "DescribeTaskDetail"))
    stand_ins.tencent.release()
    async with run() as app:
        await posted(reply)
        await until_settled(app)
    assert called(stand_ins, PROCESS) == 1
    assert len(stand_ins.tencent.charged) == 1


async def test_what_is_transparent_is_enlarged_with_its_transparency(
    app: App, stand_ins: StandIns
) -> None:
    out = io.BytesIO()
    hole = Image.new("RGBA", (320, 240), (200, 30, 30, 255))
    hole.paste((0, 0, 0, 0), (0, 0, 160, 120))
    hole.save(out, "PNG")
    image = Upload("logo.png", out.getvalue())
    reply = await stand_ins.visitor("Ada").use("tool upscale", image=image, size="2x")
    await reply.until(has_pictures)
    [picture] = await reply.pictures()
    shown = Image.open(io.BytesIO(picture))
    assert (shown.mode, shown.size) == ("RGBA", (640, 480))
    assert shown.getchannel("A").getpixel((20, 20)) == 0
    await until_settled(app)
