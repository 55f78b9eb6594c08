"""`easel reconcile`: the ledger beside what the cloud counted."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.checkup.reconcile import reconcile
from bot.cli.local_stack import StandIns
from bot.domain.operator_errors import SettingsError
from bot.sandbox.tencent.account import Charge
from bot.settings.config import Settings
from tests.whole.conftest import has_pictures, until_settled
from tests.whole.operating.doctor.conftest import storage_of
from tests.whole.process import easel

DAYS_30 = 30 * 86_400.0


async def test_the_ledger_agrees_with_the_cloud_until_somebody_else_makes_a_picture(
    app: App, settings: Settings, stand_ins: StandIns
) -> None:
    assert await reconcile(settings, DAYS_30, now=time.time) == []
    reply = await stand_ins.visitor("Ada").imagine("a river", engine="gg-3.0")
    await reply.until(has_pictures)
    await until_settled(app)
    [agreed] = await reconcile(settings, DAYS_30, now=time.time)
    assert (agreed.model, agreed.counted, agreed.difference) == ("GG3.0", 1, 0)
    strange = replace(stand_ins.tencent.charged[0], pictures=3, model="Kling2.1_T2i_1K2K")
    stand_ins.tencent.account.charged.append(strange)
    kling, google = sorted(
        await reconcile(settings, 100 * DAYS_30 / 30, now=time.time), key=lambda line: line.model
    )[::-1]
    assert (kling.model, kling.difference, google.difference) == ("Kling2.1", 3, 0)


async def test_a_service_out_of_reach_is_told_in_words_by_every_command(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with storage_of(settings):
        pass
    away = stand_ins.variables(tmp_path) | {"EASEL_VOD_ENDPOINT": "http://127.0.0.1:9"}
    for command in (("reconcile",), ("doctor",), ("doctor", "--paid-test", "gg-3.0", "--yes")):
        ended = await easel(tmp_path, away, *command)
        assert ended.code == 1
        assert "nothing listens there" in ended.out + ended.err
        assert "ConnectError" not in ended.out + ended.err
    stand_ins.tencent.faults.clear()


async def test_reconcile_prints_the_difference_and_exits_with_1(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    async with storage_of(settings):
        pass
    made = Charge("CreateAigcImageTask", "req", None, 2, time.time() - 60, "Hunyuan3.0_1K")
    stand_ins.tencent.account.charged.append(made)
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "reconcile", "--since", "7d")
    assert ended.code == 1
    assert "+2" in ended.out
    assert "1 of 1 models differ" in ended.out
    assert "taken for UTC days" in ended.out
    assert "`easel doctor --paid-test` are counted by the cloud alone" in ended.out
    with pytest.raises(SettingsError, match="365 days"):
        await reconcile(settings, 366 * DAYS_30 / 30, now=time.time)
