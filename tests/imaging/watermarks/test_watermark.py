"""A mark of somebody else's is put into pictures, which come whatever is wrong with it."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from structlog.testing import capture_logs

from bot.domain.labels.corners import Corner
from bot.domain.operator_errors import SettingsError
from bot.imaging.labels.finish import Labeller
from bot.imaging.watermarks.process import MarkFailed
from bot.imaging.watermarks.watermark import Watermark
from tests.imaging.credentials.kept import LABEL as BARE
from tests.imaging.watermarks.toy import install, read

LABEL = replace(BARE, corner=Corner.BOTTOM_RIGHT)  # the toy's bits are at the top
RAISES, HANGS, DIES, GREY, SMALL, LOOKS = ((value, 0, 0) for value in range(255, 249, -1))


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("EASEL_C2PA_KEY", "secret")
    install(tmp_path, monkeypatch)


def plain(colour: tuple[int, int, int], mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).convert(mode).save(out, "PNG")
    return out.getvalue()


def noise() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 80).convert("RGB").save(out, "PNG")
    return out.getvalue()


def finished(raw: bytes, mark: Watermark | None, most: float = float("inf")) -> bytes:
    return Labeller(raw, LABEL, mark=mark).within(most).data


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_picture_has_the_mark_and_its_label_is_drawn_over_it(mode: str) -> None:
    raw = plain((9, 9, 9), mode=mode)
    with Watermark("toy") as mark:
        data = finished(raw, mark)
    assert read(data, LABEL.job_id) == LABEL.job_id
    with Image.open(io.BytesIO(data)) as got, Image.open(io.BytesIO(finished(raw, None))) as bare:
        box = ImageChops.difference(got.convert("RGB"), bare.convert("RGB")).getbbox()
    assert box is None or box[3] == 1  # of 300 rows, the first alone


def test_a_result_made_smaller_is_marked_anew() -> None:
    sizes: list[tuple[int, int]] = []

    class Noted(Watermark):
        def put(self, picture: Image.Image, job_id: str) -> None:
            sizes.append(picture.size)
            super().put(picture, job_id)

    with Noted("toy") as mark:
        raw = noise()
        smaller = Labeller(raw, LABEL, mark=mark).within(len(raw) // 20)
    assert (smaller.width, smaller.height) == sizes[-1] != sizes[0]


@pytest.mark.parametrize(
    ("colour", "reason"),
    [
        (RAISES, "RuntimeError: no red pictures"),
        (HANGS, "it took over 0.5 s"),
        (DIES, "it ended ("),
        (GREY, "it made L (400, 300) of RGB (400, 300)"),
        (SMALL, "it made RGB (8, 8) of RGB (400, 300)"),
    ],
)
def test_a_mark_that_fails_costs_a_picture_its_mark_alone(
    colour: tuple[int, int, int], reason: str
) -> None:
    raw = plain(colour)
    with Watermark("toy", budget_s=0.5) as mark, capture_logs() as logs:
        assert finished(raw, mark) == finished(raw, None)
        [line] = logs
        assert (line["event"], line["job"], line["mark"]) == (
            "picture_not_marked",
            LABEL.job_id,
            "toy",
        )
        assert line["reason"].startswith(reason)
    with Watermark("toy") as mark:
        with pytest.raises(MarkFailed):
            mark.tried(Image.new("RGB", (400, 300), RAISES), "job-1")
        assert read(finished(plain((9, 9, 9)), mark), LABEL.job_id) == LABEL.job_id


def test_after_a_process_died_the_next_picture_has_a_new_one() -> None:
    with Watermark("toy") as mark:
        with pytest.raises(MarkFailed):
            mark.tried(Image.new("RGB", (400, 300), DIES), "job-1")
        assert read(finished(plain((9, 9, 9)), mark), LABEL.job_id) == LABEL.job_id


def test_a_mark_that_fails_three_times_in_a_row_rests() -> None:
    passed = 0.0
    with Watermark("toy", monotonic=lambda: passed) as mark, capture_logs() as logs:
        for _ in range(5):
            finished(plain(RAISES), mark)
        assert len(logs) == 3
        passed = 301.0
        assert read(finished(plain((9, 9, 9)), mark), LABEL.job_id) == LABEL.job_id


def test_a_mark_gets_none_of_the_bots_secrets() -> None:
    assert "DISCORD_TOKEN" in os.environ
    with Watermark("toy") as mark:
        mark.tried(Image.new("RGB", (400, 300), LOOKS), "job-1")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nobodys", "label.watermark: no installed package has it .*absent, broken, toy"),
        ("broken", "label.watermark: the mark cannot be loaded .RuntimeError: no weights here"),
        ("absent", "label.watermark: the mark cannot be loaded .AttributeError"),
    ],
)
def test_a_mark_that_cannot_be_had_is_said_at_the_start(name: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence), Watermark(name):
        pass


def test_nothing_is_left_of_it_once_it_is_closed() -> None:
    with Watermark("toy") as mark:
        process = mark._process  # noqa: SLF001 - what is left of it is what is asked
        assert process is not None
        assert process.is_alive
    assert not process.is_alive
    raw = plain((9, 9, 9))
    assert finished(raw, mark) == finished(raw, None)
