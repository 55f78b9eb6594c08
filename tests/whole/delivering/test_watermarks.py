"""A mark that is set is in every result; one that cannot be had stops the start, and is found."""

from pathlib import Path

import pytest

from bot.cli.local_stack import StandIns
from bot.domain.labels.credentials import Standing
from bot.domain.operator_errors import SettingsError
from bot.imaging.credentials.reading import read_credentials
from bot.settings.config import read_settings
from tests.imaging.credentials.kept import keep
from tests.imaging.watermarks.toy import install, read
from tests.whole.conftest import Run, has_pictures, until_settled
from tests.whole.moderating.moderator import moderator, text_of
from tests.whole.process import ROOT, easel


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)


def choose(folder: Path, mark: str) -> None:
    (folder / "easel.toml").write_text(f'[label]\nwatermark = "{mark}"\n')


async def test_a_result_is_marked_and_then_signed(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    choose(tmp_path, "toy")
    async with run(**keep(tmp_path).variables) as app:
        # The toy's bits are at the top.
        await text_of(await moderator(stand_ins).use("settings label", corner="bottom right"))
        reply = await stand_ins.visitor("Ada").imagine("a lighthouse")
        await reply.until(has_pictures)
        [row] = await until_settled(app)
        [data] = await reply.pictures()
    assert read(data, row.job_id) == row.job_id
    found = read_credentials(data)
    assert found is not None
    assert found.standing is Standing.INTACT


async def test_a_mark_that_nobody_installed_stops_the_start_and_the_doctor_says_so(
    run: Run, stand_ins: StandIns, tmp_path: Path
) -> None:
    choose(tmp_path, "nobodys")
    with pytest.raises(SettingsError, match=r"label\.watermark: no installed package has it"):
        async with run():
            pass
    variables = stand_ins.variables(tmp_path)
    ended = await easel(tmp_path, variables, "doctor")
    assert ended.code == 1
    assert "✗ watermark" in ended.out

    choose(tmp_path, "toy")
    variables["PYTHONPATH"] = f"{tmp_path / 'site'}:{ROOT}"
    assert read_settings(variables, folder=tmp_path).file.label.watermark == "toy"
    ended = await easel(tmp_path, variables, "doctor")
    assert ended.code == 0, ended.out
    assert "“toy” marks a picture of 1024 × 1024 in " in ended.out
    stand_ins.tencent.faults.clear()  # the doctor's probes are wrong on purpose
