"""`easel doctor --paid-test`: one real picture, after a yes, or nothing paid."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.checkup.paid_test import engine_of, make
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import FileUnusable, SettingsError
from bot.settings.config import Settings
from tests.whole.process import easel


@pytest.mark.parametrize(
    "engine", ["refine", "gg-3.0", "outpaint", "hy-3.0", "upscale", "repair", "cutout"]
)
async def test_a_paid_test_makes_one_real_picture_like_a_members(
    settings: Settings, stand_ins: StandIns, tmp_path: Path, engine: str
) -> None:
    made = await make(settings, engine_of(settings, engine), tmp_path, now=time.time)
    assert len(made.file.read_bytes()) > 1000
    assert made.request_id
    assert "no price is set" in str(made)
    assert [charge.pictures for charge in stand_ins.tencent.charged] == [1]


async def test_a_paid_test_asks_first_and_tells_its_price(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    variables = stand_ins.variables(tmp_path)
    asked = await easel(tmp_path, variables, "doctor", "--paid-test", "anime")
    assert (asked.code, stand_ins.tencent.calls) == (1, [])
    assert "for 0.0800 USD. Go on?" in asked.out
    done = await easel(tmp_path, variables, "doctor", "--paid-test", "anime", "--yes")
    assert done.code == 0, done.err
    assert "paid-test-anime.jpeg" in done.out
    assert "cost: 0.0800 USD" in done.out


async def test_a_picture_of_our_own_is_on_nobodys_bill(tmp_path: Path) -> None:
    ended = await easel(tmp_path, {}, "doctor", "--paid-test", "local")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("paid-test-local.jpeg: made in ")
    assert ended.out.endswith(" by this program; it cost nothing.\n")


async def test_nothing_is_paid_where_the_picture_could_not_be_kept(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    asked: list[str] = []
    anime = engine_of(settings, "anime")
    with pytest.raises(FileUnusable, match=r"taken cannot be written \(File exists\)"):
        await make(settings, anime, tmp_path / "taken", now=time.time, agree=asked.append)
    assert (asked, stand_ins.tencent.calls) == ([], [])


@pytest.mark.parametrize(
    ("engine", "changes", "words"),
    [
        ("anime", {"TENCENTCLOUD_SECRET_ID": None, "TENCENTCLOUD_SECRET_KEY": None}, "SECRET_ID"),
        ("gg-3.0", {"EASEL_VOD_SUB_APP_ID": None}, "vod is not set up: set EASEL_VOD_SUB_APP_ID"),
        ("local", {}, "only used without TENCENTCLOUD_SECRET_ID"),
    ],
)
async def test_what_is_missing_is_named_before_the_price(
    settings: Settings, tmp_path: Path, engine: str, changes: dict[str, None], words: str
) -> None:
    less = replace(settings, variables=settings.variables.model_copy(update=changes))
    asked: list[str] = []
    with pytest.raises(SettingsError, match=words):
        await make(less, engine_of(less, engine), tmp_path, now=time.time, agree=asked.append)
    assert asked == []


def test_a_paid_test_of_an_unknown_engine_names_those_there_are(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=r"no engine “dall-e”; there are others, such as "):
        engine_of(settings, "dall-e")


@pytest.mark.parametrize(
    ("engine", "file", "size"),
    [
        ("upscale", "paid-test-upscale.jpeg", (1280, 960)),
        ("repair", "paid-test-repair.jpeg", (640, 480)),
        ("cutout", "paid-test-cutout.png", (640, 480)),
    ],
)
async def test_from_the_command_line_what_works_on_a_picture_is_tried_on_one_and_paid_once(
    stand_ins: StandIns, tmp_path: Path, engine: str, file: str, size: tuple[int, int]
) -> None:
    variables = stand_ins.variables(tmp_path)
    done = await easel(tmp_path, variables, "doctor", "--paid-test", engine, "--yes")
    assert done.code == 0, done.err
    assert done.out.startswith(f"{file}: made in ")
    assert "It is on the cloud's bill and not in the ledger." in done.out
    with Image.open(tmp_path / file) as picture:
        assert picture.size == size
        assert picture.has_transparency_data == (engine == "cutout")
    assert [charge.pictures for charge in stand_ins.tencent.charged] == [1]
