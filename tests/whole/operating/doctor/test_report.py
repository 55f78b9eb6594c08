"""`easel doctor` as an operator reads it: what is well, what is not, and what to do about it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.checkup.findings import Status
from bot.cli.local_stack import StandIns
from bot.settings.config import read_settings
from tests.whole.conftest import Run
from tests.whole.operating.doctor.conftest import examined
from tests.whole.process import easel


async def test_doctor_finds_nothing_wrong_on_the_stand_ins(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor", "--json")
    stand_ins.tencent.faults.clear()
    findings = {finding["check"]: finding for finding in json.loads(ended.out)}
    assert ended.code == 0, ended.out
    assert {
        "settings",
        "database",
        "audit",
        "queue",
        "font",
        "discord",
        "clock",
        "vod quota",
    } < set(findings)
    assert {"engine anime", "engine gg-3.0", "engine refine"} < set(findings)
    assert [check for check, found in findings.items() if found["status"] != "good"] == []
    assert "budgets count 0.15 USD a picture" in findings["prices"]["text"]
    assert stand_ins.tencent.charged == []


async def test_doctor_tells_people_of_an_api_in_one_line_unless_an_engine_needs_a_hand(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    stand_ins.tencent.gone("SketchToImage")
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor")
    stand_ins.tencent.faults.clear()
    engines = read_settings(stand_ins.variables(tmp_path), folder=tmp_path).engines
    of = Counter(engine.provider for engine in engines)
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert f"✓ vod answers and takes the keys ({of['vod']} engines)" in lines
    assert f"✓ aiart answers and takes the keys ({of['aiart'] - 1} engines)" in lines
    [sketch] = [line for line in lines if line[2:].startswith("engine ")]
    assert sketch.startswith("! engine sketch switched off: ActionOffline")
    [defaults] = [line for line in lines if line.startswith("✓ defaults ")]
    for words in ("/restyle anime (0.08 USD)", "/imagine gg-3.0 (no price set)", "/tool refine"):
        assert words in defaults


async def test_a_producer_is_never_drawn_so_the_font_may_lack_its_letters(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    (tmp_path / "easel.toml").write_text('[label]\nproducer = "चित्र 😀"\n', "utf-8")
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor")
    stand_ins.tencent.faults.clear()
    assert ended.code == 0, ended.out
    assert "✓ font" in ended.out


async def test_doctor_says_what_to_do_about_each_failure(
    stand_ins: StandIns, tmp_path: Path
) -> None:
    changes = {"TENCENTCLOUD_SECRET_KEY": "a-wrong-key-of-length", "DISCORD_TOKEN": "wrong-token"}
    ended = await easel(tmp_path, {**stand_ins.variables(tmp_path), **changes}, "doctor")
    assert ended.code == 1
    assert "✗ discord" in ended.out
    assert "AuthFailure.SignatureFailure" in ended.out
    assert "TENCENTCLOUD_SECRET_ID" in ended.out
    assert "wrong-token" not in ended.out + ended.err
    stand_ins.tencent.faults.clear()
    stand_ins.discord.faults.clear()


@pytest.mark.parametrize(
    ("assumed", "status", "words"),
    [
        ("", Status.GOOD, "budgets count 0.15 USD a picture"),
        ("[quotas]\nassumed_usd = 0.2\n", Status.GOOD, "budgets count 0.2 USD a picture"),
        ("[quotas]\nassumed_usd = 0\n", Status.WARNING, "budgets in USD do not bound them"),
    ],
)
async def test_engines_whose_price_budgets_assume_are_named(
    stand_ins: StandIns, tmp_path: Path, assumed: str, status: Status, words: str
) -> None:
    (tmp_path / "easel.toml").write_text(f'{assumed}[engines."gg-3.0"]\nprice_usd = 0.1\n')
    settings = read_settings(stand_ins.variables(tmp_path), folder=tmp_path)
    finding = (await examined(settings, stand_ins))["prices"]
    assert finding.status is status
    assert words in finding.text
    named = finding.text.partition(":")[0].split(", ")
    assert "gg-3.1" in named
    assert not {"gg-3.0", "anime", "local"} & set(named)


async def test_an_audit_that_could_be_changed_is_told_and_the_next_start_mends_it(
    run: Run, stand_ins: StandIns, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with run() as app:
        assert "audit_was_open_to_changes" not in capsys.readouterr().out
        async with app.storage.engine.begin() as conn:
            await conn.execute(text("DROP TRIGGER audit_no_update"))
    ended = await easel(tmp_path, stand_ins.variables(tmp_path), "doctor")
    stand_ins.tencent.faults.clear()
    assert ended.code == 0, ended.out  # the bot runs all the same
    [told] = [line for line in ended.out.splitlines() if line.startswith("! audit ")]
    assert told.endswith("the next start of the bot puts them back: audit_no_update")
    async with run() as app:
        assert "audit_was_open_to_changes" in capsys.readouterr().out
        assert await app.storage.audit.missing_guards() == []
