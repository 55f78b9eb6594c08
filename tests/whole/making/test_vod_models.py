"""VOD's models through the whole bot: new ones without code, odd ones, and a model that is busy."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App
from bot.cli.local_stack import StandIns
from bot.sandbox.tencent.vod.models import MODELS, Model
from tests.whole.conftest import (
    Clock,
    Run,
    has_pictures,
    ledger,
    photo,
    until,
    until_settled,
)

DREAM = """
[takes."vod Dream 9"]
commands = ["imagine", "blend"]
ratios = ["1:1", "2:1"]
sizes = ["1K", "2K"]
references = 2

[engines.dream]
first = true
provider = "vod"
model = "Dream"
version = "9"
pool = "vod"
price_usd = 0.03
prices = { "2K" = 0.05 }
settings = { person_generation = "Disallowed", output_format = "jpeg" }
"""


@pytest.mark.usefixtures("stand_ins")
async def test_a_model_that_came_out_yesterday_needs_no_code(
    run: Run, stand_ins: StandIns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Model(references=2, resolutions=("1K", "2K"), ratios=("1:1", "2:1"))
    monkeypatch.setitem(MODELS, ("Dream", "9"), row)
    (tmp_path / "easel.toml").write_text(DREAM)
    async with run() as app:
        ada = stand_ins.visitor("Ada")
        reply = await ada.imagine("a harbour", ratio="2:1", size="2K")
        message = await reply.until(has_pictures)
        assert "VOD Dream 9" in message.text
        [picture] = await reply.pictures()
        assert Image.open(io.BytesIO(picture)).size == (2896, 1448)
        [row] = await until_settled(app)
        assert (row.engine, row.cost_usd) == ("dream", pytest.approx(0.05))
        [call] = [c for c in stand_ins.tencent.calls if c.action == "CreateAigcImageTask"]
        assert call.params["OutputConfig"]["PersonGeneration"] == "Disallowed"
        refused = await ada.imagine("a harbour", engine="dream", ratio="16:9")
        assert refused.message is not None
        assert "It takes: 1:1, 2:1" in refused.message.text


async def test_a_model_that_is_busy_inside_its_task_is_asked_again_under_another_session(
    app: App, stand_ins: StandIns, clock: Clock
) -> None:
    stand_ins.tencent.script("CreateAigcImageTask", task_error=(70000, "RequestLimitExceeded"))
    reply = await stand_ins.visitor("Ada").imagine("a harbour")
    creates = "CreateAigcImageTask"

    def asked() -> list[str]:
        calls = stand_ins.tencent.calls
        return [call.params["SessionId"] for call in calls if call.action == creates]

    def came_back() -> bool:
        clock.skipped += 0.5
        app.worker.ring()
        return len(asked()) == 2

    await until(came_back)
    message = await reply.until(has_pictures)
    [row] = await until_settled(app)
    assert (row.state, row.images) == ("done", 1)
    assert row.job_id in message.text
    first, second = asked()
    assert (first, second.partition("-")[0]) == (row.job_id, row.job_id)
    assert first != second
    assert len(stand_ins.tencent.charged) == 1


async def test_kling_grows_a_picture_to_another_ratio(app: App, stand_ins: StandIns) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.use("tool outpaint", image=photo(), ratio="16:9", engine="kling-expand")
    await reply.until(has_pictures)
    [picture] = await reply.pictures()
    with Image.open(io.BytesIO(picture)) as shown:
        assert abs(shown.width / shown.height - 16 / 9) < 0.01
    [row] = await until_settled(app)
    assert (row.command, row.engine, row.state) == ("tool outpaint", "kling-expand", "done")


@pytest.mark.parametrize(
    ("size", "ratio", "sentence"),
    [
        ((640, 360), "9:16", "3.2 times its area"),
        ((640, 360), "16:9", "16:9 already"),
    ],
)
async def test_what_kling_cannot_grow_is_refused_before_it_is_paid(
    app: App, stand_ins: StandIns, size: tuple[int, int], ratio: str, sentence: str
) -> None:
    ada = stand_ins.visitor("Ada")
    reply = await ada.use("tool outpaint", image=photo(size), ratio=ratio, engine="kling-expand")

    def told() -> bool:
        shown = [*([reply.message] if reply.message else ()), *reply.followups]
        return any(sentence in message.text for message in shown)

    await until(told)
    assert await ledger(app) == []
    assert stand_ins.tencent.calls == []
